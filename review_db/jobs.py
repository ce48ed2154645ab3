"""Work that people ask for; a worker process claims it, reports progress and finishes it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from review_db.connection import Database, immediate, now
from review_db.errors import ReviewDbError
from review_db.records import Job

COLUMNS = (
    "job_id, kind, payload_json, state, done_units, total_units, message, result_json, requested_by, "
    "cancel_asked, created_at, started_at, finished_at"
)
STALE_SECONDS = 60.0


def _job(row: tuple[Any, ...]) -> Job:
    values = list(row)
    values[2] = json.loads(values[2])
    values[7] = json.loads(values[7]) if values[7] else None
    values[9] = bool(values[9])
    return Job(*values)


def ask(db: Database, kind: str, payload: dict[str, object], requested_by: str, *, starts_alone: bool = True) -> int:
    """Queue a job and return its key; with starts_alone=False it waits for a worker that a person starts."""
    with immediate(db):
        cursor = db.conn.execute(
            "INSERT INTO jobs (kind, payload_json, requested_by, starts_alone, created_at) VALUES (?, ?, ?, ?, ?)",
            [kind, json.dumps(payload, ensure_ascii=False), requested_by, starts_alone, now()],
        )
        return int(cursor.lastrowid or 0)


def claim(db: Database, worker: str) -> Job | None:
    """Take the oldest queued job whose time has come for `worker`, or None."""
    with immediate(db):
        row = db.conn.execute(
            "UPDATE jobs SET state = 'running', worker = ?, attempts = attempts + 1, started_at = ?, "
            "heartbeats = heartbeats + 1 WHERE job_id = (SELECT job_id FROM jobs WHERE state = 'queued' AND "
            f"cancel_asked = 0 AND IFNULL(not_before, '') <= ? ORDER BY job_id LIMIT 1) RETURNING {COLUMNS}",
            [worker, now(), now()],
        ).fetchone()
    return _job(row) if row else None


def requeue_of(db: Database, worker: str) -> int:
    """Put the running jobs of a worker that has died back in the queue and return how many."""
    with immediate(db):
        return db.conn.execute(
            "UPDATE jobs SET state = 'queued', worker = NULL WHERE state = 'running' AND worker = ?", [worker]
        ).rowcount


def postpone(db: Database, job_id: int, seconds: float, message: str) -> None:
    """Put a running job back in the queue, not to be taken up before so many seconds have passed."""
    not_before = (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat(timespec="milliseconds")
    with immediate(db):
        db.conn.execute(
            "UPDATE jobs SET state = 'queued', worker = NULL, not_before = ?, message = ? WHERE job_id = ?",
            [not_before, message, job_id],
        )


def running_workers(db: Database) -> list[str]:
    """Names of the workers that hold a running job."""
    return [row[0] for row in db.conn.execute("SELECT DISTINCT worker FROM jobs WHERE state = 'running'")]


def report(db: Database, job_id: int, done_units: int, total_units: int | None, message: str | None) -> bool:
    """Store progress; False means that a person asked to cancel."""
    with immediate(db):
        row = db.conn.execute(
            "UPDATE jobs SET done_units = ?, total_units = ?, message = ?, heartbeats = heartbeats + 1 "
            "WHERE job_id = ? RETURNING cancel_asked",
            [done_units, total_units, message, job_id],
        ).fetchone()
    return not (row and row[0])


def finish(db: Database, job_id: int, state: str, message: str | None, result: dict[str, object] | None = None) -> None:
    """End a job as done, failed or cancelled."""
    with immediate(db):
        db.conn.execute(
            "UPDATE jobs SET state = ?, message = ?, result_json = ?, finished_at = ? WHERE job_id = ?",
            [
                state,
                message,
                json.dumps(result, ensure_ascii=False) if result is not None else None,
                now(),
                job_id,
            ],
        )


def cancel(db: Database, job_id: int) -> None:
    """Ask for a job to stop; one that has not begun is cancelled at once."""
    with immediate(db):
        db.conn.execute(
            "UPDATE jobs SET cancel_asked = 1, "
            "finished_at = CASE state WHEN 'queued' THEN ? ELSE finished_at END, "
            "state = CASE state WHEN 'queued' THEN 'cancelled' ELSE state END "
            "WHERE job_id = ? AND state IN ('queued', 'running')",
            [now(), job_id],
        )


def recent(db: Database, limit: int = 50) -> list[Job]:
    """The newest jobs, newest first."""
    rows = db.conn.execute(f"SELECT {COLUMNS} FROM jobs ORDER BY job_id DESC LIMIT ?", [limit])
    return [_job(row) for row in rows]


def waiting(db: Database) -> int:
    """How many queued jobs may start a worker by themselves now."""
    row = db.conn.execute(
        "SELECT count(*) FROM jobs WHERE state = 'queued' AND starts_alone = 1 AND IFNULL(not_before, '') <= ?", [now()]
    ).fetchone()
    return int(row[0])


def held(db: Database) -> int:
    """How many queued jobs begin only when a person starts a worker."""
    (count,) = db.conn.execute("SELECT count(*) FROM jobs WHERE state = 'queued' AND starts_alone = 0").fetchone()
    return int(count)


def job_by_id(db: Database, job_id: int) -> Job:
    """One job. Raises ReviewDbError."""
    row = db.conn.execute(f"SELECT {COLUMNS} FROM jobs WHERE job_id = ?", [job_id]).fetchone()
    if row is None:
        raise ReviewDbError(f"there is no job {job_id}", "the jobs view lists them")
    return _job(row)


def job_of_request(db: Database, uid: str) -> int | None:
    """The job that was queued for this request (`uid` of its payload), or None: sent again it queues no second one."""
    row = db.conn.execute(
        "SELECT job_id FROM jobs WHERE json_extract(payload_json, '$.uid') = ? ORDER BY job_id LIMIT 1", [uid]
    ).fetchone()
    return int(row[0]) if row else None


def newest_of_page(db: Database, kind: str, page_id: str) -> Job | None:
    """The last job of this kind that was asked for this page, or None."""
    row = db.conn.execute(
        f"SELECT {COLUMNS} FROM jobs WHERE kind = ? AND json_extract(payload_json, '$.page_id') = ? "
        "ORDER BY job_id DESC LIMIT 1",
        [kind, page_id],
    ).fetchone()
    return _job(row) if row else None


def retry(db: Database, job_id: int, requested_by: str) -> int:
    """Queue a new job with the payload of one that failed or was cancelled; returns its key. Raises ReviewDbError."""
    with immediate(db):
        job = job_by_id(db, job_id)
        if job.state not in ("failed", "cancelled"):
            raise ReviewDbError(f"job {job_id} is {job.state}", "only failed and cancelled jobs are done again")
        return ask(db, job.kind, job.payload, requested_by)
