"""dedupe: link pairs that say the same, and pairs that give one question two answers.

Inputs: pairs that wait for review or are approved, and those that this stage set aside earlier, with the manual of
their page. Outputs: links (duplicate, suspected, conflict) with their reasons; of exact duplicates all but one leave
the queue as set_aside `duplicate_of`. Nothing is merged or deleted, and no link takes an approved pair out.

Rules:
- Only pairs of one manual are compared. Those that ask the same question up to notation are found by the normal form
  of the question; those that ask alike in other words by the vectors of "question answer" (all-MiniLM-L6-v2, kept in
  the database, made for new texts only), or, without embeddings, by their words: that is said once.
- Likeness only proposes: values, units, codes, sides, parts, jobs, steps, causes and a "not" keep pairs apart, and
  answers must agree (pipeline/checks/guards.py). Each link has its reasons.
- duplicate: the same up to notation, or almost the same words with nothing in between. An approved pair is kept before
  a pending one, an earlier before a later; a pair is set aside only where it is a duplicate of all that were set aside
  for the same pair.
- conflict: the same question with another value. suspected: asked alike and answered alike. Both stay in the queue. One
  page may well give a question several answers (steps, causes), so there only values conflict; and a question with
  more than 8 answers asks for no single fact.
- Only what is new, changed or back since the last run is compared, and what lost the pair it repeats; the normal forms
  of all questions are kept. A changed pair loses its links first.
- A pair that a person put back in the queue stays there. A pair set aside comes back when no pair that says the same
  is left in the queue, approved or rejected.
- The whole workspace is compared, whatever --section and --page name.

Failures: none of its own.
"""

from __future__ import annotations

import hashlib
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from pipeline import near_duplicates
from pipeline.checks.duplicates import compare_answers, differ, normal_form
from pipeline.progress import Progress
from pipeline.selection import Selection
from pipeline.settings import Settings
from pipeline.stage import StageSummary
from pipeline.workspace import Workspace
from review_db import compared, duplicates, normal_forms
from review_db.connection import Database, immediate
from review_db.normal_forms import REASON, Asked
from review_db.pairs import RESTORED, pair_by_id, restore, set_aside
from review_db.statuses import DuplicateRelation, PairStatus

MOST_ANSWERS = 8
BLOCK = 2_000
FORM_RULES = "1"
"""Raised when the normal form changes: all forms are then made anew."""


class Link(NamedTuple):
    """A relation to store; `other` is the pair that stays."""

    pair: Asked
    other: Asked
    relation: str
    reasons: tuple[str, ...]


def run(
    db: Database, workspace: Workspace, settings: Settings, selection: Selection, progress: Progress
) -> StageSummary:
    """Link the pairs of each manual that say the same or contradict each other, and count what changed."""
    summary, started = StageSummary("dedupe"), time.monotonic()
    compared.drop_outdated_links(db, near_duplicates.RULES)
    entries = _touched(db, progress)
    groups = _by_question(entries)
    links = [link for group in groups for link in _links(group)]
    fresh = [link for link in links if not _is_known(db, link)]
    aside = [link.pair.pair_key for link in links if _leaves(link)]
    back = [entry.pair_key for group in groups for entry in _alone(group) if not _is_held(db, entry)]
    with immediate(db), progress.stage("dedupe", len(fresh)) as bar:
        for link in fresh:
            duplicates.link(db, link.pair.pair_key, link.other.pair_key, link.relation, link.reasons)
            bar.advance(link.pair.pair_id)
        restore(db, back)
        compared.forget(db, back)
        summary.done = len(fresh) + set_aside(db, aside, REASON)
        normal_forms.mark_linked(db, [entry.pair_key for entry in entries])
    summary.done += near_duplicates.link_new(db, REASON, progress)
    summary.seconds = time.monotonic() - started
    return summary


def _touched(db: Database, progress: Progress) -> list[Asked]:
    """The pairs that ask what a new, changed, returned or orphaned pair asks; forms are kept block by block."""
    normal_forms.forget_absent(db)
    new = list(normal_forms.without_form(db, FORM_RULES))
    with progress.stage("same questions", len(new)) as bar:
        for start in range(0, len(new), BLOCK):
            block = new[start : start + BLOCK]
            normal_forms.store(
                db, FORM_RULES, [(key, revision, question_digest(asked)) for key, revision, asked in block]
            )
            for key, _, _ in block:
                bar.advance(str(key))
    return normal_forms.asking_the_same(db, normal_forms.to_look_at(db))


def question_digest(question: str) -> str:
    """The hash of the question's normal form, by which those that ask the same are found."""
    return hashlib.sha256(normal_form(question).encode()).hexdigest()


def _by_question(entries: Iterable[Asked]) -> list[list[Asked]]:
    """Entries of one manual that ask the same; a lone entry only where it waits for the return of its twin."""
    groups: defaultdict[tuple[int, str], list[Asked]] = defaultdict(list)
    for entry in entries:
        groups[entry.manual_id, entry.question_sha256].append(entry)
    return [group for group in groups.values() if len(group) > 1 or group[0].status == PairStatus.SET_ASIDE]


def _by_answer(group: Sequence[Asked]) -> list[list[Asked]]:
    """Entries that say the same, the one that stays first: approved, then pending, then the oldest."""
    same: defaultdict[str, list[Asked]] = defaultdict(list)
    for entry in group:
        same[normal_form(entry.answer)].append(entry)
    rank = (PairStatus.APPROVED, PairStatus.PENDING, PairStatus.SET_ASIDE)
    return [sorted(members, key=lambda e: (rank.index(PairStatus(e.status)), e.pair_key)) for members in same.values()]


def _links(group: Sequence[Asked]) -> Iterator[Link]:
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


def _alone(group: Sequence[Asked]) -> Iterator[Asked]:
    """Pairs set aside for a twin that is neither approved nor waiting any more: the first of each comes back."""
    for first, *_ in _by_answer(group):
        if first.status == PairStatus.SET_ASIDE:
            yield first


def _is_held(db: Database, entry: Asked) -> bool:
    """Whether a pair that says the same stands, or a person has rejected one."""
    twins = (
        pair_id
        for pair_id, relation in duplicates.links_of(db, entry.pair_key)
        if relation == DuplicateRelation.DUPLICATE
    )
    return any(pair_by_id(db, pair_id).status != PairStatus.SET_ASIDE for pair_id in twins)
