"""The one interface behind which every engine that reads pages stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from review_db.records import CandidatePair, IndexRow, Page, PageClass, Word


@dataclass(frozen=True, slots=True)
class PageInput:
    """All that an engine may know of a page.

    `words` are in reading order; `codes` are the index rows of the section that cover the page; `previous`
    is the page before it in manual order; `image` is the stored upright image (None for an HTML spec sheet).
    """

    page: Page
    words: Sequence[Word]
    codes: tuple[IndexRow, ...] = ()
    previous: Page | None = None
    image: Path | None = None


class Engine(Protocol):
    """Reads a page: what it is, which index rows it lists, which question-answer pairs it holds.

    None of the three touches the database; each raises `pipeline.stage.UnitError` for an unreadable page.
    """

    @property
    def name(self) -> str:
        """Who wrote the pairs, as the listings say it (`offline`, `claude`)."""
        ...

    def classify(self, page: PageInput) -> PageClass:
        """What the page is, with a confidence from 0 to 1."""
        ...

    def read_index(self, page: PageInput) -> list[IndexRow]:
        """The rows of an index page, codes in full; empty for any other page."""
        ...

    def generate(self, page: PageInput) -> list[CandidatePair]:
        """The pairs that the page supports, best first; empty where there is nothing to ask."""
        ...
