"""A reviewer's way through the app in a real browser: look, decide, mend, take back, export; nothing is lost."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from review_db import jobs, listings, pages, pairs, releases
from review_db.connection import immediate, open_review_db
from review_db.records import CandidatePair, Evidence, Finding, Flag, TokenEvidence
from tests.app.seeded import Seeded, seeded_workspace
from tests.app.server import running_app, start_app, stop_app
from tests.end_to_end.reviewer import SIZES, sits_down

pytestmark = pytest.mark.browser


@pytest.fixture
def seeded(tmp_path: Path) -> Iterator[Seeded]:
    made = seeded_workspace(tmp_path, page_count=8, pairs_per_page=6)
    yield made
    made.db.close()


@pytest.fixture(scope="module")
def resting_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One app for the tests that only look."""
    root = tmp_path_factory.mktemp("looked_at")
    seeded_workspace(root, page_count=12, pairs_per_page=6).db.close()
    with running_app(root) as address:
        yield address


def verdicts(seeded: Seeded) -> list[tuple[str, str]]:
    return [(event["pair_id"], event["verdict"]) for event in listings.events(seeded.db)]


def test_a_reviewer_sees_the_evidence_decides_mends_takes_back_and_exports(browser, seeded):
    with running_app(seeded.root) as address:
        me = sits_down(browser, address, "?reviewer=ana")
        me.waits_for(state="ready", pair_id=seeded.pair_ids[0], revision=1)
        assert f"pair={seeded.pair_ids[0]}" in me.page.url
        expect(me.root.locator("rect.place")).to_have_count(1)
        assert me.root.locator("[data-stage] img").evaluate("image => image.complete && image.naturalWidth > 0")
        me.shows("review")

        approved = me.moves_on("a")
        me.waits_for(saved=1)
        expect(me.root.locator("[data-toast]")).to_contain_text("Approved")

        me.presses("x")
        me.shows("reject")
        rejected = me.seen("pair-id")
        me.page.keyboard.press("2")
        me.waits_for(saved=2)

        me.presses("j")
        me.presses("e")
        me.waits_for(state="editing")
        me.root.locator("[data-edit-answer]").fill("13 Nm")
        expect(me.root.locator("[data-diff] ins").first).to_have_text("13")
        me.shows("edit")
        edited = me.seen("pair-id")
        me.page.keyboard.press("Control+Enter")
        me.waits_for(saved=3, unsaved=0)

        undone = me.moves_on("a")
        me.waits_for(saved=4)
        me.page.keyboard.press("u")
        me.waits_for(saved=5, pair_id=undone, state="ready")

        assert verdicts(seeded) == [
            (approved, "approve"),
            (rejected, "reject"),
            (edited, "edit"),
            (undone, "approve"),
            (undone, "undo"),
        ]
        assert pairs.pair_by_id(seeded.db, rejected).reason == "not_on_page"
        assert pairs.pair_by_id(seeded.db, edited).answer == "13 Nm"
        assert pairs.pair_by_id(seeded.db, undone).status == "pending"

        me.page.get_by_role("link", name="Export").click()
        me.page.get_by_role("button", name="Write the release").wait_for(timeout=20_000)
        me.shows("export")
        me.page.get_by_role("button", name="Write the release").click()
        job = _finished_job(seeded)
        assert (job.state, job.message) == ("done", None)
        assert job.requested_by == "ana"
        release = Path(str(job.result["path"]))
        assert str(release) == releases.newest_release(seeded.db)
        assert sum(1 for name in ("vlm_train.jsonl", "vlm_val.jsonl") for _ in (release / name).open()) == 2
        expect(me.page.get_by_text(str(release)).first).to_be_visible(timeout=20_000)

        me.page.get_by_role("link", name="Pages").click()
        me.page.locator(".page-card").first.wait_for(timeout=20_000)
        me.shows("pages")
        me.page.locator(".page-card").first.click()
        me.page.locator(".pair").first.wait_for(timeout=20_000)
        me.page.get_by_text("Words that were read").click()
        expect(me.page.locator("rect.read").first).to_be_attached(timeout=20_000)
        me.shows("page")
        me.page.locator(".pair").nth(2).click()
        me.waits_for(pair_id=seeded.pair_ids[2])
        assert (me.foreign, me.errors) == ([], [])


def _finished_job(seeded: Seeded):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        (job, *_) = jobs.recent(seeded.db) or [None]
        if job and job.state not in ("queued", "running"):
            return job
        time.sleep(0.2)
    raise AssertionError("the export did not end")


def test_twenty_keys_pressed_while_the_server_is_held_busy_lose_no_decision(browser, seeded):
    with running_app(seeded.root) as address:
        me = sits_down(browser, address, "?reviewer=ana")
        me.waits_for(state="ready")
        with immediate(seeded.db):  # nobody else can write meanwhile
            decided = [me.moves_on("a") for _ in range(20)]
            assert int(me.seen("unsaved")) == 20
            assert me.seen("saved") == "0"
        me.waits_for(saved=20, unsaved=0)
        assert verdicts(seeded) == [(pair, "approve") for pair in decided]
        assert len(set(decided)) == 20


def test_a_stopped_server_and_a_reload_lose_no_decision(browser, seeded):
    process, address = start_app(seeded.root)
    try:
        me = sits_down(browser, address, "?reviewer=ana")
        me.waits_for(state="ready")
        process.send_signal(signal.SIGKILL)
        process.wait()
        decided = [me.moves_on("a") for _ in range(5)]
        expect(me.root.locator("[data-saving]")).to_contain_text("Not saved yet", timeout=10_000)
        me.waits_for(state="offline", unsaved=5)
        me.shows("offline")
        me.presses("m")
        me.page.keyboard.type("Which bolt comes first?")
        me.page.keyboard.press("Tab")
        me.page.keyboard.type("The cylinder head bolt")
        me.page.keyboard.press("Control+Enter")
        me.waits_for(state="offline", unsaved=6)
        process, _ = start_app(seeded.root, port=int(address.rsplit(":", 1)[1]))
        me.page.reload()
        me.page.locator("[data-testid=review][data-state=ready]").wait_for(timeout=30_000)
        me.waits_for(unsaved=0)
        *approved, (added, verdict) = verdicts(seeded)
        assert approved == [(pair, "approve") for pair in decided]
        assert (verdict, pairs.pair_by_id(seeded.db, added).answer) == ("edit", "The cylinder head bolt")
    finally:
        stop_app(process)


def test_a_sentence_begun_before_the_server_stopped_can_be_finished_and_is_saved(browser, seeded):
    process, address = start_app(seeded.root)
    try:
        me = sits_down(browser, address, "?reviewer=ana")
        me.waits_for(state="ready")
        edited = me.seen("pair-id")
        me.presses("e")
        me.root.locator("[data-edit-answer]").fill("")
        process.send_signal(signal.SIGKILL)
        process.wait()
        for part in ("10 ", "Nm ", "in ", "one ", "go"):
            me.page.keyboard.type(part)
            me.page.wait_for_timeout(1500)  # Streamlit itself notices meanwhile that the connection is gone
        assert me.root.locator("[data-edit-answer]").input_value() == "10 Nm in one go"
        me.page.keyboard.press("Control+Enter")
        me.waits_for(unsaved=1)
        process, _ = start_app(seeded.root, port=int(address.rsplit(":", 1)[1]))
        me.waits_for(saved=1, unsaved=0, state="ready")
        assert pairs.pair_by_id(seeded.db, edited).answer == "10 Nm in one go"
    finally:
        stop_app(process)


def test_hostile_texts_stay_texts_and_reach_no_other_host(browser, seeded):
    hostile = '<img src="http://evil.example/x.png" onerror="window.hit=1"> ![x](http://evil.example/y.png) <b>7</b>'
    page = pages.page_by_id(seeded.db, seeded.page_ids[0])
    ((key, _),) = pairs.add_candidates(
        seeded.db, page, None, hostile, [CandidatePair(hostile, hostile, "factual")], model=hostile
    )
    flag = Flag("hostile", hostile)
    evidence = Evidence("partly", hostile, (), (hostile,), (TokenEvidence("7", False),))
    pairs.save_finding(seeded.db, key, 1, Finding(evidence, (flag,), 0.99), "test")
    (pair,) = pairs.pairs_by_key(seeded.db, [key])
    with running_app(seeded.root) as address:
        me = sits_down(browser, address, f"?pair={pair.pair_id}&reviewer=%3Cb%3Eana")
        me.waits_for(pair_id=pair.pair_id)
        expect(me.root.locator("[data-question]")).to_have_text(hostile)
        me.presses("f", "e")
        me.root.locator("[data-edit-answer]").fill(hostile + " <i>")
        me.page.keyboard.press("Control+Enter")
        me.waits_for(saved=2, unsaved=0)
        for view in (f"pages?page={page.page_id}", "pages", "export", "jobs"):
            me.page.goto(f"{address}/{view}")
            me.page.wait_for_timeout(1500)
        assert me.foreign == []
        assert me.page.evaluate("() => window.hit") is None


def test_a_held_key_and_a_key_too_soon_decide_nothing_unseen(browser, seeded):
    with running_app(seeded.root) as address:
        me = sits_down(browser, address, "?reviewer=ana")
        me.waits_for(state="ready")
        me.looks()
        for _ in range(12):
            me.page.keyboard.down("a")  # the second and later ones repeat
        me.page.keyboard.up("a")
        me.waits_for(saved=1, unsaved=0)
        me.looks()
        me.page.evaluate(
            "() => { for (let i = 0; i < 6; i += 1) window.dispatchEvent(new KeyboardEvent('keydown', {key: 'a'})) }"
        )
        expect(me.root.locator("[data-toast]")).to_contain_text("Too quick")
        me.waits_for(saved=2, unsaved=0)
        assert len(verdicts(seeded)) == 2


def test_streamlits_own_keys_stay_quiet_and_typing_decides_nothing(browser, seeded):
    with running_app(seeded.root) as address:
        me = sits_down(browser, address, "?reviewer=ana")
        me.waits_for(state="ready")
        me.presses("c", "r")
        assert me.root.locator("[data-scan]").get_attribute("data-turns") == "1"
        expect(me.page.get_by_role("dialog")).to_have_count(0)
        me.presses("e")
        me.root.locator("[data-edit-answer]").fill("")
        me.page.keyboard.type("axe suxu jk np")
        me.waits_for(state="editing", saved=0)
        me.page.keyboard.press("Escape")
        me.waits_for(state="ready", saved=0)
        me.presses("e")
        expect(me.root.locator("[data-draft-notice]")).to_contain_text("unfinished text is back")
        assert me.root.locator("[data-edit-answer]").input_value() == "axe suxu jk np"


def test_a_text_is_checked_while_it_is_typed_and_keeps_focus_and_caret(browser, seeded):
    with running_app(seeded.root) as address:
        me = sits_down(browser, address, "?reviewer=ana")
        me.waits_for(state="ready")
        me.presses("e")
        field = me.root.locator("[data-edit-answer]")
        field.fill("")
        me.page.keyboard.type("77", delay=40)
        expect(me.root.locator("[data-verdict]")).to_contain_text("not found", timeout=10_000)
        me.page.keyboard.type(" Nm", delay=40)
        assert field.input_value() == "77 Nm"


def test_two_reviewers_on_one_pair_see_both_decisions_and_choose(browser, seeded):
    with running_app(seeded.root) as address:
        pair = seeded.pair_ids[0]
        ana = sits_down(browser, address, f"?pair={pair}&reviewer=ana")
        ben = sits_down(browser, address, f"?pair={pair}&reviewer=ben")
        ana.waits_for(pair_id=pair, state="ready")
        ben.waits_for(pair_id=pair, state="ready")
        ben.presses("e")
        ben.root.locator("[data-edit-answer]").fill("11 Nm")
        ben.page.keyboard.press("Control+Enter")
        ben.waits_for(saved=1)
        ben.page.goto(f"{address}/?pair={pair}")
        ben.waits_for(pair_id=pair, revision=2)
        ben.presses("c", "x", "6")
        ben.waits_for(saved=1)
        ana.presses("a")
        ana.waits_for(state="conflict")
        conflict = ana.root.locator("[data-conflict]")
        expect(conflict).to_contain_text("The text of this pair changed after you saw it")
        expect(conflict).to_contain_text("rejected by ben: trivial")
        expect(conflict.locator("del")).to_have_text("11")  # theirs, beside ...
        expect(conflict.locator("ins")).to_have_text("10")  # ... what was on this screen
        ana.waits_for(state="conflict", pair_id=pair, revision=2)  # over its own scan, not the next pair's
        expect(ana.root.locator("[data-stage] img")).to_have_attribute("data-page", seeded.page_ids[0])
        ana.shows("conflict")
        ana.presses("d")
        ana.waits_for(state="ready", pair_id=pair)
        expect(ana.root.locator("[data-decided]")).to_contain_text("Your next decision takes its place")
        ana.moves_on("a")
        ana.waits_for(saved=1)
        stored = pairs.pair_by_id(seeded.db, pair)
        assert (stored.status, stored.decided_by) == ("approved", "ana")
        disputed = ana.seen("pair-id")
        ben.page.goto(f"{address}/?pair={disputed}")
        ben.waits_for(pair_id=disputed, state="ready")
        ben.presses("a")
        ben.waits_for(unsaved=0, saved=1)
        ana.presses("a")
        ana.waits_for(state="conflict", pair_id=disputed)
        ana.presses("t")
        ana.waits_for(state="ready")
        interrupted = ana.seen("pair-id")
        assert interrupted != disputed
        assert pairs.pair_by_id(seeded.db, interrupted).status == "pending"  # the work goes on where it was


def test_a_link_to_a_decided_pair_shows_by_whom_and_only_c_lets_it_change(browser, seeded):
    with running_app(seeded.root) as address:
        pair = seeded.pair_ids[0]
        ben = sits_down(browser, address, f"?pair={pair}&reviewer=ben")
        ben.waits_for(pair_id=pair)
        ben.moves_on("a")
        ben.waits_for(saved=1)
        ana = sits_down(browser, address, f"?pair={pair}&reviewer=ana")
        ana.waits_for(pair_id=pair)
        expect(ana.root.locator("[data-decided]")).to_contain_text("Approved by ben")
        ana.presses("a")
        expect(ana.root.locator("[data-toast]")).to_contain_text("Press C")
        ana.waits_for(saved=0)
        ana.presses("c", "x", "6")
        ana.waits_for(saved=1)
        assert pairs.pair_by_id(seeded.db, pair).status == "rejected"


def test_the_name_is_asked_once_and_kept_in_the_browser(browser, seeded):
    with running_app(seeded.root) as address:
        me = sits_down(browser, address)
        expect(me.root.locator("[data-overlay=name]")).to_be_visible()
        me.shows("name")
        me.page.keyboard.type("Ana Lima")
        me.page.keyboard.press("Enter")
        me.moves_on("a")
        me.waits_for(saved=1)
        assert next(listings.events(seeded.db))["reviewer"] == "Ana Lima"
        me.page.reload()
        me.page.locator("[data-testid=review][data-state=ready]").wait_for(timeout=30_000)
        expect(me.root.locator("[data-overlay=name]")).to_be_hidden()
        expect(me.root.locator("[data-who]")).to_have_text("Ana Lima")


def test_an_empty_database_says_what_to_do_and_a_finished_one_leads_to_the_export(browser, tmp_path):
    open_review_db(tmp_path / "review_db" / "review.sqlite").close()
    with running_app(tmp_path) as address:
        me = sits_down(browser, address, "?reviewer=ana")
        me.waits_for(state="empty")
        expect(me.root.locator("[data-empty]")).to_contain_text("manualqa run")
        me.shows("empty")
        seeded = seeded_workspace(tmp_path, page_count=1, pairs_per_page=2, with_sheet=False)
        me.root.get_by_role("button", name="Look again").click()
        me.waits_for(state="ready")
        me.moves_on("a")
        me.presses("a")
        me.waits_for(state="empty", saved=2)
        expect(me.root.locator("[data-empty]")).to_contain_text("Every pair is decided")
        assert me.root.get_by_role("link", name="Export the dataset").get_attribute("href") == f"{address}/export"
        seeded.db.close()


def test_a_text_page_shows_its_rows_with_the_source_row_marked(browser, resting_app):
    me = sits_down(browser, resting_app, "?pair=html-techspec-q01&reviewer=ana")
    me.waits_for(pair_id="html-techspec-q01")
    expect(me.root.locator("[data-sheet] .source")).to_have_count(1)
    expect(me.root.locator("[data-sheet] .source")).to_contain_text("Displacement")
    me.shows("text_page")
    me.page.context.close()


def test_the_scan_zooms_at_the_pointer_moves_turns_and_follows_the_evidence(browser, resting_app):
    me = sits_down(browser, resting_app, "?pair=21-01-q06&reviewer=ana")
    me.waits_for(pair_id="21-01-q06", state="ready")
    scan, place = me.root.locator("[data-scan]"), me.root.locator("rect.place")
    frame = scan.bounding_box()

    def stands_inside():
        box = place.bounding_box()
        return box["x"] >= frame["x"] and box["y"] + box["height"] <= frame["y"] + frame["height"]

    assert stands_inside()
    before = place.bounding_box()
    me.page.mouse.move(before["x"] + 5, before["y"] + 5)
    me.page.mouse.wheel(0, -300)
    after = place.bounding_box()
    assert after["width"] > 1.3 * before["width"]
    assert abs(after["x"] - before["x"]) < 15  # the place under the pointer stays there
    me.page.mouse.down()
    me.page.mouse.move(before["x"] + 65, before["y"] - 35)
    me.page.mouse.up()
    assert place.bounding_box()["x"] == pytest.approx(after["x"] + 60, abs=2)
    me.presses("0")
    assert float(scan.get_attribute("data-zoom")) < 0.7
    me.presses("r")
    assert scan.get_attribute("data-turns") == "1"
    me.presses("v")
    assert stands_inside()
    me.presses("k")
    me.waits_for(pair_id="21-01-q05")
    assert scan.get_attribute("data-turns") == "1"  # the view is kept across the pairs of a page
    assert stands_inside()
    me.page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", list(SIZES))
def test_the_screen_fits_every_size_in_light_and_dark(browser, resting_app, size, scheme):
    query = "?pair=21-01-q04&reviewer=ana"
    me = sits_down(browser, resting_app, query, size=SIZES[size], scheme=scheme)
    me.waits_for(state="ready", pair_id="21-01-q04")
    me.shows(f"review_{size}_{scheme}")
    assert me.page.evaluate("() => document.scrollingElement.scrollWidth") <= SIZES[size][0]
    for name in ("approve", "reject", "edit", "skip"):
        box = me.root.locator(f"[data-actions] [data-do={name}]").bounding_box()
        assert box["y"] + box["height"] <= SIZES[size][1]
        assert box["x"] + box["width"] <= SIZES[size][0]
    assert me.root.get_attribute("data-theme") == scheme
    me.page.context.close()
