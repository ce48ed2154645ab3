"""A model on one's own machine: a server that knows only POST /v1/messages serves a whole run, at no price."""

import json
import shutil

import pytest

from pipeline.cli import main
from review_db import facts, listings
from review_db.connection import open_review_db
from tests.doubles.claude.answers import SAMPLE, answer
from tests.doubles.local_server.server import LocalServer
from tests.sample_pages import CLUTCH_DISC, CLUTCH_INDEX, FUSES, a_sample_page

SCANS = [CLUTCH_INDEX, CLUTCH_DISC, FUSES]
API = {
    "models": dict.fromkeys(("classify", "index", "generate"), "qwen3-vl:8b"),
    "prices": {"qwen3-vl:8b": {"input": 0, "output": 0}},
}


@pytest.fixture
def server(workspace, monkeypatch):
    """The server, named by the environment and the configuration as the README says."""
    (workspace.root / "config.yaml").write_text(json.dumps({"api": API | {"batch_above_pages": 0}}), encoding="utf-8")
    with LocalServer(answer).running() as server:
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        monkeypatch.setenv("ANTHROPIC_API_KEY", "none-needed")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield server


def prepared(workspace):
    db = open_review_db(workspace.database)
    for source in SCANS:
        a_sample_page(db, workspace, source, "text", content_type="procedure")
    (workspace.source / "notes.txt").write_text("keeps the folder from being empty", encoding="utf-8")
    facts.remember_fact(db, facts.SOURCE_ROOT, str(workspace.source))
    return db


def test_it_is_asked_page_by_page_and_one_line_says_what_it_cannot_do(workspace, server, capsys):
    db = prepared(workspace)
    for command in ("classify", "generate-qa"):
        assert main([command, "--workspace", str(workspace.root)]) == 0
        assert capsys.readouterr().err.count("has no batches: pages go one by one, without a prompt cache") == 1
    assert {row["state"] for row in listings.calls(db)} == {"settled"}
    assert sum(row["cost_usd"] for row in listings.calls(db)) == 0.0
    assert len(list(listings.pairs(db))) > 20
    assert server.strange == set()
    assert {path for path in server.paths if not path.startswith("POST /v1/messages")} == {
        "GET /v1/messages/batches?limit=100"
    }
    db.close()


def test_batches_by_name_are_refused_with_the_way_out(workspace, server, capsys):
    db = prepared(workspace)
    assert main(["generate-qa", "--engine", "claude-batch", "--workspace", str(workspace.root)]) == 1
    error = capsys.readouterr().err
    assert "has no batches" in error
    assert "leave --engine out" in error
    assert {row["state"] for row in listings.calls(db)} == {"failed"}
    db.close()


@pytest.mark.slow
def test_it_serves_a_whole_run_from_scans_to_checked_pairs(workspace, server):
    for source in SCANS:
        (workspace.source / source).parent.mkdir(exist_ok=True)
        shutil.copyfile(SAMPLE / source, workspace.source / source)
    assert main(["run", "--workspace", str(workspace.root)]) == 0
    db = open_review_db(workspace.database)
    found = list(listings.pairs(db))
    assert {row["engine"] for row in found} == {"claude"}
    assert sum(row["evidence"]["verdict"] == "supported" for row in found) > 10
    assert any(row["code"] == "21 21 565" for row in listings.index(db))
    db.close()
