"""The note that a unit of a stage was done, or why it failed."""

from __future__ import annotations

from collections.abc import Iterator

from review_db.connection import Database, immediate, now
from review_db.rows import stream


def finished_units(db: Database, stage: str) -> dict[str, str]:
    """Unit -> fingerprint of every unit of the stage that ended well."""
    rows = stream(db, "SELECT unit, fingerprint FROM stage_outcomes WHERE stage = ? AND outcome = 'ok'", [stage])
    return dict(rows)


def failed_units(db: Database) -> Iterator[tuple[str, str, str]]:
    """(stage, unit, reason) of every unit whose last attempt failed."""
    rows = stream(db, "SELECT stage, unit, detail FROM stage_outcomes WHERE outcome = 'failed' ORDER BY stage, unit")
    return ((stage, unit, detail or "") for stage, unit, detail in rows)


def record_success(
    db: Database, stage: str, unit: str, fingerprint: str, seconds: float, note: str | None = None
) -> None:
    """Note that a unit is done; belongs in the transaction that stores what it made."""
    _record(db, stage, unit, fingerprint, "ok", note, seconds)


def record_failure(db: Database, stage: str, unit: str, fingerprint: str, reason: str, seconds: float) -> None:
    """Note why a unit failed; the next run tries it again."""
    _record(db, stage, unit, fingerprint, "failed", reason, seconds)


def _record(
    db: Database, stage: str, unit: str, fingerprint: str, outcome: str, detail: str | None, seconds: float
) -> None:
    with immediate(db):
        db.conn.execute(
            "INSERT INTO stage_outcomes (stage, unit, fingerprint, outcome, detail, seconds, finished_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (stage, unit) DO UPDATE SET "
            "fingerprint = excluded.fingerprint, outcome = excluded.outcome, detail = excluded.detail, "
            "seconds = excluded.seconds, finished_at = excluded.finished_at, attempts = attempts + 1",
            [stage, unit, fingerprint, outcome, detail, seconds, now()],
        )
