"""Runs in batches: half the price, each page once, whatever the service does and whoever stops them."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from pipeline import limiter
from pipeline.batches import finding, sending, waiting
from pipeline.cli import main
from review_db import facts, listings
from review_db.connection import open_review_db
from tests.asking import wrong_accounts
from tests.doubles.claude import rules
from tests.sample_pages import CLUTCH_DISC, COVER, FUSES, a_sample_page
from tests.sample_run import ROOT, hears_ctrl_c

SCANS = [CLUTCH_DISC, FUSES, COVER, "21 - Clutch/21-05.jpg", "21 - Clutch/21-07.jpg", "34 - Brakes/34-09.jpg"]


@pytest.fixture
def db(workspace, monkeypatch):
    """Six pages that are classified and wait to be asked about; nobody waits long."""
    monkeypatch.setattr(waiting, "FIRST_POLL_SECONDS", 0.01)
    monkeypatch.setattr(waiting, "LONGEST_POLL_SECONDS", 0.1)
    monkeypatch.setattr(finding, "GRACE_SECONDS", 0.6)
    monkeypatch.setattr(sending, "FIRST_BACKOFF_SECONDS", 0.01)
    db = open_review_db(workspace.database)
    for source in SCANS:
        a_sample_page(db, workspace, source, "text", content_type="procedure")
    (workspace.source / "notes.txt").write_text("keeps the folder from being empty", encoding="utf-8")
    facts.remember_fact(db, facts.SOURCE_ROOT, str(workspace.source))
    yield db
    assert not wrong_accounts(db)
    db.close()


def generate(workspace, *options):
    return main(["generate-qa", "--workspace", str(workspace.root), *options])


def in_batch(workspace, *options):
    return generate(workspace, "--engine", "claude-batch", *options)


def states(db):
    return sorted(row["state"] for row in listings.calls(db))


def test_pages_go_together_at_half_the_price_and_never_one_by_one(db, workspace, double, capsys):
    assert in_batch(workspace) == 0
    assert (double.received, double.batches.sizes) == (0, [6])
    calls = list(listings.calls(db))
    assert {(row["state"], row["engine"]) for row in calls} == {("settled", "claude-batch")}
    assert {row["engine"] for row in listings.pairs(db)} == {"claude-batch"}
    for row in calls:
        full = 2e-6 * row["input_tokens"] + 10e-6 * row["output_tokens"]
        full += 2.5e-6 * row["cache_write_tokens"] + 0.1e-6 * row["cache_read_tokens"]
        assert row["cost_usd"] == pytest.approx(full / 2)
    assert "6 done, 0 failed" in capsys.readouterr().out
    assert in_batch(workspace) == 0
    assert double.batches.sizes == [6]


def test_only_what_was_not_billed_goes_again(db, workspace, double):
    double.batches.treat(["expired", "api_error", None, "overloaded", None, None])
    assert in_batch(workspace) == 0
    assert double.batches.sizes == [6, 3]
    assert set(double.bill.times().values()) == {1}
    assert states(db).count("settled") == 6
    assert states(db).count("failed") == 3


def test_a_page_that_the_service_refuses_fails_with_its_words(db, workspace, double, capsys):
    double.batches.treat(["invalid"])
    assert in_batch(workspace) == 3
    assert "something is wrong" in capsys.readouterr().err
    assert double.batches.sizes == [6]
    assert states(db).count("settled") == 5
    assert in_batch(workspace) == 0
    assert double.batches.sizes == [6, 1]


def test_an_image_that_is_too_large_goes_again_smaller(db, workspace, double):
    double.batches.treat(["too_large"])
    assert in_batch(workspace, "--page", "1987-tarn-electrical-troubleshooting-manual-0670-01") == 0
    assert double.batches.sizes == [1, 1]
    first, second = (rules.size_of(body["messages"][0]["content"][0]) for body in double.requests)
    assert first > second


@pytest.mark.parametrize("fault", ["lost", "late", "drop_unbilled", "500", "429_wait_ms", "529"])
def test_a_batch_whose_sending_fails_is_sent_once_all_the_same(db, workspace, double, fault):
    double.batches.misbehave("create", fault)
    assert in_batch(workspace) == 0
    assert double.batches.fired[fault] == 1
    assert double.batches.sizes == [6]
    assert set(double.bill.times().values()) == {1}
    assert states(db).count("settled") == 6


def test_a_lost_batch_is_told_from_another_of_the_same_size(db, workspace, double):
    other = [{"custom_id": f"1-other{number}", "params": {"messages": []}} for number in range(6)]
    double.batches._take(other)
    double.batches.misbehave("create", "lost")
    assert in_batch(workspace) == 0
    assert double.batches.sizes == [6, 6]
    assert states(db) == ["settled"] * 6


@pytest.mark.parametrize("fault", ["cut", "missing", "strange", "500"])
def test_results_that_come_badly_are_fetched_again_and_nothing_is_paid_twice(db, workspace, double, fault):
    double.batches.misbehave("results", fault)
    assert in_batch(workspace) == 0
    assert double.batches.fired[fault] == 1
    assert states(db) == ["settled"] * 6
    assert double.batches.sizes == [6]


def test_a_result_that_never_comes_leaves_an_unknown_outcome_and_is_not_sent_again(db, workspace, double, capsys):
    double.batches.misbehave("results", *["missing"] * 4)
    double.batches.dice.shuffle = lambda lines: None
    assert in_batch(workspace) == 3
    assert states(db).count("outcome_unknown") == 1
    assert "got no result" in capsys.readouterr().err
    assert in_batch(workspace) == 3
    assert double.batches.sizes == [6]
    assert in_batch(workspace, "--resend-unknown") == 0
    assert double.batches.sizes == [6, 1]


def test_results_that_break_off_each_time_stop_the_run_and_the_rest_comes_with_the_next(db, workspace, double, capsys):
    double.batches.misbehave("results", *["cut"] * 4)
    assert in_batch(workspace) == 1
    assert "broke off" in capsys.readouterr().err
    assert in_batch(workspace) == 0
    assert double.batches.sizes == [6]


@pytest.mark.parametrize(("fault", "words"), [("401", "key is not valid"), ("400_credit", "credit"), ("404_model", "")])
def test_a_refusal_of_the_whole_batch_stops_the_run_and_fails_no_page(db, workspace, double, capsys, fault, words):
    double.batches.misbehave("create", fault)
    assert in_batch(workspace) == 1
    assert words in capsys.readouterr().err
    assert set(states(db)) == {"failed"}
    assert db["stage_outcomes"].count == 0
    assert in_batch(workspace) == 0


def test_credit_that_ends_inside_a_batch_keeps_what_was_answered_and_stops(db, workspace, double, capsys):
    double.batches.treat([None, "no_credit", "no_credit", None, "no_credit", "no_credit"])
    assert in_batch(workspace) == 1
    assert "no credit" in capsys.readouterr().err
    assert in_batch(workspace) == 0
    assert double.batches.sizes == [6, 4]
    assert set(double.bill.times().values()) == {1}


def test_a_small_budget_sends_what_it_bears_waits_and_goes_on_with_what_is_left(db, workspace, double, capsys):
    assert in_batch(workspace, "--budget", "0.09") == 0
    assert len(double.batches.sizes) > 1
    assert sum(double.batches.sizes) == 6
    assert "the rest goes when the batches are back" in capsys.readouterr().err
    assert sum(row["cost_usd"] for row in listings.calls(db)) <= 0.09


def test_a_budget_that_bears_nothing_more_is_named(db, workspace, double, capsys):
    assert in_batch(workspace, "--budget", "0.001") == 1
    assert "the budget of $0.00" in capsys.readouterr().err
    assert double.batches.sizes == []


# ---------------------------------------------------------------- auto, pilot


def small_batches(workspace, **api):
    (workspace.root / "config.yaml").write_text(json.dumps({"api": {"batch_above_pages": 4} | api}), encoding="utf-8")


def test_many_pages_take_batches_by_themselves_after_a_pilot(db, workspace, double):
    small_batches(workspace, pilot_pages=2)
    assert generate(workspace) == 0
    assert (double.received, double.batches.sizes) == (2, [4])
    assert {row["engine"] for row in listings.pairs(db)} == {"claude", "claude-batch"}


def test_few_pages_are_asked_about_one_by_one(db, workspace, double):
    small_batches(workspace)
    assert generate(workspace, "--limit", "4") == 0
    assert (double.received, double.batches.sizes) == (4, [])


def test_a_bad_pilot_stops_the_run_in_plain_words(db, workspace, double, capsys):
    small_batches(workspace, pilot_pages=3)
    double.misbehave("wrong_shape", "refusal", "html")
    assert generate(workspace) == 1
    assert "only 0 of the 3 pages of the pilot got a usable answer" in capsys.readouterr().err
    assert double.batches.sizes == []


def test_a_pilot_can_be_asked_for(db, workspace, double):
    assert in_batch(workspace, "--pilot", "1", "--limit", "5") == 0
    assert (double.received, double.batches.sizes) == (1, [4])


def test_the_limit_holds_over_all_passes(db, workspace, double):
    assert in_batch(workspace, "--limit", "2") == 0
    assert double.batches.sizes == [2]


def test_forcing_asks_each_page_afresh_once(db, workspace, double):
    assert in_batch(workspace) == 0
    assert in_batch(workspace, "--force") == 0
    assert double.batches.sizes == [6, 6]
    assert states(db) == ["settled"] * 12


# ---------------------------------------------------------------- batches: listed, stopped


def test_batches_are_listed_with_what_became_of_their_requests(db, workspace, double, capsys):
    double.batches.treat(["expired", None])
    in_batch(workspace)
    capsys.readouterr()
    assert main(["batches", "--jsonl", "--workspace", str(workspace.root)]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    told = [(row["state"], row["requests"], row["answered"], row["not_billed"], row["waiting"]) for row in rows]
    assert told == [("stored", 6, 5, 1, 0), ("stored", 1, 1, 0, 0)]


def test_a_batch_at_work_keeps_its_pages_from_being_asked_elsewhere_and_can_be_stopped(
    db, workspace, double, capsys, monkeypatch
):
    double.batches.seconds = 600.0
    monkeypatch.setattr(waiting, "wait", interrupt)
    assert in_batch(workspace) == 1
    assert "the batches at the service go on" in capsys.readouterr().err
    assert generate(workspace, "--engine", "claude") == 0
    assert (double.received, double.batches.sizes) == (0, [6])
    assert "6 waiting for a batch" in capsys.readouterr().out
    assert main(["batches", "--cancel", "--workspace", str(workspace.root)]) == 0
    assert "is being stopped" in capsys.readouterr().err
    double.batches.seconds = 0.0
    monkeypatch.setattr(waiting, "wait", limiter.wait)
    assert in_batch(workspace) == 0
    assert double.batches.sizes == [6, 3]
    assert set(double.bill.times().values()) == {1}
    assert states(db).count("settled") == 6


def interrupt(seconds, stop):
    raise KeyboardInterrupt


# ---------------------------------------------------------------- as people run it


def started(workspace, **environment):
    command = [sys.executable, "-m", "pipeline", "generate-qa", "--engine", "claude-batch", "--workspace"]
    return subprocess.Popen(
        [*command, str(workspace.root)], cwd=ROOT, stderr=subprocess.PIPE, text=True, preexec_fn=hears_ctrl_c,
        env=os.environ | environment,
    )  # fmt: skip


@pytest.mark.slow
def test_ctrl_c_leaves_the_batch_at_work_says_how_to_go_on_and_the_same_command_fetches_it(db, workspace, double):
    double.batches.seconds = 600.0
    process = started(workspace)
    deadline = time.monotonic() + 60
    while not double.batches.asked["retrieve"] and time.monotonic() < deadline:
        time.sleep(0.05)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=30)
    assert time.monotonic() - began < 5
    assert process.returncode == 1
    assert "1 batch at the service (6 requests), expected by " in error
    assert "`manualqa batches --cancel`" in error
    assert "goes on from here" in error
    double.batches.finish()
    assert in_batch(workspace) == 0
    assert double.batches.sizes == [6]
    assert states(db) == ["settled"] * 6


@pytest.mark.slow
def test_two_commands_at_once_pay_for_each_page_once(db, workspace, double):
    double.batches.seconds = 2.0
    both = [started(workspace), started(workspace)]
    assert [process.wait(60) for process in both] == [0, 0]
    assert sum(double.batches.sizes) == 6
    assert in_batch(workspace) == 0
    assert states(db) == ["settled"] * 6


def test_a_batch_that_the_service_does_not_know_waits_for_its_key_and_can_be_given_up(
    db, workspace, double, capsys, monkeypatch
):
    double.batches.seconds = 600.0
    monkeypatch.setattr(waiting, "wait", interrupt)
    assert in_batch(workspace) == 1
    monkeypatch.setattr(waiting, "wait", limiter.wait)
    double.batches.begin_anew()
    assert in_batch(workspace) == 1
    assert "set the key that it was sent with" in capsys.readouterr().err
    assert states(db) == ["sent"] * 6
    assert main(["batches", "--cancel", "--workspace", str(workspace.root)]) == 0
    assert "it is given up, and 6 of its requests may have been billed" in capsys.readouterr().err
    assert states(db) == ["outcome_unknown"] * 6
    assert main(["batches", "--cancel", "--workspace", str(workspace.root)]) == 0
    assert "none is at work" in capsys.readouterr().err


def test_a_page_that_no_batch_comes_to_fails_after_some_tries_and_the_others_are_stored(db, workspace, double, capsys):
    (workspace.root / "config.yaml").write_text("api: {attempts: 2}", encoding="utf-8")
    double.batches.treat(["expired", None, None, None, None, None, "expired"])
    assert in_batch(workspace) == 3
    assert "did not come to it in 2 batches (expired each time)" in capsys.readouterr().err
    assert double.batches.sizes == [6, 1]
