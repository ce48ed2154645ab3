"""What reviewers ask for beside decisions, against a real database: once each, in order, never overwriting a person."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.review import regeneration
from app.review.messages import handle
from review_db import jobs, listings, pages, pairs, stage_outcomes
from review_db.records import CandidatePair
from review_db.superseded import supersede_pending
from tests.app.seeded import Seeded, seeded_workspace


@pytest.fixture
def seeded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Seeded]:
    monkeypatch.setenv("MANUALQA_WORKSPACE", str(tmp_path))
    made = seeded_workspace(tmp_path)
    yield made
    made.db.close()


def send(seeded, *entries, reviewer="ana", **wishes):
    return handle(seeded.db, {"n": 1, "tab": "t1", "outbox": list(entries), **wishes}, reviewer, "t1")


def regenerate(page, uid="r1", **more):
    return {"uid": uid, "verdict": "regenerate", "page": page, **more}


def finished_run(seeded, job_id, page_id, *texts):
    """What a worker leaves behind: new pairs in, pending ones that were not proposed again set aside, job done."""
    assert jobs.claim(seeded.db, "w").job_id == job_id
    page = pages.page_by_id(seeded.db, page_id)
    found = [CandidatePair(question, answer, "factual") for question, answer in texts]
    stored = pairs.add_candidates(seeded.db, page, None, "offline", found)
    supersede_pending(seeded.db, page_id, keep=[key for key, _ in stored])
    jobs.finish(seeded.db, job_id, "done", None, {"generate-qa": {"done": 1, "failed": 0}})
    return [pair.pair_id for pair in pairs.pairs_by_key(seeded.db, [key for key, _ in stored])]


def test_a_regeneration_is_queued_once_however_often_it_is_sent(seeded):
    page = seeded.page_ids[0]
    asked = regenerate(page, reason="wrong_unit", comment="all in inches")
    (first,), (second,) = send(seeded, asked)["results"], send(seeded, asked)["results"]
    assert (first["ok"], first["again"], second["ok"], second["again"]) == (True, False, True, True)
    (job,) = jobs.recent(seeded.db)
    assert (job.job_id, job.kind, job.requested_by) == (first["job"], "regenerate", "ana")
    assert job.payload == {"page_id": page, "reason": "wrong_unit", "feedback": "all in inches", "uid": "r1"}
    assert list(listings.events(seeded.db)) == []


def test_corrections_come_before_the_job_and_only_what_differs_is_stored(seeded):
    page = seeded.page_ids[0]
    corrections = {"content_type": "diagram", "rotation": "1", "section_name": "Engine", "kind": "no such field"}
    send(seeded, regenerate(page, corrections=corrections), regenerate(page, uid="r2", corrections=corrections))
    stored = pages.page_by_id(seeded.db, page)
    assert (stored.content_type, stored.rotation) == ("diagram", 1)
    rows = seeded.db.conn.execute("SELECT count(*) FROM page_corrections WHERE field <> 'section_name'").fetchone()
    assert rows[0] == 2
    assert send(seeded, open=seeded.pair_ids[0])["pages"][0]["rotation"] == 1


@pytest.mark.parametrize(
    "corrections", [{"content_type": "novel"}, {"rotation": "5"}, {"section_id": ""}, "none", None]
)
def test_a_correction_that_makes_no_sense_is_left_out(seeded, corrections):
    (result,) = send(
        seeded, {"uid": "c", "verdict": "correct", "page": seeded.page_ids[0], "corrections": corrections}
    )["results"]
    assert result["ok"]
    assert seeded.db.conn.execute("SELECT count(*) FROM page_corrections").fetchone()[0] == 0


def test_a_comment_that_no_file_can_store_costs_neither_the_job_nor_the_outbox(seeded):
    asked = regenerate(seeded.page_ids[0], comment="half \ud800 a \x00 letter", reason="nonsense")
    reply = send(seeded, asked, {"uid": "a", "verdict": "approve", "pair": seeded.pair_ids[0], "rev": 1})
    assert [result["ok"] for result in reply["results"]] == [True, True]
    (job,) = jobs.recent(seeded.db)
    assert (job.payload["feedback"], job.payload["reason"]) == ("half ? a  letter", None)


def test_an_unknown_page_or_a_nameless_reviewer_is_refused_and_the_rest_is_stored(seeded):
    known = regenerate(seeded.page_ids[0], uid="r2")
    reply = send(seeded, regenerate("no-such-page"), known)
    assert [result["ok"] for result in reply["results"]] == [False, True]
    assert (
        send(seeded, regenerate(seeded.page_ids[1], uid="r3"), reviewer="")["results"][0]["why"] == "reviewer_missing"
    )
    assert len(jobs.recent(seeded.db)) == 1


def test_a_pair_that_was_set_aside_is_put_back_and_can_be_decided_in_the_same_envelope(seeded):
    pair = pairs.pair_by_id(seeded.db, seeded.pair_ids[0])
    pairs.set_aside(seeded.db, [pair.pair_key], "filtered:answer_short")
    restore = {"uid": "b", "verdict": "restore", "pair": pair.pair_id}
    reply = send(seeded, restore, open=pair.pair_id)
    assert (reply["pairs"][0]["status"], reply["pages"][0]["aside"]) == ("pending", [])
    assert pairs.pair_by_id(seeded.db, pair.pair_id).reason == "restored"
    approve = {"uid": "c", "verdict": "approve", "pair": pair.pair_id, "rev": 1}
    assert [result["ok"] for result in send(seeded, restore, approve)["results"]] == [True, True]
    assert pairs.pair_by_id(seeded.db, pair.pair_id).status == "approved"
    send(seeded, restore)
    assert pairs.pair_by_id(seeded.db, pair.pair_id).status == "approved"


def test_a_page_lists_its_set_aside_pairs_with_their_reasons(seeded):
    pair = pairs.pair_by_id(seeded.db, seeded.pair_ids[0])
    pairs.set_aside(seeded.db, [pair.pair_key], "filtered:answer_short")
    (page,) = send(seeded, open=pair.pair_id)["pages"]
    assert [(each["id"], each["reason"]) for each in page["aside"]] == [(pair.pair_id, "filtered:answer_short")]
    assert pair.pair_id not in [each["id"] for each in page["pairs"]]


def test_a_watched_page_tells_how_its_regeneration_stands(seeded):
    page = seeded.page_ids[0]
    assert send(seeded, watch=[page, "no-such-page", 7])["regenerations"] == []
    job = send(seeded, regenerate(page))["results"][0]["job"]
    assert send(seeded, watch=[page])["regenerations"][0]["state"] == "queued"
    jobs.claim(seeded.db, "w")
    jobs.report(seeded.db, job, 0, 1, "generate-qa")
    (running,) = send(seeded, watch=[page])["regenerations"]
    assert (running["state"], running["doing"]) == ("running", "generate-qa")
    jobs.finish(seeded.db, job, "failed", "the model refused; shorten the page")
    (failed,) = send(seeded, watch=[page])["regenerations"]
    assert (failed["state"], failed["why"]) == ("failed", "the model refused; shorten the page")
    assert send(seeded, compare=page)["comparison"] is None


def test_a_job_that_ended_without_its_page_is_told_as_failed_with_the_reason(seeded):
    page = seeded.page_ids[0]
    job = send(seeded, regenerate(page))["results"][0]["job"]
    stage_outcomes.record_failure(seeded.db, "generate-qa", page, "f", "the reply was cut", 0.1)
    jobs.finish(seeded.db, job, "done", None, {"generate-qa": {"done": 0, "failed": 1}})
    (stands,) = send(seeded, watch=[page])["regenerations"]
    assert (stands["state"], stands["why"]) == ("failed", "the reply was cut")


def test_old_and_new_pairs_stand_side_by_side_and_decided_ones_stay(seeded):
    page = seeded.page_ids[0]
    mine = [pair for pair in seeded.pair_ids if pair.startswith(page)]
    send(seeded, {"uid": "a", "verdict": "approve", "pair": mine[0], "rev": 1})
    before = pairs.pair_by_id(seeded.db, mine[1])
    job = send(seeded, regenerate(page))["results"][0]["job"]
    again = pairs.pair_by_id(seeded.db, mine[2])
    texts = [
        (before.question, "999 Nm"),
        ("Which sealant goes on the cover?", "None"),
        (again.question, again.answer),
    ]
    new = finished_run(seeded, job, page, *texts)
    reply = send(seeded, compare=page, watch=[page], held={mine[1]: 1})
    rows = [tuple(each and each["id"] for each in row) for row in reply["comparison"]["rows"]]
    assert rows == [(mine[1], new[0]), (mine[3], None), (None, new[1])]
    assert [each["id"] for each in reply["comparison"]["kept"]] == [mine[0]]
    assert reply["comparison"]["same"] == 1
    assert (reply["regenerations"][0]["old"], reply["regenerations"][0]["new"]) == (2, 2)
    sent = {each["id"]: each["status"] for each in reply["pairs"]}
    assert (sent[mine[1]], sent[mine[0]], sent[new[0]]) == ("set_aside", "approved", "pending")


def test_a_superseded_pair_that_a_later_run_proposes_again_counts_as_new(seeded):
    page = seeded.page_ids[0]
    mine = [pairs.pair_by_id(seeded.db, pair) for pair in seeded.pair_ids if pair.startswith(page)]
    first = send(seeded, regenerate(page))["results"][0]["job"]
    finished_run(seeded, first, page, ("Something else?", "Yes"))
    second = send(seeded, regenerate(page, uid="r2"))["results"][0]["job"]
    finished_run(seeded, second, page, (mine[0].question, mine[0].answer))
    rows = regeneration.comparison_bundle(seeded.db, page)["rows"]
    assert [each["id"] for _, each in rows if each] == [mine[0].pair_id]
    assert [each["question"] for each, _ in rows if each] == ["Something else?"]
