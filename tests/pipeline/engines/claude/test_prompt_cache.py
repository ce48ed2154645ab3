"""The service's prompt cache: marked where a beginning is long enough for the model, and its effect is counted."""

import json

import pytest

from pipeline.cli import main
from pipeline.engines.claude.prompts import prompt
from pipeline.engines.claude.requests import is_worth_keeping
from review_db import facts, listings
from review_db.connection import open_review_db
from tests.sample_pages import CLUTCH_DISC, FUSES, a_sample_page, asked_for

SCANS = [CLUTCH_DISC, FUSES, "21 - Clutch/21-05.jpg"]


@pytest.fixture
def db(workspace):
    """Three classified pages that wait to be asked about."""
    db = open_review_db(workspace.database)
    for source in SCANS:
        a_sample_page(db, workspace, source, "text", content_type="procedure")
    (workspace.source / "notes.txt").write_text("keeps the folder from being empty", encoding="utf-8")
    facts.remember_fact(db, facts.SOURCE_ROOT, str(workspace.source))
    yield db
    db.close()


@pytest.mark.parametrize(
    ("model", "tokens", "worth"),
    [
        ("claude-opus-5-5", 600, True), ("claude-opus-5-5", 400, False), ("claude-sonnet-5", 1000, False),
        ("claude-sonnet-5", 1100, True), ("claude-sonnet-5-5", 600, True), ("claude-haiku-4-5-20251001", 3000, False),
        ("claude-haiku-4-5", 4200, True), ("claude-opus-4-7", 2000, False), ("claude-opus-4-6", 4000, False),
    ],
)  # fmt: skip
def test_a_beginning_is_marked_only_where_the_model_would_keep_it(model, tokens, worth):
    assert is_worth_keeping("x" * round(3.5 * tokens), model) is worth


def test_the_words_that_all_requests_for_pairs_share_are_long_enough_for_the_configured_model():
    assert is_worth_keeping(prompt("system").filled(language="en"), "claude-sonnet-5-5")


@pytest.mark.parametrize(("engine", "share"), [("claude", 1.0), ("claude-batch", 0.5)])
def test_what_the_cache_saves_is_stored_with_each_call_and_told_in_the_status(
    db, workspace, double, capsys, engine, share
):
    options = ["--engine", engine, "--concurrency", "1", "--workspace", str(workspace.root)]
    assert main(["generate-qa", *options]) == 0
    calls = list(listings.calls(db))
    written, read = (sum(row[f"cache_{kind}_tokens"] for row in calls) for kind in ("write", "read"))
    assert read == 2 * written > 1024
    saved = sum(row["saved_usd"] for row in calls)
    assert saved == pytest.approx(share * 1e-6 * (read * (2 - 0.1) - written * (2.5 - 2)))
    told = capsys.readouterr().out
    assert f"prompt cache: {read:,} tokens read, {written:,} written, saved ${saved:.4f}" in told
    main(["status", "--json", "--workspace", str(workspace.root)])
    cache = json.loads(capsys.readouterr().out)["cost"]["cache"]
    assert cache == {"written_tokens": written, "read_tokens": read, "saved_usd": pytest.approx(saved, abs=1e-6)}


def test_a_model_that_would_keep_nothing_gets_no_mark(db, workspace, double):
    models = {"api": {"models": {"generate": "claude-haiku-4-5"}}}
    (workspace.root / "config.yaml").write_text(json.dumps(models), encoding="utf-8")
    assert main(["generate-qa", "--workspace", str(workspace.root)]) == 0
    assert "cache_control" not in json.dumps([body["system"] for body in asked_for(double, "generate")])
    assert sum(row["saved_usd"] for row in listings.calls(db)) == 0
