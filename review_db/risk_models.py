"""What the workspace's own decisions taught about risk: each fit with its weights and how well it did."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from review_db.connection import Database, immediate, now


class StoredModel(NamedTuple):
    """Weights as JSON objects and the measures of the fit, both as the fitting wrote them; UTC time of the fit."""

    coefficients: dict[str, Any]
    measures: dict[str, Any]
    fitted_at: str


def newest(db: Database) -> StoredModel | None:
    """The last fit, or None before the first."""
    row = db.conn.execute(
        "SELECT coefficients_json, measures_json, fitted_at FROM risk_models ORDER BY model_id DESC LIMIT 1"
    ).fetchone()
    return StoredModel(json.loads(row[0]), json.loads(row[1]), row[2]) if row else None


def decisions_since(db: Database, moment: str) -> int:
    """How many times a pair was approved, edited or rejected after this UTC time."""
    row = db.conn.execute(
        "SELECT count(*) FROM decisions WHERE at > ? AND verdict IN ('approve', 'edit', 'reject')", [moment]
    ).fetchone()
    return int(row[0])


def record(db: Database, coefficients: dict[str, Any], measures: dict[str, Any]) -> None:
    """Store a fit; one that says the same as the last is not stored again."""
    with immediate(db):
        last = newest(db)
        if last is None or (last.coefficients, last.measures) != (coefficients, measures):
            db.conn.execute(
                "INSERT INTO risk_models (coefficients_json, measures_json, fitted_at) VALUES (?, ?, ?)",
                [json.dumps(coefficients), json.dumps(measures), now()],
            )
