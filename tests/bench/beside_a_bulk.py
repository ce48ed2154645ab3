"""Measure what a reviewer notices of a bulk over 20,000 pairs that another process carries out at the same time.

`python -m tests.bench beside_a_bulk`. The reviewer decides as the bulk goes on; each commit is timed on its own.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from review_db import bulk
from review_db.bulk_filters import BulkFilter
from review_db.connection import Database, open_review_db
from review_db.decisions import apply_decisions
from review_db.records import DecisionRequest, Finding
from tests.accept.rows import Row
from tests.bench.big_workspace import lent

DECISIONS = 100
BETWEEN_SECONDS = 0.08


def carry_out(file: Path) -> None:
    """Approve every pair but the reviewer's own, as a lead asks for it; runs in a process of its own."""
    db = open_review_db(file)
    chosen = [(key, 1) for key, _ in all_pairs(db)[DECISIONS:]]
    bulk.begin(db, "bulk", "approve", "lead", chosen, BulkFilter())
    print("begun", flush=True)
    for _ in bulk.carried_out(db, "bulk"):
        pass


def all_pairs(db: Database) -> list[tuple[int, str]]:
    """Number and name of every pair, in the order of the numbers."""
    return db.conn.execute("SELECT pair_key, pair_id FROM pairs ORDER BY pair_key").fetchall()


def commit_milliseconds(db: Database, pair_id: str) -> float:
    """How long one decision takes until it is stored."""
    request = DecisionRequest(f"mine-{pair_id}", "approve", "ana", pair_id=pair_id, revision=1)
    began = time.perf_counter()
    (result,) = apply_decisions(db, [request], _unasked)
    assert result.ok, result.message
    return (time.perf_counter() - began) * 1000


def _unasked(*_: object) -> Finding:
    raise AssertionError("an approval brings no new text")


def rows() -> list[Row]:
    """The measured figures and their goals."""
    with tempfile.TemporaryDirectory() as folder, lent(Path(folder)) as root:
        file = root / "review_db" / "review.sqlite"
        db = open_review_db(file)
        own = all_pairs(db)[:DECISIONS]
        command = [sys.executable, "-m", "tests.bench.beside_a_bulk", str(file)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as lead:
            assert lead.stdout is not None
            lead.stdout.readline()
            times = []
            for _, pair_id in own:
                times.append(commit_milliseconds(db, pair_id))
                time.sleep(BETWEEN_SECONDS)
            standing = bulk.bulk_by_id(db, "bulk")
            lead.terminate()
        db.close()
    print(f"{DECISIONS} decisions while {standing.done} of {standing.total} were decided in bulk")
    return [
        Row("beside a bulk: pairs that it decided meanwhile", standing.done, 1000),
        Row("beside a bulk: slowest commit of another, ms", max(times), "<= 100"),
    ]


if __name__ == "__main__":
    carry_out(Path(sys.argv[1]))
