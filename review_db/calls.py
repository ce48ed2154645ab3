"""Paid calls: reserved before they are sent, their raw replies stored before anything reads them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from review_db.connection import Database, immediate, now

ROUNDING_USD = 1e-9


class Cap(NamedTuple):
    """A limit in dollars on one scope, e.g. ("day:2026-11-23", 10.0, "the budget of $10.00 a day")."""

    scope: str
    usd: float
    name: str


@dataclass(frozen=True, slots=True)
class NewCall:
    """A request that is about to be sent."""

    request_hash: str
    generation: int
    page_id: str | None
    engine: str
    model: str
    purpose: str
    run_key: str
    owner: str
    utc_day: str
    reserved_usd: float
    batch_id: int | None = None


@dataclass(frozen=True, slots=True)
class StoredCall:
    """A call as the ledger has it; `reply` is the raw body, None while none has come; `batch_id` of one in a batch."""

    call_id: int
    state: str
    owner: str
    run_key: str
    reply: bytes | None
    batch_id: int | None


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of a reply, as the provider counted them, what they cost, and what the prompt cache saved of it."""

    input_tokens: int | None
    output_tokens: int | None
    cache_write_tokens: int | None
    cache_read_tokens: int | None
    cost_usd: float
    saved_usd: float = 0.0


def standing_call(db: Database, request_hash: str, generation: int) -> StoredCall | None:
    """The call that decides whether this request may be sent: one with a reply, else one under way, else one lost.

    Refused calls do not count; None when there is no other.
    """
    row = db.conn.execute(
        "SELECT call_id, state, owner, run_key, reply, batch_id FROM calls WHERE request_hash = ? AND generation = ? "
        "AND state <> 'failed' ORDER BY reply IS NOT NULL DESC, state = 'sent' DESC, call_id DESC LIMIT 1",
        [request_hash, generation],
    ).fetchone()
    return StoredCall(*row) if row else None


def may_resend(call: StoredCall, run_key: str) -> bool:
    """Whether consent to send again covers this lost call: not one that this very run lost, be it in another process.

    A job whose worker died keeps its run when another worker takes it up; what it lost needs a new word.
    """
    return call.state == "outcome_unknown" and call.run_key != run_key


def unanswered_pages(db: Database) -> dict[str, float]:
    """Page -> dollars that its last call for pairs may have cost, where nobody knows: no reply came, none since."""
    return dict(
        db.conn.execute(
            "SELECT page_id, reserved_usd FROM calls c WHERE state = 'outcome_unknown' AND purpose = 'generate' "
            "AND page_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM calls n WHERE n.page_id = c.page_id "
            "AND n.purpose = c.purpose AND n.call_id > c.call_id AND n.state <> 'failed') ORDER BY page_id"
        )
    )


def answered_pages(db: Database, run_key: str) -> tuple[int, int]:
    """Of the pages that a run asked about on their own: how many got a usable answer, and how many they are."""
    good, asked = db.conn.execute(
        "SELECT ifnull(sum(good), 0), count(*) FROM (SELECT max(state = 'settled') AS good FROM calls "
        "WHERE run_key = ? AND page_id IS NOT NULL AND batch_id IS NULL GROUP BY page_id)",
        [run_key],
    ).fetchone()
    return int(good), int(asked)


def reserve(db: Database, call: NewCall, caps: Sequence[Cap], *, resend_unknown: bool) -> int | Cap | StoredCall:
    """Store a call and put its worst case on the day, the run and the page at once; returns its key.

    Returns instead the cap that it could pass, or the call that was already sent for this request and was not
    refused (an unknown outcome counts as sent unless `resend_unknown`).
    """
    with immediate(db):
        before = standing_call(db, call.request_hash, call.generation)
        if before and not (resend_unknown and may_resend(before, call.run_key)):
            return before
        for cap in caps:
            if not spent(db, cap.scope) + call.reserved_usd <= cap.usd + ROUNDING_USD:  # no number passes no cap
                return cap
        for scope in _scopes(call.utc_day, call.run_key, call.page_id):
            _adjust(db, scope, call.reserved_usd)
        return _insert(db, call)


def spent(db: Database, scope: str) -> float:
    """Dollars spent and reserved on a scope."""
    row = db.conn.execute("SELECT usd FROM spending WHERE scope = ?", [scope]).fetchone()
    return float(row[0]) if row else 0.0


def in_flight(db: Database, scope: str) -> dict[str, float]:
    """Owner -> dollars that its calls on the wire hold of a scope; part of it comes free when they are settled."""
    return dict(
        db.conn.execute(
            "SELECT owner, sum(reserved_usd) FROM calls WHERE state = 'sent' AND ? IN "
            "('day:' || utc_day, 'run:' || run_key, 'page:' || run_key || ':' || page_id) GROUP BY owner",
            [scope],
        )
    )


def _scopes(utc_day: str, run_key: str, page_id: str | None) -> list[str]:
    return [f"day:{utc_day}", f"run:{run_key}", *([f"page:{run_key}:{page_id}"] if page_id else [])]


def _adjust(db: Database, scope: str, usd: float) -> None:
    db.conn.execute(
        "INSERT INTO spending VALUES (?1, max(0, ?2)) ON CONFLICT (scope) DO UPDATE SET usd = max(0, usd + ?2)",
        [scope, usd],
    )


def _insert(db: Database, call: NewCall) -> int:
    attempt = db.conn.execute(
        "SELECT count(*) + 1 FROM calls WHERE request_hash = ? AND generation = ?",
        [call.request_hash, call.generation],
    ).fetchone()[0]
    cursor = db.conn.execute(
        "INSERT INTO calls (request_hash, generation, attempt, page_id, engine, model, purpose, state, reserved_usd, "
        "utc_day, run_key, owner, batch_id, sent_at) VALUES (?, ?, ?, ?, ?, ?, ?, 'sent', ?, ?, ?, ?, ?, ?)",
        [call.request_hash, call.generation, attempt, call.page_id, call.engine, call.model, call.purpose,
         call.reserved_usd, call.utc_day, call.run_key, call.owner, call.batch_id, now()],
    )  # fmt: skip
    return int(cursor.lastrowid or 0)


def save_reply(
    db: Database, call_id: int, http_status: int | None, headers: str, request_id: str | None, body: bytes
) -> None:
    """Commit what came over the wire, before anything reads it."""
    with immediate(db):
        db.conn.execute(
            "UPDATE calls SET http_status = ?, reply_headers = ?, request_id = ?, reply = ? WHERE call_id = ?",
            [http_status, headers, request_id, body, call_id],
        )


def save_refusal(
    db: Database, call_id: int, http_status: int | None, headers: str, request_id: str | None, body: bytes
) -> None:
    """Commit an error reply and free its reservation at once: no kill in between can make an answer of it."""
    with immediate(db):
        save_reply(db, call_id, http_status, headers, request_id, body)
        fail(db, call_id)


def settle(db: Database, call_id: int, state: str, usage: Usage) -> None:
    """Put the true cost in the place of the reservation; a call is settled once."""
    with immediate(db):
        row = db.conn.execute(
            "UPDATE calls SET state = ?, input_tokens = ?, output_tokens = ?, cache_write_tokens = ?, "
            "cache_read_tokens = ?, cost_usd = ?, saved_usd = ?, settled_at = ? "
            "WHERE call_id = ? AND settled_at IS NULL RETURNING reserved_usd, utc_day, run_key, page_id",
            [state, usage.input_tokens, usage.output_tokens, usage.cache_write_tokens, usage.cache_read_tokens,
             usage.cost_usd, usage.saved_usd, now(), call_id],
        ).fetchone()  # fmt: skip
        if row:
            for scope in _scopes(*row[1:]):
                _adjust(db, scope, usage.cost_usd - row[0])


def fail(db: Database, call_id: int) -> None:
    """Record a call that the provider refused or never saw and does not bill; its reservation comes free."""
    settle(db, call_id, "failed", Usage(None, None, None, None, 0.0))


def lose(db: Database, call_id: int) -> None:
    """Record that nobody knows whether a call was billed; it stays counted with its full reservation."""
    with immediate(db):
        db.conn.execute(
            "UPDATE calls SET state = 'outcome_unknown' WHERE call_id = ? AND state = 'sent' AND reply IS NULL",
            [call_id],
        )


def lose_orphans(db: Database, is_alive: Callable[[str], bool]) -> int:
    """Mark as unknown the calls that dead processes sent and got no reply to; returns how many.

    Calls in a batch are none of them: the batch outlives the process that sent it.
    """
    rows = db.conn.execute(
        "SELECT call_id, owner FROM calls WHERE state = 'sent' AND reply IS NULL AND batch_id IS NULL ORDER BY call_id"
    ).fetchall()
    dead = {owner for owner in {owner for _, owner in rows} if not is_alive(owner)}
    orphans = [call_id for call_id, owner in rows if owner in dead]
    if orphans:
        with immediate(db):
            for call_id in orphans:
                lose(db, call_id)
    return len(orphans)
