"""publish and upload as people and programs call them, and as the worker does them for the app."""

import json

import pytest

from pipeline.cli import main
from review_db import jobs
from review_db.connection import open_review_db
from tests.doubles.hub.server import TOKEN, HubDouble
from tests.exports.shelf import fill, open_shelf

NAME = "me/torques"


@pytest.fixture
def hub(tmp_path, monkeypatch):
    with HubDouble(tmp_path / "requests.jsonl").running() as double:
        monkeypatch.setenv("HF_ENDPOINT", double.url)
        monkeypatch.setenv("HF_TOKEN", TOKEN)
        yield double


@pytest.fixture
def home(tmp_path):
    shelf = open_shelf(tmp_path)
    fill(shelf, 3, 3)
    shelf.db.close()
    return tmp_path


def manualqa(home, *arguments):
    return main([arguments[0], "--workspace", str(home), *map(str, arguments[1:])])


def test_publish_says_where_it_is_and_a_second_time_that_nothing_was_sent(hub, home, capsys):
    assert manualqa(home, "publish", NAME) == 1
    assert "no release yet" in capsys.readouterr().err
    manualqa(home, "emit")
    capsys.readouterr()
    assert manualqa(home, "publish", NAME, "--dry-run") == 0
    listed = capsys.readouterr()
    assert "manifest.json" in listed.out
    assert "would be created, private" in listed.out
    assert hub.repositories == {}
    assert manualqa(home, "publish", NAME) == 0
    told = capsys.readouterr()
    assert told.out.splitlines()[0] == f"{hub.url}/datasets/{NAME}"
    assert "licence is unknown" in told.err
    assert hub.repositories[NAME].private
    assert manualqa(home, "publish", NAME) == 0
    assert "nothing was sent" in capsys.readouterr().out


def test_upload_takes_the_repository_of_the_configuration(hub, home, capsys):
    manualqa(home, "emit")
    assert manualqa(home, "upload") == 1
    assert "hint: name one as owner/name, or set output.repository" in capsys.readouterr().err
    (home / "config.yaml").write_text("output: {repository: me/mine, license: cc-by-4.0}\n")
    assert manualqa(home, "upload") == 0
    assert hub.repositories["me/mine"].private
    assert manualqa(home, "upload", "--public") == 1
    assert hub.repositories["me/mine"].private
    assert manualqa(home, "upload", "--public", "--yes") == 0
    assert not hub.repositories["me/mine"].private


def test_public_on_the_command_line_is_refused_without_a_licence_and_an_open_repository_without_public(
    hub, home, capsys
):
    manualqa(home, "emit")
    assert manualqa(home, "publish", NAME, "--public") == 1
    assert "without a licence" in capsys.readouterr().err
    hub.make(NAME, private=False)
    assert manualqa(home, "publish", NAME) == 1
    assert "is public" in capsys.readouterr().err
    (home / "config.yaml").write_text("output: {license: mit}\n")
    assert manualqa(home, "publish", NAME, "--public") == 0


def test_a_publish_job_shows_progress_and_tells_where_the_result_is(hub, home, capsys):
    manualqa(home, "emit")
    db = open_review_db(home / "review_db" / "review.sqlite")
    tried = jobs.ask(db, "publish", {"repository": NAME, "dry_run": True}, "ana")
    asked = jobs.ask(db, "publish", {"repository": NAME, "license": "cc-by-4.0"}, "ana")
    bad = jobs.ask(db, "publish", {"repository": "nonsense"}, "ana")
    assert manualqa(home, "work", "--until-idle") in (0, 3)
    first, second, third = (jobs.job_by_id(db, job) for job in (tried, asked, bad))
    db.close()
    assert (first.state, second.state, third.state) == ("done", "done", "failed")
    assert first.result["created"]
    assert any(path == "manifest.json" for path, _, _ in first.result["files"])
    assert second.result["url"] == f"{hub.url}/datasets/{NAME}"
    assert second.done_units == second.total_units
    assert "owner/name" in third.message
    assert json.dumps(second.result).count(TOKEN) == 0
