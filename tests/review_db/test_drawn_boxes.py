"""Evidence drawn by a person: stored with a revision under their name, listed, exported, and never lost to a check."""

import math

import pytest

from review_db import drawn_boxes, exportable, history, listings, pairs
from review_db.records import Evidence, Finding
from tests.stored import a_page, a_pair, decide

DRAWN = ((0.1, 0.2, 0.3, 0.25),)
FOUND = Finding(Evidence("supported", "25 Nm", ((0.5, 0.5, 0.6, 0.52),)))


@pytest.fixture
def pair(fresh_db):
    pair = a_pair(fresh_db, a_page(fresh_db))
    pairs.save_finding(fresh_db, pair.pair_key, 1, FOUND, "v1")
    return pair


def now(db, pair):
    return pairs.pair_by_id(db, pair.pair_id)


def test_an_approval_with_drawn_evidence_is_an_edit_of_the_same_text_by_that_reviewer(fresh_db, pair):
    result = decide(fresh_db, pair.pair_id, "approve", revision=1, boxes=DRAWN)
    assert (result.ok, result.status, result.revision) == (True, "approved", 2)
    after = now(fresh_db, pair)
    assert (after.question, after.answer, after.author, after.author_name) == (
        pair.question, pair.answer, "reviewer", "ana"
    )  # fmt: skip
    assert after.evidence.boxes == DRAWN
    assert [event["verdict"] for event in listings.events(fresh_db)] == ["edit"]


def test_listing_and_export_hold_the_drawn_evidence(fresh_db, pair):
    decide(fresh_db, pair.pair_id, "approve", revision=1, boxes=DRAWN)
    (row,), (leaving,) = listings.pairs(fresh_db), exportable.exportable_pairs(fresh_db)
    assert row["evidence"]["boxes"] == [list(box) for box in DRAWN]
    assert leaving.evidence.boxes == DRAWN


def test_no_later_check_takes_the_place_of_drawn_evidence(fresh_db, pair):
    decide(fresh_db, pair.pair_id, "approve", revision=1, boxes=DRAWN)
    pairs.save_finding(fresh_db, pair.pair_key, 2, FOUND, "v2")
    after = now(fresh_db, pair)
    assert (after.evidence.boxes, after.evidence.quote) == (DRAWN, "25 Nm")


def test_drawn_evidence_stays_with_a_text_that_is_mended_until_it_is_given_back(fresh_db, pair):
    decide(fresh_db, pair.pair_id, "approve", revision=1, boxes=DRAWN)
    decide(fresh_db, pair.pair_id, "edit", revision=2, answer="26 Nm", redecide=True)
    assert now(fresh_db, pair).evidence.boxes == DRAWN
    decide(fresh_db, pair.pair_id, "approve", revision=3, boxes=(), redecide=True)
    assert (now(fresh_db, pair).revision, now(fresh_db, pair).evidence.boxes) == (4, ())
    assert drawn_boxes.drawn_boxes(fresh_db, pair.pair_key, 3) == DRAWN


def test_undo_brings_the_earlier_evidence_back_and_history_keeps_both(fresh_db, pair):
    decide(fresh_db, pair.pair_id, "approve", revision=1, boxes=DRAWN)
    decide(fresh_db, pair.pair_id, "undo")
    assert now(fresh_db, pair).evidence.boxes == FOUND.evidence.boxes
    drawn = [row["drawn"] for row in history.history_of(fresh_db, pair.pair_id) if row["kind"] == "revision"]
    assert sorted(drawn) == [0, 0, 1]


def test_the_same_evidence_again_makes_no_revision(fresh_db, pair):
    decide(fresh_db, pair.pair_id, "approve", revision=1, boxes=DRAWN)
    again = decide(fresh_db, pair.pair_id, "approve", revision=2, boxes=DRAWN, redecide=True)
    assert (again.ok, again.revision) == (True, 2)


def test_a_new_pair_comes_with_its_evidence(fresh_db, pair):
    made = decide(fresh_db, None, "edit", page_id=pair.page_id, question="Which oil?", answer="SAE 30", boxes=DRAWN)
    stored = pairs.pair_by_id(fresh_db, made.pair_id)
    assert (stored.status, stored.author_name, stored.evidence.boxes) == ("approved", "ana", DRAWN)


@pytest.mark.parametrize(
    "boxes",
    [((0.3, 0.2, 0.1, 0.4),), ((0.1, 0.2, 0.1, 0.4),), ((0.1, 0.2, 1.2, 0.4),), ((math.nan, 0, 1, 1),), DRAWN * 41],
)
def test_boxes_that_mark_nothing_on_the_page_are_refused(fresh_db, pair, boxes):
    assert decide(fresh_db, pair.pair_id, "approve", revision=1, boxes=boxes).error == "bad_boxes"
    assert now(fresh_db, pair).status == "pending"


def test_only_an_approval_of_a_pair_on_a_scan_carries_boxes(fresh_db, pair):
    assert decide(fresh_db, pair.pair_id, "reject", revision=1, reason="trivial", boxes=DRAWN).error == "bad_boxes"
    sheet = a_pair(fresh_db, a_page(fresh_db, "html-spec", kind="html", image_path=None, width=None, height=None))
    assert decide(fresh_db, sheet.pair_id, "approve", revision=1, boxes=DRAWN).error == "bad_boxes"


@pytest.mark.parametrize("value", ["all", 7, [1, 2, 3, 4], [[0, 0, 1]], [["0", 0, 1, 1]], [[True, 0, 1, 1]], {"x0": 1}])
def test_what_is_no_list_of_boxes_is_not_taken_for_one(value):
    with pytest.raises(ValueError, match="box"):
        drawn_boxes.boxes_given(value)


def test_boxes_are_taken_as_json_brings_them():
    assert drawn_boxes.boxes_given(None) is None
    assert drawn_boxes.boxes_given([[0, 0.1234567, 1, 1]]) == ((0.0, 0.12346, 1.0, 1.0),)
