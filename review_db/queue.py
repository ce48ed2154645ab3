"""The review queue: the pairs of a reviewer's choice, page by page, one reviewer to a page at a time."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from review_db.connection import Database, immediate
from review_db.pairs import pairs_by_key
from review_db.queue_choices import WAITING, Choice, Condition, Walk, walks
from review_db.records import Pair

LEASE_SECONDS = 90.0
HEADS = 2
"""So many pairs of each further page come along, so that the next page is at hand before it is asked for."""


class _Chunk(NamedTuple):
    page_id: str
    keys: list[int]
    leased: bool


def next_pairs(
    db: Database,
    *,
    holder: str,
    limit: int,
    choice: Choice | None = None,
    reviewer: str = "",
    ahead: int = 0,
    at_page: str | None = None,
    afresh: bool = False,
    exclude: Collection[str] = (),
    skip_pages: Collection[str] = (),
) -> list[Pair]:
    """Up to `limit` pairs of the choice for `holder` (reviewer and tab), all of one page before the next page.

    The holder's own pages come first, then pages in the order of the choice; pages leased to others are left out, and
    the pages returned are leased for 90 seconds, the holder's others given back (not `at_page`, which is on the
    screen). `ahead` is how many further pages send their first pairs beyond the limit. `afresh` forgets what the
    holder had. `exclude` names pairs and `skip_pages` pages to leave out. Where few pages are free for many
    reviewers, each gets a share of them.
    """
    with immediate(db):
        _leave_finished_pages(db, holder)
        if afresh:
            _release_but(db, holder, [at_page])
        others = _holders_of_pages(db, holder)
        turns = _turns(db, choice or Choice(), reviewer, holder, {*others, *skip_pages})
        chunks = _shared(turns, limit, ahead, len(set(others.values())), len(_own_pages(db, holder)))
        chosen = _trimmed(db, chunks, limit, ahead, exclude)
        _release_but(db, holder, [at_page, *(chunk.page_id for chunk in chosen)])
        for chunk in chosen:
            if chunk.leased:
                _lease(db, holder, chunk.page_id)
    return pairs_by_key(db, [key for chunk in chosen for key in chunk.keys])


def _turns(db: Database, choice: Choice, reviewer: str, holder: str, blocked: Collection[str]) -> Iterator[_Chunk]:
    """Pages and their pairs in the order in which this holder is to have them, read as far as is asked for."""
    ways, seen = walks(db, choice, reviewer), set[int]()
    own = [page for page in _own_pages(db, holder) if page not in blocked]
    first = [_within_pages(way, own) for way in ways[:1] if own and way.by_page and way.leased]
    for way in chain(first, ways):
        for key, page_id, skipped in way.rows(db):
            if key in seen or (way.leased and page_id in blocked):
                continue
            found = _waiting_on(db, page_id, way.condition, skipped) if way.by_page else [key]
            fresh = [each for each in found if each not in seen]
            seen.update(fresh)
            yield _Chunk(page_id, fresh, way.leased)


def _within_pages(way: Walk, pages: Sequence[str]) -> Walk:
    """The unskipped pairs of some pages, riskiest page first: pages that the holder has begun."""
    marks = ", ".join("?" * len(pages))
    begun = Condition(f"q.page_id IN ({marks}) AND q.skips = 0", tuple(pages))
    order_by = "q.risk DESC, q.pair_key" if " r " in way.source else way.order_by
    return Walk("pairs q INDEXED BY pairs_waiting", way.condition, order_by, along=begun)


def _waiting_on(db: Database, page_id: str, condition: Condition, skipped: bool) -> list[int]:
    """The page's pairs that meet the condition; those that someone skipped only when it is their turn."""
    wanted = Condition("q.page_id = ?", (page_id,)).and_(WAITING).and_(condition)
    rows = db.conn.execute(
        f"SELECT q.pair_key FROM pairs q INDEXED BY pairs_waiting WHERE {wanted.sql} "
        f"AND q.skips <= {1 << 60 if skipped else 0} ORDER BY q.skips, q.pair_key",
        wanted.values,
    )
    return [key for (key,) in rows]


def _shared(turns: Iterator[_Chunk], limit: int, ahead: int, others: int, own: int) -> list[_Chunk]:
    """As many chunks as are wanted; where there are not enough pages for everybody, this reviewer's share of them."""
    wanted, enough = 1 + ahead, (1 + ahead) * (1 + others)
    chunks: list[_Chunk] = []
    pages = dict[str, None]()
    for chunk in turns:
        chunks.append(chunk)
        pages.setdefault(chunk.page_id)
        if sum(len(each.keys) for each in chunks) >= limit and len(pages) >= enough:
            return chunks
    if not others or not chunks or not chunks[0].leased:
        return chunks
    share = max(wanted if len(pages) >= enough else len(pages) // (1 + others), own + 1 if own else 1)
    mine = set(list(pages)[:share])
    return [chunk for chunk in chunks if chunk.page_id in mine]


def _trimmed(db: Database, chunks: Sequence[_Chunk], limit: int, ahead: int, exclude: Collection[str]) -> list[_Chunk]:
    """Whole pages up to the limit, then the first pairs of some pages more."""
    left_out = _keys_of(db, exclude)
    trimmed: list[_Chunk] = []
    count, pages = 0, set[str]()
    for chunk in chunks:
        keys = [key for key in chunk.keys if key not in left_out]
        is_head = chunk.page_id not in pages and len(pages) <= ahead and ahead > 0
        keys = keys[: max(limit - count, HEADS if is_head else 0)]
        if keys:
            trimmed.append(chunk._replace(keys=keys))
            pages.add(chunk.page_id)
            count += len(keys)
    return trimmed


def _keys_of(db: Database, pair_ids: Collection[str]) -> set[int]:
    marks = ", ".join("?" * len(pair_ids))
    return {key for (key,) in db.conn.execute(f"SELECT pair_key FROM pairs WHERE pair_id IN ({marks})", [*pair_ids])}


# ------------------------------------------------------------------ leases


def _leave_finished_pages(db: Database, holder: str) -> None:
    """A page with nothing left to decide is nobody's."""
    db.conn.execute(
        "DELETE FROM leases WHERE holder = ? AND NOT EXISTS (SELECT 1 FROM pairs q INDEXED BY pairs_waiting "
        "WHERE q.page_id = leases.page_id AND q.status = 'pending')",
        [holder],
    )


def _own_pages(db: Database, holder: str) -> list[str]:
    now = time.monotonic()
    rows = db.conn.execute("SELECT page_id FROM leases WHERE holder = ? AND until > ? ORDER BY page_id", [holder, now])
    return [page for (page,) in rows]


def _holders_of_pages(db: Database, holder: str) -> dict[str, str]:
    """Page -> who holds it, of every page that another holds now."""
    now = time.monotonic()
    rows = db.conn.execute(
        "SELECT page_id, holder FROM leases WHERE holder <> ? AND until > ? AND until <= ?",
        [holder, now, now + LEASE_SECONDS],
    )
    return dict(rows.fetchall())


def _release_but(db: Database, holder: str, pages: Sequence[str | None]) -> None:
    marks = ", ".join("?" * len(pages))
    kept = [page or "" for page in pages]
    db.conn.execute(f"DELETE FROM leases WHERE holder = ? AND page_id NOT IN ({marks})", [holder, *kept])


def _lease(db: Database, holder: str, page_id: str) -> None:
    db.conn.execute(
        "INSERT OR REPLACE INTO leases VALUES (?, ?, ?)", [page_id, holder, time.monotonic() + LEASE_SECONDS]
    )


def hold(db: Database, holder: str, page_id: str) -> bool:
    """Lease one page, opened by its address, if nobody else has it and pairs wait there; whether it is now held."""
    with immediate(db):
        if lease_holder(db, page_id) not in (None, holder):
            return False
        _lease(db, holder, page_id)
        _leave_finished_pages(db, holder)
        return lease_holder(db, page_id) == holder


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
