"""Decisions: bound to what was on the screen, safe to send twice, never lost, always reversible."""

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from review_db import history, pairs
from review_db.connection import open_review_db
from review_db.decision_status import derived_status
from review_db.decisions import apply_decisions, reject_reason
from review_db.listings import events
from review_db.superseded import supersede_pending
from tests.stored import a_page, a_pair, decide, supported


@pytest.fixture
def pair(fresh_db):
    return a_pair(fresh_db, a_page(fresh_db))


def status_of(db, pair):
    now = pairs.pair_by_id(db, pair.pair_id)
    return now.status, now.reason


def test_an_approval_approves(fresh_db, pair):
    result = decide(fresh_db, pair.pair_id, "approve", revision=1)
    assert (result.ok, result.status, result.revision) == (True, "approved", 1)


def test_the_same_decision_id_again_is_answered_ok_and_stored_once(fresh_db, pair):
    first = decide(fresh_db, pair.pair_id, "approve", revision=1, decision_id="press-1")
    again = decide(fresh_db, pair.pair_id, "approve", revision=1, decision_id="press-1")
    assert again.ok
    assert again.repeated
    assert again.seq == first.seq
    assert len(list(events(fresh_db))) == 1


def test_a_decision_on_a_text_that_has_changed_is_refused(fresh_db, pair):
    decide(fresh_db, pair.pair_id, "edit", revision=1, answer="26 Nm")
    late = decide(fresh_db, pair.pair_id, "reject", revision=1, reviewer="bo", redecide=True)
    assert (late.ok, late.error) == (False, "stale_revision")
    assert late.theirs.answer == "26 Nm"


def test_a_pair_that_someone_decided_is_refused_with_their_name_unless_asked_again(fresh_db, pair):
    decide(fresh_db, pair.pair_id, "approve", revision=1)
    second = decide(fresh_db, pair.pair_id, "reject", revision=1, reviewer="bo", reason="wrong_value")
    assert second.error == "already_decided"
    assert "ana" in second.message
    assert decide(fresh_db, pair.pair_id, "reject", revision=1, reviewer="bo", reason="1", redecide=True).ok
    assert status_of(fresh_db, pair) == ("rejected", "wrong_value")


def test_an_edit_is_one_event_with_a_new_revision_and_keeps_the_models_text(fresh_db, pair):
    decide(fresh_db, pair.pair_id, "edit", revision=1, answer="26 Nm")
    after = pairs.pair_by_id(fresh_db, pair.pair_id)
    assert (after.status, after.revision, after.answer, after.author) == ("approved", 2, "26 Nm", "reviewer")
    assert [event["verdict"] for event in events(fresh_db)] == ["edit"]
    texts = [row["answer"] for row in history.history_of(fresh_db, pair.pair_id) if row["kind"] == "revision"]
    assert texts == ["25 Nm", "26 Nm"]


def test_an_approval_that_brings_another_text_is_an_edit(fresh_db, pair):
    decide(fresh_db, pair.pair_id, "approve", revision=1, answer="26 Nm")
    assert [event["verdict"] for event in events(fresh_db)] == ["edit"]


def test_an_edit_that_changes_nothing_approves_without_a_new_revision(fresh_db, pair):
    result = decide(fresh_db, pair.pair_id, "edit", revision=1, answer=pair.answer)
    assert (result.status, result.revision) == ("approved", 1)


def test_undo_takes_back_the_reviewers_own_last_decision_and_the_text_with_it(fresh_db, pair):
    decide(fresh_db, pair.pair_id, "edit", revision=1, answer="26 Nm")
    assert decide(fresh_db, pair.pair_id, "undo", reviewer="bo").error == "nothing_to_undo"
    assert decide(fresh_db, pair.pair_id, "undo").status == "pending"
    after = pairs.pair_by_id(fresh_db, pair.pair_id)
    assert (after.answer, after.author, after.revision) == ("25 Nm", "model", 3)
    assert decide(fresh_db, pair.pair_id, "undo").error == "nothing_to_undo"


def test_undo_goes_back_step_by_step(fresh_db, pair):
    decide(fresh_db, pair.pair_id, "approve", revision=1)
    decide(fresh_db, pair.pair_id, "reject", revision=1, reason="trivial", redecide=True)
    assert decide(fresh_db, pair.pair_id, "undo").status == "approved"
    assert decide(fresh_db, pair.pair_id, "undo").status == "pending"


def test_undo_of_a_decision_on_a_pair_that_was_set_aside_sets_it_aside_again(fresh_db, pair):
    pairs.set_aside(fresh_db, [pair.pair_key], "filtered:trivial")
    decide(fresh_db, pair.pair_id, "approve", revision=1)
    decide(fresh_db, pair.pair_id, "undo")
    assert status_of(fresh_db, pair) == ("set_aside", "filtered:trivial")


def test_a_persons_decision_beats_a_machines(fresh_db, pair):
    decide(fresh_db, pair.pair_id, "approve", revision=1)
    assert pairs.set_aside(fresh_db, [pair.pair_key], "filtered:trivial") == 0
    assert supersede_pending(fresh_db, pair.page_id) == 0
    assert status_of(fresh_db, pair) == ("approved", None)


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        (("wrong_unit", None), ("wrong_unit", None)),
        (("3", None), ("wrong_unit", None)),
        (("looks odd", None), ("other", "looks odd")),
        (("looks odd", "to me"), ("other", "looks odd; to me")),
        ((None, None), (None, None)),
        ((None, "to me"), ("other", "to me")),
    ],
)
def test_a_reason_is_a_name_or_a_key_and_any_other_text_a_comment(given, stored):
    assert reject_reason(*given) == stored


def test_skip_and_flag_are_events_that_leave_the_status(fresh_db, pair):
    decide(fresh_db, pair.pair_id, "skip", revision=1)
    decide(fresh_db, pair.pair_id, "flag", revision=1)
    assert pairs.pair_by_id(fresh_db, pair.pair_id).flagged
    assert status_of(fresh_db, pair) == ("pending", None)
    decide(fresh_db, pair.pair_id, "undo")
    assert not pairs.pair_by_id(fresh_db, pair.pair_id).flagged


def test_a_reviewer_writes_a_new_pair_for_a_page(fresh_db, pair):
    made = decide(fresh_db, None, "edit", page_id=pair.page_id, question="Which oil is used?", answer="SAE 30")
    assert (made.ok, made.status, made.pair_id) == (True, "approved", f"{pair.page_id}-q02")
    again = decide(fresh_db, None, "edit", page_id=pair.page_id, question="Which oil is used?", answer="SAE 30")
    assert again.error == "pair_exists"


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"pair_id": "nobody-q01", "verdict": "approve", "revision": 1}, "unknown_pair"),
        ({"pair_id": None, "verdict": "edit", "page_id": "nobody", "question": "q", "answer": "a"}, "unknown_page"),
        ({"pair_id": None, "verdict": "reject", "page_id": "21-01_clutch"}, "unknown_pair"),
        ({"verdict": "applaud", "revision": 1}, "bad_verdict"),
        ({"verdict": "edit", "revision": 1, "answer": "  "}, "empty_text"),
        ({"verdict": "edit", "revision": 1, "answer": "a\ud800"}, "bad_text"),
        ({"verdict": "edit", "revision": 1, "answer": "a" * 30_000}, "bad_text"),
        ({"verdict": "edit", "revision": 1, "answer": "a", "question_type": "odd"}, "bad_question_type"),
        ({"verdict": "approve", "revision": 1, "reviewer": " "}, "reviewer_missing"),
        ({"verdict": "approve"}, "stale_revision"),
        ({"verdict": "undo"}, "nothing_to_undo"),
    ],
)
def test_a_decision_that_cannot_be_is_refused_by_name_and_changes_nothing(fresh_db, pair, facts, code):
    result = decide(fresh_db, facts.pop("pair_id", pair.pair_id), facts.pop("verdict"), **facts)
    assert (result.ok, result.error) == (False, code)
    assert list(events(fresh_db)) == []
    assert len(pairs.pairs_of_page(fresh_db, pair.page_id)) == 1


def test_one_refusal_does_not_stop_the_decisions_beside_it(fresh_db, pair):
    other = a_pair(fresh_db, a_page(fresh_db), question="How many bolts are there?", answer="6")
    from review_db.records import DecisionRequest

    requests = [
        DecisionRequest("a", "approve", "ana", pair_id="nobody-q01", revision=1),
        DecisionRequest("b", "approve", "ana", pair_id=other.pair_id, revision=1),
    ]
    assert [result.ok for result in apply_decisions(fresh_db, requests, supported)] == [False, True]


class OnePairUnderManyHands(RuleBasedStateMachine):
    """Whatever people and machines do, the stored status is what the log says, and no text disappears."""

    @initialize()
    def fresh(self):
        import tempfile
        from pathlib import Path

        self.folder = tempfile.TemporaryDirectory()
        self.db = open_review_db(Path(self.folder.name) / "review.sqlite")
        self.pair = a_pair(self.db, a_page(self.db))
        self.texts = {self.pair.answer}

    def now(self):
        return pairs.pair_by_id(self.db, self.pair.pair_id)

    @rule(
        verdict=st.sampled_from(["approve", "reject", "skip", "flag", "unflag", "undo"]),
        reviewer=st.sampled_from(["ana", "bo"]),
        redecide=st.booleans(),
    )
    def a_person_decides(self, verdict, reviewer, redecide):
        decide(self.db, self.pair.pair_id, verdict, reviewer=reviewer, revision=self.now().revision, redecide=redecide)

    @rule(number=st.integers(1, 4), reviewer=st.sampled_from(["ana", "bo"]))
    def a_person_edits(self, number, reviewer):
        text = f"{number} Nm"
        if decide(self.db, self.pair.pair_id, "edit", reviewer=reviewer, revision=self.now().revision, answer=text).ok:
            self.texts.add(text)

    @rule()
    def a_machine_sets_aside(self):
        pairs.set_aside(self.db, [self.pair.pair_key], "filtered:length")

    @rule()
    def a_machine_restores(self):
        pairs.restore(self.db, [self.pair.pair_key])

    @invariant()
    def the_status_follows_from_the_log(self):
        now = self.now()
        assert (now.status, now.reason, now.decided_by) == derived_status(self.db, self.pair.pair_key)

    @invariant()
    def every_text_ever_given_is_still_there(self):
        rows = self.db.query("SELECT answer, revision FROM revisions")
        found = [(row["answer"], row["revision"]) for row in rows]
        assert {text for text, _ in found} == self.texts
        assert sorted(number for _, number in found) == list(range(1, len(found) + 1))

    def teardown(self):
        self.db.close()
        self.folder.cleanup()


OnePairUnderManyHands.TestCase.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
test_the_store_keeps_its_promises_under_many_hands = OnePairUnderManyHands.TestCase
