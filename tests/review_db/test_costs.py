"""What paid calls cost, asked in the ways that people ask."""

from datetime import UTC, datetime

import pytest

from review_db import calls, costs, pages, pairs, runs
from review_db.records import CandidatePair

DAY = f"{datetime.now(UTC):%Y-%m-%d}"


def a_call(db, number, *, page=None, run="job-1", model="small", cost=None):
    new = calls.NewCall(f"hash-{number}", 1, page, "claude", model, "generate", run, "me", DAY, 0.05)
    call_id = calls.reserve(db, new, [], resend_unknown=False)
    if cost is not None:
        calls.settle(db, call_id, "settled", calls.Usage(10, 10, 0, 0, cost))
    return call_id


@pytest.fixture
def page(fresh_db):
    pages.add_page_version(
        fresh_db, page_id="p1", manual="m", source="p1.jpg", page_number=None, sort_key="1", file_id=None,
        identity="i", kind="image", image_sha256="s", image_path="p1.jpg", width=1, height=1, status="ok",
    )  # fmt: skip
    return pages.page_by_id(fresh_db, "p1")


def test_nothing_was_paid_for_yet(fresh_db):
    assert costs.cost_of_runs(fresh_db, []) == {}
    assert costs.cost_per_page(fresh_db) is None
    assert costs.cost_per_approved_pair(fresh_db) is None
    assert costs.spent_today(fresh_db) == 0
    assert list(costs.cost_by_model(fresh_db)) == []


def test_a_job_costs_what_its_calls_cost_and_an_open_one_its_reservation(fresh_db, page):
    a_call(fresh_db, 1, page="p1", cost=0.02)
    a_call(fresh_db, 2, page="p1")
    a_call(fresh_db, 3, run="job-2", model="large", cost=0.5)
    calls.fail(fresh_db, a_call(fresh_db, 4, run="job-2"))
    assert costs.cost_of_runs(fresh_db, ["job-1", "job-2", "job-3"]) == pytest.approx({"job-1": 0.07, "job-2": 0.5})
    assert [(model, count) for model, count, _ in costs.cost_by_model(fresh_db)] == [("large", 1), ("small", 3)]
    assert costs.cost_per_page(fresh_db) == pytest.approx(0.07)
    assert costs.spent_today(fresh_db) == pytest.approx(0.57)


def test_an_approved_pair_carries_all_that_was_paid(fresh_db, page):
    call_id = a_call(fresh_db, 1, page="p1", cost=0.06)
    run = runs.start_run(fresh_db, page_version_id=page.page_version_id, engine="claude", call_id=call_id, proposed=3)
    found = [CandidatePair(f"What is value {n}?", f"{n} Nm", "factual") for n in range(3)]
    stored = pairs.add_candidates(fresh_db, page, run, "claude", found)
    fresh_db.conn.execute("UPDATE pairs SET status = 'approved' WHERE pair_key <> ?", [stored[0][0]])
    assert costs.cost_per_approved_pair(fresh_db) == pytest.approx(0.03)
