"""Batches: many paid requests sent as one; each request is a call of its own, reserved before the batch leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from review_db import calls
from review_db.connection import Database, immediate, now

OPEN = "('preparing', 'submitted', 'ended')"


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch as stored; `provider_id` is None until the service's answer is here, `sent_at` until it is sent."""

    batch_id: int
    provider_id: str | None
    state: str
    request_count: int
    owner: str | None
    sent_at: str | None
    submitted_at: str | None
    expires_at: str | None


class Result(NamedTuple):
    """What became of one request: status 200 and the message's bytes, an error status and the error's, or None."""

    call_id: int
    http_status: int | None
    body: bytes


def begin(db: Database, owner: str) -> int:
    """Open a batch to which calls can be added; returns its key."""
    with immediate(db):
        cursor = db.conn.execute(
            "INSERT INTO batches (state, request_count, owner) VALUES ('preparing', 0, ?)", [owner]
        )
        return int(cursor.lastrowid or 0)


def mark_sent(db: Database, batch_id: int, request_count: int) -> None:
    """Commit that the batch is about to leave: from now on the service may have it."""
    with immediate(db):
        db.conn.execute(
            "UPDATE batches SET request_count = ?, sent_at = ? WHERE batch_id = ?", [request_count, now(), batch_id]
        )


def mark_submitted(db: Database, batch_id: int, provider_id: str, expires_at: str | None) -> None:
    """Commit the service's name for the batch."""
    with immediate(db):
        db.conn.execute(
            "UPDATE batches SET state = 'submitted', provider_id = ?, submitted_at = ?, expires_at = ? "
            "WHERE batch_id = ?",
            [provider_id, now(), expires_at, batch_id],
        )


def mark_ended(db: Database, batch_id: int) -> None:
    """The service is done with the batch; its results can be fetched."""
    with immediate(db):
        db.conn.execute(
            "UPDATE batches SET state = 'ended', ended_at = ? WHERE batch_id = ? AND state = 'submitted'",
            [now(), batch_id],
        )


def close(db: Database, batch_id: int) -> int:
    """Every result is stored. Calls that got none stay counted as of unknown outcome; returns how many."""
    with immediate(db):
        left = waiting_calls(db, batch_id)
        for call_id in left:
            calls.lose(db, call_id)
        db.conn.execute("UPDATE batches SET state = 'stored' WHERE batch_id = ?", [batch_id])
    return len(left)


def abandon(db: Database, batch_id: int) -> None:
    """The service never took the batch: none of its calls is billed, and their reservations come free."""
    with immediate(db):
        for call_id in waiting_calls(db, batch_id):
            calls.fail(db, call_id)
        db.conn.execute("UPDATE batches SET state = 'abandoned', ended_at = ? WHERE batch_id = ?", [now(), batch_id])


def save_results(db: Database, results: Iterable[Result]) -> None:
    """Commit some results, before anything reads them; what is not billed frees its reservation."""
    with immediate(db):
        for call_id, status, body in results:
            save = calls.save_reply if status == 200 else calls.save_refusal
            save(db, call_id, status, "{}", None, body)


def waiting_calls(db: Database, batch_id: int) -> dict[int, str]:
    """Call -> request hash of the batch's requests without a result."""
    rows = db.conn.execute(
        "SELECT call_id, request_hash FROM calls WHERE batch_id = ? AND state = 'sent' AND reply IS NULL", [batch_id]
    )
    return dict(rows)


def open_batches(db: Database) -> list[Batch]:
    """Batches that are not finished, oldest first."""
    rows = db.conn.execute(
        "SELECT batch_id, provider_id, state, request_count, owner, sent_at, submitted_at, expires_at FROM batches "
        f"WHERE state IN {OPEN} ORDER BY batch_id"
    )
    return [Batch(*row) for row in rows]


def awaited_pages(db: Database) -> set[str]:
    """Pages with a request in a batch that was sent and is not finished."""
    rows = db.conn.execute(
        "SELECT DISTINCT page_id FROM calls c JOIN batches b USING (batch_id) WHERE c.state = 'sent' AND "
        f"c.reply IS NULL AND c.page_id IS NOT NULL AND b.sent_at IS NOT NULL AND b.state IN {OPEN}"
    )
    return {row[0] for row in rows}


def release_unsent(db: Database, is_alive: Callable[[str], bool]) -> None:
    """Give up what dead processes were still preparing: it never left."""
    for batch in open_batches(db):
        if batch.state == "preparing" and batch.sent_at is None and not is_alive(batch.owner or ""):
            abandon(db, batch.batch_id)


def reserved(db: Database, batch_id: int) -> float:
    """Dollars that are set aside for the requests of a batch that have no result yet."""
    (usd,) = db.conn.execute(
        "SELECT total(reserved_usd) FROM calls WHERE batch_id = ? AND state = 'sent' AND reply IS NULL", [batch_id]
    ).fetchone()
    return float(usd)


def known_names(db: Database) -> set[str]:
    """The service's names of all batches that are known here."""
    return {row[0] for row in db.conn.execute("SELECT provider_id FROM batches WHERE provider_id IS NOT NULL")}


def usual_seconds(db: Database) -> float | None:
    """How long this workspace's last batches took from being sent to their end; None before the first."""
    (seconds,) = db.conn.execute(
        "SELECT avg(s) FROM (SELECT 86400 * (julianday(ended_at) - julianday(submitted_at)) AS s FROM batches "
        "WHERE ended_at IS NOT NULL AND submitted_at IS NOT NULL ORDER BY batch_id DESC LIMIT 10)"
    ).fetchone()
    return None if seconds is None else float(seconds)


def rows(db: Database) -> Iterator[dict[str, Any]]:
    """One row for each batch, oldest first: what became of its requests and what they cost."""
    return db.query(
        "SELECT b.batch_id AS batch, provider_id, b.state, request_count AS requests, "
        "ifnull(sum(c.reply IS NOT NULL AND c.state <> 'failed'), 0) AS answered, "
        "ifnull(sum(c.state = 'failed'), 0) AS not_billed, ifnull(sum(c.state = 'outcome_unknown'), 0) AS unknown, "
        "ifnull(sum(c.state = 'sent' AND c.reply IS NULL), 0) AS waiting, "
        "total(CASE c.state WHEN 'failed' THEN 0 ELSE ifnull(c.cost_usd, c.reserved_usd) END) AS usd, "
        "b.submitted_at, b.ended_at, b.expires_at "
        "FROM batches b LEFT JOIN calls c USING (batch_id) WHERE b.request_count > 0 "
        "GROUP BY b.batch_id ORDER BY b.batch_id"
    )
