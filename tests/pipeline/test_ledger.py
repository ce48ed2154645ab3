"""Paid calls: reserved first, stored before they are read, never paid twice, stopped by what concerns every page."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path

import pytest

from pipeline import limiter, pacing
from pipeline.ledger import (
    BudgetReachedError,
    PageBudgetError,
    PaidRequest,
    PostponedError,
    StoppedError,
    StopRunError,
    TooLargeError,
    UnknownOutcomeError,
)
from pipeline.limiter import Limiter
from pipeline.owners import Owner
from pipeline.stage import UnitError
from review_db import calls
from review_db.connection import open_review_db
from tests.asking import (
    COST,
    LOST,
    NOT_SENT,
    Wire,
    a_ledger,
    a_refusal,
    a_reply,
    a_request,
    answer,
    read,
    rows,
    states,
    wrong_accounts,
)
from tests.stored import a_page


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(pacing, "FIRST_BACKOFF_SECONDS", 0.01)
    monkeypatch.setattr(pacing, "LONGEST_JITTER_SECONDS", 0.01)


@pytest.fixture(autouse=True)
def accounts_agree_at_the_end(tmp_path):
    yield
    db = open_review_db(tmp_path / "review.sqlite")
    assert not wrong_accounts(db)
    db.close()


def spent(folder: Path, scope: str = "run:run") -> float:
    db = open_review_db(folder / "review.sqlite")
    try:
        return calls.spent(db, scope)
    finally:
        db.close()


def with_pages(folder: Path, *page_ids: str) -> None:
    db = open_review_db(folder / "review.sqlite")
    for page_id in page_ids:
        a_page(db, page_id)
    db.close()


# ---------------------------------------------------------------- one request, one payment


def test_a_reply_is_read_and_its_true_cost_takes_the_place_of_the_reservation(tmp_path):
    reply = a_ledger(tmp_path, Wire()).ask(a_request(7, usd=0.5), read)
    assert reply.reading.result == [{"question": "Number 7?", "answer": "7 Nm"}]
    (row,) = rows(tmp_path)
    assert (row["state"], row["reserved_usd"], row["cost_usd"]) == ("settled", 0.5, pytest.approx(COST))
    assert spent(tmp_path) == pytest.approx(COST)


def test_the_same_request_again_is_answered_from_the_store(tmp_path):
    wire = Wire()
    first = a_ledger(tmp_path, wire).ask(a_request(), read)
    again = a_ledger(tmp_path, wire, run_key="later").ask(a_request(), read)
    assert (again, len(wire.sent)) == (first, 1)


def test_another_generation_of_the_same_request_is_another_call(tmp_path):
    wire = Wire()
    ledger = a_ledger(tmp_path, wire)
    assert ledger.ask(a_request(), read).call_id != ledger.ask(a_request(generation=2), read).call_id
    assert len(wire.sent) == 2


def test_the_raw_reply_is_stored_before_anything_reads_it(tmp_path):
    wire = Wire()

    def stumbles(body):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        a_ledger(tmp_path, wire).ask(a_request(), stumbles)
    assert rows(tmp_path)[0]["reply"] == a_reply(answer(wire.sent[0])).body
    assert a_ledger(tmp_path, wire).ask(a_request(), read).reading.result
    assert len(wire.sent) == 1


def test_a_reply_without_usage_costs_its_reservation(tmp_path):
    without = a_reply('{"pairs": []}')
    bare = without.__class__(200, {}, without.body.replace(b'"input_tokens"', b'"tokens"'))
    a_ledger(tmp_path, Wire([bare])).ask(a_request(usd=0.25), read)
    assert spent(tmp_path) == 0.25


def test_two_threads_with_the_same_request_pay_once(tmp_path):
    begun = threading.Event()

    def slow(body):
        begun.set()
        time.sleep(0.3)
        return a_reply(answer(body))

    wire = Wire([slow])
    ledger = a_ledger(tmp_path, wire)
    with ThreadPoolExecutor(4) as pool:
        answers = [pool.submit(ledger.ask, a_request(), read) for _ in range(4)]
        assert begun.wait(5)
    assert len({a.result().call_id for a in answers}) == 1
    assert len(wire.sent) == 1


def test_a_request_that_cannot_be_written_as_text_is_refused_before_it_is_reserved(tmp_path):
    odd = PaidRequest({"model": "m", "messages": ["\ud800"]}, None, "claude", "generate", 1, 0.1)
    with pytest.raises(UnitError, match="lone surrogates"):
        a_ledger(tmp_path, Wire()).ask(odd, read)
    assert rows(tmp_path) == []


def test_no_connection_to_the_database_stays_open(tmp_path):
    ledger = a_ledger(tmp_path, Wire())
    before = open_files()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: ledger.ask(a_request(n), read), range(24)))
    assert open_files() <= before


def open_files() -> int:
    folder = Path("/proc/self/fd")
    return sum(1 for _ in folder.iterdir()) if folder.is_dir() else 0


# ---------------------------------------------------------------- unknown outcomes


def test_a_lost_call_keeps_its_reservation_and_is_not_sent_again_unasked(tmp_path):
    wire = Wire([LOST])
    for _ in range(2):
        with pytest.raises(UnknownOutcomeError, match="--resend-unknown"):
            a_ledger(tmp_path, wire).ask(a_request(), read)
    assert (states(tmp_path), len(wire.sent), spent(tmp_path)) == (["outcome_unknown"], 1, 0.01)


def test_a_lost_call_is_sent_again_on_request_and_both_are_counted(tmp_path):
    wire = Wire([LOST])
    with pytest.raises(UnknownOutcomeError):
        a_ledger(tmp_path, wire).ask(a_request(), read)
    a_ledger(tmp_path, wire, resend_unknown=True, run_key="second").ask(a_request(), read)
    assert states(tmp_path) == ["outcome_unknown", "settled"]
    assert spent(tmp_path) == 0.01
    assert spent(tmp_path, "run:second") == pytest.approx(COST)


def test_consent_to_send_again_covers_one_more_loss_only(tmp_path):
    wire = Wire([LOST] * 3)
    with pytest.raises(UnknownOutcomeError):
        a_ledger(tmp_path, wire).ask(a_request(), read)
    resending = a_ledger(tmp_path, wire, resend_unknown=True, run_key="second")
    for _ in range(3):
        with pytest.raises(UnknownOutcomeError):
            resending.ask(a_request(), read)
    assert len(wire.sent) == 2


def test_a_refused_second_sending_does_not_make_the_first_one_known(tmp_path):
    wire = Wire([LOST, a_refusal(400)])
    with pytest.raises(UnknownOutcomeError):
        a_ledger(tmp_path, wire).ask(a_request(), read)
    with pytest.raises(UnitError):
        a_ledger(tmp_path, wire, resend_unknown=True, run_key="second").ask(a_request(), read)
    with pytest.raises(UnknownOutcomeError):
        a_ledger(tmp_path, wire).ask(a_request(), read)
    assert len(wire.sent) == 2


@pytest.mark.parametrize("error", [RuntimeError("odd"), KeyboardInterrupt(), MemoryError()])
def test_whatever_breaks_off_a_sending_leaves_an_unknown_outcome(tmp_path, error):
    with pytest.raises(type(error)):
        a_ledger(tmp_path, Wire([error])).ask(a_request(), read)
    assert states(tmp_path) == ["outcome_unknown"]


def test_no_more_calls_than_told_are_open_so_that_a_kill_leaves_no_more_unknown(tmp_path):
    replies = threading.Event()
    wire = Wire([lambda body: replies.wait(20) and a_reply(answer(body))] * 9)
    ledger = a_ledger(tmp_path, wire, most_open=3)
    with ThreadPoolExecutor(9) as pool:
        asked = [pool.submit(ledger.ask, a_request(number), read) for number in range(9)]
        ends = time.monotonic() + 10
        while len(wire.sent) < 3 and time.monotonic() < ends:
            time.sleep(0.01)
        time.sleep(0.1)
        open_calls = states(tmp_path)
        replies.set()
    assert open_calls == ["sent"] * 3
    assert [each.result().reading.state for each in asked] == ["settled"] * 9


def test_a_call_of_a_process_that_has_gone_is_flagged_at_the_next_start(tmp_path):
    gone = left_by_a_dead_process(tmp_path, reply=None)
    a_ledger(tmp_path, Wire())
    assert [(row["owner"], row["state"]) for row in rows(tmp_path)] == [(gone, "outcome_unknown")]


def test_a_reply_that_a_dead_process_has_stored_is_read_for_nothing(tmp_path):
    wire = Wire()
    left_by_a_dead_process(tmp_path, reply=a_reply(answer(a_request().body)).body)
    assert a_ledger(tmp_path, wire).ask(a_request(), read).reading.result
    assert (wire.sent, states(tmp_path)) == ([], ["settled"])


def test_a_process_that_dies_while_another_waits_for_it_is_noticed(tmp_path):
    ledger = a_ledger(tmp_path, Wire())
    other = Owner(tmp_path / "owners")
    reserve_as(tmp_path, other.name)
    threading.Timer(0.3, other.leave).start()
    with pytest.raises(UnknownOutcomeError):
        ledger.ask(a_request(), read)
    assert states(tmp_path) == ["outcome_unknown"]


def test_a_live_process_that_never_ends_is_not_waited_for_without_bound(tmp_path):
    ledger = a_ledger(tmp_path, Wire(), longest_join_seconds=0.2)
    other = Owner(tmp_path / "owners")
    reserve_as(tmp_path, other.name)
    with pytest.raises(UnitError, match="another process"):
        ledger.ask(a_request(), read)
    assert states(tmp_path) == ["sent"]


def left_by_a_dead_process(folder: Path, *, reply: bytes | None) -> str:
    owner = Owner(folder / "owners")
    call_id = reserve_as(folder, owner.name)
    owner.leave()
    if reply is not None:
        db = open_review_db(folder / "review.sqlite")
        calls.save_reply(db, call_id, 200, "{}", "req_1", reply)
        db.close()
    return owner.name


def reserve_as(folder: Path, owner: str) -> int:
    db, request = open_review_db(folder / "review.sqlite"), a_request()
    call = calls.NewCall(request.hash, 1, None, "claude", "m", "generate", "run", owner, "2026-11-23", 0.01)
    call_id = calls.reserve(db, call, [], resend_unknown=False)
    db.close()
    return call_id


# ---------------------------------------------------------------- refusals


@pytest.mark.parametrize("status", [408, 409, 429, 500, 503, 504, 529])
def test_a_passing_refusal_is_tried_again_with_a_row_for_each_attempt(tmp_path, status):
    wire = Wire([a_refusal(status)] * 2)
    assert a_ledger(tmp_path, wire).ask(a_request(), read).reading.result
    assert states(tmp_path) == ["failed", "failed", "settled"]
    assert [row["attempt"] for row in rows(tmp_path)] == [1, 2, 3]
    assert spent(tmp_path) == pytest.approx(COST)


@pytest.mark.parametrize("status", [500, 503, 529])
def test_a_server_that_keeps_failing_fails_the_page_and_is_not_paid(tmp_path, status):
    wire = Wire([a_refusal(status)] * 9)
    with pytest.raises(UnitError, match="3 times"):
        a_ledger(tmp_path, wire).ask(a_request(), read)
    assert (len(wire.sent), states(tmp_path), spent(tmp_path)) == (3, ["failed"] * 3, 0.0)


def test_the_services_own_word_on_trying_again_beats_the_status(tmp_path):
    wire = Wire([a_refusal(500, x_should_retry="false")])
    with pytest.raises(UnitError):
        a_ledger(tmp_path, wire).ask(a_request(), read)
    assert len(wire.sent) == 1


STOPS = {
    "a wrong key": a_refusal(401),
    "no credit": a_refusal(402),
    "forbidden": a_refusal(403),
    "an unknown model": a_refusal(404, "model: claude-none"),
    "a redirect": a_refusal(307),
    "the owner's spend limit": a_refusal(400, "You have reached your specified API usage limits."),
    "the tier's spend limit": a_refusal(429, "no", "enforced_spend_limit_reached"),
    "the contract's spend limit": a_refusal(429, "no", "contract_spend_limit_reached"),
    "low balance": a_refusal(400, "Your credit balance is too low to access the API."),
}


@pytest.mark.parametrize("refusal", STOPS.values(), ids=STOPS)
def test_what_concerns_every_page_stops_the_run_at_once(tmp_path, refusal):
    wire = Wire([refusal])
    ledger = a_ledger(tmp_path, wire)
    with pytest.raises(StopRunError) as caught:
        ledger.ask(a_request(1), read)
    assert "no page failed" in caught.value.hint
    with pytest.raises(StopRunError, match=str(caught.value)[:30]):
        ledger.ask(a_request(2), read)
    assert (len(wire.sent), spent(tmp_path)) == (1, 0.0)


def test_a_stop_reaches_the_other_threads_before_their_next_call(tmp_path):
    first_is_in, refused = threading.Event(), threading.Event()

    def refuse(body):
        first_is_in.wait(5)
        refused.set()
        return a_refusal(401)

    def answer_late(body):
        first_is_in.set()
        refused.wait(5)
        time.sleep(0.1)
        return a_reply(answer(body))

    wire = Wire([refuse, answer_late])
    ledger = a_ledger(tmp_path, wire)

    def work_through(start):
        done = 0
        for number in range(start, start + 50):
            ledger.ask(a_request(number), read)
            done += 1
        return done

    with ThreadPoolExecutor(2) as pool:
        for running in [pool.submit(work_through, 0), pool.submit(work_through, 100)]:
            with pytest.raises(StopRunError, match="401"):
                running.result()
    assert len(wire.sent) == 2
    assert sorted(states(tmp_path)) == ["failed", "settled"]


def test_a_limit_that_does_not_pass_stops_the_run_and_fails_no_page(tmp_path):
    wire = Wire([a_refusal(429)] * 9)
    with pytest.raises(StopRunError, match="3 times"):
        a_ledger(tmp_path, wire).ask(a_request(), read)
    assert len(wire.sent) == 3


def test_no_line_to_the_service_stops_the_run_and_is_not_billed(tmp_path):
    with pytest.raises(StopRunError, match="no line"):
        a_ledger(tmp_path, Wire([NOT_SENT] * 9)).ask(a_request(), read)
    assert (states(tmp_path), spent(tmp_path)) == (["failed"] * 3, 0.0)


def test_a_lost_line_that_comes_back_is_survived(tmp_path):
    assert a_ledger(tmp_path, Wire([NOT_SENT])).ask(a_request(), read).reading.result
    assert states(tmp_path) == ["failed", "settled"]


@pytest.mark.parametrize(
    "refusal",
    [
        a_refusal(413),
        a_refusal(400, "no", "image_dimensions_too_large"),
        a_refusal(400, "messages.0.content.0.image: image exceeds 5 MB maximum"),
    ],
)
def test_a_page_that_is_too_large_is_told_from_others_and_not_tried_again(tmp_path, refusal):
    wire = Wire([refusal])
    with pytest.raises(TooLargeError):
        a_ledger(tmp_path, wire).ask(a_request(), read)
    assert len(wire.sent) == 1


@pytest.mark.parametrize(
    "body", [b"", b"<html>", b"[" * 100_000, b'{"error": 5}', b'{"error": {"message": 7}}', b"\xff"]
)
def test_a_refusal_in_any_form_is_a_plain_sentence(tmp_path, body):
    with pytest.raises(UnitError, match="the service says 400"):
        a_ledger(tmp_path, Wire([a_refusal(400).__class__(400, {}, body)])).ask(a_request(), read)


def test_page_after_page_that_fails_stops_the_run(tmp_path, monkeypatch):
    monkeypatch.setattr(pacing, "HOPELESS_IN_A_ROW", 4)
    wire = Wire([LOST, a_refusal(400), LOST, a_reply('{"pairs": []}'), *[LOST] * 9])
    ledger = a_ledger(tmp_path, wire)
    for number in range(7):
        with nullcontext() if number == 3 else pytest.raises(UnitError):
            ledger.ask(a_request(number), read)
    with pytest.raises(StopRunError, match="4 calls in a row"):
        ledger.ask(a_request(7), read)


def test_a_reply_that_cannot_be_stored_stops_the_run(tmp_path, monkeypatch):
    wire = Wire()
    ledger = a_ledger(tmp_path, wire)

    def full(*_):
        raise OSError("no space left")

    monkeypatch.setattr(calls, "save_reply", full)
    with pytest.raises(StopRunError, match="could not be stored: no space left"):
        ledger.ask(a_request(1), read)
    with pytest.raises(StopRunError, match="could not be stored"):
        ledger.ask(a_request(2), read)
    assert len(wire.sent) == 1


# ---------------------------------------------------------------- caps


def test_a_call_that_could_pass_the_day_or_the_run_is_not_made(tmp_path):
    for caps, name in (({"day_usd": 0.015}, "for 20"), ({"run_usd": 0.015}, "a run")):
        wire = Wire()
        ledger = a_ledger(tmp_path / name, wire, **caps)
        with pytest.raises(BudgetReachedError, match=f"budget of \\$0.0[12].*{name}"):
            ledger.ask(a_request(1, usd=0.02), read)
        assert (wire.sent, rows(tmp_path / name)) == ([], [])


def test_the_cap_of_a_page_fails_that_page_only(tmp_path):
    with_pages(tmp_path, "p1", "p2")
    ledger = a_ledger(tmp_path, Wire(), page_usd=0.05)
    with pytest.raises(PageBudgetError, match="a page"):
        ledger.ask(a_request(1, "p1", usd=0.06), read)
    assert ledger.ask(a_request(2, "p2", usd=0.05), read).reading.result
    with pytest.raises(PageBudgetError):
        ledger.ask(a_request(3, "p2", usd=0.05), read)


def test_the_cap_of_a_page_is_for_one_run(tmp_path):
    with_pages(tmp_path, "p1")
    for run in ("first", "second"):
        a_ledger(tmp_path, Wire(), page_usd=0.05, run_key=run).ask(a_request(1, "p1", 0.05, generation=len(run)), read)


@pytest.mark.parametrize("odd", [float("nan"), float("inf")])
def test_what_is_no_amount_of_money_passes_no_cap(tmp_path, odd):
    with pytest.raises(BudgetReachedError):
        a_ledger(tmp_path, Wire()).ask(a_request(usd=odd), read)
    with pytest.raises(BudgetReachedError):
        a_ledger(tmp_path, Wire(), day_usd=float("nan")).ask(a_request(), read)


def test_a_call_waits_for_what_others_hold_instead_of_giving_up(tmp_path):
    """16 in flight reserve far more than they cost: the run must not end while most of the budget is unspent."""

    def slow(body):
        time.sleep(0.15)
        return a_reply(answer(body))

    wire = Wire([slow] * 6)
    ledger = a_ledger(tmp_path, wire, run_usd=0.025)
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda n: ledger.ask(a_request(n, usd=0.01), read), range(6)))
    assert len(answers) == len(wire.sent) == 6


def test_what_a_dead_process_holds_is_not_waited_for(tmp_path):
    ledger = a_ledger(tmp_path, Wire(), run_usd=0.015)
    left_by_a_dead_process(tmp_path, reply=None)
    with pytest.raises(BudgetReachedError):
        ledger.ask(a_request(2), read)


def test_a_call_counts_for_the_day_on_which_it_was_reserved(tmp_path):
    days = iter(["2026-11-23", "2026-11-24", "2026-11-25"])
    ledger = a_ledger(tmp_path, Wire(), today=lambda: next(days))
    ledger.ask(a_request(1), read)
    ledger.ask(a_request(2), read)
    assert spent(tmp_path, "day:2026-11-23") == pytest.approx(COST)
    assert spent(tmp_path, "day:2026-11-24") == pytest.approx(COST)


def test_a_clock_that_jumps_back_gives_no_money_back(tmp_path):
    days = iter(["2026-11-24", "2026-11-23", "2026-11-24"])
    ledger = a_ledger(tmp_path, Wire([LOST]), day_usd=0.015, today=lambda: next(days))
    with pytest.raises(UnknownOutcomeError):
        ledger.ask(a_request(1), read)
    ledger.ask(a_request(2), read)
    with pytest.raises(BudgetReachedError, match="2026-11-24"):
        ledger.ask(a_request(3), read)


# ---------------------------------------------------------------- waiting


@pytest.mark.parametrize(("asked", "seconds"), [("120", 120), ("1000000000", 3600)])
def test_a_long_pause_keeps_no_worker(tmp_path, asked, seconds):
    wire = Wire([a_refusal(429, retry_after=asked)])
    ledger = a_ledger(tmp_path, wire, longest_wait_seconds=30.0)
    began = time.monotonic()
    with pytest.raises(PostponedError) as caught:
        ledger.ask(a_request(1), read)
    assert caught.value.seconds == pytest.approx(seconds, abs=1)
    with pytest.raises(PostponedError):
        ledger.ask(a_request(2), read)
    assert (len(wire.sent), spent(tmp_path)) == (1, 0.0)
    assert time.monotonic() - began < 5


def test_our_own_limits_postpone_nothing(tmp_path):
    slow = Limiter(120, 0)
    for _ in range(13):
        slow.delay(1)
    assert a_ledger(tmp_path, Wire(), limiter=slow, longest_wait_seconds=0.1).ask(a_request(), read).reading.result


@pytest.mark.parametrize("asked", ["-5", "soon", "Mon, 01 Jan 2024 00:00:00 GMT", "nan", "0"])
def test_a_pause_that_makes_no_sense_is_replaced_by_our_own(tmp_path, asked):
    pausing = Limiter(0, 0)
    pauses = []
    pausing.pause = lambda seconds: pauses.append(seconds)
    a_ledger(tmp_path, Wire([a_refusal(429, retry_after=asked)]), limiter=pausing).ask(a_request(), read)
    assert len(pauses) == 1
    assert 0 < pauses[0] < 1


def test_a_pause_makes_every_thread_wait_and_is_told_once(tmp_path, monkeypatch):
    monkeypatch.setattr(pacing, "NOTED_PAUSE_SECONDS", 0.2)
    told, wire = [], Wire([a_refusal(429, retry_after="1")])
    ledger = a_ledger(tmp_path, wire, note=told.append)
    began = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: ledger.ask(a_request(n), read), range(12)))
    assert time.monotonic() - began >= 1
    assert len(told) == 1
    assert "Ctrl-C" in told[0]


def test_attempts_are_spread_so_that_threads_do_not_come_back_together(tmp_path, monkeypatch):
    waits = []
    monkeypatch.setattr(pacing, "wait", lambda seconds, stop: waits.append(seconds) or True)
    for number in range(20):
        a_ledger(tmp_path, Wire([a_refusal(500)])).ask(a_request(number), read)
    backoffs = [seconds for seconds in waits if seconds > 0]
    assert len(set(backoffs)) == 20
    assert all(0.0075 <= seconds <= 0.0125 for seconds in backoffs)


@pytest.mark.parametrize("waiting_for", ["a pause", "a backoff", "a turn", "another process", "a cap"])
def test_a_stop_ends_every_wait(tmp_path, monkeypatch, waiting_for):
    monkeypatch.setattr(pacing, "FIRST_BACKOFF_SECONDS", 20)
    options = {"limiter": Limiter(1, 0)} if waiting_for == "a turn" else {}
    if waiting_for == "a cap":
        options["run_usd"] = 0.015
    first = {"a pause": a_refusal(429, retry_after="60"), "a backoff": a_refusal(500)}.get(waiting_for)
    ledger = a_ledger(tmp_path, Wire([first] if first else []), **options)
    if waiting_for in ("another process", "a cap"):
        other = Owner(tmp_path / "owners")
        reserve_as(tmp_path, other.name)
    if waiting_for == "a turn":
        for _ in range(20):
            options["limiter"].delay(1)
    number = 2 if waiting_for == "a cap" else 1
    threading.Timer(0.3, ledger.stop.set).start()
    began = time.monotonic()
    with pytest.raises(StoppedError):
        ledger.ask(a_request(number), read)
    assert 0.2 < time.monotonic() - began < 5


def test_nothing_is_sent_after_a_stop_but_what_is_stored_is_still_read(tmp_path):
    wire = Wire()
    ledger = a_ledger(tmp_path, wire)
    ledger.ask(a_request(1), read)
    ledger.stop.set()
    assert ledger.ask(a_request(1), read).reading.result
    with pytest.raises(StoppedError):
        ledger.ask(a_request(2), read)
    assert len(wire.sent) == 1


def test_the_limits_in_a_reply_are_heeded(tmp_path):
    headers = {
        "anthropic_ratelimit_requests_remaining": "0",
        "anthropic_ratelimit_requests_reset": "2026-11-23T12:00:40+00:00",
        "date": "Mon, 23 Nov 2026 12:00:00 GMT",
    }
    pausing = limiter.Limiter(0, 0)
    a_ledger(tmp_path, Wire([a_reply('{"pairs": []}', **headers)]), limiter=pausing).ask(a_request(), read)
    assert pausing.paused() == pytest.approx(40, abs=1)


def test_only_headers_that_say_something_of_the_call_are_kept(tmp_path):
    reply = a_reply('{"pairs": []}', request_id="req_9", set_cookie="secret=1", anthropic_organization_id="org")
    a_ledger(tmp_path, Wire([reply])).ask(a_request(), read)
    (row,) = rows(tmp_path)
    assert (row["reply_headers"], row["request_id"]) == ('{"request-id": "req_9"}', "req_9")
