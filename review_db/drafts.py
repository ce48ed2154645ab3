"""Texts that a reviewer has begun and not yet decided on."""

from __future__ import annotations

from typing import NamedTuple

from review_db.connection import Database, immediate, now


class Draft(NamedTuple):
    """A begun edit and the revision it was begun on."""

    revision: int
    question: str
    answer: str
    comment: str | None


def save_draft(
    db: Database,
    reviewer: str,
    pair_id: str,
    revision: int,
    question: str,
    answer: str,
    comment: str | None = None,
) -> None:
    """Keep what the reviewer has typed so far; an unknown pair is ignored."""
    with immediate(db):
        db.conn.execute(
            "INSERT OR REPLACE INTO drafts SELECT ?, pair_key, ?, ?, ?, ?, ? FROM pairs WHERE pair_id = ?",
            [reviewer, revision, question, answer, comment, now(), pair_id],
        )


def draft_of(db: Database, reviewer: str, pair_id: str) -> Draft | None:
    """What the reviewer had typed for this pair, or None."""
    row = db.conn.execute(
        "SELECT d.revision, d.question, d.answer, d.comment FROM drafts d JOIN pairs p USING (pair_key) "
        "WHERE d.reviewer = ? AND p.pair_id = ?",
        [reviewer, pair_id],
    ).fetchone()
    return Draft(*row) if row else None


def drop_draft(db: Database, reviewer: str, pair_id: str) -> None:
    """Forget a draft once it was saved or given up."""
    with immediate(db):
        db.conn.execute(
            "DELETE FROM drafts WHERE reviewer = ? AND pair_key = (SELECT pair_key FROM pairs WHERE pair_id = ?)",
            [reviewer, pair_id],
        )
