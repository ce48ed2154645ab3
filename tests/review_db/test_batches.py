"""Batches as stored: what one holds, what is released, what stays counted, and older databases that gain them."""

import pytest

from review_db import batches, calls
from review_db.batches import Result
from review_db.connection import open_review_db
from tests.asking import wrong_accounts


def a_call(db, batch_id, request_hash="h1", page_id=None, usd=0.02):
    call = calls.NewCall(
        request_hash, 1, page_id, "claude-batch", "m", "generate", "run", "owner", "2026-11-24", usd, batch_id
    )
    return calls.reserve(db, call, [], resend_unknown=False)


@pytest.fixture
def db(fresh_db):
    yield fresh_db
    assert not wrong_accounts(fresh_db)


def test_a_batch_that_was_never_taken_gives_its_reservations_back(db):
    batch = batches.begin(db, "owner")
    a_call(db, batch)
    assert calls.spent(db, "day:2026-11-24") == 0.02
    batches.abandon(db, batch)
    assert calls.spent(db, "day:2026-11-24") == 0.0
    assert batches.open_batches(db) == []


def test_what_a_dead_process_was_preparing_is_released_and_what_it_sent_is_not(db):
    unsent, sent, alive = (batches.begin(db, owner) for owner in ("dead", "dead", "alive"))
    for number, batch in enumerate((unsent, sent, alive)):
        a_call(db, batch, f"h{number}")
    batches.mark_sent(db, sent, 1)
    batches.release_unsent(db, lambda owner: owner == "alive")
    assert [batch.batch_id for batch in batches.open_batches(db)] == [sent, alive]
    assert calls.lose_orphans(db, lambda owner: False) == 0


def test_results_are_stored_and_the_rest_is_of_unknown_outcome(db):
    batch = batches.begin(db, "owner")
    answered, refused, expired, missing = (a_call(db, batch, f"h{number}") for number in range(4))
    batches.mark_sent(db, batch, 4)
    batches.mark_submitted(db, batch, "msgbatch_1", None)
    assert batches.known_names(db) == {"msgbatch_1"}
    batches.save_results(db, [Result(answered, 200, b"{}"), Result(refused, 400, b"{}"), Result(expired, None, b"")])
    assert batches.waiting_calls(db, batch) == {missing: "h3"}
    assert batches.close(db, batch) == 1
    assert [row["state"] for row in db["calls"].rows] == ["sent", "failed", "failed", "outcome_unknown"]
    assert calls.spent(db, "day:2026-11-24") == pytest.approx(0.04)
    (row,) = batches.rows(db)
    assert (row["requests"], row["answered"], row["not_billed"], row["unknown"], row["waiting"]) == (4, 1, 2, 1, 0)


def test_a_database_of_the_step_before_opens_and_keeps_its_calls(tmp_path, database_without):
    with database_without("0006_batches") as db:
        db.conn.execute(
            "INSERT INTO calls (request_hash, engine, model, purpose, state, reserved_usd, utc_day, run_key, owner, "
            "sent_at) VALUES ('h', 'claude', 'm', 'generate', 'settled', 0.5, '2026-11-24', 'r', 'o', 'now')"
        )
    db = open_review_db(tmp_path / "review.sqlite")
    (row,) = db["calls"].rows
    assert (row["request_hash"], row["reserved_usd"], row["saved_usd"], row["batch_id"]) == ("h", 0.5, None, None)
    assert {"owner", "sent_at", "expires_at"} <= set(db["batches"].columns_dict)
    db.close()
