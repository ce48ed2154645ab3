"""What the app sets going: jobs, and the worker process that does them. No model call or export runs in a view."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import closing

from app.workspace import ROOT, AppWorkspace, workspace
from review_db import jobs
from review_db.connection import Database, open_review_db

BETWEEN_STARTS_SECONDS = 3.0
KEY_VARIABLES = ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN")


class WorkerStarter:
    """Starts `python -m pipeline work` when a job waits; the worker itself sees to it that only one works."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = float("-inf")
        self._next_look: threading.Timer | None = None

    def ensure(self, db: Database, where: AppWorkspace) -> bool:
        """Start a worker if a job waits for one; whether one was started. Safe to call at any time.

        A worker that is just ending may miss the job, so it is looked again until none waits.
        """
        if not jobs.waiting(db):
            return False
        if self.start(where):
            return True
        self._look_again_later(where)
        return False

    def _look_again_later(self, where: AppWorkspace) -> None:
        with self._lock:
            if self._next_look is None:
                self._next_look = threading.Timer(BETWEEN_STARTS_SECONDS, self._look_again, [where])
                self._next_look.daemon = True
                self._next_look.start()

    def _look_again(self, where: AppWorkspace) -> None:
        with self._lock:
            self._next_look = None
        with closing(open_review_db(where.database)) as db:
            self.ensure(db, where)

    def start(self, where: AppWorkspace) -> bool:
        """Start a worker unless ours is still at work; whether one was started."""
        with self._lock:
            if self._process is not None and self._process.poll() is None:
                return False
            if time.monotonic() - self._started_at < BETWEEN_STARTS_SECONDS:
                return False
            self._started_at = time.monotonic()
            self._process = _start(where)
        return True


def _start(where: AppWorkspace) -> subprocess.Popen[bytes]:
    """A process of its own session: it outlives the app's end and takes its own priority."""
    where.worker_log.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "pipeline", "work", "--until-idle", "--workspace", str(where.root)]
    with where.worker_log.open("ab") as log:
        return subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )


_starter = WorkerStarter()


def ensure_worker(db: Database) -> bool:
    """Start this app's worker if a job waits for one."""
    return _starter.ensure(db, workspace())


def start_worker() -> None:
    """Start this app's worker because a person asked for it: it also does the jobs that never start alone."""
    _starter.start(workspace())


def ask_export(
    db: Database, requested_by: str, *, include: str, formats: list[str], options: Mapping[str, object] | None = None
) -> int:
    """Queue an export and start a worker; returns the job's number."""
    payload: dict[str, object] = {"include": include, "formats": ",".join(formats)}
    payload |= {"options": dict(options)} if options else {}
    job_id = jobs.ask(db, "export", payload, requested_by)
    ensure_worker(db)
    return job_id


def ask_publish(db: Database, requested_by: str, wish: Mapping[str, object]) -> int:
    """Queue a publication (repository, license, public, dry_run) and start a worker; returns the job's number."""
    job_id = jobs.ask(db, "publish", dict(wish), requested_by)
    ensure_worker(db)
    return job_id


def ask_weighing(db: Database, requested_by: str) -> int:
    """Queue the weighing of every decision, by which waiting pairs are rated anew; returns the job's number."""
    job_id = jobs.ask(db, "check", {}, requested_by)
    ensure_worker(db)
    return job_id


def ask_again(db: Database, job_id: int, requested_by: str) -> int:
    """Queue a failed or cancelled job anew and start a worker, also for work that does not start alone."""
    again = jobs.retry(db, job_id, requested_by)
    start_worker()
    return again


def ask_unanswered(db: Database, page_ids: Sequence[str], requested_by: str) -> None:
    """Queue the pages whose calls got no reply, with a person's consent to send them again; start a worker.

    A regeneration that failed for it is asked for in the same words.
    """
    for page_id in page_ids:
        before = jobs.newest_of_page(db, "regenerate", page_id)
        wish = before.payload if before and before.state in ("failed", "cancelled") else {"page_id": page_id}
        jobs.ask(db, "regenerate", wish | {"resend_unknown": True}, requested_by)
    ensure_worker(db)


def asks_claude() -> bool:
    """Whether the workers started here ask Claude: they inherit this process's key, of which only this is told."""
    return any(os.environ.get(name) for name in KEY_VARIABLES)
