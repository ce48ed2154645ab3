"""Pairs of a page whose place a newer run of an engine takes."""

from __future__ import annotations

from collections.abc import Iterable

from review_db.connection import Database, immediate
from review_db.pairs import PAGE_FULL, SUPERSEDED, set_aside, set_machine_status


def supersede_pending(db: Database, page_id: str, keep: Iterable[int] = ()) -> int:
    """Set aside the page's pending pairs that a model wrote, but `keep`; edited and approved ones stay.

    Those that the page had no room for are superseded too, so that they do not come back beside the new ones.
    """
    rows = db.conn.execute(
        "SELECT pair_key, status FROM current_pairs WHERE page_id = ? AND author = 'model' AND decided_by IS NULL "
        "AND (status = 'pending' OR (status = 'set_aside' AND reason = ?))",
        [page_id, PAGE_FULL],
    ).fetchall()
    kept = set(keep)
    with immediate(db):
        for key in (key for key, status in rows if status != "pending" and key not in kept):
            set_machine_status(db, key, "set_aside", SUPERSEDED)
        return set_aside(db, [key for key, status in rows if status == "pending" and key not in kept], SUPERSEDED)
