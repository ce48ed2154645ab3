"""Where a pair comes from: the prompt that asked for it, and what its share of the paid call was."""

from __future__ import annotations

from typing import NamedTuple

from review_db.connection import Database


class Origin(NamedTuple):
    """The run that proposed a pair; `usd` is the call's cost over the pairs it gave, None where nothing was paid."""

    prompt_name: str | None
    prompt_sha256: str | None
    at: str
    usd: float | None


def origin_of(db: Database, pair_key: int) -> Origin | None:
    """The run that proposed the pair; None for one that was imported or written by a reviewer."""
    row = db.conn.execute(
        "SELECT g.prompt_name, g.prompt_sha256, g.created_at, IFNULL(c.cost_usd, c.reserved_usd) / max(g.proposed, 1) "
        "FROM pairs p JOIN generation_runs g USING (run_id) LEFT JOIN calls c USING (call_id) WHERE p.pair_key = ?",
        [pair_key],
    ).fetchone()
    return Origin(*row) if row else None
