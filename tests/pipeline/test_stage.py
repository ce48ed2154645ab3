"""The driver: what was stored stays, what failed is recorded, and nothing is done twice."""

import threading
import time

import pytest

from pipeline.progress import Progress
from pipeline.stage import Stage, UnitError, due_units, run_stage
from review_db import stage_outcomes


def a_stage(units, work=str.upper, *, saved=None, parallel=1, fingerprint=lambda unit: "1", save=None, **more):
    kept = saved if saved is not None else []

    def store(db, unit, result):
        kept.append((unit, result))
        db.conn.execute("INSERT INTO manuals (name) VALUES (?)", [result])

    return Stage(
        "example", select=lambda: list(units), name_of=str, fingerprint=fingerprint, work=work,
        save=save or store, parallel=parallel, **more,
    )  # fmt: skip


def stored(db):
    return [row["name"] for row in db.query("SELECT name FROM manuals ORDER BY name")]


@pytest.mark.parametrize("parallel", [1, 4])
def test_every_unit_is_worked_and_stored_once(fresh_db, parallel):
    stage = a_stage(["a", "b", "c", "d", "e"], parallel=parallel)
    assert run_stage(stage, fresh_db, Progress.silent()).done == 5
    assert run_stage(stage, fresh_db, Progress.silent()).done == 0
    assert stored(fresh_db) == ["A", "B", "C", "D", "E"]


def failing_on_b(unit):
    if unit == "b":
        raise UnitError("no words on it")
    return unit.upper()


def test_a_failing_unit_is_recorded_with_its_reason_and_tried_again_next_time(fresh_db):
    summary = run_stage(a_stage(["a", "b", "c"], failing_on_b), fresh_db, Progress.silent())
    assert (summary.done, summary.failures) == (2, [("b", "no words on it")])
    assert list(stage_outcomes.failed_units(fresh_db)) == [("example", "b", "no words on it")]
    assert run_stage(a_stage(["a", "b", "c"]), fresh_db, Progress.silent()).done == 1
    assert list(stage_outcomes.failed_units(fresh_db)) == []


def test_a_unit_whose_inputs_changed_is_done_again(fresh_db):
    run_stage(a_stage(["a"]), fresh_db, Progress.silent())
    changed = a_stage(["a"], work=lambda unit: "again", fingerprint=lambda unit: "2")
    assert run_stage(changed, fresh_db, Progress.silent()).done == 1


def test_a_kill_between_work_and_commit_leaves_neither_rows_nor_note(fresh_db):
    def interrupted(db, unit, result):
        db.conn.execute("INSERT INTO manuals (name) VALUES (?)", [result])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_stage(a_stage(["a"], save=interrupted), fresh_db, Progress.silent())
    assert stored(fresh_db) == []
    assert len(due_units(a_stage(["a"]), fresh_db)) == 1


def test_an_interrupted_run_keeps_what_was_stored_and_resumes_with_the_rest(fresh_db):
    def stop_at_c(unit):
        if unit == "c":
            raise KeyboardInterrupt
        return unit.upper()

    with pytest.raises(KeyboardInterrupt):
        run_stage(a_stage(["a", "b", "c", "d"], stop_at_c), fresh_db, Progress.silent())
    assert stored(fresh_db) == ["A", "B"]
    assert run_stage(a_stage(["a", "b", "c", "d"]), fresh_db, Progress.silent()).done == 2


def test_a_bug_in_one_unit_is_no_silent_failure(fresh_db):
    with pytest.raises(ZeroDivisionError):
        run_stage(a_stage(["a"], work=lambda unit: 1 // 0), fresh_db, Progress.silent())


def test_no_more_units_are_in_work_than_allowed(fresh_db):
    running, most, lock = 0, 0, threading.Lock()

    def slow(unit):
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.02)
        with lock:
            running -= 1
        return unit

    run_stage(a_stage([f"u{n:02}" for n in range(12)], slow, parallel=3), fresh_db, Progress.silent())
    assert most == 3


class OutOfCredit(Exception):
    """A reason to stop the whole run."""


def ending_early(units, ends, *, stopped):
    """A stage of which `b` ends the run while the others are in work; they end well once they are stopped."""
    in_work = threading.Barrier(len(units))

    def work(unit):
        in_work.wait(5)
        if unit == "b":
            raise ends
        assert stopped.wait(5)
        return unit.upper()

    return a_stage(units, work, parallel=len(units), stop=stopped.set)


@pytest.mark.parametrize("ends", [OutOfCredit(), KeyboardInterrupt()])
def test_what_ends_the_run_stops_the_others_and_what_they_made_is_stored(fresh_db, ends):
    stopped = threading.Event()
    with pytest.raises(type(ends)):
        run_stage(ending_early(["a", "b", "c"], ends, stopped=stopped), fresh_db, Progress.silent())
    assert stored(fresh_db) == ["A", "C"]
    assert set(stage_outcomes.finished_units(fresh_db, "example")) == {"a", "c"}
    assert list(stage_outcomes.failed_units(fresh_db)) == []


def test_a_unit_whose_storing_is_interrupted_is_stored_with_those_in_work(fresh_db):
    interrupts = [KeyboardInterrupt()]
    whole = a_stage([])

    def save(db, unit, result):
        whole.save(db, unit, result)
        if interrupts:
            raise interrupts.pop()

    with pytest.raises(KeyboardInterrupt):
        run_stage(a_stage(["a", "b"], save=save, parallel=2), fresh_db, Progress.silent())
    assert stored(fresh_db) == ["A", "B"]


def test_the_first_reason_is_the_one_that_is_told(fresh_db):
    stopped = threading.Event()

    def work(unit):
        if unit == "a":
            raise OutOfCredit("no credit")
        assert stopped.wait(5)
        raise OutOfCredit("stopped")

    with pytest.raises(OutOfCredit, match="no credit"):
        run_stage(a_stage(["a", "b", "c"], work, parallel=3, stop=stopped.set), fresh_db, Progress.silent())
    assert stored(fresh_db) == []


def test_a_cancelled_job_stores_what_is_in_work_and_begins_nothing_more(fresh_db):
    begun, stopped = [], threading.Event()

    def work(unit):
        begun.append(unit)
        if unit != "a":
            assert stopped.wait(5)
        return unit.upper()

    def cancelled(stage, done, total):
        raise OutOfCredit

    units = [f"{letter}" for letter in "abcdefgh"]
    with pytest.raises(OutOfCredit):
        run_stage(a_stage(units, work, parallel=3, stop=stopped.set), fresh_db, Progress.silent(cancelled))
    assert stored(fresh_db) == sorted(unit.upper() for unit in begun)
    assert len(begun) <= 4


def test_what_a_stage_remarks_on_a_success_is_written_down(fresh_db):
    run_stage(a_stage(["a"], note_of=lambda result: f"{result} was cut"), fresh_db, Progress.silent())
    rows = list(fresh_db.query("SELECT outcome, detail FROM stage_outcomes"))
    assert rows == [{"outcome": "ok", "detail": "A was cut"}]


def test_a_limit_bounds_the_units_and_force_does_finished_ones_again(fresh_db):
    kept = []
    assert run_stage(a_stage(["a", "b"], saved=kept), fresh_db, Progress.silent(), limit=1).done == 1
    again = a_stage(["a", "b"], work=lambda unit: unit + "!", saved=kept)
    assert run_stage(again, fresh_db, Progress.silent(), force=True).done == 2
    assert kept == [("a", "A"), ("a", "a!"), ("b", "b!")]


def test_progress_in_a_file_is_plain_lines(fresh_db, tmp_path):
    with (tmp_path / "log").open("w", encoding="utf-8") as out:
        run_stage(a_stage(["a", "b"]), fresh_db, Progress(out))
    text = (tmp_path / "log").read_text(encoding="utf-8")
    assert text.splitlines() == ["example: 0 of 2", "example: 2 of 2"]
