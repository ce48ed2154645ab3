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
    call_id: int | None = None,
    proposed: int = 0,
) -> int:
    """Record a run and return its key; it commits together with the pairs it proposed."""
    with immediate(db):
        cursor = db.conn.execute(
            "INSERT INTO generation_runs (page_version_id, job_id, engine, model, prompt_name, prompt_sha256, "
            "feedback_json, call_id, proposed, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                page_version_id,
                job_id,
                engine,
                model,
                prompt_name,
                prompt_sha256,
                json.dumps(feedback, ensure_ascii=False) if feedback else None,
                call_id,
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


def generation_to_ask(db: Database, request_hash: str) -> int:
    """Which generation of a request asks it afresh: the newest whose reply no run has taken yet, else the next one.

    So a regeneration that was killed after its reply was paid for takes that reply. One that cannot be used (refused
    by the model, unreadable, without pairs) is asked for again.
    """
    row = db.conn.execute(
        "SELECT generation, state IN ('no_pairs', 'unreadable_reply') OR EXISTS "
        "(SELECT 1 FROM generation_runs r WHERE r.call_id = c.call_id) FROM calls c WHERE request_hash = ? "
        "ORDER BY generation DESC, reply IS NOT NULL DESC, call_id DESC LIMIT 1",
        [request_hash],
    ).fetchone()
    return int(row[0]) + int(row[1]) if row else 1


def changes_of_page(db: Database, page_id: str, since: str, until: str | None) -> tuple[list[int], list[int]]:
    """Keys of the pairs of a page that were superseded, and of those that came or came back, in a span of time.

    `since` and `until` are UTC times as the database stores them; None is the present. The span of a regeneration
    gives what it changed, whichever engine did it.
    """
    span = {"page": page_id, "since": since, "until": until or now()}
    superseded = db.conn.execute(
        "SELECT pair_key FROM pairs p WHERE page_id = :page AND is_planted = 0 AND created_at < :since AND EXISTS "
        "(SELECT 1 FROM machine_events e WHERE e.pair_key = p.pair_key AND e.reason = 'superseded' "
        "AND e.at BETWEEN :since AND :until) ORDER BY pair_key",
        span,
    )
    came = db.conn.execute(
        "SELECT pair_key FROM pairs p WHERE page_id = :page AND is_planted = 0 AND engine <> 'reviewer' AND "
        "(created_at BETWEEN :since AND :until OR EXISTS (SELECT 1 FROM machine_events e "
        "WHERE e.pair_key = p.pair_key AND e.status = 'pending' AND e.reason IS NULL "
        "AND e.at BETWEEN :since AND :until AND (SELECT b.reason FROM machine_events b "
        "WHERE b.pair_key = e.pair_key AND b.seq < e.seq ORDER BY b.seq DESC LIMIT 1) = 'superseded')) "
        "ORDER BY pair_key",
        span,
    )
    return [row[0] for row in superseded], [row[0] for row in came]
