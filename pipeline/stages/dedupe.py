"""dedupe: link pairs that say the same, and pairs that give one question two answers.

Inputs: pairs that wait for review or are approved, and those that this stage set aside earlier, with the manual of
their page. Outputs: links (duplicate, suspected, conflict) with their reasons; of exact duplicates all but one leave
the queue as set_aside `duplicate_of`. Nothing is merged or deleted, and no link takes an approved pair out.

Rules:
- Only pairs of one manual are compared, and only those that ask the same question up to notation (found by the normal
  form of the question, not pair against pair).
- duplicate: question and answer are the same up to notation, units included. An approved pair is kept before a pending
  one, an earlier before a later; the others are linked to it.
- conflict: the same question with another value. suspected: one answer holds the other. Both stay in the queue. One
  page may well give a question several answers (steps, causes), so there only values conflict; and a question with
  more than 8 answers asks for no single fact.
- A pair that a person put back in the queue stays there. A pair set aside comes back when no pair that says the same
  is left in the queue, approved or rejected.
- The whole workspace is compared, whatever --section and --page name.

Failures: none of its own.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from pipeline.checks.duplicates import compare_answers, differ, normal_form
from pipeline.progress import Progress
from pipeline.selection import Selection
from pipeline.settings import Settings
from pipeline.stage import StageSummary
from pipeline.workspace import Workspace
from review_db import duplicates
from review_db.connection import Database, immediate
from review_db.exportable import exportable_pairs
from review_db.pages import page_by_id
from review_db.pairs import RESTORED, pair_by_id, pairs_by_key, restore, set_aside, set_aside_keys
from review_db.statuses import DuplicateRelation, PairStatus

REASON = "duplicate_of"
MOST_ANSWERS = 8


class Entry(NamedTuple):
    """A pair as this stage sees it."""

    pair_key: int
    pair_id: str
    page_id: str
    manual: str
    question: str
    answer: str
    status: str
    reason: str | None


class Link(NamedTuple):
    """A relation to store; `other` is the pair that stays."""

    pair: Entry
    other: Entry
    relation: str
    reasons: tuple[str, ...]


def run(
    db: Database, workspace: Workspace, settings: Settings, selection: Selection, progress: Progress
) -> StageSummary:
    """Link the pairs of each manual that say the same or contradict each other, and count what changed."""
    summary, started = StageSummary("dedupe"), time.monotonic()
    groups = _by_question(_entries(db))
    links = [link for group in groups for link in _links(group)]
    fresh = [link for link in links if not _is_known(db, link)]
    aside = [link.pair.pair_key for link in links if _leaves(link)]
    back = [entry.pair_key for group in groups for entry in _alone(group) if not _was_rejected(db, entry)]
    with immediate(db), progress.stage("dedupe", len(fresh)) as bar:
        for link in fresh:
            duplicates.link(db, link.pair.pair_key, link.other.pair_key, link.relation, link.reasons)
            bar.advance(link.pair.pair_id)
        restore(db, back)
        summary.done = len(fresh) + set_aside(db, aside, REASON)
    summary.seconds = time.monotonic() - started
    return summary


def _entries(db: Database) -> Iterator[Entry]:
    for pair in exportable_pairs(db, include="all"):
        page = pair.page
        yield Entry(
            pair.pair_key, pair.pair_id, page.page_id, page.manual, pair.question, pair.answer, pair.status, pair.reason
        )
    keys = set_aside_keys(db, REASON)
    for start in range(0, len(keys), 500):
        for aside in pairs_by_key(db, keys[start : start + 500]):
            manual = page_by_id(db, aside.page_id).manual
            yield Entry(
                aside.pair_key,
                aside.pair_id,
                aside.page_id,
                manual,
                aside.question,
                aside.answer,
                aside.status,
                aside.reason,
            )


def _by_question(entries: Iterable[Entry]) -> list[list[Entry]]:
    """Entries of one manual that ask the same; a lone entry only where it waits for the return of its twin."""
    groups: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[entry.manual, normal_form(entry.question)].append(entry)
    return [group for group in groups.values() if len(group) > 1 or group[0].status == PairStatus.SET_ASIDE]


def _by_answer(group: Sequence[Entry]) -> list[list[Entry]]:
    """Entries that say the same, the one that stays first: approved, then pending, then the oldest."""
    same: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in group:
        same[normal_form(entry.answer)].append(entry)
    rank = (PairStatus.APPROVED, PairStatus.PENDING, PairStatus.SET_ASIDE)
    return [sorted(members, key=lambda e: (rank.index(PairStatus(e.status)), e.pair_key)) for members in same.values()]


def _links(group: Sequence[Entry]) -> Iterator[Link]:
    answers = _by_answer(group)
    for first, *others in answers:
        for other in others:
            yield Link(other, first, *compare_answers(other.answer, first.answer))
    if len(answers) > MOST_ANSWERS:
        return
    for one, other in combinations([members[0] for members in answers], 2):
        relation, reasons = compare_answers(one.answer, other.answer)
        if relation != DuplicateRelation.CONFLICT or one.page_id != other.page_id or differ(one.answer, other.answer):
            yield Link(other, one, relation, reasons)


def _leaves(link: Link) -> bool:
    """Whether the later pair of a link leaves the queue."""
    waits = link.pair.status == PairStatus.PENDING and link.pair.reason != RESTORED
    return waits and link.relation == DuplicateRelation.DUPLICATE


def _is_known(db: Database, link: Link) -> bool:
    return (link.other.pair_id, link.relation) in duplicates.links_of(db, link.pair.pair_key)


def _alone(group: Sequence[Entry]) -> Iterator[Entry]:
    """Pairs set aside for a twin that is neither approved nor waiting any more: the first of each comes back."""
    for first, *_ in _by_answer(group):
        if first.status == PairStatus.SET_ASIDE:
            yield first


def _was_rejected(db: Database, entry: Entry) -> bool:
    """Whether a person has rejected a pair that says the same."""
    twins = (
        pair_id
        for pair_id, relation in duplicates.links_of(db, entry.pair_key)
        if relation == DuplicateRelation.DUPLICATE
    )
    return any(pair_by_id(db, pair_id).status == PairStatus.REJECTED for pair_id in twins)
