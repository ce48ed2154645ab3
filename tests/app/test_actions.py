"""Asking for work: a job is queued, and a worker process is started when one waits and none is ours."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from app import actions
from app.actions import WorkerStarter
from app.workspace import AppWorkspace
from review_db import jobs
from tests.app.seeded import seeded_workspace


@pytest.fixture
def starts(monkeypatch: pytest.MonkeyPatch) -> list[subprocess.Popen]:
    """Every process that was started: one that lives for a moment instead of a worker."""
    started: list[subprocess.Popen] = []

    def start(where):
        started.append(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(0.4)"]))
        return started[-1]

    monkeypatch.setattr(actions, "_start", start)
    monkeypatch.setattr(actions, "BETWEEN_STARTS_SECONDS", 0.0)
    return started


def test_no_worker_is_started_while_nothing_waits(fresh_db, tmp_path, starts):
    assert not WorkerStarter().ensure(fresh_db, AppWorkspace(tmp_path))
    jobs.ask(fresh_db, "import_checks", {}, "ana", starts_alone=False)
    assert not WorkerStarter().ensure(fresh_db, AppWorkspace(tmp_path))
    assert starts == []


def test_one_worker_at_a_time_and_another_when_it_has_ended_with_work_left(fresh_db, tmp_path, starts):
    jobs.ask(fresh_db, "export", {}, "ana")
    starter = WorkerStarter()
    assert [starter.ensure(fresh_db, AppWorkspace(tmp_path)) for _ in range(3)] == [True, False, False]
    starts[0].wait()
    assert starter.ensure(fresh_db, AppWorkspace(tmp_path))
    starts[1].wait()


def test_a_job_asked_for_while_a_worker_is_ending_gets_another_by_itself(tmp_path, starts, monkeypatch):
    monkeypatch.setattr(actions, "BETWEEN_STARTS_SECONDS", 0.1)
    seeded = seeded_workspace(tmp_path, page_count=1)
    jobs.ask(seeded.db, "export", {}, "ana")
    starter = WorkerStarter()
    assert starter.ensure(seeded.db, AppWorkspace(tmp_path))
    assert not starter.ensure(seeded.db, AppWorkspace(tmp_path))
    deadline = time.monotonic() + 10
    while len(starts) < 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(starts) == 2
    (job,) = jobs.recent(seeded.db)
    jobs.cancel(seeded.db, job.job_id)
    starts[1].wait()
    seeded.db.close()


@pytest.mark.slow
def test_the_worker_does_the_job_in_its_own_process(tmp_path: Path, monkeypatch):
    monkeypatch.setenv("MANUALQA_WORKSPACE", str(tmp_path))
    seeded = seeded_workspace(tmp_path, page_count=1)
    monkeypatch.setattr(actions, "_starter", WorkerStarter())
    job = actions.ask_export(seeded.db, "ana", include="approved", formats=[])
    deadline = time.monotonic() + 60
    while jobs.job_by_id(seeded.db, job).state in ("queued", "running") and time.monotonic() < deadline:
        time.sleep(0.2)
    ended = jobs.job_by_id(seeded.db, job)
    assert ended.state == "failed"
    assert "nothing is approved yet" in ended.message
    seeded.db.close()
