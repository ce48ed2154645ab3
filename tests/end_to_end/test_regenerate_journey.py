"""A bad page made again from the review screen, by the real worker: asked for, watched, compared, taken back."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from review_db import costs, jobs, listings, pages, pairs
from review_db.connection import Database, open_review_db
from tests.app.server import running_app
from tests.doubles.claude import answers
from tests.doubles.claude.server import KEY, ClaudeDouble
from tests.end_to_end.reviewer import Reviewer, sits_down
from tests.sample_run import SAMPLE, manualqa

pytestmark = pytest.mark.browser

SCAN = "21 - Clutch/21-05.jpg"
PAGE = "21-05_clutch"


@pytest.fixture(scope="module")
def read_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One scan of the sample, read offline as a user's own."""
    root = tmp_path_factory.mktemp("one_page")
    scan = root / "data_src" / SCAN
    scan.parent.mkdir(parents=True)
    shutil.copy(SAMPLE / SCAN, scan)
    manualqa(root, "run", "--engine", "offline")
    return root


@pytest.fixture
def root(read_once: Path, tmp_path: Path) -> Path:
    """A workspace of one's own; the page's scan is used where the first run found it."""
    shutil.copytree(read_once, tmp_path, dirs_exist_ok=True)
    manualqa(tmp_path, "inventory")  # the source folder has moved with the copy
    return tmp_path


@pytest.fixture
def db(root: Path) -> Iterator[Database]:
    opened = open_review_db(root / "review_db" / "review.sqlite")
    yield opened
    opened.close()


def by_status(db: Database, status: str) -> list[str]:
    return [pair.pair_id for pair in pairs.pairs_of_page(db, PAGE) if pair.status == status]


def regenerates(me: Reviewer, *, kind: str | None = None, comment: str = "") -> None:
    """Press G, say why, and send."""
    me.presses("g")
    panel = me.root.locator("[data-regenerate]")
    expect(panel).to_be_visible()
    me.page.keyboard.press("4")
    expect(panel.locator("[data-reason=incomplete_or_unsafe]")).to_have_attribute("aria-pressed", "true")
    if kind:
        panel.locator("[data-page-kind]").select_option(kind)
    if comment:
        panel.locator("[data-feedback]").fill(comment)
    me.shows("regenerate")
    me.page.keyboard.press("Control+Enter")


def test_one_click_makes_a_page_again_and_shows_old_beside_new(browser, root, db):
    with running_app(root) as address:
        me = sits_down(browser, address, "?reviewer=ana")
        me.waits_for(state="ready")
        approved = me.moves_on("a")
        rejected = me.moves_on("x", "2")
        me.waits_for(saved=2, unsaved=0)
        shown = me.seen("pair-id")

        regenerates(me, kind="diagram", comment="Half of the steps are missing.")
        me.waits_for(regeneration="done", unsaved=0, saved=2)
        (job,) = jobs.recent(db)
        assert (job.kind, job.state, job.requested_by) == ("regenerate", "done", "ana")
        assert job.payload["reason"] == "incomplete_or_unsafe"
        assert job.payload["feedback"] == "Half of the steps are missing."
        assert pages.page_by_id(db, PAGE).content_type == "diagram"

        # What was on the screen stays there and says what became of it; the queue has the new pairs.
        me.waits_for(pair_id=shown)
        expect(me.root.locator("[data-decided]")).to_contain_text("a later run replaced it")
        assert by_status(db, "approved") == [approved]
        assert by_status(db, "rejected") == [rejected]
        me.shows("regenerated")

        me.root.get_by_role("button", name="Old and new").click()
        compared = me.root.locator("[data-compare]")
        expect(compared.locator(".version ins").first).to_be_visible()
        expect(compared.locator(".pinned.approved")).to_have_count(1)
        me.shows("compare")
        compared.get_by_role("button", name="Review").first.click()
        expect(compared).not_to_be_visible()
        assert pairs.pair_by_id(db, me.seen("pair-id")).status == "pending"

        # A superseded pair comes back with one click, and can be decided.
        me.page.goto(f"{address}/?pair={shown}")
        me.waits_for(pair_id=shown, state="ready")
        me.presses("c")
        expect(me.root.locator("[data-decided]")).not_to_be_visible()
        me.waits_for(unsaved=0)
        assert (pairs.pair_by_id(db, shown).status, pairs.pair_by_id(db, shown).reason) == ("pending", "restored")
        me.moves_on("a")
        me.waits_for(saved=1, unsaved=0)
        assert pairs.pair_by_id(db, shown).status == "approved"
        assert [event["verdict"] for event in listings.events(db)] == ["approve", "reject", "approve"]
        assert (me.foreign, me.errors) == ([], [])


def test_a_sentence_begun_before_its_pair_was_replaced_can_be_finished_and_counts(browser, root, db):
    with running_app(root) as address:
        me = sits_down(browser, address, "?reviewer=ana")
        me.waits_for(state="ready")
        edited = me.seen("pair-id")
        regenerates(me, kind="diagram")
        me.presses("e")
        me.root.locator("[data-edit-answer]").fill("22 Nm, tightened ")
        me.waits_for(regeneration="done", state="editing")
        assert pairs.pair_by_id(db, edited).status == "set_aside"
        me.page.keyboard.type("in one go")
        assert me.root.locator("[data-edit-answer]").input_value() == "22 Nm, tightened in one go"
        me.page.keyboard.press("Control+Enter")
        me.waits_for(saved=1, unsaved=0, state="ready")
        stored = pairs.pair_by_id(db, edited)
        assert (stored.status, stored.answer) == ("approved", "22 Nm, tightened in one go")


def test_with_a_key_claude_writes_the_page_again_and_the_key_shows_nowhere(browser, root, db, tmp_path, monkeypatch):
    double = ClaudeDouble(tmp_path / "bill.jsonl", answers.answer)
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    monkeypatch.setenv("ANTHROPIC_BASE_URL", double.url)
    with double.running(), running_app(root) as address:
        me = sits_down(browser, address, "?reviewer=ana")
        me.waits_for(state="ready")
        approved = me.moves_on("a")
        me.presses("g")
        expect(me.root.locator("[data-regenerate-means]")).to_contain_text("Claude looks at the page again")
        me.page.keyboard.press("1")
        me.page.keyboard.press("Control+Enter")
        me.waits_for(regeneration="done", unsaved=0)
        assert by_status(db, "approved") == [approved]
        new = [pair for pair in pairs.pairs_of_page(db, PAGE) if pair.status == "pending"]
        assert new
        assert {pair.engine for pair in new} == {"claude"}
        me.root.get_by_role("button", name="Old and new").click()
        expect(me.root.locator("[data-compare] .version.pending")).to_have_count(len(new))
        assert KEY not in me.page.content()
        me.page.goto(f"{address}/jobs")
        expect(me.page.get_by_text("Today (UTC)")).to_be_visible(timeout=20_000)
        me.shows("jobs_with_cost")
        assert KEY not in me.page.content()
    assert costs.spent_today(db) > 0
    written = [path for path in root.rglob("*") if path.is_file() and path.name != "bill.jsonl"]
    assert not [path for path in written if KEY.encode() in path.read_bytes()]


def test_a_regeneration_that_fails_says_why_and_changes_nothing(browser, root, db):
    before = by_status(db, "pending")
    with running_app(root) as address:
        me = sits_down(browser, address, "?reviewer=ana")
        me.waits_for(state="ready")
        regenerates(me, kind="cover")
        me.waits_for(regeneration="failed")
        expect(me.root.locator("[data-regeneration-strip]")).to_contain_text("yields no pairs")
        me.shows("regeneration_failed")
    assert by_status(db, "pending") == before


def test_the_turn_of_a_scan_is_saved_for_everybody_and_reads_it_again_without_a_regeneration(browser, root, db):
    with running_app(root) as address:
        me = sits_down(browser, address, "?reviewer=ana")
        me.waits_for(state="ready")
        me.presses("r", "g")
        expect(me.root.locator("[data-turn]")).to_be_checked()
        me.root.get_by_role("button", name="Only save the corrections").click()
        me.waits_for(unsaved=0)
        deadline = time.monotonic() + 10
        while pages.page_by_id(db, PAGE).rotation != 1 and time.monotonic() < deadline:
            time.sleep(0.1)
        assert pages.page_by_id(db, PAGE).rotation == 1
        assert [job.kind for job in jobs.recent(db)] == ["read_again"]
        ben = sits_down(browser, address, "?reviewer=ben")
        ben.page.goto(f"{address}/?pair={by_status(db, 'pending')[0]}")
        expect(ben.root.locator("[data-scan]")).to_have_attribute("data-turns", "1", timeout=20_000)
