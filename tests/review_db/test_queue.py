"""The queue: riskiest page first, one reviewer to a page, skipped pairs last."""

import time

import pytest

from review_db import pairs, queue
from tests.stored import a_page, a_pair, decide


@pytest.fixture
def two_pages(fresh_db):
    calm, risky = a_page(fresh_db, "21-01"), a_page(fresh_db, "21-02")
    for page, risk in ((calm, 0.2), (risky, 0.9)):
        for number in range(3):
            pair = a_pair(fresh_db, page, answer=f"{number} Nm")
            pairs.save_risk(fresh_db, pair.pair_key, risk)
    return calm, risky


def ids(found):
    return [pair.pair_id for pair in found]


def test_the_riskiest_page_comes_first_and_its_pairs_together(fresh_db, two_pages):
    found = queue.next_pairs(fresh_db, holder="ana:1", limit=4)
    assert ids(found) == ["21-02-q01", "21-02-q02", "21-02-q03", "21-01-q01"]


def test_two_reviewers_never_get_the_same_page(fresh_db, two_pages):
    first = queue.next_pairs(fresh_db, holder="ana:1", limit=3)
    second = queue.next_pairs(fresh_db, holder="bo:1", limit=3)
    assert {pair.page_id for pair in first}.isdisjoint(pair.page_id for pair in second)
    assert queue.next_pairs(fresh_db, holder="cy:1", limit=3) == []


def test_a_page_comes_free_when_its_holder_leaves_or_falls_silent(fresh_db, two_pages, monkeypatch):
    queue.next_pairs(fresh_db, holder="ana:1", limit=6)
    assert queue.next_pairs(fresh_db, holder="bo:1", limit=6) == []
    queue.release(fresh_db, "ana:1")
    assert len(queue.next_pairs(fresh_db, holder="bo:1", limit=6)) == 6
    later = time.monotonic() + queue.LEASE_SECONDS + 1
    monkeypatch.setattr(queue.time, "monotonic", lambda: later)
    assert len(queue.next_pairs(fresh_db, holder="cy:1", limit=6)) == 6


def test_a_lease_from_before_a_restart_of_the_machine_holds_nobody_up(fresh_db, two_pages, monkeypatch):
    queue.next_pairs(fresh_db, holder="ana:1", limit=6)
    monkeypatch.setattr(queue.time, "monotonic", lambda: 1.0)
    assert len(queue.next_pairs(fresh_db, holder="bo:1", limit=6)) == 6


def test_a_skipped_pair_comes_back_when_nothing_else_waits(fresh_db, two_pages):
    decide(fresh_db, "21-02-q01", "skip", revision=1)
    found = ids(queue.next_pairs(fresh_db, holder="ana:1", limit=10))
    assert found[0] == "21-02-q02"
    assert found[-1] == "21-02-q01"


def test_pairs_and_pages_can_be_left_out(fresh_db, two_pages):
    found = queue.next_pairs(fresh_db, holder="ana:1", limit=9, exclude=["21-01-q02"], skip_pages=["21-02"])
    assert ids(found) == ["21-01-q01", "21-01-q03"]


def test_decided_and_set_aside_pairs_never_queue(fresh_db, two_pages):
    decide(fresh_db, "21-02-q01", "approve", revision=1)
    pairs.set_aside(fresh_db, [pairs.pair_by_id(fresh_db, "21-02-q02").pair_key], "filtered:length")
    assert ids(queue.next_pairs(fresh_db, holder="ana:1", limit=3))[0] == "21-02-q03"


def test_the_next_pair_is_found_through_the_index(fresh_db, two_pages):
    plan = fresh_db.query(
        "EXPLAIN QUERY PLAN SELECT page_id FROM pairs INDEXED BY pairs_queue WHERE status = 'pending' "
        "ORDER BY skips, risk DESC, pair_key LIMIT 200"
    )
    details = " ".join(row["detail"] for row in plan)
    assert "pairs_queue" in details
    assert "TEMP B-TREE" not in details
