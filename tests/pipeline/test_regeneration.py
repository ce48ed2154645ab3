"""A page made again by the worker with Claude: what the prompt is told, what stays, what a failure changes."""

import pytest

from app.actions import ask_unanswered
from app.job_list import unanswered
from pipeline import settings
from review_db import facts, jobs, listings, pairs
from review_db.connection import open_review_db
from tests.doubles.claude.answers import sample_pages, slip_of
from tests.sample_pages import CLUTCH_DISC, a_sample_page, asked_for, run_stages, text_of, told_instead
from tests.sample_run import manualqa
from tests.stored import decide

pytestmark = pytest.mark.slow

PAGE = "21-03_clutch"
FACTS = next(page for page in sample_pages() if page.record["page"] == CLUTCH_DISC).facts()
SLIP = slip_of(FACTS)


@pytest.fixture
def db(workspace, double):
    """One page that Claude has written pairs for; one of them is approved, one is wrong and rejected."""
    db = open_review_db(workspace.database)
    a_sample_page(db, workspace, CLUTCH_DISC, "text", content_type="procedure")
    (workspace.source / "notes.txt").write_text("keeps the folder from being empty", encoding="utf-8")
    facts.remember_fact(db, facts.SOURCE_ROOT, str(workspace.source))
    loaded, origins = settings.load([])
    facts.save_settings(db, settings.as_tree(loaded), origins)
    run_stages(db, workspace, "generate-qa")
    decide(db, by_question(db, FACTS[0].question).pair_id, "approve", revision=1)
    decide(db, wrong(db).pair_id, "reject", revision=1, reason="wrong_value", comment="look at the unit")
    yield db
    db.close()


def by_question(db, question, status=None):
    found = [pair for pair in pairs.pairs_of_page(db, PAGE) if pair.question == question]
    return next(pair for pair in found if status in (None, pair.status))


def wrong(db):
    return next(pair for pair in pairs.pairs_of_page(db, PAGE) if pair.answer == SLIP.answer)


def texts(db, status):
    return {(pair.question, pair.answer) for pair in pairs.pairs_of_page(db, PAGE) if pair.status == status}


def regenerated(db, workspace, *options):
    """The job, after the worker had its turn."""
    manualqa(workspace.root, "regenerate", PAGE, *options)
    manualqa(workspace.root, "work", "--until-idle", check=False)
    return jobs.recent(db)[0]


def test_the_first_answer_is_wrong_and_what_the_reviewer_says_mends_it(db, workspace, double):
    before = texts(db, "pending")
    job = regenerated(db, workspace, "--reason", "wrong_value", "--feedback", "Read every value twice.")
    assert (job.state, job.result["generate-qa"]) == ("done", {"done": 1, "failed": 0})

    told = text_of(asked_for(double, "generate")[-1])
    assert "Reason: wrong_value\nComment: Read every value twice." in told
    assert f'- "{SLIP.question}" answered "{SLIP.answer}": wrong_value: look at the unit' in told
    assert f'- "{FACTS[0].question}" answered "{FACTS[0].answer}"' in told

    mended = next(fact for fact in FACTS if fact.question == SLIP.question)
    assert (mended.question, mended.answer) in texts(db, "pending")
    assert texts(db, "approved") == {(FACTS[0].question, FACTS[0].answer)}
    assert texts(db, "rejected") == {(SLIP.question, SLIP.answer)}
    assert texts(db, "pending") == before | {(mended.question, mended.answer)}  # proposed again word by word


def test_the_run_knows_its_job_its_call_and_the_feedback(db, workspace):
    job = regenerated(db, workspace, "--feedback", "Too few values.")
    first, again = db.query("SELECT * FROM generation_runs ORDER BY run_id")
    assert (again["job_id"], again["engine"], again["prompt_name"]) == (job.job_id, "claude", "service_procedure")
    assert "Too few values." in again["feedback_json"]
    assert again["call_id"] not in (None, first["call_id"])
    assert again["prompt_sha256"] != first["prompt_sha256"]


def test_pairs_that_are_not_proposed_again_are_superseded_when_the_new_run_is_stored(db, workspace, double):
    before = texts(db, "pending")
    double.answer = told_instead({"pairs": [
        {"question": "Which new fact is it?", "answer": "7 mm", "question_type": "factual", "quote": "", "box": None},
    ]})  # fmt: skip
    assert regenerated(db, workspace).state == "done"
    assert texts(db, "pending") == {("Which new fact is it?", "7 mm")}
    set_aside = {(pair.question, pair.reason) for pair in pairs.pairs_of_page(db, PAGE) if pair.status == "set_aside"}
    assert set_aside == {(question, "superseded") for question, _ in before}
    assert texts(db, "approved") == {(FACTS[0].question, FACTS[0].answer)}


@pytest.mark.parametrize(
    ("reply", "fault", "why"),
    [(None, "refusal", "declined"), (None, "400", "400"), ({"pairs": []}, None, "nothing to ask"),
     (None, "402", "no credit"), (None, "cut_body", "--resend-unknown")],
)  # fmt: skip
def test_a_run_that_fails_changes_nothing_and_says_why(db, workspace, double, reply, fault, why):
    before = {status: texts(db, status) for status in ("pending", "approved", "rejected", "set_aside")}
    double.answer = told_instead(reply) if reply else double.answer
    double.misbehave(*[fault] * 4)
    job = regenerated(db, workspace)
    assert job.state == "failed"
    assert why in job.message
    assert {status: texts(db, status) for status in before} == before


def test_a_reply_that_never_came_is_asked_for_again_in_the_same_words_once_a_person_agrees(
    db, workspace, double, monkeypatch
):
    double.misbehave(None, "cut_body")
    assert regenerated(db, workspace, "--feedback", "Too few values.").state == "failed"
    double.misbehave()
    monkeypatch.setattr("app.actions._start", lambda where: None)
    before = double.received
    assert regenerated(db, workspace, "--feedback", "Too few values.").state == "failed"
    assert double.received == before
    ask_unanswered(db, list(unanswered(db)), "ana")
    manualqa(workspace.root, "work", "--until-idle")
    assert (jobs.recent(db)[0].state, jobs.recent(db)[0].requested_by) == ("done", "ana")
    assert double.received == before + 1
    asked = [text_of(body) for body in asked_for(double, "generate")[-2:]]
    assert asked[0] == asked[1]
    assert "Too few values." in asked[0]
    assert not unanswered(db)


def test_the_same_wish_twice_is_asked_twice(db, workspace, double):
    for _ in range(2):
        assert regenerated(db, workspace, "--feedback", "again").state == "done"
    assert len(asked_for(double, "generate")) == 3
    assert len({row["request_hash"] for row in listings.calls(db) if row["purpose"] == "generate"}) == 2


def test_a_worker_that_dies_after_the_reply_was_paid_for_does_not_pay_again(db, workspace, double):
    manualqa(workspace.root, "regenerate", PAGE, "--feedback", "again")
    paid = len(double.bill.entries())
    # Killed as soon as the second call of the job, the one for the pairs, is settled.
    died = manualqa(workspace.root, "work", "--until-idle", check=False, env={"MANUALQA_FAULT": "settled:2"})
    assert died.returncode == -9
    billed = len(double.bill.entries())
    assert billed > paid
    manualqa(workspace.root, "work", "--until-idle")
    assert jobs.recent(db)[0].state == "done"
    assert len(double.bill.entries()) == billed


def test_a_long_pause_sends_the_job_back_to_the_queue_and_frees_the_worker(db, workspace, double):
    double.misbehave("429_wait_long", "429_wait_long", "429_wait_long")
    job = regenerated(db, workspace)
    assert job.state == "queued"
    assert "pause of" in job.message
    assert jobs.waiting(db) == 0
    assert jobs.claim(db, "another worker") is None


def test_without_a_key_the_page_is_read_again_and_it_is_said_that_words_are_not_used(db, workspace, monkeypatch):
    monkeypatch.delenv("ANTHROPIC_API_KEY")
    job = regenerated(db, workspace, "--feedback", "Read the table.")
    assert job.state == "done"
    assert "only Claude" in job.message
    assert texts(db, "approved") == {(FACTS[0].question, FACTS[0].answer)}


def test_an_estimate_is_a_job_too(db, workspace):
    jobs.ask(db, "estimate", {}, "ana")
    manualqa(workspace.root, "work", "--until-idle")
    job = jobs.recent(db)[0]
    assert [row["engine"] for row in job.result["engines"]] == ["offline", "claude", "claude-batch"]
