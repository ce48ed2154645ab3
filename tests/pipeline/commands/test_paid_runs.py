"""Runs that cost money: budgets, confirmations, requests in flight, Ctrl-C, and what a second run pays."""

import json
import signal
import subprocess
import sys
import time

import pytest

from pipeline.cli import main
from review_db import facts, listings
from review_db.connection import open_review_db
from tests.sample_pages import CLUTCH_DISC, COVER, FUSES, a_sample_page, asked_for, told_instead
from tests.sample_run import ROOT, hears_ctrl_c

SCANS = [CLUTCH_DISC, FUSES, COVER, "21 - Clutch/21-05.jpg", "21 - Clutch/21-07.jpg", "34 - Brakes/34-09.jpg"]


@pytest.fixture
def db(workspace):
    """Six pages that are classified and wait to be asked about."""
    db = open_review_db(workspace.database)
    for source in SCANS:
        a_sample_page(db, workspace, source, "text", content_type="procedure")
    (workspace.source / "notes.txt").write_text("keeps the folder from being empty", encoding="utf-8")
    facts.remember_fact(db, facts.SOURCE_ROOT, str(workspace.source))
    yield db
    db.close()


def generate(workspace, *options):
    return main(["generate-qa", "--workspace", str(workspace.root), *options])


def states(db):
    return sorted(row["state"] for row in listings.calls(db))


def test_with_a_key_a_run_asks_claude_by_itself(db, workspace, double):
    assert generate(workspace) == 0
    assert states(db) == ["settled"] * len(SCANS)
    assert {row["engine"] for row in listings.pairs(db)} == {"claude"}


def test_a_key_does_not_change_a_run_that_is_to_be_offline(db, workspace, double):
    assert generate(workspace, "--engine", "offline") == 0
    assert double.received == 0


def test_a_second_run_pays_nothing(db, workspace, double):
    assert [generate(workspace), generate(workspace)] == [0, 0]
    assert double.received == len(SCANS)


def test_a_budget_stops_before_the_call_that_could_pass_it_and_is_named(db, workspace, double, capsys):
    assert generate(workspace, "--budget", "0.1", "--concurrency", "2") == 1
    error = capsys.readouterr().err
    assert "the budget of $0.10 for" in error
    assert "--budget" in error
    assert sum(row["cost_usd"] for row in listings.calls(db)) <= 0.1
    before = double.received
    assert 0 < before < len(SCANS)
    assert generate(workspace, "--budget", "5") == 0
    assert double.received == len(SCANS)


def test_a_budget_of_nothing_asks_nothing(db, workspace, double):
    assert generate(workspace, "--budget", "0") == 1
    assert double.received == 0


@pytest.mark.parametrize("option", [["--budget", "-1"], ["--budget", "nan"], ["--concurrency", "0"]])
def test_a_senseless_number_is_wrong_usage(db, workspace, option):
    with pytest.raises(SystemExit) as caught:
        generate(workspace, *option)
    assert caught.value.code == 2


@pytest.mark.parametrize("in_flight", [1, 3])
def test_no_more_requests_are_in_flight_than_asked_for(db, workspace, double, in_flight):
    double.latency_seconds = 0.2
    assert generate(workspace, "--concurrency", str(in_flight)) == 0
    assert double.most_in_flight == in_flight


def test_a_dear_run_asks_first_and_goes_on_with_yes(db, workspace, double, capsys):
    (workspace.root / "config.yaml").write_text("generation: {confirm_above_usd: 0.01}\n", encoding="utf-8")
    assert generate(workspace) == 1
    error = capsys.readouterr().err
    assert "6 pages are expected to cost $0." in error
    assert "--yes" in error
    assert double.received == 0
    assert generate(workspace, "--yes") == 0
    assert double.received == len(SCANS)


def test_an_unknown_outcome_goes_again_only_when_a_person_says_so(db, workspace, double, capsys):
    double.misbehave("cut_body")
    assert generate(workspace) == 3
    assert "--resend-unknown" in capsys.readouterr().err
    assert states(db).count("outcome_unknown") == 1
    assert generate(workspace) == 3
    assert double.received == len(SCANS)
    assert generate(workspace, "--resend-unknown") == 0
    assert double.received == len(SCANS) + 1


def test_what_came_in_before_a_stop_is_checked_and_ranked_all_the_same(db, workspace, double, capsys):
    double.misbehave(None, None, *["402"] * 9)
    assert main(["regen-qa", "--workspace", str(workspace.root), "--concurrency", "1"]) == 1
    assert "no credit" in capsys.readouterr().err
    assert states(db).count("settled") == 2
    checked = [pair for (pair,) in db.conn.execute("SELECT pair_key FROM checks")]
    assert len(checked) == len(list(listings.pairs(db))) > 0


def test_the_status_tells_what_pages_pairs_and_models_cost(db, workspace, double, capsys):
    generate(workspace)
    pair = next(listings.pairs(db))
    decision = {"pair_id": pair["pair_id"], "revision": 1, "verdict": "approve", "reviewer": "ana"}
    (workspace.root / "d.jsonl").write_text(json.dumps(decision), encoding="utf-8")
    main(["decide", str(workspace.root / "d.jsonl"), "--workspace", str(workspace.root)])
    capsys.readouterr()
    main(["status", "--json", "--workspace", str(workspace.root)])
    status = json.loads(capsys.readouterr().out)
    total = sum(row["cost_usd"] for row in listings.calls(db))
    assert status["cost"]["page_usd"] == pytest.approx(total / len(SCANS), abs=1e-5)
    assert status["cost"]["approved_pair_usd"] == pytest.approx(total, abs=1e-5)
    assert list(status["cost"]["models"]) == ["claude-sonnet-5-5"]
    main(["status", "--workspace", str(workspace.root)])
    assert "an approved pair $" in capsys.readouterr().out


def test_the_key_is_in_no_file_of_the_workspace(db, workspace, double, capsys):
    double.answer = told_instead({"pairs": []})
    double.misbehave("401_echo")
    generate(workspace)
    generate(workspace)
    printed = capsys.readouterr()
    key = next(iter(double.keys))
    assert key not in printed.out + printed.err
    found = [path for path in workspace.root.rglob("*") if path.is_file() and key.encode() in path.read_bytes()]
    assert found == []
    assert asked_for(double, "generate")


@pytest.mark.slow
def test_ctrl_c_keeps_what_is_there_ends_soon_and_a_second_run_pays_the_rest_only(db, workspace, double):
    double.latency_seconds = 1.5
    command = [sys.executable, "-m", "pipeline", "generate-qa", "--workspace", str(workspace.root)]
    process = subprocess.Popen(
        [*command, "--concurrency", "2"], cwd=ROOT, stderr=subprocess.PIPE, text=True, preexec_fn=hears_ctrl_c
    )
    deadline = time.monotonic() + 60
    while double.received < 3 and time.monotonic() < deadline:
        time.sleep(0.05)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=30)
    assert time.monotonic() - began < 20
    assert process.returncode == 1
    assert "goes on from here" in error
    before = double.received
    assert before < len(SCANS)
    assert len(list(db.query("SELECT DISTINCT page_id FROM pairs"))) == len(double.bill.entries()) == before
    double.latency_seconds = 0
    assert generate(workspace) == 0
    assert double.received == len(double.bill.entries()) == len(SCANS)


def test_the_funnel_says_of_each_page_why_it_has_fewer_pairs(db, workspace, double, capsys):
    double.misbehave("max_tokens", "refusal")
    assert generate(workspace, "--concurrency", "1") == 3
    capsys.readouterr()
    assert main(["funnel", "--jsonl", "--workspace", str(workspace.root)]) == 0
    notes = [json.loads(line)["note"] for line in capsys.readouterr().out.splitlines()]
    told = [note for note in notes if note]
    assert len(told) == 2
    assert any("cut" in note for note in told)
    assert any("declined" in note for note in told)
