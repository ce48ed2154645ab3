"""P1 to P14: calls are killed, lost, refused and raced, and the double's own bill says what was paid."""

import logging
import os
import random
import signal
import threading
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from pipeline import interrupts
from pipeline.engines.claude import client as client_module
from pipeline.engines.claude.client import MessagesClient
from pipeline.ledger import PostponedError, StopRunError, TooLargeError, UnknownOutcomeError
from pipeline.prices import cost
from pipeline.stage import UnitError
from review_db.connection import open_review_db
from tests.asking import PRICE, a_ledger, a_request, read, rows, states, wrong_accounts
from tests.doubles.claude.bill import Bill
from tests.doubles.claude.misbehaviour import BEFORE_BILLING, CONTENTS, NAMES
from tests.doubles.claude.server import KEY, ClaudeDouble
from tests.faults.nursery import Nursery
from tests.faults.paid_children import UNITS_A_ROUND

pytestmark = pytest.mark.faults
SAFE_POINTS = ("raw_saved", "parsed", "settled", "pairs_stored")
POINTS = ("reserved", "billed", *SAFE_POINTS)
KILLS_A_POINT, KILLS_AT_RANDOM = 150, 100


# ---------------------------------------------------------------- P1, P2, P4: kills


class Account(NamedTuple):
    """What the bill and the database say while nobody is at work."""

    paid: Counter[str]
    by_state: dict[str, set[str]]
    pairs: int
    units_done: int
    wrong_accounts: list[tuple[str, float, float]]
    integrity: str

    @property
    def unknown(self) -> int:
        return len(self.by_state.get("outcome_unknown", ()))


def account(folder: Path) -> Account:
    """Flag the orphans, as every start does, then look at everything."""
    a_ledger(folder, None)
    by_state: dict[str, set[str]] = {}
    for row in rows(folder):
        by_state.setdefault(row["state"], set()).add(row["request_hash"])
    db = open_review_db(folder / "review.sqlite", migrate=False)
    done = db.conn.execute("SELECT count(*) FROM stage_outcomes WHERE outcome = 'ok'").fetchone()[0]
    integrity = db.conn.execute("PRAGMA integrity_check").fetchone()[0]
    found = Account(
        Bill(folder / "bill.jsonl").times(), by_state, db["pairs"].count, done, wrong_accounts(db), integrity
    )
    db.close()
    return found


def broken_promises(found: Account, kills: dict[str, int], unknown_after: dict[str, int]) -> list[str]:
    """Every promise that the account breaks: none for the code as it is, some for every mutant.

    `kills` and `unknown_after` say, by point, how often a child died there and how many calls that left unknown.
    """
    settled, unknown = (found.by_state.get(state, set()) for state in ("settled", "outcome_unknown"))
    rules = {
        "a call was paid twice": any(times > 1 for times in found.paid.values()),
        "a paid call is neither stored nor flagged": bool(set(found.paid) - settled - unknown),
        "a stored reply was lost": any(unknown_after.get(point) for point in SAFE_POINTS),
        "a lost call was not flagged": any(
            unknown_after[point] != kills[point] for point in ("reserved", "billed") if point in kills
        ),
        "a stored reply has no pair": not found.pairs == found.units_done == len(settled),
        "the sums differ": bool(found.wrong_accounts),
        "the database is damaged": found.integrity != "ok",
    }
    return [rule for rule, broken in rules.items() if broken]


def kill_at(nursery: Nursery, point: str, times: int, **job) -> int:
    """Let children die at a point and return how many calls that left unknown."""
    before = account(nursery.folder).unknown
    for number in range(times):
        status = nursery.run(do="work", folder=str(nursery.folder), point=point, count=1 + number % 2, **job)
        assert status == -signal.SIGKILL, f"the child did not reach {point}"
    return account(nursery.folder).unknown - before


def kill_at_random(nursery: Nursery, times: int) -> Counter[int]:
    """Kill children at any time while they work, and count how they ended: some will have done so before.

    The longest delay follows the machine's speed, so that kills fall all over a child's life.
    """
    dice, ended, longest = random.Random(5), Counter(), 0.2
    while ended[-signal.SIGKILL] < times and ended.total() < 10 * times:
        pid = nursery.fork(do="work", folder=str(nursery.folder))
        nursery.hear(pid, "ready")
        time.sleep(dice.uniform(0, longest))
        os.kill(pid, signal.SIGKILL)
        status = nursery.wait(pid)
        ended[status] += 1
        longest *= 0.8 if status == 0 else 1.05
    return ended


def finish(nursery: Nursery, **job) -> Account:
    """Take up what the killed ones have left, and look."""
    assert nursery.run(do="work", folder=str(nursery.folder), units=2 * UNITS_A_ROUND, **job) == 0
    return account(nursery.folder)


@pytest.mark.slow
def test_a_thousand_kills_pay_nothing_twice_and_lose_no_stored_reply(double, nursery_in_memory, capsys):
    nursery = nursery_in_memory
    began, kills = time.monotonic(), dict.fromkeys(POINTS, KILLS_A_POINT)
    unknown_after = {point: kill_at(nursery, point, times) for point, times in kills.items()}
    before = account(nursery.folder)
    at_random = kill_at_random(nursery, KILLS_AT_RANDOM)[-signal.SIGKILL]
    found = finish(nursery)
    assert at_random == KILLS_AT_RANDOM
    assert not broken_promises(found, kills, unknown_after)
    assert found.unknown - before.unknown <= at_random
    assert double.received >= len(double.bill.entries()) == len(found.paid)
    total, lost_and_paid = sum(kills.values()) + at_random, set(found.paid) & found.by_state["outcome_unknown"]
    with capsys.disabled():
        print(
            f"\n{total} kills ({KILLS_A_POINT} at each of {len(POINTS)} points, {at_random} at random): "
            f"{len(found.paid)} calls paid, 0 twice, 0 stored replies lost, {found.unknown} unknown and flagged "
            f"({len(lost_and_paid)} of them paid), {time.monotonic() - began:.0f} s"
        )


@pytest.mark.parametrize("point", POINTS)
def test_a_kill_at_each_point_breaks_no_promise(double, nursery, point):
    unknown = kill_at(nursery, point, 4)
    assert unknown == (0 if point in SAFE_POINTS else 4)
    assert not broken_promises(finish(nursery), {point: 4}, {point: unknown})


@pytest.mark.parametrize(
    ("mutant", "point", "broken"),
    [
        ("resend", "billed", "a call was paid twice"),
        ("parse_first", "parsed", "a stored reply was lost"),
        ("forget_the_lost", "billed", "a lost call was not flagged"),
    ],
)
def test_a_bug_put_in_on_purpose_is_seen(double, nursery, mutant, point, broken):
    unknown = kill_at(nursery, point, 4, mutant=mutant)
    assert broken in broken_promises(finish(nursery, mutant=mutant), {point: 4}, {point: unknown})


def test_what_was_lost_goes_again_only_on_request(double, nursery):
    kill_at(nursery, "reserved", 3)
    kill_at(nursery, "billed", 3)
    finish(nursery)
    lost, job = failed_units(nursery.folder), {"do": "ask", "folder": str(nursery.folder)}
    before = double.received
    assert nursery.results(nursery.fork(**job, numbers=lost)) == ["UnknownOutcomeError"] * 6
    assert double.received == before
    assert nursery.results(nursery.fork(**job, numbers=lost, policy={"resend_unknown": True})) == ["settled"] * 6
    assert double.received == before + 6
    paid = double.bill.times()
    assert sorted(paid[a_request(number).hash] for number in lost) == [1, 1, 1, 2, 2, 2]
    assert not account(nursery.folder).wrong_accounts


def failed_units(folder: Path) -> list[int]:
    db = open_review_db(folder / "review.sqlite", migrate=False)
    units = [int(row["unit"]) for row in db.query("SELECT unit FROM stage_outcomes WHERE outcome = 'failed'")]
    db.close()
    return units


# ---------------------------------------------------------------- P5: the cap

CAP, WORST_CASE, SPENDERS = 0.03, 0.0005, 8


def race_for_the_cap(nursery: Nursery, **job) -> tuple[float, float]:
    """Let 8 processes spend until the budget ends them: the most ever held, and what was spent in the end."""
    db = open_review_db(nursery.folder / "review.sqlite", migrate=False)
    db.conn.execute("CREATE TABLE peaks (scope TEXT PRIMARY KEY, usd REAL)")
    for event in ("INSERT", "UPDATE"):
        db.conn.execute(
            f"CREATE TRIGGER peak_{event} AFTER {event} ON spending BEGIN INSERT INTO peaks "
            "VALUES (new.scope, new.usd) ON CONFLICT (scope) DO UPDATE SET usd = max(usd, new.usd); END"
        )
    task = {"do": "spend", "folder": str(nursery.folder), "usd": WORST_CASE, "policy": {"day_usd": CAP}} | job
    pids = [nursery.fork(**task, first=1_000_000 * number) for number in range(SPENDERS)]
    assert {nursery.wait(pid) for pid in pids} == {0}
    peak, end = (
        db.conn.execute(f"SELECT max(usd) FROM {table} WHERE scope LIKE 'day:%'").fetchone()[0]
        for table in ("peaks", "spending")
    )
    assert not wrong_accounts(db)
    db.close()
    return peak, end


def test_eight_processes_spend_the_cap_and_never_more(double, nursery, capsys):
    peak, end = race_for_the_cap(nursery)
    assert peak <= CAP + 1e-9
    assert CAP - WORST_CASE < end <= CAP
    billed = sum(
        cost(PRICE, entry["usage"]["input_tokens"], entry["usage"]["output_tokens"], 0, 0)
        for entry in double.bill.entries()
    )
    assert billed == pytest.approx(end)
    assert double.received == len(rows(nursery.folder))
    with capsys.disabled():
        print(f"\n{SPENDERS} processes, {double.received} calls: {peak:.5f} of {CAP} held at the most, {end:.5f} spent")


def test_a_cap_that_is_checked_before_it_is_spent_is_seen_to_be_passed(double, nursery):
    peak, _ = race_for_the_cap(nursery, mutant="check_then_spend")
    assert peak > CAP + 1e-9


# ---------------------------------------------------------------- P3, P7, P8, P10, P13: every fault of the service


class End(NamedTuple):
    """What a fault comes to: the error that is raised, if any, and the states of the calls that were made."""

    error: type[Exception] | None
    states: tuple[str, ...]


LOST = End(UnknownOutcomeError, ("outcome_unknown",))
UNREADABLE, READ, NO_PAIRS = (End(None, (state,)) for state in ("unreadable_reply", "settled", "no_pairs"))
STOPPED, FAILED, TOO_LARGE, POSTPONED = (
    End(error, ("failed",)) for error in (StopRunError, UnitError, TooLargeError, PostponedError)
)
PASSED = End(None, ("failed", "settled"))
ENDS = {
    **dict.fromkeys(["cut_body", "drop", "drop_unbilled", "hang", "hang_unbilled", "drip"], LOST),
    **dict.fromkeys(["truncated_json", "bad_bytes", "html", "html_echo", "empty_object", "empty_body"], UNREADABLE),
    **dict.fromkeys(["broken_gzip", "context_exceeded", "empty_content", "thinking_only", "tool_use"], UNREADABLE),
    **dict.fromkeys(["deep", "deep_object", "nan", "infinity", "huge_integer", "wrong_shape"], UNREADABLE),
    **dict.fromkeys(["fenced", "leading_prose", "trailing_prose", "bare_list", "enum_case", "surrogate"], READ),
    **dict.fromkeys(["no_usage", "odd_usage", "sparse_usage", "rate_headers"], READ),
    **dict.fromkeys(["max_tokens"], UNREADABLE),
    **dict.fromkeys(["refusal"], NO_PAIRS),
    **dict.fromkeys(["408", "409", "429", "429_wait", "429_wait_ms", "429_wait_date", "429_wait_nonsense"], PASSED),
    **dict.fromkeys(["429_wait_negative", "429_wait_past", "500", "503", "504", "529", "529_wait"], PASSED),
    **dict.fromkeys(["429_wait_long", "429_wait_endless"], POSTPONED),
    **dict.fromkeys(["400", "422", "500_final"], FAILED),
    **dict.fromkeys(["413", "400_image"], TOO_LARGE),
    **dict.fromkeys(["401", "401_echo", "402", "403", "404_model", "307", "400_credit"], STOPPED),
    **dict.fromkeys(["400_usage_limits", "429_spend_limit"], STOPPED),
}


@pytest.fixture
def client(double, monkeypatch):
    monkeypatch.setattr(client_module, "CONNECT_SECONDS", 0.5)
    client = MessagesClient(0.6)
    yield client
    client.close()


def asked(folder: Path, client: MessagesClient, number: int, **policy) -> Exception | None:
    """Ask once, in a run of its own; the error, if any."""
    ledger = a_ledger(folder, client, run_key=f"run {number}", longest_wait_seconds=5.0, **policy)
    try:
        ledger.ask(a_request(number), read)
    except Exception as error:
        return error
    return None


def test_every_fault_that_the_double_knows_has_its_end_here():
    assert set(ENDS) == set(NAMES)


@pytest.mark.parametrize("fault", ENDS)
def test_every_fault_comes_to_its_end(tmp_path, double, client, fault):
    end, number = ENDS[fault], NAMES.index(fault)
    double.misbehave(fault)
    error = asked(tmp_path, client, number)
    assert double.fired == {fault: 1}
    assert (type(error) if error else None) == end.error
    assert tuple(states(tmp_path)) == end.states
    assert double.received == len(end.states)
    again = asked(tmp_path, client, number)
    assert max(double.bill.times().values(), default=0) <= 1
    assert (again is None) == (end is not LOST)
    assert not wrong_sums(tmp_path)


def wrong_sums(folder: Path) -> list[tuple[str, float, float]]:
    db = open_review_db(folder / "review.sqlite", migrate=False)
    found = wrong_accounts(db)
    db.close()
    return found


def test_what_is_billed_is_what_is_counted_fault_after_fault(tmp_path, double, client, capsys):
    """P4: the sum of the rows is the bill, where the cost is known; where it is not, the reservation stands."""
    faults = [fault for fault in NAMES if not fault.startswith(("hang", "drip", "429_wait_d", "429_wait_l"))]
    for number, fault in enumerate(faults):
        double.misbehave(fault)
        asked(tmp_path, client, number)
    assert double.fired == Counter(faults)
    billed = {e["request_id"]: e["usage"] for e in double.bill.entries()}
    kept = rows(tmp_path)
    assert double.received == len(kept)
    known = [row for row in kept if row["request_id"] in billed and row["input_tokens"] is not None]
    for row in known:
        usage = billed[row["request_id"]]
        if (row["input_tokens"], row["output_tokens"]) != (7, 3):  # the double's sparse usage is not its true one
            assert row["cost_usd"] == pytest.approx(cost(PRICE, usage["input_tokens"], usage["output_tokens"], 0, 0))
    for row in kept:
        if row["state"] == "failed":
            assert row["cost_usd"] == 0
        elif row["input_tokens"] is None:
            assert (row["cost_usd"] or row["reserved_usd"]) == row["reserved_usd"]
    assert not wrong_sums(tmp_path)
    counted = sum(row["reserved_usd"] if row["cost_usd"] is None else row["cost_usd"] for row in kept)
    with capsys.disabled():
        print(f"\n{len(faults)} faults, {len(kept)} requests and rows, {len(billed)} billed, ${counted:.4f} counted")


def test_a_stop_condition_ends_a_run_of_many_threads_with_one_message(tmp_path, double, client):
    double.misbehave(*["401"] * 50)
    ledger = a_ledger(tmp_path, client)
    errors, lock = [], threading.Lock()

    def work_through(first):
        for number in range(first, first + 20):
            try:
                ledger.ask(a_request(number), read)
            except StopRunError as error:
                with lock:
                    errors.append(str(error))
                return

    threads = [threading.Thread(target=work_through, args=[100 * n]) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(errors) == 8
    assert set(errors) == {"the service says 401: invalid bearer token"}
    assert double.received == len(rows(tmp_path)) <= 8


# ---------------------------------------------------------------- P11, P14: several processes


def await_requests(double: ClaudeDouble, count: int) -> None:
    ends = time.monotonic() + 20
    while double.received < count and time.monotonic() < ends:
        time.sleep(0.01)
    assert double.received >= count


def test_two_processes_that_ask_the_same_pay_once(double, nursery):
    double.latency_seconds = 0.05
    job = {"do": "ask", "folder": str(nursery.folder), "numbers": list(range(12))}
    pids = [nursery.fork(**job) for _ in range(3)]
    assert [nursery.results(pid) for pid in pids] == [["settled"] * 12] * 3
    assert set(double.bill.times().values()) == {1}
    assert double.received == 12


def test_a_process_that_is_paused_keeps_its_call_and_stores_its_reply(double, nursery):
    double.latency_seconds = 0.4
    job = {"do": "ask", "folder": str(nursery.folder), "numbers": [1]}
    paused = nursery.fork(**job)
    await_requests(double, 1)
    os.kill(paused, signal.SIGSTOP)
    second = nursery.fork(**job)
    nursery.hear(second, "ready")
    time.sleep(1.0)
    assert states(nursery.folder) == ["sent"]
    os.kill(paused, signal.SIGCONT)
    assert nursery.results(paused) == nursery.results(second) == ["settled"]
    assert (double.received, states(nursery.folder)) == (1, ["settled"])


def test_a_process_that_dies_while_paused_leaves_an_unknown_outcome(double, nursery):
    double.latency_seconds = 0.3
    job = {"do": "ask", "folder": str(nursery.folder), "numbers": [1]}
    paused = nursery.fork(**job)
    await_requests(double, 1)
    os.kill(paused, signal.SIGSTOP)
    second = nursery.fork(**job)
    nursery.hear(second, "ready")
    os.kill(paused, signal.SIGKILL)
    assert nursery.wait(paused) == -signal.SIGKILL
    assert nursery.results(second) == ["UnknownOutcomeError"]
    assert (double.received, states(nursery.folder)) == (1, ["outcome_unknown"])


# ---------------------------------------------------------------- Ctrl-C


def interrupted(nursery: Nursery, double: ClaudeDouble, parallel: int, grace: float, number=signal.SIGINT, times=1):
    """Press Ctrl-C on a run that has its calls on the wire: how it ended, and after how many seconds."""
    pid = nursery.fork(do="stage", folder=str(nursery.folder), parallel=parallel, grace=grace)
    await_requests(double, parallel)
    began = time.monotonic()
    for _ in range(times):
        os.kill(pid, number)
        time.sleep(0.2)
    stopped = nursery.hear(pid, "stopped")
    nursery.wait(pid)
    return stopped, time.monotonic() - began


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_lets_replies_arrive_for_a_while(double, nursery, number):
    double.latency_seconds = 1.0
    stopped, _ = interrupted(nursery, double, 4, grace=8.0, number=number)
    assert stopped == "KeyboardInterrupt"
    assert double.received == 4
    assert states(nursery.folder) == ["settled"] * 4


def test_ctrl_c_ends_a_run_whose_replies_do_not_come(double, nursery):
    double.misbehave(*["hang"] * 50)
    stopped, seconds = interrupted(nursery, double, 4, grace=0.5)
    assert (stopped, double.received) == ("KeyboardInterrupt", 4)
    assert seconds < 5
    assert states(nursery.folder) == ["outcome_unknown"] * 4


def test_a_second_ctrl_c_does_not_wait(double, nursery):
    double.misbehave(*["hang"] * 50)
    _, seconds = interrupted(nursery, double, 2, grace=30.0, times=2)
    assert seconds < 5
    assert states(nursery.folder) == ["outcome_unknown"] * 2


def test_ctrl_c_on_a_run_of_one_thread_keeps_the_reply_on_the_wire(double, nursery):
    double.latency_seconds = 0.8
    stopped, _ = interrupted(nursery, double, 1, grace=8.0)
    assert stopped == "StoppedError"
    assert (double.received, states(nursery.folder)) == (1, ["settled"])


@pytest.mark.parametrize("parallel", [1, 3])
def test_ctrl_c_ends_the_pause_that_the_service_asked_for(double, nursery, parallel):
    double.misbehave(*["429_wait_long"] * 50)
    _, seconds = interrupted(nursery, double, parallel, grace=8.0)
    assert seconds < 5
    assert set(states(nursery.folder)) == {"failed"}


def test_the_grace_leaves_room_within_the_promised_twenty_seconds():
    assert 5 <= interrupts.GRACE_SECONDS <= 15


# ---------------------------------------------------------------- S1: the key


def test_the_key_is_nowhere_after_every_fault(tmp_path, double, client, caplog, capfd, monkeypatch, nursery):
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("ANTHROPIC_LOG", "debug")
    told = []
    for number, fault in enumerate(sorted({*BEFORE_BILLING, *CONTENTS, "html_echo", "cut_body"} - {"429_wait_date"})):
        double.misbehave(fault)
        error = asked(tmp_path, client, number)
        told.append(f"{error!r} {getattr(error, 'hint', '')}")
    assert double.fired["401_echo"] == double.fired["html_echo"] == 1
    stored = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    shown = "".join([*told, caplog.text, *capfd.readouterr()])
    assert b"[key]" in stored
    assert len(caplog.text) > 10_000
    assert KEY.encode() not in stored
    assert KEY not in shown
    arguments = Path(f"/proc/{nursery.pid}/cmdline")
    assert not arguments.exists() or KEY.encode() not in arguments.read_bytes()
