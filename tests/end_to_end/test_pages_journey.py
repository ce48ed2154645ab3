"""A lead's way through the pages in a real browser: look around a pair, mend a page, check kinds, decide at once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from review_db import corrections, duplicates, listings, pages, pairs
from review_db.pages import page_by_id
from tests.app.seeded import Seeded, seeded_workspace
from tests.app.server import running_app
from tests.end_to_end.reviewer import Reviewer, sits_down
from tests.stored import a_pair

pytestmark = pytest.mark.browser


@pytest.fixture
def seeded(tmp_path: Path) -> Iterator[Seeded]:
    made = seeded_workspace(tmp_path, page_count=4, pairs_per_page=4)
    yield made
    made.db.close()


def statuses(seeded: Seeded) -> list[str]:
    return [row["status"] for row in listings.pairs(seeded.db)]


def opens(me: Reviewer, address: str, view: str) -> None:
    me.page.goto(f"{address}/{view}")
    me.page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(timeout=30_000)


def looks_around(me: Reviewer, seeded: Seeded, other: str) -> None:
    """The conflict with both crops and what differs, the page beside at full size, then on to the other pair."""
    me.presses("l")
    both = me.root.locator(".both.conflict")
    expect(both.locator("svg.crop rect.place")).to_have_count(1)  # the new pair has no evidence yet
    expect(both.locator("svg.crop image")).to_have_count(2)
    expect(both.locator("ins").first).to_be_visible()
    expect(me.root.locator("[data-context-says]")).to_contain_text("4 to decide of 4 pairs")
    me.shows("around")
    me.root.locator(".neighbour").first.click()
    expect(me.root.locator("[data-peek] svg image")).to_have_count(1)
    me.page.keyboard.press("Escape")
    expect(me.root.locator("[data-peek]")).to_be_hidden()
    both.get_by_role("button", name="Open:").click()
    me.waits_for(pair_id=other)
    me.presses("i")
    expect(me.root.locator("[data-guidelines-text] h3").first).to_have_text("What makes a pair good")
    me.page.keyboard.press("i")
    expect(me.root.locator("[data-overlay=guidelines]")).to_be_hidden()
    assert set(statuses(seeded)) == {"pending"}


def corrects_a_page(me: Reviewer, address: str, seeded: Seeded) -> None:
    page_id = seeded.page_ids[1]
    opens(me, address, "pages?section=33+Rear+axle")
    me.page.locator(f".page-card[data-page='{page_id}']").click()
    me.page.get_by_text("Correct this page").click()
    me.page.get_by_label("Its name").fill("Rear axle and final drive")
    me.page.get_by_role("button", name="Save the corrections").click()
    expect(me.page.get_by_text("Saved: section's name.")).to_be_visible(timeout=15_000)
    expect(me.page.get_by_role("button", name="Make its pairs again")).to_be_visible()
    expect(me.page.locator("table")).to_contain_text("Rear axle and final drive")
    me.shows("page_corrected")
    assert page_by_id(seeded.db, page_id).section_name == "Rear axle and final drive"
    assert corrections.corrections_of(seeded.db, page_id)[0].reviewer == "ana"


def checks_what_pages_are(me: Reviewer, address: str, seeded: Seeded) -> None:
    """Four presses as fast as a person can: each is stored, one of them a correction."""
    opens(me, address, "pages?check=1")
    shown = me.page.locator(".browser[data-page]")
    seen = []
    for key in ("Enter", "d", "Enter", "Enter"):
        expect(shown).not_to_have_attribute("data-page", seen[-1] if seen else "", timeout=15_000)
        seen.append(shown.get_attribute("data-page"))
        me.page.keyboard.press(key)
    expect(me.page.get_by_text("Every page of this round has been looked at.")).to_be_visible(timeout=15_000)
    expect(me.page.get_by_text("4 were looked at, 1 of them corrected")).to_be_visible(timeout=15_000)
    found = corrections.checked_by(seeded.db, seen)
    assert {page_id: changed for page_id, (_, changed) in found.items()} == {each: each == seen[1] for each in seen}


def decides_at_once(me: Reviewer, address: str, seeded: Seeded) -> None:
    opens(me, address, "bulk?section=21+Clutch")
    expect(me.page.locator(".sample svg.crop")).to_have_count(5)
    me.shows("bulk")
    me.page.get_by_role("button", name="Approve 5 pairs").click()
    undo = me.page.get_by_role("button", name="Undo bulk 1 (5 pairs)")
    expect(undo).to_be_visible(timeout=15_000)
    assert statuses(seeded).count("approved") == 5
    assert {event["reviewer"] for event in listings.events(seeded.db)} == {"ana"}
    undo.click()
    expect(me.page.get_by_text("5 back, 0 decided anew since")).to_be_visible(timeout=15_000)
    assert set(statuses(seeded)) == {"pending"}


def test_a_lead_looks_around_mends_a_page_checks_kinds_and_decides_at_once(browser, seeded):
    own = pairs.pair_by_id(seeded.db, seeded.pair_ids[0])
    other = a_pair(seeded.db, pages.page_by_id(seeded.db, seeded.page_ids[1]), own.question, "99 Nm")
    duplicates.link(seeded.db, own.pair_key, other.pair_key, "conflict", ["another number"])
    with running_app(seeded.root) as address:
        me = sits_down(browser, address, f"?reviewer=ana&pair={own.pair_id}")
        me.waits_for(state="ready", pair_id=own.pair_id)
        looks_around(me, seeded, other.pair_id)
        corrects_a_page(me, address, seeded)
        decides_at_once(me, address, seeded)
        checks_what_pages_are(me, address, seeded)
        assert me.errors == []
        assert me.foreign == []
