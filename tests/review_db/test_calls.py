"""The account of paid calls: one transaction to reserve, one row a request, settled once, nothing lost."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from review_db import calls
from review_db.calls import Cap, NewCall, Usage
from review_db.connection import open_review_db
from tests.asking import wrong_accounts
from tests.stored import a_page

DAY = "2026-11-23"


def a_call(request_hash: str = "h", usd: float = 1.0, owner: str = "me", run_key: str = "run") -> NewCall:
    return NewCall(request_hash, 1, None, "claude", "m", "generate", run_key, owner, DAY, usd)


def reserved(db, *arguments, caps=(), resend_unknown=False, **facts):
    return calls.reserve(db, a_call(*arguments, **facts), caps, resend_unknown=resend_unknown)


def usage(usd: float) -> Usage:
    return Usage(10, 2, 0, 0, usd)


def state(db, call_id: int) -> str:
    return db["calls"].get(call_id)["state"]


@pytest.fixture
def db(fresh_db):
    yield fresh_db
    assert not wrong_accounts(fresh_db)


def test_a_reservation_counts_until_the_call_is_settled(db):
    call_id = reserved(db, usd=0.5)
    assert calls.spent(db, f"day:{DAY}") == calls.spent(db, "run:run") == 0.5
    calls.settle(db, call_id, "settled", usage(0.2))
    assert calls.spent(db, f"day:{DAY}") == pytest.approx(0.2)


def test_a_call_is_settled_once(db):
    call_id = reserved(db)
    for usd in (0.2, 0.9):
        calls.settle(db, call_id, "settled", usage(usd))
    assert calls.spent(db, "run:run") == pytest.approx(0.2)


def test_a_call_that_could_pass_a_cap_leaves_no_trace(db):
    cap = Cap("run:run", 1.5, "the run")
    assert isinstance(reserved(db, "a", caps=[cap]), int)
    assert reserved(db, "b", caps=[cap]) == cap
    assert db["calls"].count == 1
    assert calls.spent(db, "run:run") == 1.0


def test_the_cap_itself_may_be_reached(db):
    cap = Cap("run:run", 0.3, "the run")
    assert all(isinstance(reserved(db, str(n), usd=0.1, caps=[cap]), int) for n in range(3))
    assert reserved(db, "more", usd=1e-6, caps=[cap]) == cap


@pytest.mark.parametrize("left", ["sent", "outcome_unknown", "answered", "settled", "unreadable_reply"])
def test_a_request_that_went_out_is_not_reserved_again(db, left):
    call_id = reserved(db)
    if left == "outcome_unknown":
        calls.lose(db, call_id)
    elif left != "sent":
        calls.save_reply(db, call_id, 200, "{}", None, b"raw")
    if left in ("settled", "unreadable_reply"):
        calls.settle(db, call_id, left, usage(0.1))
    again = reserved(db, owner="other")
    assert again.call_id == call_id
    assert again.reply == (None if left in ("sent", "outcome_unknown") else b"raw")


def test_a_refused_request_may_go_again_as_another_attempt(db):
    calls.save_refusal(db, reserved(db), 529, "{}", "req", b"busy")
    again = reserved(db)
    assert [(row["attempt"], row["state"]) for row in db["calls"].rows] == [(1, "failed"), (2, "sent")]
    assert calls.spent(db, "run:run") == 1.0
    assert again == 2


def test_a_refusal_is_stored_and_freed_in_one_step(db):
    call_id = reserved(db)
    seen = []
    db.conn.set_trace_callback(
        lambda sql: seen.append(sql.split()[0]) if sql.split()[0] in ("BEGIN", "COMMIT") else None
    )
    calls.save_refusal(db, call_id, 429, '{"retry-after": "1"}', "req_1", b"wait")
    db.conn.set_trace_callback(None)
    assert seen == ["BEGIN", "COMMIT"]
    row = db["calls"].get(call_id)
    assert (row["state"], row["http_status"], row["reply"], row["cost_usd"]) == ("failed", 429, b"wait", 0.0)


def test_consent_to_send_again_is_not_for_what_the_same_run_lost(db):
    calls.lose(db, reserved(db))
    assert reserved(db, resend_unknown=True).state == "outcome_unknown"
    assert reserved(db, owner="the next worker of that job", resend_unknown=True).state == "outcome_unknown"
    assert isinstance(reserved(db, owner="me", run_key="later", resend_unknown=True), int)


def test_a_page_waits_for_consent_until_a_later_call_of_it_is_answered(fresh_db):
    page = a_page(fresh_db).page_id

    def call(request_hash: str, purpose: str = "generate") -> int:
        new = NewCall(request_hash, 1, page, "claude", "m", purpose, "run", "me", DAY, 0.25)
        return calls.reserve(fresh_db, new, [], resend_unknown=False)

    calls.lose(fresh_db, call("kind", "classify"))
    assert calls.unanswered_pages(fresh_db) == {}
    calls.lose(fresh_db, call("pairs"))
    calls.fail(fresh_db, call("refused since"))
    assert calls.unanswered_pages(fresh_db) == {page: 0.25}
    calls.settle(fresh_db, call("answered since"), "settled", usage(0.1))
    assert calls.unanswered_pages(fresh_db) == {}


def test_a_stored_reply_decides_before_all_else(db):
    first = reserved(db)
    calls.lose(db, first)
    second = reserved(db, run_key="later", resend_unknown=True)
    assert calls.standing_call(db, "h", 1).call_id == second
    calls.save_reply(db, first, 200, "{}", None, b"late")
    assert calls.standing_call(db, "h", 1).call_id == first


def test_a_reply_that_comes_late_settles_an_unknown_outcome(db):
    call_id = reserved(db)
    calls.lose(db, call_id)
    calls.save_reply(db, call_id, 200, "{}", "req", b"late")
    calls.settle(db, call_id, "settled", usage(0.1))
    assert (state(db, call_id), calls.spent(db, "run:run")) == ("settled", pytest.approx(0.1))


def test_an_answered_call_is_never_called_lost(db):
    call_id = reserved(db)
    calls.save_reply(db, call_id, 200, "{}", None, b"raw")
    calls.lose(db, call_id)
    assert calls.lose_orphans(db, lambda owner: False) == 0
    assert state(db, call_id) == "sent"


def test_only_calls_of_dead_processes_are_orphans(db):
    alive, dead = reserved(db, "a", owner="alive"), reserved(db, "b", owner="dead")
    assert calls.lose_orphans(db, lambda owner: owner == "alive") == 1
    assert (state(db, alive), state(db, dead)) == ("sent", "outcome_unknown")


def test_what_is_in_flight_is_told_by_owner_and_scope(db):
    reserved(db, "a", usd=0.1, owner="x")
    reserved(db, "b", usd=0.2, owner="x", run_key="other")
    reserved(db, "c", usd=0.4, owner="y")
    calls.settle(db, reserved(db, "d", usd=0.8, owner="y"), "settled", usage(0.0))
    assert calls.in_flight(db, f"day:{DAY}") == pytest.approx({"x": 0.3, "y": 0.4})
    assert calls.in_flight(db, "run:run") == pytest.approx({"x": 0.1, "y": 0.4})
    assert calls.in_flight(db, "page:run:p") == {}


def test_many_threads_reserve_up_to_the_cap_and_not_beyond(tmp_path):
    path = tmp_path / "review.sqlite"
    open_review_db(path).close()
    cap, start = Cap("run:run", 10.0, "the run"), threading.Barrier(8)

    def reserve_all(thread: int) -> int:
        db = open_review_db(path, migrate=False)
        start.wait()
        made = [reserved(db, f"{thread}-{n}", usd=0.3, caps=[cap]) for n in range(10)]
        db.close()
        return sum(isinstance(call, int) for call in made)

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(reserve_all, range(8))) == 33
