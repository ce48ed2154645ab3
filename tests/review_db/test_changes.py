"""The mark of the state changes with everything that an export reads, and with nothing else."""

from review_db import jobs, releases
from review_db.changes import state_of_pairs
from tests.stored import a_page, a_pair, decide


def test_the_mark_changes_with_pages_pairs_decisions_and_releases_but_not_with_jobs(fresh_db):
    marks = [state_of_pairs(fresh_db)]
    page = a_page(fresh_db)
    marks.append(state_of_pairs(fresh_db))
    pair = a_pair(fresh_db, page)
    marks.append(state_of_pairs(fresh_db))
    decide(fresh_db, pair.pair_id, "approve", revision=1)
    marks.append(state_of_pairs(fresh_db))
    releases.record_release(fresh_db, "/somewhere", "h", {}, [])
    marks.append(state_of_pairs(fresh_db))
    assert len(set(marks)) == len(marks)
    jobs.ask(fresh_db, "run", {}, "ana")
    assert state_of_pairs(fresh_db) == marks[-1]
