"""Forty decisions as they come in a working day: edits, undo, a colleague in between, a new pair, a page made again."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from review_db import listings, pairs
from review_db.connection import Database, open_review_db
from tests.app.server import running_app
from tests.doubles.claude import answers
from tests.doubles.claude.server import KEY, ClaudeDouble
from tests.end_to_end.reviewer import Reviewer, sits_down
from tests.sample_run import copy_of
from tests.stored import decide

pytestmark = pytest.mark.browser
DECISIONS = 40


@pytest.fixture
def root(sample_workspace: Path, tmp_path: Path) -> Path:
    """The sample, read by the pipeline, to decide in."""
    return copy_of(sample_workspace, tmp_path / "workspace")


@pytest.fixture
def db(root: Path) -> Iterator[Database]:
    opened = open_review_db(root / "review_db" / "review.sqlite")
    yield opened
    opened.close()


@pytest.fixture
def claude(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Claude's double, which the app's workers ask."""
    double = ClaudeDouble(tmp_path / "bill.jsonl", answers.answer)
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    monkeypatch.setenv("ANTHROPIC_BASE_URL", double.url)
    with double.running():
        yield


class Day:
    """One reviewer's day, with a note of every key that decided something, in order."""

    def __init__(self, me: Reviewer, db: Database) -> None:
        self.me, self.db = me, db
        self.made: list[tuple[str, str]] = []

    def decides(self, verdict: str, *keys: str) -> str:
        pair = self.me.moves_on(*keys)
        self.made.append((pair, verdict))
        return pair

    def edits(self) -> None:
        pair = self.me.seen("pair-id")
        self.me.presses("e")
        self.me.waits_for(state="editing")
        answer = self.me.root.locator("[data-edit-answer]").input_value()
        self.me.root.locator("[data-edit-answer]").fill(f"{answer}, in one go")
        self.me.page.keyboard.press("Control+Enter")
        self.me.waits_for(state="ready")
        expect(self.me.root).not_to_have_attribute("data-pair-id", pair)
        self.made.append((pair, "edit"))

    def takes_back(self, pair: str) -> None:
        self.me.page.keyboard.press("u")
        self.me.waits_for(pair_id=pair, state="ready")
        self.made.append((pair, "undo"))

    def comes_second(self) -> None:
        """A colleague decides what is on the screen; this reviewer sees both and decides again."""
        self.me.waits_for(unsaved=0)
        pair = self.me.seen("pair-id")
        theirs = decide(self.db, pair, "reject", reviewer="ben", revision=1, reason="wrong_unit")
        assert theirs.ok
        self.me.presses("a")
        self.me.waits_for(state="conflict")
        self.me.presses("d")
        self.me.waits_for(state="ready", pair_id=pair)
        self.decides("approve", "a")

    def adds_a_pair(self) -> None:
        self.me.presses("m")
        self.me.waits_for(state="editing")
        self.me.page.keyboard.type("Which part is named first on this page?")
        self.me.page.keyboard.press("Tab")
        self.me.page.keyboard.type("The one at the top")
        self.me.page.keyboard.press("Control+Enter")
        self.me.waits_for(state="ready", unsaved=0)
        (new,) = [row["pair_id"] for row in listings.pairs(self.db) if row["author"] == "reviewer" and
                  row["question"].startswith("Which part")]  # fmt: skip
        self.made.append((new, "edit"))

    def has_the_page_made_again(self) -> str:
        page = pairs.pair_by_id(self.db, self.me.seen("pair-id")).page_id
        self.me.presses("g")
        expect(self.me.root.locator("[data-regenerate]")).to_be_visible()
        self.me.page.keyboard.press("4")
        self.me.page.keyboard.press("Control+Enter")
        self.me.waits_for(regeneration="done", unsaved=0)
        return page


def test_forty_decisions_with_all_that_comes_in_between_are_stored_as_they_were_made(browser, root, db, claude):
    with running_app(root) as address:
        me = sits_down(browser, address, "?reviewer=ana")
        me.waits_for(state="ready")
        day = Day(me, db)
        for _ in range(3):
            day.decides("approve", "a")
            day.decides("reject", "x", "2")
            day.edits()
        steps = [day.decides("approve", "a") for _ in range(3)]
        for pair in reversed(steps):
            day.takes_back(pair)
        day.comes_second()
        day.adds_a_pair()
        page = day.has_the_page_made_again()
        new = [pair for pair in pairs.pairs_of_page(db, page) if pair.engine.startswith("claude")]
        assert new
        me.page.goto(f"{address}/?pair={new[0].pair_id}")
        me.waits_for(state="ready", pair_id=new[0].pair_id)
        while len(day.made) < DECISIONS:
            day.decides("approve", "a")
        me.waits_for(unsaved=0)
        assert me.errors == []
    stored = [event for event in listings.events(db) if event["reviewer"] == "ana"]
    assert [(event["pair_id"], event["verdict"]) for event in stored] == day.made
    assert new[0].pair_id in dict(day.made)
    assert set(Counter(event["decision_id"] for event in stored).values()) == {1}
