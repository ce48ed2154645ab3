"""Work shared out: a section, or any filter of the queue, that is one reviewer's; what is nobody's is common to all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from review_db import reviewers
from review_db.connection import Database, immediate, now


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who has been given what; the filters are those of a queue choice, by their names."""

    assignment_id: int
    reviewer: str
    filters: dict[str, str]
    assigned_by: str
    created_at: str


def assign(db: Database, reviewer: str, filters: Mapping[str, str], by: str) -> int:
    """Give a reviewer the pairs of these filters; the same again changes nothing. Returns the assignment's id."""
    packed = json.dumps(dict(filters), sort_keys=True, ensure_ascii=False)
    with immediate(db):
        reviewers.remember(db, reviewer)
        db.conn.execute(
            "INSERT OR IGNORE INTO assignments (reviewer, filters_json, assigned_by, created_at) VALUES (?, ?, ?, ?)",
            [reviewer, packed, by, now()],
        )
        row = db.conn.execute(
            "SELECT assignment_id FROM assignments WHERE reviewer = ? AND filters_json = ? AND ended_at IS NULL",
            [reviewer, packed],
        ).fetchone()
    return int(row[0])


def end(db: Database, assignment_id: int, by: str) -> bool:
    """Make the work common again; whether it was still assigned."""
    with immediate(db):
        cursor = db.conn.execute(
            "UPDATE assignments SET ended_by = ?, ended_at = ? WHERE assignment_id = ? AND ended_at IS NULL",
            [by, now(), assignment_id],
        )
    return cursor.rowcount > 0


def active(db: Database) -> list[Assignment]:
    """Every assignment in force, in the order in which they were made."""
    rows = db.conn.execute(
        "SELECT assignment_id, reviewer, filters_json, assigned_by, created_at FROM assignments "
        "WHERE ended_at IS NULL ORDER BY assignment_id"
    )
    return [Assignment(row[0], row[1], json.loads(row[2]), row[3], row[4]) for row in rows]
