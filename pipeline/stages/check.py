"""check: compare every new text of a pair with the words of its page.

Inputs: pairs whose newest text this version of the checks has not seen, whoever wrote it (engine, import, reviewer),
and the words of their page (prepare). Unit: one page with all such pairs.

Outputs: for each text an evidence check (verdict, quote, boxes, tokens that the page does not say), warnings, and a
first risk; they take the place of what an earlier version of the checks said.

Rules:
- Numbers, units, codes and sides must stand on the page exactly, up to notation (0.5, .5 and 0,5; N·m and Nm); words
  may differ by a letter or two. Repeated values are told apart by the question's words.
- `supported`: every number, unit, code and side of the answer stands in the place that the question asks about.
  `partly`: some do not. `unsupported`: nothing of the answer is there. `not_checkable`: the page has no words.
- A page without an image (HTML sheet, text page) gives a quote and no boxes.
- What a person decided is checked like the rest and never changed.

Failures: none of its own. A page that was not read gives not_checkable; once it is read its pairs are due again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby

from pipeline.checks import CHECKER, examine
from pipeline.selection import Selection
from pipeline.settings import Settings
from pipeline.stage import Stage
from pipeline.workspace import Workspace
from review_db.connection import Database
from review_db.pages import page_by_id
from review_db.pairs import pairs_to_check, save_finding
from review_db.records import Finding, Page, Pair, Word
from review_db.words import words_of

NAME = "check"


@dataclass(frozen=True, slots=True)
class PageOfPairs:
    """A page, its pairs that are due, whether it was read, and the way to its words.

    The words are fetched when the page's turn comes, so that a thousand pages do not wait in memory; one page is in
    work at a time, in the driver's own thread.
    """

    page: Page
    pairs: tuple[Pair, ...]
    is_read: bool
    words: Callable[[], Sequence[Word]]

    @property
    def checker(self) -> str:
        """Under which name the findings are stored; those of a page without words are no answer yet."""
        return CHECKER if self.is_read else f"{CHECKER} without words"


def stage(
    db: Database, workspace: Workspace, settings: Settings, selection: Selection
) -> Stage[PageOfPairs, list[Finding]]:
    """The stage over the pages that have texts to check."""
    return Stage(
        name=NAME,
        select=lambda: _units(db, selection),
        name_of=lambda unit: unit.page.page_id,
        fingerprint=_fingerprint,
        work=_findings,
        save=_save,
    )


def _units(db: Database, selection: Selection) -> Iterator[PageOfPairs]:
    for page_id, pairs in groupby(pairs_to_check(db, CHECKER), key=lambda pair: pair.page_id):
        waiting = tuple(pairs)
        if selection.matches(page_id, waiting[0].source):
            page = page_by_id(db, page_id)
            yield PageOfPairs(page, waiting, bool(words_of(db, page)), partial(words_of, db, page))


def _fingerprint(unit: PageOfPairs) -> str:
    """Changes with the texts, with the checks and when the page gets words, or is read turned another way."""
    texts = ",".join(f"{pair.pair_key}.{pair.revision}" for pair in unit.pairs)
    page = f"{unit.page.image_sha256}|{unit.page.rotation}"
    return hashlib.sha256(f"{unit.checker}|{page}|{texts}".encode()).hexdigest()[:32]


def _findings(unit: PageOfPairs) -> list[Finding]:
    words = unit.words()
    return [examine(unit.page.kind, words, pair.question, pair.answer, pair.question_type) for pair in unit.pairs]


def _save(db: Database, unit: PageOfPairs, findings: list[Finding]) -> None:
    for pair, finding in zip(unit.pairs, findings, strict=True):
        save_finding(db, pair.pair_key, pair.revision, finding, unit.checker)
