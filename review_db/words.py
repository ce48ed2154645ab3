"""Words read from page images, cached by image so that the same scan is never read twice."""

from __future__ import annotations

import json
from collections.abc import Sequence

from review_db.connection import Database, immediate, now
from review_db.records import Page, Word
from review_db.rows import stream


def save_words(
    db: Database, image_sha256: str, reader: str, words: Sequence[Word], seconds: float, rotation: int = 0
) -> None:
    """Store the words of an image in reading order; boxes are fractions of the upright image."""
    packed = [[w.text, *(round(edge, 5) for edge in w.box), round(w.confidence, 3), w.line] for w in words]
    with immediate(db):
        db.conn.execute(
            "INSERT OR REPLACE INTO page_words VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                image_sha256,
                reader,
                rotation,
                json.dumps(packed, ensure_ascii=False),
                len(words),
                now(),
                seconds,
            ],
        )


def words_of_image(db: Database, image_sha256: str) -> list[Word]:
    """The newest reading of an image; empty when it was never read."""
    row = db.conn.execute(
        "SELECT words_json FROM page_words WHERE image_sha256 = ? ORDER BY read_at DESC, rowid DESC LIMIT 1",
        [image_sha256],
    ).fetchone()
    return [Word(t, (x0, y0, x1, y1), c, line) for t, x0, y0, x1, y1, c, line in json.loads(row[0])] if row else []


def words_of(db: Database, page: Page) -> list[Word]:
    """The words of a page in reading order; empty when it was never read."""
    return words_of_image(db, page.image_sha256) if page.image_sha256 else []


def turns_of(db: Database, page: Page) -> int:
    """Clockwise quarter turns that make the page's image readable: a reviewer's, else what its reader needed."""
    if page.rotation is not None:
        return page.rotation % 4
    return turns_read(db, page) or 0


def turns_read(db: Database, page: Page) -> int | None:
    """Clockwise quarter turns with which the page's words were read; None when it was never read."""
    if not page.image_sha256:
        return None
    row = db.conn.execute(
        "SELECT rotation FROM page_words WHERE image_sha256 = ? ORDER BY read_at DESC, rowid DESC LIMIT 1",
        [page.image_sha256],
    ).fetchone()
    return -int(row[0]) % 4 if row else None  # the reader counts counter-clockwise


def has_words(db: Database, image_sha256: str, reader: str) -> bool:
    """Whether this reader has read this image."""
    row = db.conn.execute(
        "SELECT 1 FROM page_words WHERE image_sha256 = ? AND reader = ?", [image_sha256, reader]
    ).fetchone()
    return row is not None


def read_images(db: Database, reader: str) -> set[str]:
    """sha256 of every image that this reader has read."""
    return {row[0] for row in stream(db, "SELECT image_sha256 FROM page_words WHERE reader = ?", [reader])}
