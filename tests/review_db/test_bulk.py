"""Many pairs decided at once: never a doubtful one, never over a person, and taken back as a whole."""

import threading
import time

import pytest

from review_db import bulk, duplicates, listings, pairs
from review_db.bulk_filters import BulkFilter, choices, pairs_to_decide, pairs_to_restore
from review_db.connection import immediate, open_review_db
from review_db.errors import ReviewDbError
from review_db.pages import save_class
from review_db.records import Evidence, Finding, Flag, PageClass
from tests.stored import a_page, a_pair, decide

SUPPORTED = Finding(Evidence("supported"), (), 0.1)
EVERYTHING = BulkFilter()


@pytest.fixture
def page(fresh_db):
    return a_page(fresh_db, "21-01")


def checked(db, page, question, finding=SUPPORTED, **facts):
    pair = a_pair(db, page, question, **facts)
    pairs.save_finding(db, pair.pair_key, 1, finding, "test")
    return pair


def many(db, page, count):
    with immediate(db):
        for number in range(count):
            checked(db, page, f"number {number}?")


def done(db, bulk_id):
    return list(bulk.carried_out(db, bulk_id))[-1]


def approved_at_once(db, plan, bulk_id="b1", reviewer="ana"):
    bulk.begin(db, bulk_id, "approve", reviewer, plan.ready, EVERYTHING)
    return done(db, bulk_id)


def statuses(db):
    return [row["status"] for row in listings.pairs(db)]


def test_pairs_with_any_doubt_stay_out_and_are_counted(fresh_db, page):
    good = checked(fresh_db, page, "good?")
    checked(fresh_db, page, "partly?", Finding(Evidence("partly", unsupported=("95",))))
    a_pair(fresh_db, page, "never checked?")
    warned = Finding(Evidence("supported"), (Flag("value_elsewhere", "25 stands elsewhere."),))
    checked(fresh_db, page, "warned?", warned)
    harmless = checked(fresh_db, page, "harmless?", Finding(Evidence("supported"), (Flag("hedged", "…"),)))
    doubted = checked(fresh_db, page, "second look?")
    decide(fresh_db, doubted.pair_id, "flag", revision=1)
    one, two = checked(fresh_db, page, "25 or 26?"), checked(fresh_db, page, "25 or 26?", answer="26 Nm")
    duplicates.link(fresh_db, one.pair_key, two.pair_key, "conflict", ["numbers"])

    plan = pairs_to_decide(fresh_db, EVERYTHING)
    assert plan.ready == [(good.pair_key, 1), (harmless.pair_key, 1)]
    assert plan.kept_out == {"not_supported": 2, "value_warned": 1, "conflict": 2, "flagged": 1}


def test_a_filter_narrows_by_page_section_type_engine_warning_and_risk(fresh_db, page):
    save_class(fresh_db, page.page_version_id, PageClass("offline", "", "text", False, 0.9, "21", "Clutch"))
    other = a_page(fresh_db, "34-01")
    hedged = Finding(Evidence("supported"), (Flag("hedged", "…"),), 0.6)
    mine = checked(fresh_db, page, "mine?", hedged, question_type="safety", engine="claude")
    checked(fresh_db, other, "other?")
    for wanted in (
        BulkFilter(page_id="21-01"),
        BulkFilter(section="21 Clutch"),
        BulkFilter(question_type="safety"),
        BulkFilter(engine="claude"),
        BulkFilter(warning="hedged"),
    ):
        assert [key for key, _ in pairs_to_decide(fresh_db, wanted).ready] == [mine.pair_key], wanted
    assert mine.pair_key not in dict(pairs_to_decide(fresh_db, BulkFilter(risk_below=0.5)).ready)
    assert choices(fresh_db, aside=False) == {
        "question_type": ["factual", "safety"],
        "engine": ["claude", "offline"],
        "warning": ["hedged"],
        "aside_reason": [],
        "section": ["21 Clutch"],
    }


def test_a_bulk_is_ordinary_named_decisions_and_sending_it_again_changes_nothing(fresh_db, page):
    many(fresh_db, page, 60)
    plan = pairs_to_decide(fresh_db, EVERYTHING)
    after = approved_at_once(fresh_db, plan)
    assert (after.total, after.done, after.is_over) == (60, 60, True)
    events = list(listings.events(fresh_db))
    assert {(e["verdict"], e["reviewer"], e["comment"]) for e in events} == {("approve", "ana", "bulk 1")}
    assert len({e["decision_id"] for e in events}) == 60

    bulk.begin(fresh_db, "b1", "approve", "ana", plan.ready, EVERYTHING)
    assert list(bulk.carried_out(fresh_db, "b1")) == []
    assert len(list(listings.events(fresh_db))) == 60


def test_one_undo_takes_all_back_but_what_a_person_did_since(fresh_db, page):
    _, second, _ = (checked(fresh_db, page, f"{n}?") for n in "abc")
    approved_at_once(fresh_db, pairs_to_decide(fresh_db, EVERYTHING))
    decide(fresh_db, second.pair_id, "reject", reviewer="ben", revision=1, reason="1", redecide=True)
    with pytest.raises(ReviewDbError, match="ana"):
        bulk.begin_undo(fresh_db, "b1", "ben")
    bulk.begin_undo(fresh_db, "b1", "ana")
    after = done(fresh_db, "b1")
    assert (after.undone, after.kept, after.is_over) == (2, 1, True)
    assert statuses(fresh_db) == ["pending", "rejected", "pending"]
    bulk.begin_undo(fresh_db, "b1", "ana")
    assert list(bulk.carried_out(fresh_db, "b1")) == []


def test_what_changed_after_the_preview_is_refused(fresh_db, page):
    edited, decided, doubted, left = (checked(fresh_db, page, f"{n}?") for n in "abcd")
    plan = pairs_to_decide(fresh_db, EVERYTHING)
    decide(fresh_db, edited.pair_id, "edit", reviewer="ben", revision=1, answer="26 Nm")
    decide(fresh_db, decided.pair_id, "reject", reviewer="ben", revision=1, reason="trivial")
    decide(fresh_db, doubted.pair_id, "flag", reviewer="ben", revision=1)
    after = approved_at_once(fresh_db, plan)
    assert (after.done, after.refused) == (1, 3)
    assert pairs.pair_by_id(fresh_db, left.pair_id).decided_by == "ana"
    assert statuses(fresh_db) == ["approved", "rejected", "pending", "approved"]


def test_a_bulk_that_was_cut_off_goes_on_where_it_stopped(fresh_db, page):
    many(fresh_db, page, 30)
    bulk.begin(fresh_db, "b1", "reject", "ana", pairs_to_decide(fresh_db, EVERYTHING).ready, EVERYTHING, "trivial")
    halfway = next(bulk.carried_out(fresh_db, "b1"))
    assert (halfway.done, halfway.is_over) == (bulk.AT_ONCE, False)
    assert done(fresh_db, "b1").done == 30
    assert {row["reason"] for row in listings.pairs(fresh_db)} == {"trivial"}


def test_pairs_set_aside_for_one_reason_come_back_and_go_again(fresh_db, page):
    short, old = checked(fresh_db, page, "short?"), checked(fresh_db, page, "old?")
    pairs.set_aside(fresh_db, [short.pair_key], "filtered:answer_short")
    pairs.set_aside(fresh_db, [old.pair_key], "superseded")
    assert choices(fresh_db, aside=True)["aside_reason"] == ["filtered:answer_short", "superseded"]
    wanted = BulkFilter(aside_reason="filtered:answer_short")
    bulk.begin(fresh_db, "b1", bulk.RESTORE, "ana", pairs_to_restore(fresh_db, wanted).ready, wanted)
    done(fresh_db, "b1")
    assert statuses(fresh_db) == ["pending", "set_aside"]
    bulk.begin_undo(fresh_db, "b1", "ana")
    done(fresh_db, "b1")
    back = pairs.pair_by_id(fresh_db, short.pair_id)
    assert (back.status, back.reason) == ("set_aside", "filtered:answer_short")
    assert [(each.number, each.undone) for each in bulk.recent(fresh_db)] == [(1, 1)]


def test_another_reviewer_decides_while_a_bulk_runs(fresh_db, tmp_path, page):
    many(fresh_db, page, 300)
    mine = checked(fresh_db, page, "mine?", Finding(Evidence("partly")))
    bulk.begin(fresh_db, "b1", "approve", "ana", pairs_to_decide(fresh_db, EVERYTHING).ready, EVERYTHING)
    between: list[int] = []

    def decides():
        db = open_review_db(tmp_path / "review.sqlite")
        decide(db, mine.pair_id, "approve", reviewer="ben", revision=1)
        between.append(bulk.bulk_by_id(db, "b1").waiting)
        db.close()

    steps = bulk.carried_out(fresh_db, "b1")
    next(steps)
    other = threading.Thread(target=decides)
    other.start()
    for _ in steps:
        time.sleep(0)
    other.join()
    assert between[0] > 0
    assert set(statuses(fresh_db)) == {"approved"}
