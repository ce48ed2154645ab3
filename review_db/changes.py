"""A mark of the database's state by which a costly view knows that what it worked out still holds."""

from __future__ import annotations

from review_db.connection import Database

_MARKS = (
    "SELECT max(seq) FROM decisions",
    "SELECT max(seq) FROM machine_events",
    "SELECT max(pair_key) FROM pairs",
    "SELECT max(page_version_id) FROM page_versions",
    "SELECT max(class_id) FROM page_classes",
    "SELECT max(correction_id) FROM page_corrections",
    "SELECT max(release_id) FROM releases",
    "SELECT count(*) FROM duplicate_links",
    "SELECT count(*) FROM page_links",
)


def state_of_pairs(db: Database) -> tuple[int, ...]:
    """Another tuple after every decision, machine status, new pair, page, class, correction, link or release."""
    return tuple(int(db.conn.execute(mark).fetchone()[0] or 0) for mark in _MARKS)
