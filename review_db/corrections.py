"""What reviewers say of pages: corrections and confirmations, append-only and named; the newest of a field holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from review_db import reviewers
from review_db.connection import Database, immediate, now
from review_db.pages import page_by_id
from review_db.records import Page
from review_db.rows import PAGE_COLUMNS, page_from

CORRECTABLE = ("content_type", "source_type", "rotation", "section_id", "section_name", "nothing_to_ask")
RANDOM_PAGES = 10


@dataclass(frozen=True, slots=True)
class Correction:
    """One line of a page's history; the value of rotation is in clockwise quarter turns, of nothing_to_ask 0 or 1."""

    field: str
    value: str
    reviewer: str
    at: str


def correct_page(db: Database, page_id: str, field: str, value: str, reviewer: str) -> None:
    """Append a reviewer's word on one field. Raises UnknownPageError, ValueError for another field."""
    if field not in CORRECTABLE:
        raise ValueError(f"{field} is not one of {', '.join(CORRECTABLE)}")
    page_by_id(db, page_id)
    with immediate(db):
        reviewers.remember(db, reviewer)
        db.conn.execute(
            "INSERT INTO page_corrections (page_id, field, value, reviewer, created_at) VALUES (?, ?, ?, ?, ?)",
            [page_id, field, value, reviewer, now()],
        )


def corrections_of(db: Database, page_id: str) -> list[Correction]:
    """Every correction of a page, newest first."""
    rows = db.conn.execute(
        "SELECT field, value, reviewer, created_at FROM page_corrections WHERE page_id = ? ORDER BY correction_id DESC",
        [page_id],
    )
    return [Correction(*row) for row in rows]


_CLASSIFIED = (
    f"SELECT {PAGE_COLUMNS} FROM current_pages p WHERE status = 'ok' AND duplicate_of IS NULL "
    "AND content_type IS NOT NULL AND image_path IS NOT NULL"
)
_UNCHECKED = (
    " AND NOT EXISTS (SELECT 1 FROM page_corrections c WHERE c.page_id = p.page_id AND c.field = 'content_type')"
)


def random_pages(db: Database) -> list[Page]:
    """Ten classified pages drawn at random, the same ones at every look: the digest of the image is the dice."""
    rows = db.conn.execute(f"{_CLASSIFIED} ORDER BY substr(image_sha256, 20), page_id LIMIT ?", [RANDOM_PAGES])
    return [page_from(row) for row in rows]


def doubtful_pages(db: Database, limit: int) -> list[Page]:
    """Classified pages that no reviewer has corrected or confirmed, least confidence first."""
    rows = db.conn.execute(f"{_CLASSIFIED}{_UNCHECKED} ORDER BY confidence, sort_key, page_id LIMIT ?", [limit])
    return [page_from(row) for row in rows]


def checked_by(db: Database, page_ids: Sequence[str]) -> dict[str, tuple[str, bool]]:
    """Of these pages, those whose kind a reviewer confirmed or corrected: who did last, and whether it was changed."""
    marks = ", ".join("?" * len(page_ids))
    rows = db.conn.execute(
        "SELECT c.page_id, c.reviewer, c.value IS NOT k.content_type FROM page_corrections c "
        "JOIN page_versions v ON v.page_id = c.page_id AND v.is_current = 1 LEFT JOIN page_classes k ON k.class_id = "
        "(SELECT MAX(class_id) FROM page_classes x WHERE x.page_version_id = v.page_version_id) "
        "WHERE c.correction_id IN (SELECT MAX(correction_id) FROM page_corrections WHERE field = 'content_type' "
        f"AND page_id IN ({marks}) GROUP BY page_id)",
        list(page_ids),
    )
    return {page_id: (reviewer, bool(changed)) for page_id, reviewer, changed in rows}
