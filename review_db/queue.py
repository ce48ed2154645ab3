"""The review queue: pending pairs, riskiest page first, one reviewer to a page at a time."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from itertools import chain

from review_db.connection import Database, immediate
from review_db.pairs import pairs_by_key
from review_db.records import Pair

LEASE_SECONDS = 90.0
SCANNED_AT_ONCE = 200


def next_pairs(
    db: Database,
    *,
    holder: str,
    limit: int,
    exclude: Sequence[str] = (),
    skip_pages: Sequence[str] = (),
    section: str | None = None,
) -> list[Pair]:
    """Up to `limit` pending pairs for `holder` (reviewer and tab), all of one page before the next page.

    The holder's own pages come first, then pages in order of their riskiest pair; pages leased to others are left
    out and the pages returned are leased for 90 seconds. `exclude` names pairs and `skip_pages` pages to leave out.
    """
    with immediate(db):
        _leave_finished_pages(db, holder)
        keys = _chosen(db, holder, limit, set(exclude), set(skip_pages), section)
    return pairs_by_key(db, keys)


def _chosen(
    db: Database, holder: str, limit: int, exclude: set[str], skip_pages: set[str], section: str | None
) -> list[int]:
    chosen: list[int] = []
    for most_skips in (0, None):  # a pair someone skipped comes back when nothing else waits
        for page_id in _pages_in_turn(db, holder, skip_pages, section):
            waiting = _waiting_on(db, page_id, most_skips)
            keys = [key for key, pair_id in waiting if pair_id not in exclude and key not in chosen]
            if keys:
                _lease(db, holder, page_id)
                chosen += keys
            if len(chosen) >= limit:
                return chosen[:limit]
    return chosen


def _pages_in_turn(db: Database, holder: str, skip_pages: set[str], section: str | None) -> Iterator[str]:
    now = time.monotonic()
    seen = set(skip_pages)
    own = db.conn.execute("SELECT page_id FROM leases WHERE holder = ? AND until > ? ORDER BY until", [holder, now])
    for (page_id,) in chain(own.fetchall(), _pages_by_risk(db, holder, now, section)):
        if page_id not in seen:
            seen.add(page_id)
            yield page_id


def _pages_by_risk(db: Database, holder: str, now: float, section: str | None) -> Iterator[tuple[str]]:
    """Pages of pending pairs in queue order, read in slices so that a large queue is never sorted whole."""
    offset = 0
    while True:
        rows = db.conn.execute(
            "SELECT q.page_id FROM pairs q INDEXED BY pairs_queue LEFT JOIN leases l ON l.page_id = q.page_id "
            "AND l.holder <> ? AND l.until > ? AND l.until <= ? WHERE q.status = 'pending' AND l.page_id IS NULL "
            + ("AND q.page_id IN (SELECT page_id FROM current_pages WHERE section_id = ?) " if section else "")
            + "ORDER BY q.skips, q.risk DESC, q.pair_key LIMIT ? OFFSET ?",
            [holder, now, now + LEASE_SECONDS, *([section] if section else []), SCANNED_AT_ONCE, offset],
        ).fetchall()
        yield from rows
        if len(rows) < SCANNED_AT_ONCE:
            return
        offset += SCANNED_AT_ONCE


def _waiting_on(db: Database, page_id: str, most_skips: int | None) -> list[tuple[int, str]]:
    return db.conn.execute(
        "SELECT pair_key, pair_id FROM pairs INDEXED BY pairs_page WHERE page_id = ? AND status = 'pending' "
        "AND skips <= ? ORDER BY skips, pair_key",
        [page_id, 1 << 60 if most_skips is None else most_skips],
    ).fetchall()


def _leave_finished_pages(db: Database, holder: str) -> None:
    """A page with nothing left to decide is nobody's."""
    db.conn.execute(
        "DELETE FROM leases WHERE holder = ? AND NOT EXISTS (SELECT 1 FROM pairs q INDEXED BY pairs_page "
        "WHERE q.page_id = leases.page_id AND q.status = 'pending')",
        [holder],
    )


def _lease(db: Database, holder: str, page_id: str) -> None:
    db.conn.execute(
        "INSERT OR REPLACE INTO leases VALUES (?, ?, ?)", [page_id, holder, time.monotonic() + LEASE_SECONDS]
    )


def renew(db: Database, holder: str) -> None:
    """Prolong the leases of a holder who is still there."""
    now = time.monotonic()
    with immediate(db):
        db.conn.execute(
            "UPDATE leases SET until = ? WHERE holder = ? AND until > ?", [now + LEASE_SECONDS, holder, now]
        )


def release(db: Database, holder: str) -> None:
    """Give all pages of a holder back to the others."""
    with immediate(db):
        db.conn.execute("DELETE FROM leases WHERE holder = ?", [holder])


def lease_holder(db: Database, page_id: str) -> str | None:
    """Who holds this page now, or None."""
    now = time.monotonic()
    row = db.conn.execute(
        "SELECT holder FROM leases WHERE page_id = ? AND until > ? AND until <= ?",
        [page_id, now, now + LEASE_SECONDS],
    ).fetchone()
    return row[0] if row else None


def queue_counts(db: Database) -> dict[str, int]:
    """Number of pairs of each status."""
    return dict(db.conn.execute("SELECT status, count(*) FROM pairs WHERE is_planted = 0 GROUP BY status"))
