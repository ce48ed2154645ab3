"""Two reviewers choose what comes next: orders, filters, search, links, leases, second opinions, keys of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from review_db import assignments, listings, pairs
from tests.app.seeded import Seeded, seeded_workspace
from tests.app.server import running_app
from tests.end_to_end.reviewer import Reviewer, sits_down
from tests.stored import decide

pytestmark = pytest.mark.browser


@pytest.fixture
def seeded(tmp_path: Path) -> Iterator[Seeded]:
    made = seeded_workspace(tmp_path, page_count=6, pairs_per_page=4)
    yield made
    made.db.close()


def chip(me: Reviewer):
    return me.root.locator("[data-queue-says]")


def test_orders_filters_search_and_back_lead_through_the_queue_and_links_bring_them_back(browser, seeded):
    with running_app(seeded.root) as address:
        me = sits_down(browser, address, "?reviewer=ana")
        me.waits_for(state="ready")
        expect(chip(me)).to_have_text("Risk · 25 left")

        me.presses("q")
        expect(me.root.locator("[data-orders] em").first).to_have_text("25")
        me.root.locator("select[name=section]").select_option("33")
        expect(me.root.locator("[data-choices-go]")).to_have_text("Review these (8)")
        me.shows("queue_choices")
        me.root.locator("[data-choices-go]").press("Enter")
        expect(chip(me)).to_have_text("Risk · 33 Rear axle · 8 left")
        first = me.seen("pair-id")
        assert (first or "")[:2] == "33"
        assert "section=33" in me.page.url
        me.moves_on("a")
        expect(chip(me)).to_have_text("Risk · 33 Rear axle · 7 left")
        assert {(me.seen("pair-id") or "")[:2]} == {"33"}

        me.page.keyboard.press("u")
        expect(chip(me)).to_have_text("Risk · 33 Rear axle · 8 left")
        me.waits_for(saved=2, pair_id=first)
        me.moves_on("a")

        me.presses("q", "2")  # page order, the section stays
        expect(chip(me)).to_contain_text("Page order · 33 Rear axle")
        me.page.go_back()
        expect(chip(me)).to_contain_text("Risk · 33 Rear axle")
        me.page.reload()
        me.page.locator("[data-testid=review][data-state=ready]").wait_for(timeout=30_000)
        expect(chip(me)).to_contain_text("Risk · 33")
        me.page.go_back()
        expect(chip(me)).to_contain_text("Risk · 24 left")
        assert "section" not in me.page.url

        me.presses("/")
        me.page.keyboard.type("crc drain plug", delay=20)  # Streamlit's C and R stay letters
        expect(me.root.locator("[data-search]")).to_have_value("crc drain plug")
        expect(me.root.locator("[data-search-says]")).to_have_text("Nothing found.")
        me.root.locator("[data-search]").fill("drain plug part 5")
        expect(me.root.locator("[data-search-says]")).to_have_text("1 found")
        me.shows("queue_search")
        me.page.keyboard.press("Enter")
        me.waits_for(pair_id="33-05-q04")
        me.presses("/")
        me.root.locator("[data-search]").fill("drain plug")
        expect(me.root.locator("[data-search-results] [role=option]")).to_have_count(7)
        me.page.keyboard.press("ArrowUp")
        me.page.keyboard.press("Enter")
        expect(chip(me)).to_have_text("Risk · “drain plug” · 6 left")
        assert {(me.seen("pair-id") or "")[-3:]} == {"q04"}
        assert "q=drain+plug" in me.page.url
        assert (me.errors, me.foreign) == ([], [])


def test_a_page_is_one_reviewers_at_a_time_and_a_change_by_another_is_told_before_the_press(browser, seeded):
    with running_app(seeded.root) as address:
        ana = sits_down(browser, address, "?reviewer=ana&order=page")
        ana.waits_for(state="ready", pair_id="21-01-q01")
        bo = sits_down(browser, address, "?reviewer=bo&order=page")
        bo.waits_for(state="ready")
        assert not (bo.seen("pair-id") or "").startswith("21-01")
        bo.page.goto(f"{address}/?reviewer=bo&order=page&pair=21-01-q01")
        bo.waits_for(state="ready", pair_id="21-01-q01")
        expect(bo.root.locator(".note.held")).to_have_text("ana has this page open")
        bo.moves_on("a")
        bo.waits_for(saved=1)

        ana.page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")  # the tab is looked at again
        notice = ana.root.locator("[data-changed]")
        expect(notice).to_contain_text("The pair is now approved, changed by bo.")
        ana.shows("queue_changed")
        notice.get_by_role("button").click()
        expect(ana.root.locator("[data-decided]")).to_contain_text("Approved by bo")
        expect(notice).to_be_hidden()

        pages = []
        for _ in range(3):  # the heads of the next pages are at hand: N needs no answer
            ana.presses("n")
            pages.append((ana.seen("pair-id") or "").rsplit("-", 1)[0])
        assert len(set(pages)) == 3
        assert (ana.errors, bo.errors) == ([], [])


def test_second_opinions_are_blind_mine_open_as_decided_and_work_is_shared_out(browser, seeded):
    decide(seeded.db, "21-01-q01", "reject", revision=1, reviewer="bo", reason="trivial")
    with running_app(seeded.root) as address:
        me = sits_down(browser, address, "?reviewer=ana&order=second")
        me.waits_for(state="ready", pair_id="21-01-q01")
        expect(me.root.locator("[data-decided]")).to_be_hidden()
        assert "bo" not in me.root.locator("[data-card]").inner_text().split()
        expect(me.root.locator("[data-chips] .chip.rejected")).to_have_count(0)
        me.presses("h")
        expect(me.root.locator("[data-toast]")).to_contain_text("Hidden until you have given your opinion")
        me.presses("a")
        me.waits_for(state="empty", saved=1)
        expect(me.root.locator("[data-toast]")).to_have_text("You differ: bo rejected it: trivial")
        expect(me.root.locator("[data-empty]")).to_contain_text("Nothing waits under “Second opinion”")
        assert pairs.pair_by_id(seeded.db, "21-01-q01").decided_by == "bo"
        assert sum(1 for _ in listings.events(seeded.db)) == 1
        me.root.get_by_role("button", name="Everything, by risk").click()
        me.waits_for(state="ready")

        decided = me.moves_on("a")
        me.waits_for(saved=2)
        me.presses("q", "6")
        me.waits_for(pair_id=decided)
        expect(me.root.locator("[data-decided]")).to_contain_text("Approved by ana")

        me.presses("q")
        me.root.locator("select[name=section]").select_option("33")
        me.root.locator("[data-share-name]").fill("cy")
        me.root.locator("[data-share-go]").click()
        expect(me.root.locator("[data-shares]")).to_contain_text("cy")
        expect(me.root.locator("[data-shares] .part")).to_contain_text("33 Rear axle (8)")
        (given,) = assignments.active(seeded.db)
        assert (given.reviewer, given.filters, given.assigned_by) == ("cy", {"section": "33"}, "ana")
        me.shows("queue_shared")
        cy = sits_down(browser, address, "?reviewer=cy&order=assigned")
        cy.waits_for(state="ready")
        assert (cy.seen("pair-id") or "").startswith("33")
        assert (me.errors, cy.errors) == ([], [])


def test_keys_are_a_reviewers_own_and_kept_in_the_browser(browser, seeded):
    with running_app(seeded.root) as address:
        me = sits_down(browser, address, "?reviewer=ana")
        me.waits_for(state="ready")
        says = me.root.locator("[data-keys-says]")
        me.presses("?")
        me.root.locator("[data-remap=approve]").click()
        me.page.keyboard.press("5")
        expect(says).to_contain_text("cannot be used")
        me.page.keyboard.press("c")
        expect(says).to_contain_text("C is “Change a decision")
        me.shows("queue_keys")
        me.page.keyboard.press("c")
        expect(says).to_contain_text("C is now “Approve”")
        me.page.keyboard.press("Escape")
        expect(me.root.locator("[data-actions] [data-do=approve] kbd")).to_have_text("C")
        before = me.seen("pair-id")
        me.presses("a")
        expect(me.root.locator("[data-toast]")).to_contain_text("still to decide")
        me.waits_for(pair_id=before, saved=0)
        me.moves_on("c")
        me.waits_for(saved=1)
        me.page.reload()
        me.page.locator("[data-testid=review][data-state=ready]").wait_for(timeout=30_000)
        me.moves_on("c")
        me.waits_for(saved=1)
        me.presses("?")
        me.root.locator("[data-reset-keys]").click()
        me.page.keyboard.press("Escape")
        me.moves_on("a")
        expect(me.page.get_by_text("Clear caches")).to_have_count(0)
        assert me.errors == []
