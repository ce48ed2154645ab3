"""Pairs of one manual that ask alike in other words: found by their vectors, else by their words; guards decide.

Only pairs that are new or changed since the last run are compared, each with the nearest of its manual. What has been
compared is stored block by block, so that a run that is stopped goes on from there.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from pipeline import embedder, meanings
from pipeline.checks.duplicates import DISTINCT, SUSPECTED_LIKENESS, Relation, compare, differ, normal_form
from pipeline.checks.guards import answer_guards, question_guards
from pipeline.checks.said import read
from pipeline.progress import Progress
from review_db import compared, duplicates, vectors
from review_db.compared import Standing
from review_db.connection import Database, immediate
from review_db.pairs import RESTORED, set_aside
from review_db.statuses import DuplicateRelation, PairStatus

RULES = "2"
"""Raised when other rules would find other links: all pairs are then compared again."""
NEAREST = 12
BLOCK = 200
COMMON_WORD = 400
"""A word that so many questions of a manual have in common proposes nothing."""
Candidate = tuple[int, float | None]


class Found(NamedTuple):
    """A relation between two pairs of different wording."""

    pair: Standing
    other: Standing
    relation: Relation


def link_new(db: Database, reason: str, progress: Progress) -> int:
    """Compare what is new or changed, link it, set duplicates aside for `reason`; the number of changes."""
    by_meaning = embedder.why_not() is None
    new = _new(db, by_meaning=by_meaning)
    if new and not (by_meaning and meanings.make(db, _texts(new), progress)):
        if not by_meaning:
            progress.note(embedder.LEXICAL_FALLBACK.format(embedder.why_not()))
        by_meaning, new = False, _new(db, by_meaning=False)
    changes = 0
    with progress.stage("alike", len(new)) as bar:
        for manual_id, group in groupby(sorted(new, key=lambda pair: pair.manual_id), lambda pair: pair.manual_id):
            members = list(group)
            search = _ByMeaning(db, manual_id, members) if by_meaning else _ByWords(db, manual_id)
            for start in range(0, len(members), BLOCK):
                block = members[start : start + BLOCK]
                found = list(_relations(db, block, search.candidates(block)))
                changes += _store(db, block, found, reason, rules(by_meaning=by_meaning))
                for pair in block:
                    bar.advance(pair.pair_id)
    return changes


def _new(db: Database, *, by_meaning: bool) -> list[Standing]:
    """What was not compared yet; where words are compared, what was compared by meaning need not be again."""
    accepted = {rules(by_meaning=True), rules(by_meaning=by_meaning)}
    return compared.uncompared(db, sorted(accepted))


def rules(*, by_meaning: bool) -> str:
    """The name under which a pair is noted as compared."""
    return f"{RULES}|{embedder.MODEL if by_meaning else 'words'}"


def _name(pair: Standing) -> str:
    return meanings.name_of(pair.question, pair.answer)


def _texts(pairs: Sequence[Standing]) -> dict[str, str]:
    return {_name(pair): f"{pair.question} {pair.answer}" for pair in pairs}


# ------------------------------------------------------------------ candidates


class _ByMeaning:
    """The nearest by the vectors of "question answer"."""

    def __init__(self, db: Database, manual_id: int, new: Sequence[Standing]) -> None:
        own = vectors.vectors_by_name(db, embedder.MODEL, map(_name, new))
        self._new = {pair.pair_key: own[_name(pair)] for pair in new}
        rows = dict(compared.vectors_of(db, manual_id, embedder.MODEL)) | self._new
        self._keys = list(rows)
        self._matrix = meanings.matrix(list(rows.values()))

    def candidates(self, block: Sequence[Standing]) -> list[list[Candidate]]:
        rows = meanings.matrix([self._new[pair.pair_key] for pair in block])
        near = meanings.neighbours(rows, self._matrix, SUSPECTED_LIKENESS, NEAREST + 1)
        return [[(self._keys[index], likeness) for index, likeness in each] for each in near]


class _ByWords:
    """Those that have most of the rarer things of the question in common."""

    def __init__(self, db: Database, manual_id: int) -> None:
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        for pair in compared.standing_of(db, manual_id):
            for thing in set(read(pair.question, question=True).content):
                self._places[thing].append(pair.pair_key)

    def candidates(self, block: Sequence[Standing]) -> list[list[Candidate]]:
        return [self._nearest(pair) for pair in block]

    def _nearest(self, pair: Standing) -> list[Candidate]:
        shared: Counter[int] = Counter()
        for thing in set(read(pair.question, question=True).content):
            if len(self._places[thing]) <= COMMON_WORD:
                shared.update(self._places[thing])
        return [(key, None) for key, _ in shared.most_common(NEAREST + 1)]


# ------------------------------------------------------------------ relations


def _relations(db: Database, block: Sequence[Standing], candidates: Sequence[list[Candidate]]) -> Iterator[Found]:
    """What the guards leave of the candidates; one question with two answers is the business of the stage itself."""
    others = compared.texts_of(db, {key for each in candidates for key, _ in each})
    seen: set[tuple[int, int]] = set()
    for pair, near in zip(block, candidates, strict=True):
        for key, likeness in near:
            ends = (min(key, pair.pair_key), max(key, pair.pair_key))
            other = others.get(key)
            if other is None or key == pair.pair_key or ends in seen:
                continue
            seen.add(ends)
            if normal_form(pair.question) != normal_form(other.question):
                relation = compare(pair.question, pair.answer, other.question, other.answer, likeness)
                if relation.relation != DISTINCT and not _is_sibling(pair, other, relation):
                    yield Found(pair, other, relation)


def _is_sibling(pair: Standing, other: Standing, relation: Relation) -> bool:
    """Whether two answers of one page only are two of its steps."""
    in_conflict = relation.relation == DuplicateRelation.CONFLICT and pair.page_id == other.page_id
    return in_conflict and not differ(pair.answer, other.answer)


def _store(db: Database, block: Sequence[Standing], found: Sequence[Found], reason: str, by_rules: str) -> int:
    changes = 0
    with immediate(db):
        for pair, other, relation in found:
            if (other.pair_id, str(relation.relation)) not in duplicates.links_of(db, pair.pair_key):
                duplicates.link(db, pair.pair_key, other.pair_key, relation.relation, relation.reasons)
                changes += 1
        compared.remember(db, [(pair.pair_key, pair.revision, by_rules, _name(pair)) for pair in block])
        for one in found:
            if one.relation.relation == DuplicateRelation.DUPLICATE:
                changes += set_one_aside(db, one, reason)
    return changes


def set_one_aside(db: Database, found: Found, reason: str) -> int:
    """Take the later of two duplicates out: never an approved one, nor one that differs from what was taken out before.

    Of A, B and C where A is like B and B like C, but a guard stands between A and C, one of the two stays.
    """
    kept, leaving = sorted(found[:2], key=lambda pair: (pair.status != PairStatus.APPROVED, pair.pair_key))
    now = compared.texts_of(db, [kept.pair_key, leaving.pair_key])
    if len(now) < 2 or leaving.status != PairStatus.PENDING or leaving.reason == RESTORED:
        return 0
    members = compared.set_aside_for(db, kept.pair_key) + compared.set_aside_for(db, leaving.pair_key)
    if any(_are_apart(member, end) for member in members for end in (kept, leaving)):
        return 0
    return set_aside(db, [leaving.pair_key], reason)


def _are_apart(one: Standing, other: Standing) -> bool:
    return bool(question_guards(one.question, other.question) or answer_guards(one.answer, other.answer))
