"""Start the double by hand: `python -m tests.doubles.hub`, then publish to it without an account."""

import argparse
import math
import tempfile
import threading
from pathlib import Path

from tests.doubles.hub.misbehaviour import NAMES, Fault
from tests.doubles.hub.server import TOKEN, HubDouble


def fault_of(wish: str) -> Fault:
    """`NAME@K` (the K-th request), `NAME@K+` (from it on)."""
    name, _, place = wish.partition("@")
    if name not in NAMES:
        raise argparse.ArgumentTypeError(f"known are {', '.join(NAMES)}")
    return Fault(name, int(place.rstrip("+") or 1), math.inf if place.endswith("+") else 1)


def main() -> None:
    """Serve until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m tests.doubles.hub", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--log", type=Path, help="where every request is written")
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        type=fault_of,
        metavar="NAME@K",
        help=f"NAME@K or NAME@K+: {', '.join(NAMES)}",
    )
    options = parser.parse_args()
    log = options.log or Path(tempfile.mkdtemp(prefix="hub-double-")) / "requests.jsonl"
    double = HubDouble(log, port=options.port)
    double.misbehave(*options.fault)
    with double.running():
        print(f"export HF_ENDPOINT={double.url}\nexport HF_HUB_DISABLE_XET=1\nexport HF_TOKEN={TOKEN}", flush=True)
        print(f"# you are «me»; the requests are in {log}; Ctrl-C ends the double", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            for name, repository in double.repositories.items():
                print(f"# {name}: {len(repository.commits)} commits, {sorted(repository.tags)}", flush=True)


if __name__ == "__main__":
    main()
