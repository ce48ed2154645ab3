"""The pages view's list: every page with its pairs counted, narrowed by filters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from review_db import funnel, pages
from review_db.connection import Database
from review_db.records import Page
from review_db.statuses import PairStatus

EVERYTHING = "All"
STATES = (EVERYTHING, "With pairs to decide", "Page done", "Without pairs", "Not usable")


@dataclass(frozen=True, slots=True)
class ListedPage:
    """A page and how many of its pairs stand where."""

    page: Page
    counts: dict[str, int]

    @property
    def proposed(self) -> int:
        """Pairs of any status."""
        return sum(self.counts.values())

    @property
    def states(self) -> set[str]:
        """Those of STATES that it is in."""
        unusable = self.page.status != "ok" or self.page.duplicate_of is not None
        waiting = self.counts["pending"] > 0
        truths = (True, waiting, not waiting and self.proposed > 0, self.proposed == 0, unusable)
        return {state for state, is_true in zip(STATES, truths, strict=True) if is_true}

    @property
    def title(self) -> str:
        """What the page calls itself, else its id."""
        return self.page.title or self.page.page_id

    @property
    def where(self) -> str:
        """Its file, and its place in a PDF."""
        number = f", page {self.page.page_number}" if self.page.page_number else ""
        return self.page.source + number

    @property
    def note(self) -> str:
        """Why the page yields nothing, in a word or two; empty for an ordinary page."""
        if self.page.duplicate_of:
            return f"same as {self.page.duplicate_of}"
        return "" if self.page.status == "ok" else (self.page.reason or self.page.status)


@dataclass(frozen=True, slots=True)
class PageFilter:
    """What the list is narrowed to; EVERYTHING stands for no narrowing."""

    section: str = EVERYTHING
    kind: str = EVERYTHING
    state: str = EVERYTHING
    text: str = ""

    def takes(self, listed: ListedPage) -> bool:
        """Whether the page is in the list; every word of the text stands in its title, file, section or id."""
        page = listed.page
        searched = " ".join([listed.title, page.source, page.section_name, page.page_id]).lower()
        return (
            self.section in (EVERYTHING, section_of(page))
            and self.kind in (EVERYTHING, page.content_type)
            and self.state in listed.states
            and all(word in searched for word in self.text.lower().split())
        )


def listed_pages(db: Database) -> list[ListedPage]:
    """Every page in manual order."""
    counts = funnel.pair_counts_by_page(db)
    nothing = {status.value: 0 for status in PairStatus}
    return [ListedPage(page, {**nothing, **counts.get(page.page_id, {})}) for page in pages.current_pages(db)]


def section_of(page: Page) -> str:
    """A section as the filter names it."""
    return " ".join(part for part in (page.section_id, page.section_name) if part) or "No section"


def sections(listed: Sequence[ListedPage]) -> list[str]:
    """The sections in manual order, after the word for all of them."""
    return [EVERYTHING, *dict.fromkeys(section_of(each.page) for each in listed)]


def kinds(listed: Sequence[ListedPage]) -> list[str]:
    """The kinds of page that occur, after the word for all of them."""
    return [EVERYTHING, *sorted(_kinds(listed))]


def _kinds(listed: Sequence[ListedPage]) -> Iterator[str]:
    yield from {each.page.content_type for each in listed if each.page.content_type}
