"""Prints how fast things are, one line for each figure. `python -m tests.bench [NAME ...]`, all by default.

A module of this folder with an entry `rows() -> Iterable[Row]` takes part; the others are libraries of these. Each is
measured in a process of its own, all on one workspace of 20,000 pairs that is made first.
"""

import importlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.accept.rows import Row

FOLDER = Path(__file__).parent
HEAD = "mark    value  goal       what"


def measures() -> list[str]:
    """Names of the modules that measure something."""
    return sorted(path.stem for path in FOLDER.glob("*.py") if "\ndef rows(" in path.read_text(encoding="utf-8"))


def share_of_a_processor() -> float:
    """How much of a processor a busy process gets on this machine just now; below 1 other work slows every figure."""
    began, worked = time.perf_counter(), time.process_time()
    while time.process_time() - worked < 0.5:
        pass
    return 0.5 / (time.perf_counter() - began)


def measure(name: str) -> bool:
    """Print the rows of one measure; whether all goals were reached."""
    found = [Row(*row) for row in importlib.import_module(f"tests.bench.{name}").rows()]
    for row in found:
        print(row, flush=True)
    return all(row.passed for row in found)


def measure_all() -> bool:
    """Print one table with the rows of every measure."""
    from tests.bench.big_workspace import big_workspace

    lines, whole = [HEAD], True
    with tempfile.TemporaryDirectory() as folder:
        big_workspace(Path(folder))
        environment = os.environ | {"MANUALQA_BENCH_WORKSPACE": folder}
        for name in measures():
            print(f"{name} ...", file=sys.stderr, flush=True)
            command = [sys.executable, "-m", "tests.bench", name]
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
            whole = whole and done.returncode == 0
            rows = [line for line in done.stdout.splitlines() if line.startswith(("ok  ", "MISS"))]
            lines += rows or [f"MISS  {name}: {(done.stderr.strip().splitlines() or ['no figures'])[-1]}"]
            lines.append(f"        {name}: afterwards a busy process got {share_of_a_processor():.0%} of a processor")
    print("\n".join(lines))
    return whole


def main(names: list[str]) -> int:
    """Measure what is named, or everything."""
    reached = [measure(name) for name in names] if names else [measure_all()]
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
