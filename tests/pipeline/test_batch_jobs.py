"""Batches asked for in the app: the job waits in the queue while the service works, and other jobs are done."""

import os
import shutil
import time

import pytest

from pipeline import settings, worker
from pipeline.batches import waiting
from review_db import facts, jobs, listings
from review_db.connection import open_review_db
from tests.doubles.claude.answers import SAMPLE
from tests.sample_pages import CLUTCH_DISC, FUSES

SCANS = [CLUTCH_DISC, FUSES, "21 - Clutch/21-05.jpg"]


@pytest.fixture
def db(workspace, monkeypatch):
    """Three scans; a worker waits half a second for a batch before it does something else."""
    monkeypatch.setattr(waiting, "FIRST_POLL_SECONDS", 0.05)
    monkeypatch.setattr(waiting, "LONGEST_POLL_SECONDS", 0.3)
    monkeypatch.setattr(worker, "LONGEST_WAIT_SECONDS", 0.5)
    monkeypatch.setattr(os, "nice", lambda increment: 0)
    db = open_review_db(workspace.database)
    for source in SCANS:
        (workspace.source / source).parent.mkdir(exist_ok=True)
        shutil.copyfile(SAMPLE / source, workspace.source / source)
    facts.remember_fact(db, facts.SOURCE_ROOT, str(workspace.source))
    yield db
    db.close()


def work(db, workspace, **api):
    rules = settings.build(settings.as_tree(settings.load([])[0]) | {"api": _api(**api)})
    worker.work_through(db, workspace, rules, until_idle=True)


def _api(**changes):
    return settings.as_tree(settings.load([])[0])["api"] | changes


@pytest.mark.slow
def test_a_batch_job_goes_back_to_the_queue_says_when_it_is_expected_and_goes_on_by_itself(db, workspace, double):
    double.batches.seconds = 1.5
    job_id, told = jobs.ask(db, "run", {"engine": "claude-batch"}, "ana"), []
    deadline = time.monotonic() + 60
    while (job := jobs.job_by_id(db, job_id)).state == "queued" and time.monotonic() < deadline:
        told.append(job.message)
        work(db, workspace, pilot_pages=1)
    assert job.state == "done"
    assert "1 batch at the service (2 requests), expected by " in told[1]
    assert {row["state"] for row in listings.calls(db)} == {"settled"}
    assert (double.received, double.batches.sizes) == (2, [2, 2])
    assert len({row["page_id"] for row in listings.pairs(db)}) == len(SCANS)


def test_the_reader_that_is_suggested_depends_on_how_much_there_is_to_read(db, workspace, double, monkeypatch):
    for above, suggested in ((2, "claude-batch"), (3, "claude")):
        jobs.ask(db, "estimate", {}, "ana")
        work(db, workspace, batch_above_pages=above)
        assert jobs.recent(db)[0].result["suggested"] == suggested
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    jobs.ask(db, "estimate", {}, "ana")
    work(db, workspace, batch_above_pages=2)
    assert jobs.recent(db)[0].result["suggested"] == "offline"
