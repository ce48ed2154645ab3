"""Generation runs: who proposed pairs for a page, with which model, prompt and feedback."""

from __future__ import annotations

import json

from review_db.connection import Database, immediate, now


def start_run(
    db: Database,
    *,
    page_version_id: int | None,
    engine: str,
    model: str | None = None,
    prompt_name: str | None = None,
    prompt_sha256: str | None = None,
    feedback: dict[str, object] | None = None,
    job_id: int | None = None,
    proposed: int = 0,
) -> int:
    """Record a run and return its key; it commits together with the pairs it proposed."""
    with immediate(db):
        cursor = db.conn.execute(
            "INSERT INTO generation_runs (page_version_id, job_id, engine, model, prompt_name, prompt_sha256, "
            "feedback_json, proposed, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                page_version_id,
                job_id,
                engine,
                model,
                prompt_name,
                prompt_sha256,
                json.dumps(feedback) if feedback else None,
                proposed,
                now(),
            ],
        )
        return int(cursor.lastrowid or 0)


def runs_of(db: Database, page_version_id: int) -> list[str]:
    """Engines that already proposed pairs for this page version, oldest first."""
    rows = db.conn.execute(
        "SELECT DISTINCT engine FROM generation_runs WHERE page_version_id = ? ORDER BY run_id",
        [page_version_id],
    )
    return [row[0] for row in rows]
