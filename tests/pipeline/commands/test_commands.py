"""The command line as a newcomer meets it: exit codes, sentences with hints, output that other programs can read."""

import csv
import io
import json
import socket
import sqlite3
import subprocess
import sys

import pytest

from pipeline.cli import COMMANDS, main
from review_db.connection import immediate, open_review_db
from tests.stored import a_page, a_pair

DATABASE = "review_db/review.sqlite"


@pytest.fixture
def home(tmp_path):
    db = open_review_db(tmp_path / DATABASE)
    page = a_page(db)
    a_pair(db, page, "What is the torque of the bolt?", "25 Nm")
    a_pair(db, page, "=1+1?", "=2")
    db.close()
    return tmp_path


def manualqa(home, *arguments):
    return main([arguments[0], "--workspace", str(home), *arguments[1:]])


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_listing_is_json_lines_on_request(home, capsys):
    assert manualqa(home, "pairs", "--jsonl") == 0
    rows = lines(capsys)
    contract = {"pair_id", "page_id", "source", "question", "answer", "question_type", "status", "reason", "revision",
                "author", "engine", "model", "evidence", "flags", "risk", "duplicates"}  # fmt: skip
    assert contract <= set(rows[0])
    assert set(rows[0]["evidence"]) == {"verdict", "quote", "boxes", "unsupported"}


def test_a_csv_listing_keeps_formulas_from_running(home, capsys):
    assert manualqa(home, "pairs", "--csv") == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["question"] for row in rows] == ["What is the torque of the bolt?", "'=1+1?"]


def test_an_empty_table_of_requests_says_that_none_was_paid_for(home, capsys):
    assert manualqa(home, "calls") == 0
    assert capsys.readouterr().err == "no request was paid for yet\n"


def test_a_table_fits_the_terminal(home, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    assert manualqa(home, "pairs") == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 100


@pytest.mark.parametrize("listing", ["files", "pages", "words", "pairs", "index", "calls", "events", "funnel"])
@pytest.mark.parametrize("form", ["--jsonl", "--csv", None])
def test_every_listing_works_on_an_empty_workspace(tmp_path, capsys, listing, form):
    assert manualqa(tmp_path, listing, *([form] if form else [])) == 0
    assert capsys.readouterr().out == ""


def test_evidence_drawn_elsewhere_comes_with_the_decision(home, capsys, tmp_path):
    decision = {"pair_id": "21-01_clutch-q01", "revision": 1, "verdict": "approve", "reviewer": "ana"}
    file = tmp_path / "d.jsonl"
    rows = [decision | {"boxes": [[0.1, 0.2, 0.3]]}, decision | {"boxes": [[0.1, 0.2, 0.3, 0.25]]}]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert manualqa(home, "decide", str(file)) == 3
    bad, good = lines(capsys)
    assert (bad["error"], good["ok"], good["revision"]) == ("bad_line", True, 2)
    assert manualqa(home, "pairs", "--jsonl") == 0
    (listed,) = [row for row in lines(capsys) if row["pair_id"] == decision["pair_id"]]
    assert listed["evidence"]["boxes"] == [[0.1, 0.2, 0.3, 0.25]]


def test_decisions_are_answered_line_by_line_in_order(home, capsys, tmp_path):
    decisions = [
        {"pair_id": "21-01_clutch-q01", "revision": 1, "verdict": "approve", "reviewer": "ana"},
        {"pair_id": "21-01_clutch-q01", "revision": 1, "verdict": "approve", "reviewer": "bo"},
        {"pair_id": "21-01_clutch-q02", "revision": 1, "verdict": "reject", "reviewer": "bo", "reason": "6"},
        {"verdict": "approve"},
    ]
    file = tmp_path / "d.jsonl"
    file.write_text("".join(json.dumps(d) + "\n" for d in decisions) + "not json\n", encoding="utf-8")
    assert manualqa(home, "decide", str(file)) == 3
    answers = lines(capsys)
    assert [answer["ok"] for answer in answers] == [True, False, True, False, False]
    assert [answer.get("error") for answer in answers] == [None, "already_decided", None, "bad_line", "bad_line"]
    assert manualqa(home, "events", "--jsonl") == 0
    assert [event["reason"] for event in lines(capsys)] == [None, "trivial"]


def test_decisions_are_answered_while_standard_input_stays_open(home):
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline", "decide", "-", "--workspace", str(home)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    decision = {"pair_id": "21-01_clutch-q01", "revision": 1, "verdict": "approve", "reviewer": "ana"}
    process.stdin.write(json.dumps(decision) + "\n")
    process.stdin.flush()
    assert json.loads(process.stdout.readline())["ok"]
    process.stdin.close()
    assert process.wait() == 0


def test_status_is_one_json_object(home, capsys):
    assert manualqa(home, "status", "--json") == 0
    status = json.loads(capsys.readouterr().out)
    assert status["pairs"] == {"pending": 2, "approved": 0, "rejected": 0, "set_aside": 0}
    assert set(status) == {"pages", "pairs", "jobs", "index", "cost_usd", "cost", "risk"}
    assert status["risk"]["measures"] is None
    assert status["risk"]["coefficients"]["weights"]["sure_warning"][0] > 0
    nothing = {"written_tokens": 0, "read_tokens": 0, "saved_usd": 0.0}
    assert status["cost"] == {
        "page_usd": None, "approved_pair_usd": None, "today_usd": 0.0, "models": {}, "cache": nothing,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (["run", "--source", "/nowhere/at/all"], "no source folder", "--source DIR"),
        (["decide", "/nowhere.jsonl"], "cannot read", "standard input"),
        (["import", "/nowhere.jsonl", "--images", "/"], "no file /nowhere.jsonl", "manualqa import"),
        (["restore", "/nowhere.sqlite", "--yes"], "no file", "manualqa backup"),
        (["regenerate", "nobody"], "no page 'nobody'", "manualqa pages"),
        (["help", "cooking"], "no stage 'cooking'", "inventory"),
        (["clean-all"], "nothing was done", "--yes"),
        (["run", "--engine", "claude", "--source", "."], "no key for Claude", "ANTHROPIC_API_KEY"),
        (["run", "--engine", "claude-batch", "--source", "."], "no key for Claude", "offline"),
        (["status", "--config", "/nowhere.yaml"], "cannot read", "--config"),
    ],
)
def test_what_a_person_can_mend_is_one_sentence_with_a_hint_and_exit_code_1(home, capsys, arguments, message, hint):
    assert manualqa(home, *arguments) == 1
    error = capsys.readouterr().err
    assert message in error
    assert hint in error
    assert "Traceback" not in error


def test_an_empty_source_folder_is_named(tmp_path, capsys):
    (tmp_path / "data_src").mkdir()
    assert manualqa(tmp_path, "run") == 1
    assert "is empty" in capsys.readouterr().err


def test_wrong_usage_is_exit_code_2(home, capsys):
    with pytest.raises(SystemExit) as caught:
        manualqa(home, "pairs", "--engine", "offline")
    assert caught.value.code == 2


def test_a_database_of_a_newer_version_is_one_sentence(home, capsys):
    other = sqlite3.connect(home / DATABASE)
    other.execute("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('review_db', '9999', '')")
    other.commit()
    other.close()
    assert manualqa(home, "status") == 1
    assert "newer version" in capsys.readouterr().err


def test_a_port_in_use_is_named_with_another_to_try(home, capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert manualqa(home, "review", "--port", str(port)) == 1
    assert f"--port {port + 1}" in capsys.readouterr().err


def test_a_closed_pipe_ends_a_listing_quietly(home):
    db = open_review_db(home / DATABASE)
    with immediate(db):
        page = a_page(db, "long")
        for number in range(3000):
            a_pair(db, page, f"What is the value of part {number}?", f"{number} mm")
    db.close()
    command = f"{sys.executable} -m pipeline pairs --jsonl --workspace {home} | head -1"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 1


def test_the_settings_are_printed_with_their_origin(home, capsys):
    (home / "config.yaml").write_text("reading: {dpi: 123}\n", encoding="utf-8")
    assert manualqa(home, "config") == 0
    printed = capsys.readouterr().out
    assert f"reading.dpi: 123  # {home / 'config.yaml'}" in printed
    assert "reading.max_megapixels: 80  # default" in printed


def test_a_backup_can_be_restored(home, capsys):
    assert manualqa(home, "backup") == 0
    copy = capsys.readouterr().out.strip()
    assert manualqa(home, "clean-all", "--yes") == 0
    assert manualqa(home, "restore", copy, "--yes") == 0
    capsys.readouterr()
    assert manualqa(home, "status", "--json") == 0
    assert json.loads(capsys.readouterr().out)["pairs"]["pending"] == 2


def test_clean_keeps_the_database(home, capsys):
    cache = home / "review_db" / "cache"
    cache.mkdir()
    (cache / "render.jpg").write_bytes(b"x")
    assert manualqa(home, "clean") == 0
    assert not cache.exists()
    assert (home / DATABASE).exists()


def test_doctor_says_that_a_sound_database_is_sound(home, capsys):
    assert manualqa(home, "doctor") == 0
    assert "sound" in capsys.readouterr().out


def test_doctor_finds_a_damaged_database(home, capsys):
    path = home / DATABASE
    damaged = bytearray(path.read_bytes())
    damaged[8192:12288] = b"\xff" * 4096
    path.write_bytes(bytes(damaged))
    assert manualqa(home, "doctor") == 1
    assert "damaged" in capsys.readouterr().out


@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_every_command_explains_itself(command, capsys):
    with pytest.raises(SystemExit) as caught:
        main([command, "--help"])
    assert caught.value.code == 0
    assert len(capsys.readouterr().out) > 60


@pytest.mark.parametrize("stage", ["inventory", "prepare", "classify", "generate-qa", "quality-control"])
def test_help_prints_the_specification_of_a_stage(home, capsys, stage):
    assert manualqa(home, "help", stage) == 0
    assert len(capsys.readouterr().out) > 300
