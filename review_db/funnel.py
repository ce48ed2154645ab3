"""How much there is and what became of it: counts for status, funnel and the app."""

from __future__ import annotations

from collections.abc import Iterator

from review_db.connection import Database


def page_counts(db: Database) -> dict[str, int]:
    """Pages by what became of them; a repeated page counts as duplicate."""
    return dict(
        db.conn.execute(
            "SELECT CASE WHEN duplicate_of IS NOT NULL THEN 'duplicate' ELSE status END AS kind, count(*) "
            "FROM page_versions WHERE is_current = 1 GROUP BY kind ORDER BY kind"
        )
    )


def pair_counts(db: Database) -> dict[str, int]:
    """Pairs by status; every status is present."""
    counts = {"pending": 0, "approved": 0, "rejected": 0, "set_aside": 0}
    counts.update(db.conn.execute("SELECT status, count(*) FROM pairs WHERE is_planted = 0 GROUP BY status"))
    return counts


def pair_counts_by_page(db: Database) -> dict[str, dict[str, int]]:
    """page_id -> status -> number of pairs, for every page that has any."""
    found: dict[str, dict[str, int]] = {}
    rows = db.conn.execute("SELECT page_id, status, count(*) FROM pairs WHERE is_planted = 0 GROUP BY page_id, status")
    for page_id, status, count in rows:
        found.setdefault(page_id, {})[status] = count
    return found


def decided_counts(db: Database) -> dict[tuple[str, str], int]:
    """(page_id, engine) -> how many of the pairs it wrote for the page people have decided."""
    rows = db.conn.execute(
        "SELECT page_id, engine, count(*) FROM pairs WHERE decided_by IS NOT NULL AND is_planted = 0 "
        "GROUP BY page_id, engine"
    )
    return {(page_id, engine): count for page_id, engine, count in rows}


def job_counts(db: Database) -> dict[str, int]:
    """Jobs by state."""
    return dict(db.conn.execute("SELECT state, count(*) FROM jobs GROUP BY state ORDER BY state"))


def funnel(db: Database) -> Iterator[dict[str, object]]:
    """For each page: how many pairs were proposed, how many stand where, why the others fell out or were never made."""
    cursor = db.conn.execute(
        "SELECT p.page_id, p.source, p.content_type, p.status, p.reason, p.duplicate_of, "
        "count(q.pair_key) AS proposed, TOTAL(q.status = 'pending') AS pending, "
        "TOTAL(q.status = 'approved') AS approved, TOTAL(q.status = 'rejected') AS rejected, "
        "TOTAL(q.status = 'set_aside') AS set_aside, "
        "group_concat(DISTINCT CASE WHEN q.status = 'set_aside' THEN q.reason END) AS set_aside_reasons, "
        "(SELECT detail FROM stage_outcomes WHERE stage = 'generate-qa' AND unit = p.page_id) AS note "
        "FROM current_pages p LEFT JOIN pairs q ON q.page_id = p.page_id AND q.is_planted = 0 "
        "GROUP BY p.page_id ORDER BY p.sort_key, p.page_id"
    )
    names = [column[0] for column in cursor.description]
    reasons = _reasons_by_page(db)
    for row in cursor:
        counts = {n: int(value) if isinstance(value, float) else value for n, value in zip(names, row, strict=True)}
        yield counts | {"reasons": reasons.get(row[0], {})}


def _reasons_by_page(db: Database) -> dict[str, dict[str, int]]:
    """page_id -> reason -> how many of its pairs were rejected or set aside for it."""
    found: dict[str, dict[str, int]] = {}
    rows = db.conn.execute(
        "SELECT page_id, IFNULL(reason, 'no reason given'), count(*) FROM pairs WHERE is_planted = 0 "
        "AND status IN ('rejected', 'set_aside') GROUP BY page_id, reason ORDER BY page_id, count(*) DESC, reason"
    )
    for page_id, reason, count in rows:
        found.setdefault(page_id, {})[reason] = count
    return found
