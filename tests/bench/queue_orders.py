"""Measure the next-pair query and a refill of 24 pairs for every order and filter of the queue.

`python tests/bench/queue_orders.py [PAIRS]` writes PAIRS pairs (100,000 unless told) into a new database and prints the
median and the worst of 40 runs in milliseconds: of one pair, and of a refill with the heads of three further pages.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from review_db import assignments, queue
from review_db.connection import Database, immediate, open_review_db
from review_db.queue_choices import Choice, Order
from tests.accept.rows import Row
from tests.crowd import crowd

RUNS = 40
FILTERED = (
    Choice(section="150"), Choice("page", section="150"), Choice(question_type="tool"), Choice(engine="import"),
    Choice(flag="page_reference"), Choice(flag="unit_changed"), Choice(manual="leaflet"), Choice(by="bo"),
    Choice(text="torque bolt 777"), Choice("random", section="150"), Choice("random", flag="unit_changed"),
    Choice("page", question_type="tool", engine="import"), Choice(section="150", flag="page_reference"),
)  # fmt: skip


def milliseconds(work: Callable[[], object]) -> tuple[float, float]:
    """Median and worst of the runs."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        times.append(1000 * (time.perf_counter() - start))
    return statistics.median(times), max(times)


def rows(pair_count: int = 100_000) -> list[Row]:
    """The slowest next pair of all choices and its goal; prints one line for each choice."""
    medians: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        db = open_review_db(Path(folder) / "review.sqlite")
        crowd(db, pair_count)
        assignments.assign(db, "bo", {"section": "150"}, "ana")
        assignments.assign(db, "ana", {"section": "120"}, "ana")
        with immediate(db):  # the commit is the disk's time, and a decision's to pay
            for choice in (*map(Choice, Order), *FILTERED):
                one, refill = milliseconds(partial(_taken, db, choice, 1, 0)), milliseconds(partial(_taken, db, choice))
                print(f"{_name(choice):42} one {one[0]:6.2f} (worst {one[1]:6.2f})  refill {refill[0]:6.2f}")
                medians.append(one[0])
        db.close()
    return [
        Row(f"next pair of {pair_count:,} by risk, median, ms", medians[0], "<= 1"),
        Row(f"next pair of {pair_count:,}, median of the slowest order or filter, ms", max(medians), "<= 5"),
    ]


def _taken(db: Database, choice: Choice, limit: int = 24, ahead: int = 3) -> None:
    queue.next_pairs(db, holder="ana:1", limit=limit, ahead=ahead, choice=choice, reviewer="ana")


def _name(choice: Choice) -> str:
    filters = [f"{name}={value}" for name in choice.__slots__ if (value := getattr(choice, name)) and name != "order"]
    return " ".join([choice.order, *filters])


if __name__ == "__main__":
    print(*rows(*map(int, sys.argv[1:])), sep="\n")
