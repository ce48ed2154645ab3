"""Jobs: claimed once, cancelled in time, never lost with their worker."""

import pytest

from review_db import jobs
from review_db.errors import ReviewDbError


def test_a_job_is_claimed_once_and_in_order(fresh_db):
    first, second = jobs.ask(fresh_db, "export", {}, "ana"), jobs.ask(fresh_db, "run", {"page": "x"}, "ana")
    assert [jobs.claim(fresh_db, "w1").job_id, jobs.claim(fresh_db, "w2").job_id] == [first, second]
    assert jobs.claim(fresh_db, "w1") is None


def test_a_queued_job_is_cancelled_at_once_and_a_running_one_is_told(fresh_db):
    running, queued = jobs.ask(fresh_db, "export", {}, "ana"), jobs.ask(fresh_db, "export", {}, "ana")
    jobs.claim(fresh_db, "w")
    assert jobs.report(fresh_db, running, 1, 5, "writing")
    for job_id in (running, queued):
        jobs.cancel(fresh_db, job_id)
    assert not jobs.report(fresh_db, running, 2, 5, "writing")
    assert jobs.job_by_id(fresh_db, queued).state == "cancelled"
    assert jobs.claim(fresh_db, "w") is None


def test_the_jobs_of_a_dead_worker_wait_again(fresh_db):
    jobs.ask(fresh_db, "export", {}, "ana")
    jobs.claim(fresh_db, "dead")
    assert jobs.running_workers(fresh_db) == ["dead"]
    assert jobs.requeue_of(fresh_db, "dead") == 1
    assert jobs.claim(fresh_db, "alive").kind == "export"


def test_a_job_for_a_person_to_start_starts_no_worker(fresh_db):
    jobs.ask(fresh_db, "import_checks", {}, "ana", starts_alone=False)
    assert jobs.waiting(fresh_db) == 0
    assert jobs.claim(fresh_db, "started by hand") is not None


def test_a_request_and_a_page_find_their_job(fresh_db):
    job = jobs.ask(fresh_db, "regenerate", {"page_id": "p1", "uid": "u1"}, "ana")
    assert (jobs.job_of_request(fresh_db, "u1"), jobs.job_of_request(fresh_db, "u2")) == (job, None)
    newer = jobs.ask(fresh_db, "regenerate", {"page_id": "p1", "uid": "u2"}, "ana")
    assert jobs.newest_of_page(fresh_db, "regenerate", "p1").job_id == newer
    assert jobs.newest_of_page(fresh_db, "regenerate", "p2") is None


def test_only_a_failed_or_cancelled_job_is_done_again_with_the_same_payload(fresh_db):
    job = jobs.ask(fresh_db, "export", {"include": "all"}, "ana")
    with pytest.raises(ReviewDbError, match="is queued"):
        jobs.retry(fresh_db, job, "ben")
    jobs.cancel(fresh_db, job)
    again = jobs.job_by_id(fresh_db, jobs.retry(fresh_db, job, "ben"))
    assert (again.kind, again.payload, again.state, again.requested_by) == (
        "export",
        {"include": "all"},
        "queued",
        "ben",
    )


def test_a_postponed_job_waits_for_its_time_and_starts_nobody_before(fresh_db):
    first = jobs.ask(fresh_db, "run", {}, "ana")
    assert jobs.claim(fresh_db, "one").job_id == first
    jobs.postpone(fresh_db, first, 3600, "the service asks for a pause")
    assert (jobs.waiting(fresh_db), jobs.claim(fresh_db, "two")) == (0, None)
    assert jobs.job_by_id(fresh_db, first).message == "the service asks for a pause"
    other = jobs.ask(fresh_db, "export", {}, "ana")
    assert jobs.claim(fresh_db, "two").job_id == other
    jobs.postpone(fresh_db, other, -1, "over already")
    assert jobs.waiting(fresh_db) == 1
    assert jobs.claim(fresh_db, "two").job_id == other


def test_only_work_that_never_starts_alone_is_held_for_a_person(fresh_db):
    first = jobs.ask(fresh_db, "run", {}, "ana")
    jobs.claim(fresh_db, "w")
    jobs.postpone(fresh_db, first, 60, "a batch is at work")
    assert jobs.held(fresh_db) == 0
    jobs.ask(fresh_db, "import_checks", {}, "ana", starts_alone=False)
    assert jobs.held(fresh_db) == 1
