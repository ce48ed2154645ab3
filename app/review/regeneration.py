"""How the regeneration of a page stands, and what it changed: old and new pairs paired by likeness."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rapidfuzz import fuzz

from review_db import jobs, pairs, runs, stage_outcomes
from review_db.connection import Database
from review_db.records import Job, Pair
from review_db.statuses import JobState, PairStatus

Bundle = dict[str, Any]
KIND = "regenerate"
GENERATES = "generate-qa"
ALIKE = 45.0
"""Likeness (0 to 100) from which an old and a new pair are shown as two versions of one."""
KEPT = frozenset({PairStatus.APPROVED, PairStatus.REJECTED})


def job_bundle(db: Database, page_id: str) -> Bundle | None:
    """The page's last regeneration: waits, runs, done or failed and why; None when there was none."""
    job = jobs.newest_of_page(db, KIND, page_id)
    if job is None:
        return None
    reason = _failure(db, job, page_id)
    return {
        "id": job.job_id,
        "page": page_id,
        "state": JobState.FAILED.value if reason else job.state,
        "doing": job.message if job.state == JobState.RUNNING else None,
        "why": reason,
        "by": job.requested_by,
        "at": job.finished_at or job.created_at,
        "stops": job.cancel_asked,
    } | _counts(db, job, page_id)


def _failure(db: Database, job: Job, page_id: str) -> str | None:
    """Why it came to nothing: the job failed, or it ended without its one page."""
    if job.state == JobState.FAILED:
        return job.message or "the worker said nothing"
    made = (job.result or {}).get(GENERATES)
    if job.state != JobState.DONE or not isinstance(made, dict):
        return None
    if made.get("failed"):
        failed = stage_outcomes.failed_units(db)
        reasons = (why for stage, unit, why in failed if (stage, unit) == (GENERATES, page_id))
        return next(reasons, "the page could not be read")
    return None if made.get("done") else "a page of this kind yields no pairs; correct what it shows"


def _counts(db: Database, job: Job, page_id: str) -> Bundle:
    if job.state != JobState.DONE:
        return {}
    old, new = runs.changes_of_page(db, page_id, job.created_at, job.finished_at)
    return {"old": len(old), "new": len(new)}


def comparison_bundle(db: Database, page_id: str) -> Bundle | None:
    """What the last finished regeneration of a page changed; None when none has finished.

    `rows` are [old or None, new or None], the pairs that stay are listed under `kept`, and `same` counts the pending
    ones that were proposed again word by word.
    """
    job = jobs.newest_of_page(db, KIND, page_id)
    if job is None or job.state != JobState.DONE:
        return None
    old_keys, new_keys = runs.changes_of_page(db, page_id, job.created_at, job.finished_at)
    old, new = pairs.pairs_by_key(db, old_keys), pairs.pairs_by_key(db, new_keys)
    changed = {*old_keys, *new_keys}
    others = [pair for pair in pairs.pairs_of_page(db, page_id) if pair.pair_key not in changed]
    return {
        "page": page_id,
        "job": job.job_id,
        "rows": [[_short(a), _short(b)] for a, b in matched(old, new)],
        "kept": [_short(pair) for pair in others if pair.status in KEPT or pair.author == "reviewer"],
        "same": sum(pair.status == PairStatus.PENDING and pair.author != "reviewer" for pair in others),
    }


def matched(old: Sequence[Pair], new: Sequence[Pair]) -> list[tuple[Pair | None, Pair | None]]:
    """Old and new pairs side by side, the most alike taken first; what has no partner stands alone, new ones last."""
    scores = sorted(
        ((likeness(a, b), -i, -j) for i, a in enumerate(old) for j, b in enumerate(new)),
        reverse=True,
    )
    partner: dict[int, int] = {}
    for score, i, j in scores:
        if score >= ALIKE and -i not in partner and -j not in partner.values():
            partner[-i] = -j
    rows: list[tuple[Pair | None, Pair | None]] = [
        (pair, new[partner[i]] if i in partner else None) for i, pair in enumerate(old)
    ]
    return rows + [(None, pair) for j, pair in enumerate(new) if j not in partner.values()]


def likeness(a: Pair, b: Pair) -> float:
    """How alike two pairs are, 0 to 100: their questions count for more than their answers."""
    question = fuzz.token_sort_ratio(a.question.lower(), b.question.lower())
    return float(0.7 * question + 0.3 * fuzz.token_sort_ratio(a.answer.lower(), b.answer.lower()))


def _short(pair: Pair | None) -> Bundle | None:
    if pair is None:
        return None
    texts = {"question": pair.question, "answer": pair.answer}
    return {"id": pair.pair_id, "status": pair.status, "reason": pair.reason, "by": pair.decided_by} | texts
