"""Evidence in a real browser: tokens and their words, drawing it, other pairs' places, pairs that the model missed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from review_db import exportable, listings, pages, pairs, words
from tests.app.seeded import Seeded, seeded_workspace
from tests.app.server import running_app
from tests.end_to_end.reviewer import Reviewer, sits_down

pytestmark = pytest.mark.browser


@pytest.fixture
def seeded(tmp_path: Path) -> Iterator[Seeded]:
    made = seeded_workspace(tmp_path, page_count=3, pairs_per_page=6)
    yield made
    made.db.close()


def boxes_of(seeded: Seeded, pair_id: str) -> list[list[float]]:
    return next(row["evidence"]["boxes"] for row in listings.pairs(seeded.db) if row["pair_id"] == pair_id)


def on_page(me: Reviewer, x: float, y: float) -> tuple[float, float]:
    """Where a point of the page, as fractions of it, is on the screen (the scan stands upright)."""
    image = me.root.locator("[data-stage] img").bounding_box()
    return image["x"] + x * image["width"], image["y"] + y * image["height"]


def drags(me: Reviewer, start: tuple[float, float], end: tuple[float, float]) -> None:
    me.page.mouse.move(*start)
    me.page.mouse.down()
    me.page.mouse.move(*end, steps=3)
    me.page.mouse.up()


def test_tokens_show_their_words_and_other_pairs_evidence_leads_to_them(browser, seeded):
    with running_app(seeded.root) as address:
        me = sits_down(browser, address, f"?pair={seeded.pair_ids[3]}&reviewer=ana")
        me.waits_for(pair_id=seeded.pair_ids[3], state="ready")
        missing = me.root.locator("[data-answer] .missing").first
        assert "wavy" in missing.evaluate("mark => getComputedStyle(mark).textDecoration")
        expect(missing).to_have_attribute("title", "Not found in the place on this page that the question asks about")
        found = me.root.locator("[data-answer] .found")
        found.hover()
        expect(me.root.locator("rect.word.lit")).to_have_count(1)
        expect(me.root.locator("[data-tip]")).to_have_text("“Nm” stands here")
        me.root.locator("rect.word").hover()
        expect(me.root.locator("[data-answer] .lit")).to_have_text("Nm")
        me.page.mouse.move(5, 5)
        expect(me.root.locator("[data-tip]")).to_be_hidden()
        me.root.locator("[data-answer] [data-token]").first.focus()
        me.page.keyboard.press("ArrowRight")  # the tokens are one stop for Tab; the arrows go on
        expect(me.root.locator("rect.word.lit")).to_have_count(1)

        me.presses("0", "o")
        expect(me.root.locator("rect.other")).to_have_count(5)
        me.root.locator(f"rect.other[data-pair='{seeded.pair_ids[1]}']").hover()
        expect(me.root.locator("[data-tip]")).to_contain_text("Pair 2: What is the tightening torque of item 2")
        me.page.mouse.down()
        me.page.mouse.up()
        me.waits_for(pair_id=seeded.pair_ids[1])
        me.presses("o")
        expect(me.root.locator("rect.other")).to_have_count(0)

        me.root.locator("[data-answer] .found").first.hover()
        expect(me.root.locator("[data-tip]")).to_be_visible()
        while me.seen("pair-id") != "html-techspec-q01":  # a page of text has no words to point at
            me.moves_on("n")
        me.root.locator("[data-answer] .found").first.hover()
        expect(me.root.locator("[data-tip]")).to_be_hidden()
        me.presses("b")
        expect(me.root.locator("[data-toast]")).to_contain_text("no scan to draw on")
        me.page.goto(f"{address}/?pair={seeded.pair_ids[1]}")
        me.waits_for(pair_id=seeded.pair_ids[1], state="ready")

        bar, scan = me.root.locator("[data-split]"), me.root.locator("[data-scan]")
        before = scan.bounding_box()["width"]
        at = bar.bounding_box()
        drags(me, (at["x"] + 5, at["y"] + 200), (at["x"] - 150, at["y"] + 200))
        assert scan.bounding_box()["width"] == pytest.approx(before - 155, abs=12)
        bar.focus()
        me.page.keyboard.press("ArrowRight")
        narrow = scan.bounding_box()["width"]
        me.page.reload()
        me.page.locator("[data-testid=review][data-state=ready]").wait_for(timeout=30_000)
        assert scan.bounding_box()["width"] == pytest.approx(narrow, abs=2)
        assert (me.foreign, me.errors) == ([], [])


def test_evidence_drawn_at_any_zoom_and_turn_is_kept_stored_exported_and_taken_back(browser, seeded):
    first, second, third = seeded.pair_ids[:3]
    with running_app(seeded.root) as address:
        me = sits_down(browser, address, f"?pair={first}&reviewer=ana")
        me.waits_for(pair_id=first, state="ready")
        me.presses("0", "b")
        expect(me.root.locator("[data-drawing-bar]")).to_be_visible()
        drags(me, on_page(me, 0.2, 0.3), on_page(me, 0.6, 0.35))
        expect(me.root.locator("rect.place.drawn")).to_have_count(1)
        me.shows("draw")
        drags(me, on_page(me, 0.2, 0.5), on_page(me, 0.6, 0.55))
        me.page.keyboard.press("Backspace")
        expect(me.root.locator("rect.place.drawn")).to_have_count(1)
        me.page.keyboard.press("Backspace")  # none left: the checks' own stand again
        expect(me.root.locator("[data-drawn-note]")).to_be_hidden()
        drags(me, on_page(me, 0.2, 0.3), on_page(me, 0.6, 0.35))
        me.presses("b")
        me.page.reload()  # what was drawn waits in the browser
        me.page.locator("[data-testid=review][data-state=ready]").wait_for(timeout=30_000)
        expect(me.root.locator("[data-drawn-note]")).to_contain_text("One place marked by you")
        me.moves_on("a")
        me.waits_for(saved=1, unsaved=0)
        (box,) = boxes_of(seeded, first)
        assert box == pytest.approx([0.2, 0.3, 0.6, 0.35], abs=0.01)
        (leaving,) = exportable.exportable_pairs(seeded.db)
        assert list(leaving.evidence.boxes[0]) == box
        assert pairs.pair_by_id(seeded.db, first).author_name == "ana"

        me.waits_for(pair_id=second)
        me.presses("r", "b")  # a quarter turn clockwise: the page's left edge is up
        image = me.root.locator("[data-stage] img").bounding_box()
        top = (image["x"] + 0.5 * image["width"], image["y"] + 0.2 * image["height"])
        drags(me, top, (image["x"] + 0.6 * image["width"], image["y"] + 0.4 * image["height"]))
        me.moves_on("a")
        me.waits_for(saved=2, unsaved=0)
        (turned,) = boxes_of(seeded, second)
        assert turned == pytest.approx([0.2, 0.4, 0.4, 0.5], abs=0.01)

        me.waits_for(pair_id=third)
        me.presses("b")
        me.page.wait_for_timeout(600)  # the words of the page come from the server
        me.page.keyboard.press("ArrowRight")
        me.page.keyboard.press("Shift+ArrowRight")
        expect(me.root.locator("rect.place.drawn")).to_have_count(1)
        me.page.keyboard.press("Escape")
        expect(me.root.locator("rect.place.drawn")).to_have_count(0)
        me.presses("b")
        me.page.keyboard.press("ArrowRight")
        me.page.keyboard.press("Space")
        me.moves_on("a")
        me.waits_for(saved=3, unsaved=0)
        (picked,) = boxes_of(seeded, third)
        read = words.words_of(seeded.db, pages.page_by_id(seeded.db, seeded.page_ids[0]))
        assert any(picked == pytest.approx(word.box, abs=0.001) for word in read)
        me.page.keyboard.press("u")
        me.waits_for(saved=4, pair_id=third, revision=3)
        assert boxes_of(seeded, third) != [picked]
        expect(me.root.locator("[data-drawn-note]")).to_be_visible()  # to be approved again, or discarded
        me.root.get_by_role("button", name="Discard").click()
        expect(me.root.locator("rect.place.drawn")).to_have_count(0)
        assert (me.foreign, me.errors) == ([], [])


def test_a_pair_that_the_model_missed_is_added_with_its_evidence_checked_as_one_types(browser, seeded):
    first = seeded.pair_ids[0]
    with running_app(seeded.root) as address:
        me = sits_down(browser, address, f"?pair={first}&reviewer=ana")
        me.waits_for(pair_id=first, state="ready")
        me.presses("m")
        me.waits_for(state="editing")
        expect(me.root.locator("[data-verdict]")).to_contain_text("as you type")
        me.page.keyboard.type("What is the torque of the flywheel bolt in part 1?")
        me.page.keyboard.press("Tab")
        me.page.keyboard.type("77 Nm")
        expect(me.root.locator("[data-verdict]")).to_contain_text("not found", timeout=10_000)
        me.page.reload()  # the unfinished pair is kept
        me.page.locator("[data-testid=review][data-state=ready]").wait_for(timeout=30_000)
        me.presses("m")
        expect(me.root.locator("[data-draft-notice]")).to_contain_text("unfinished text is back")
        me.root.locator("[data-edit-answer]").fill("11 Nm at the flywheel")
        expect(me.root.locator("[data-verdict]")).to_contain_text("stands on the page", timeout=10_000)
        me.root.locator("[data-do=fitPage]").click()
        me.root.locator("[data-draw-row] button").click()
        drags(me, on_page(me, 0.1, 0.26), on_page(me, 0.3, 0.31))
        me.shows("new_pair")
        me.page.keyboard.press("Control+Enter")
        me.waits_for(saved=1, unsaved=0, state="ready", pair_id=first)
        expect(me.root.locator("[data-chips] .chip")).to_have_count(7)
        new = listings_of_page(seeded)[-1]
        assert (new["status"], new["author"], new["answer"]) == ("approved", "reviewer", "11 Nm at the flywheel")
        assert new["evidence"]["boxes"][0] == pytest.approx([0.1, 0.26, 0.3, 0.31], abs=0.01)
        me.presses("u")
        me.waits_for(saved=2, pair_id=new["pair_id"])
        assert pairs.pair_by_id(seeded.db, new["pair_id"]).status == "pending"

        me.root.locator("[data-do=duplicate]").click()
        assert me.root.locator("[data-edit-answer]").input_value() == "11 Nm at the flywheel"
        me.root.locator("[data-draw-row] button").click()
        drags(me, on_page(me, 0.1, 0.26), on_page(me, 0.3, 0.31))
        me.page.keyboard.press("Control+Enter")  # the page has this very pair: refused, and the text is not lost
        expect(me.root.locator("[data-toast]")).to_contain_text("the page has this pair already", timeout=10_000)
        me.presses("m")
        assert me.root.locator("[data-edit-answer]").input_value() == "11 Nm at the flywheel"
        expect(me.root.locator("rect.place.drawn")).to_have_count(1)
        assert (me.foreign, me.errors) == ([], [])


def listings_of_page(seeded: Seeded) -> list[dict]:
    return [row for row in listings.pairs(seeded.db) if row["page_id"] == seeded.page_ids[0]]


def test_history_is_told_the_models_text_restored_and_a_draft_outlives_a_look_elsewhere(browser, seeded):
    first = seeded.pair_ids[0]
    with running_app(seeded.root) as address:
        me = sits_down(browser, address, f"?pair={first}&reviewer=ana")
        me.waits_for(pair_id=first, state="ready")
        me.presses("e")
        me.root.locator("[data-edit-answer]").fill("12 Nm")
        me.page.keyboard.press("Control+Enter")
        me.waits_for(saved=1, unsaved=0)
        me.page.goto(f"{address}/?pair={first}")
        me.waits_for(pair_id=first, state="ready", revision=2)
        me.presses("h")
        rows = me.root.locator("[data-history-rows] > li")
        expect(rows).to_have_count(3)
        expect(rows.nth(1)).to_contain_text("ana wrote revision 2")
        expect(rows.nth(1).locator("ins")).to_have_text("12")
        expect(rows.nth(2)).to_contain_text("ana edited and approved it")
        me.shows("history")
        me.page.keyboard.press("Escape")
        me.presses("c", "e")
        expect(me.root.locator("[data-diff] ins")).to_have_text("12")  # against the model's text, not the last one
        me.root.get_by_role("button", name="Restore the model text").click()
        assert me.root.locator("[data-edit-answer]").input_value() == "10 Nm"
        me.page.keyboard.type(", oiled")
        me.page.get_by_role("link", name="Pages").click()  # a look elsewhere, in the middle of a sentence
        me.page.locator(".page-card").first.wait_for(timeout=20_000)
        me.page.get_by_role("link", name="Review").click()
        me.waits_for(state="ready", pair_id=first)
        elsewhere = sits_down(browser, address, f"?pair={first}&reviewer=ana")  # another browser, the same reviewer
        elsewhere.waits_for(state="ready", pair_id=first)
        for screen in (elsewhere, me):
            screen.presses("c", "e")
            assert screen.root.locator("[data-edit-answer]").input_value() == "10 Nm, oiled"
        me.page.keyboard.press("Control+Enter")
        me.waits_for(unsaved=0, state="ready")
        assert pairs.pair_by_id(seeded.db, first).answer == "10 Nm, oiled"
        assert (me.foreign, me.errors) == ([], [])
