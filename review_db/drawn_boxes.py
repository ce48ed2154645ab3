"""Evidence that a person drew on the scan: it stands with a revision and takes the place of what the checks find."""

from __future__ import annotations

from math import isfinite

from review_db.connection import Database
from review_db.records import Box
from review_db.rows import boxes_from

MOST_BOXES = 40
SMALLEST_EDGE = 0.001


def boxes_given(value: object) -> tuple[Box, ...] | None:
    """Boxes as JSON brings them; None where there are none. Raises ValueError for anything else."""
    if value is None:
        return None
    if not isinstance(value, list | tuple):
        raise ValueError("boxes is no list of [x0, y0, x1, y1]")
    return tuple(_box(each) for each in value)


def _box(value: object) -> Box:
    if not isinstance(value, list | tuple) or len(value) != 4:
        raise ValueError("boxes is no list of [x0, y0, x1, y1]")
    if any(isinstance(edge, bool) or not isinstance(edge, int | float) for edge in value):
        raise ValueError("an edge of a box is no number")
    x0, y0, x1, y1 = (round(float(edge), 5) for edge in value)
    return x0, y0, x1, y1


def fault_of(boxes: tuple[Box, ...]) -> str | None:
    """What makes boxes unfit to be evidence, in words; None where nothing does."""
    if len(boxes) > MOST_BOXES:
        return f"more than {MOST_BOXES} boxes"
    for x0, y0, x1, y1 in boxes:
        if not all(isfinite(edge) and 0 <= edge <= 1 for edge in (x0, y0, x1, y1)):
            return "a box reaches outside of the page: edges are fractions from 0 to 1"
        if x1 - x0 < SMALLEST_EDGE or y1 - y0 < SMALLEST_EDGE:
            return "a box is empty: x0 < x1 and y0 < y1"
    return None


def drawn_boxes(db: Database, pair_key: int, revision: int) -> tuple[Box, ...]:
    """What a reviewer drew for this revision of a pair; empty where the evidence is the checks' own."""
    row = db.conn.execute(
        "SELECT hint_boxes FROM revisions WHERE pair_key = ? AND revision = ? AND author = 'reviewer'",
        [pair_key, revision],
    ).fetchone()
    return boxes_from(row[0]) if row else ()
