"""People who decide; in local mode a name is a label, not an identity."""

from __future__ import annotations

from review_db.connection import Database, immediate, now


def remember(db: Database, name: str) -> None:
    """Store a reviewer's name on first sight."""
    with immediate(db):
        db.conn.execute("INSERT OR IGNORE INTO reviewers (name, first_seen) VALUES (?, ?)", [name, now()])
