"""A pair's status as the log gives it: the last decision in force, else the last machine event."""

from __future__ import annotations

from typing import Any

from review_db.connection import Database


def derived_status(db: Database, pair_key: int) -> tuple[str, str | None, str | None]:
    """(status, reason, decided_by) as the log gives it: the last decision in force, else the last machine event."""
    row: tuple[Any, ...] | None = db.conn.execute(
        "SELECT verdict, reason, reviewer FROM decisions d WHERE pair_key = ? "
        "AND verdict IN ('approve', 'edit', 'reject') "
        "AND NOT EXISTS (SELECT 1 FROM decisions u WHERE u.undoes_seq = d.seq) ORDER BY seq DESC LIMIT 1",
        [pair_key],
    ).fetchone()
    if row:
        return ("rejected" if row[0] == "reject" else "approved"), row[1], row[2]
    event = db.conn.execute(
        "SELECT status, reason FROM machine_events WHERE pair_key = ? ORDER BY seq DESC LIMIT 1", [pair_key]
    ).fetchone()
    return (event[0], event[1], None) if event else ("pending", None, None)


def settle_status(db: Database, pair_key: int) -> None:
    """Write the derived status where the queue's index can see it; part of a larger transaction."""
    db.conn.execute(
        "UPDATE pairs SET status = ?, reason = ?, decided_by = ? WHERE pair_key = ?",
        [*derived_status(db, pair_key), pair_key],
    )
