"""P9: 2,000 pages in batches, shuffled, partly expired and errored, killed between all steps: each is paid once."""

import itertools
import os
import random
import signal
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from pipeline.prices import cost
from review_db.connection import open_review_db
from tests.asking import PRICE, wrong_accounts
from tests.doubles.claude.bill import Bill

pytestmark = pytest.mark.faults
POINTS = {
    "batch_reserved": 40, "batch_sending": 1, "batch_created": 1, "batch_submitted": 2, "batch_ended": 1,
    "batch_result": 2, "batch_stored": 1, "parsed": 70, "settled": 70, "pairs_stored": 70,
}  # fmt: skip
"""Every place between two steps, and at which of its times the process dies there."""

LEAD_TO_THE_NEXT = ("batch_submitted", "batch_ended", "batch_result")
"""After a kill there a child that goes on would soon pass the next point."""

UNITS, BATCH = 2000, 500
BAD_FATES = ("expired", "api_error", "overloaded", "expired")
SECONDS = 60


class Account(NamedTuple):
    """What the bill and the database say in the end."""

    paid: list[int]
    done: int
    pairs: int
    settled: int
    unknown: int
    usd: float
    billed_usd: float
    wrong: list[tuple[str, float, float]]
    integrity: str


def account(folder: Path) -> Account:
    db = open_review_db(folder / "review.sqlite", migrate=False)

    def one(query: str):
        return db.conn.execute(query).fetchone()[0]

    bill = Bill(folder / "bill.jsonl")
    usage = [entry["usage"] for entry in bill.entries()]
    found = Account(
        paid=list(bill.times().values()),
        done=one("SELECT count(*) FROM stage_outcomes WHERE outcome = 'ok'"),
        pairs=db["pairs"].count,
        settled=one("SELECT count(*) FROM calls WHERE state = 'settled'"),
        unknown=one("SELECT count(*) FROM calls WHERE state = 'outcome_unknown'"),
        usd=one("SELECT total(cost_usd) FROM calls"),
        billed_usd=sum(cost(PRICE, told["input_tokens"], told["output_tokens"], 0, 0) for told in usage),
        wrong=wrong_accounts(db),
        integrity=one("PRAGMA integrity_check"),
    )
    db.close()
    return found


def broken_promises(found: Account, units: int) -> list[str]:
    """Every promise that the account breaks: none for the code as it is, some for every mutant."""
    rules = {
        "a request was paid twice": max(found.paid) > 1,
        "a request was lost": not len(found.paid) == found.done == found.pairs == found.settled == units,
        "a request is of unknown outcome": found.unknown > 0,
        "it was not half the price": abs(found.usd - found.billed_usd / 2) > 1e-9,
        "the sums differ": bool(found.wrong),
        "the database is damaged": found.integrity != "ok",
    }
    return [rule for rule, broken in rules.items() if broken]


def a_job(nursery, units: int, batch: int, **job) -> dict:
    return {"do": "batch", "folder": str(nursery.folder), "units": units, "most_requests": batch} | job


def shuffled_fates(share: float = 0.1):
    dice = random.Random(7)
    return (dice.choice(BAD_FATES) if dice.random() < share else None for _ in itertools.count())


def kill_soon(nursery, job: dict, dice: random.Random) -> bool:
    """Kill a child anywhere in the beginning of its work; whether it was still at it."""
    pid = nursery.fork(**job)
    nursery.hear(pid, "ready")
    time.sleep(dice.uniform(0, 0.5))
    os.kill(pid, signal.SIGKILL)
    return nursery.wait(pid) == -signal.SIGKILL


@pytest.mark.slow
def test_two_thousand_pages_are_each_paid_once_whatever_dies_and_fails(double, nursery_in_memory, capsys):
    nursery, began = nursery_in_memory, time.monotonic()
    double.batches.treat(shuffled_fates())
    double.batches.misbehave("create", None, "lost", "429_wait_ms", None, "late")
    double.batches.misbehave("results", None, "cut", None, "strange")
    job = a_job(nursery, UNITS, BATCH)
    dice, at_random = random.Random(11), 0
    for point, count in POINTS.items():
        status = nursery.run(**job, point=point, count=count)
        assert status == -signal.SIGKILL, f"the child did not reach {point}"
        if point not in LEAD_TO_THE_NEXT:
            at_random += kill_soon(nursery, job, dice)
    assert at_random >= 3
    assert nursery.run(**job) == 0
    found, fired = account(nursery.folder), double.batches.fired
    assert not broken_promises(found, UNITS)
    assert min(fired[name] for name in (*BAD_FATES, "lost", "late", "cut", "strange")) > 0
    before = sum(double.batches.sizes)
    assert nursery.run(**job) == 0
    assert (double.received, sum(double.batches.sizes)) == (0, before)
    seconds = time.monotonic() - began
    with capsys.disabled():
        print(
            f"\n{UNITS} pages in {len(double.batches.sizes)} batches, killed {len(POINTS)} times between two steps and "
            f"{at_random} times at random, "
            f"{before - UNITS} unbilled requests sent again: 0 paid twice, 0 lost, half the price, {seconds:.0f} s"
        )
    assert seconds < SECONDS


@pytest.mark.parametrize("point", POINTS)
def test_a_kill_at_each_step_of_a_batch_breaks_no_promise(double, nursery, point):
    double.batches.treat(shuffled_fates(0.2))
    count = min(POINTS[point], 3)
    assert nursery.run(**a_job(nursery, 24, 8), point=point, count=count if point != "batch_result" else 1) == -9
    assert nursery.run(**a_job(nursery, 24, 8)) == 0
    assert not broken_promises(account(nursery.folder), 24)


@pytest.mark.parametrize(
    ("mutant", "fault", "broken"),
    [
        ("send_lost_again", ("create", "lost"), "a request was paid twice"),
        ("take_what_comes", ("results", "cut"), "a request is of unknown outcome"),
    ],
)
def test_a_bug_in_batches_put_in_on_purpose_is_seen(double, nursery, mutant, fault, broken):
    double.batches.misbehave(*fault)
    nursery.run(**a_job(nursery, 24, 8), mutant=mutant)
    double.batches.end_due()
    assert broken in broken_promises(account(nursery.folder), 24)
    assert double.batches.fired[fault[1]] == 1
