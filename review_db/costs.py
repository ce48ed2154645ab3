"""What paid calls cost: by command or job, page, model and approved pair, and what a day has used."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from review_db.calls import spent
from review_db.connection import Database

COST = "TOTAL(CASE WHEN state = 'failed' THEN 0 ELSE IFNULL(cost_usd, reserved_usd) END)"
"""Dollars of some calls; one whose cost is not known yet counts with its reservation."""

MOST_MEASURED = 1_000


class SettledCall(NamedTuple):
    """What an answered call took."""

    input_tokens: int
    output_tokens: int
    usd: float


def total(db: Database) -> float:
    """Dollars spent so far."""
    (usd,) = db.conn.execute(f"SELECT {COST} FROM calls").fetchone()
    return float(usd)


def settled_calls(db: Database, purpose: str, model: str) -> list[SettledCall]:
    """The newest answered calls of a purpose and model whose tokens are known, at the price of a call on its own."""
    rows = db.conn.execute(
        "SELECT input_tokens + IFNULL(cache_write_tokens, 0) + IFNULL(cache_read_tokens, 0), output_tokens, "
        "CASE WHEN batch_id IS NULL THEN cost_usd ELSE 2 * cost_usd END "
        "FROM calls WHERE purpose = ? AND model = ? AND state IN ('settled', 'no_pairs') "
        "AND input_tokens IS NOT NULL AND output_tokens IS NOT NULL ORDER BY call_id DESC LIMIT ?",
        [purpose, model, MOST_MEASURED],
    )
    return [SettledCall(*row) for row in rows]


class CacheEffect(NamedTuple):
    """Tokens that were written to and read from the service's prompt cache, and the dollars that this saved."""

    written: int
    read: int
    saved_usd: float


def cache_effect(db: Database) -> CacheEffect:
    """What the prompt cache did for all calls together; below zero dollars where little of it was read again."""
    row = db.conn.execute(
        "SELECT IFNULL(sum(cache_write_tokens), 0), IFNULL(sum(cache_read_tokens), 0), TOTAL(saved_usd) FROM calls"
    ).fetchone()
    return CacheEffect(*row)


def cost_of_runs(db: Database, run_keys: Sequence[str]) -> dict[str, float]:
    """Dollars of each command or job that made a call; those without one are left out."""
    marks = ", ".join("?" * len(run_keys))
    query = f"SELECT run_key, {COST} FROM calls WHERE run_key IN ({marks}) GROUP BY run_key"
    return dict(db.conn.execute(query, list(run_keys)))


def cost_by_model(db: Database) -> Iterator[tuple[str, int, float]]:
    """(model, calls, dollars), the dearest first."""
    rows = db.conn.execute(f"SELECT model, count(*), {COST} AS usd FROM calls GROUP BY model ORDER BY usd DESC, model")
    return ((model, count, usd) for model, count, usd in rows)


def cost_per_page(db: Database) -> float | None:
    """Mean dollars of a page that any call was made for; None before the first call."""
    usd, pages = db.conn.execute(
        f"SELECT {COST}, count(DISTINCT page_id) FROM calls WHERE page_id IS NOT NULL"
    ).fetchone()
    return usd / pages if pages else None


def cost_per_approved_pair(db: Database) -> float | None:
    """All dollars over the approved pairs that a paid call wrote; None while there is no such pair."""
    (approved,) = db.conn.execute(
        "SELECT count(*) FROM pairs p JOIN generation_runs r USING (run_id) "
        "WHERE p.status = 'approved' AND p.is_planted = 0 AND r.call_id IS NOT NULL"
    ).fetchone()
    return total(db) / approved if approved else None


def spent_today(db: Database) -> float:
    """Dollars spent and reserved on the present UTC day, all processes together."""
    return spent(db, f"day:{datetime.now(UTC):%Y-%m-%d}")
