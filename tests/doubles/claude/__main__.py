"""Start the double by hand: `python -m tests.doubles.claude`, then run ManualQA against it without a real key."""

import argparse
import itertools
import tempfile
import threading
from collections.abc import Iterable
from pathlib import Path

from tests.doubles.claude import answers
from tests.doubles.claude.misbehaviour import NAMES
from tests.doubles.claude.server import KEY, ClaudeDouble

ALWAYS = "always"


def faults_of(wish: str) -> Iterable[str | None]:
    """`NAME`, `NAME*5` or `NAME*always`; `none` is a request that goes well."""
    name, _, times = wish.partition("*")
    if name not in (*NAMES, "none"):
        raise argparse.ArgumentTypeError(f"known are none, {', '.join(NAMES)}")
    fault = None if name == "none" else name
    return itertools.repeat(fault) if times == ALWAYS else itertools.repeat(fault, int(times or 1))


def main() -> None:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m tests.doubles.claude", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--latency", type=float, default=1.0, metavar="S", help="seconds before each answer")
    parser.add_argument(
        "--fault", action="append", default=[], type=faults_of, metavar="NAME",
        help=f"NAME, NAME*5 or NAME*always, one after the other: none, {', '.join(NAMES)}",
    )  # fmt: skip
    parser.add_argument("--bill", type=Path, help="where every charged request is written")
    options = parser.parse_args()
    bill = options.bill or Path(tempfile.mkdtemp(prefix="claude-double-")) / "bill.jsonl"
    faults = itertools.chain.from_iterable(options.fault)
    double = ClaudeDouble(
        bill, answers.answer, latency_seconds=options.latency, faults=faults, port=options.port, hang_seconds=600
    )
    answers.sample_pages()
    with double.running():
        print(f"export ANTHROPIC_BASE_URL={double.url}\nexport ANTHROPIC_API_KEY={KEY}", flush=True)
        print(f"# the bill is {bill}; Ctrl-C ends the double", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print(f"# {double.received} requests, {len(double.bill.entries())} charged", flush=True)


if __name__ == "__main__":
    main()
