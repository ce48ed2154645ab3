"""Take up the pairs of a release with their decisions: in another workspace, the same ids, texts, reviewers, splits."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from exports.decided import DecidedPair
from pipeline.importing import ROWS_AT_ONCE, ImportSummary, Records, check_new, store_records
from pipeline.progress import Progress
from pipeline.settings import Settings
from pipeline.workspace import Workspace
from review_db.connection import Database
from review_db.decisions import apply_decisions
from review_db.exportable import save_groups, split_groups
from review_db.pairs import pairs_by_key
from review_db.records import DecisionRequest, Evidence, Finding, Pair


class Approvals(NamedTuple):
    """How many decisions were taken up, and which were not and why (pair_id, reason)."""

    taken: int
    refused: list[tuple[str, str]]


def restore(
    db: Database,
    workspace: Workspace,
    settings: Settings,
    folder: Path,
    origin: str,
    pairs: Sequence[DecidedPair],
    progress: Progress,
    *,
    later: bool,
) -> tuple[ImportSummary, Approvals]:
    """Store the pairs of a release folder and decide them as they were decided there; again changes nothing.

    `origin` tells this release from all others. A pair that somebody here has decided keeps that decision; a page that
    has a split here keeps it.
    """
    lines = ((number, pair.line) for number, pair in enumerate(pairs, 1))
    records = Records(folder.name, len(pairs), lines, folder, keep_ids=True)
    summary = store_records(db, workspace, settings, records, progress)
    approvals = _approve(db, origin, pairs, summary)
    _keep_splits(db, pairs, summary)
    check_new(db, workspace, settings, summary, progress, later=later)
    return summary, approvals


def _approve(db: Database, origin: str, pairs: Iterable[DecidedPair], summary: ImportSummary) -> Approvals:
    """Decide in the order of the first decisions."""
    decided = sorted((pair for pair in pairs if pair.reviewer and pair.pair_id in summary.keys), key=lambda p: p.seq)
    taken, refused = 0, []
    waiting = iter(decided)
    while some := list(islice(waiting, ROWS_AT_ONCE)):
        here = _pairs_here(db, some, summary)
        results = apply_decisions(db, [_request(origin, pair, here[pair.pair_id]) for pair in some], _unchecked)
        taken += sum(result.ok and not result.repeated for result in results)
        refused += [
            (pair.pair_id, result.message or str(result.error))
            for pair, result in zip(some, results, strict=True)
            if not result.ok
        ]
    return Approvals(taken, refused)


def _pairs_here(db: Database, some: Iterable[DecidedPair], summary: ImportSummary) -> dict[str, Pair]:
    """pair_id in the release -> the pair in this workspace."""
    keys = {pair.pair_id: summary.keys[pair.pair_id] for pair in some}
    found = {pair.pair_key: pair for pair in pairs_by_key(db, list(keys.values()))}
    return {pair_id: found[key] for pair_id, key in keys.items()}


def _request(origin: str, decided: DecidedPair, here: Pair) -> DecisionRequest:
    decision_id = hashlib.sha256(f"{origin}\n{decided.pair_id}".encode()).hexdigest()[:32]
    question, answer, kind = decided.edited or (None, None, None)
    return DecisionRequest(
        decision_id,
        decided.verdict,
        str(decided.reviewer),
        pair_id=here.pair_id,
        revision=here.revision,
        question=question,
        answer=answer,
        question_type=kind,
        boxes=decided.boxes,
    )


def _unchecked(*_: object) -> Finding:
    """No text is new to these decisions: the checks read all pairs afterwards."""
    return Finding(Evidence("not_checkable"))


def _keep_splits(db: Database, pairs: Iterable[DecidedPair], summary: ImportSummary) -> None:
    known = split_groups(db)
    wanted = dict(_splits_of_pages(db, [pair for pair in pairs if pair.pair_id in summary.keys], summary))
    save_groups(db, {page: placed for page, placed in wanted.items() if page not in known})


def _splits_of_pages(
    db: Database, pairs: Sequence[DecidedPair], summary: ImportSummary
) -> Iterator[tuple[str, tuple[str, str]]]:
    waiting = iter(pairs)
    while some := list(islice(waiting, ROWS_AT_ONCE)):
        here = _pairs_here(db, some, summary)
        yield from ((here[pair.pair_id].page_id, (pair.group, pair.split)) for pair in some)
