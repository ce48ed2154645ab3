"""The one interface behind which every engine that reads pages stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from review_db.records import CandidatePair, IndexRow, Page, PageClass, Word


@dataclass(frozen=True, slots=True)
class RejectedPair:
    """A pair that a reviewer threw out, and why."""

    question: str
    answer: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Feedback:
    """Why a page is read again: a reviewer's words, the pairs thrown out, and (question, answer) of those that stay."""

    reason: str | None = None
    comment: str | None = None
    rejected: tuple[RejectedPair, ...] = ()
    kept: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.reason or self.comment or self.rejected or self.kept)


@dataclass(frozen=True, slots=True)
class PageInput:
    """All that an engine may know of a page.

    `words` are in reading order; `codes` are the index rows of the section that cover the page; `previous`
    is the page before it in manual order; `image` is the stored upright image (None for an HTML spec sheet).
    `turns` clockwise quarter turns make the image readable; `again` says that a reply which was used or was of no use
    is not to be taken a second time, `feedback` what a reviewer said of the page's earlier pairs.
    """

    page: Page
    words: Sequence[Word]
    codes: tuple[IndexRow, ...] = ()
    previous: Page | None = None
    image: Path | None = None
    turns: int = 0
    again: bool = False
    feedback: Feedback | None = None


@dataclass(frozen=True, slots=True)
class Generation:
    """Pairs, best first, and where they come from; `note` says in plain words what was lost on the way."""

    pairs: tuple[CandidatePair, ...]
    model: str | None = None
    prompt_name: str | None = None
    prompt_sha256: str | None = None
    call_id: int | None = None
    note: str | None = None


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

    def generate(self, page: PageInput) -> Generation:
        """The pairs that the page supports, best first; none where there is nothing to ask."""
        ...
