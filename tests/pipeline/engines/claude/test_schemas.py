"""Replies: schemas that the service takes, and records made of any JSON that comes back."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.engines.claude import schemas
from pipeline.engines.claude.views import View
from review_db.records import CandidatePair, IndexRow
from review_db.statuses import ContentType, QuestionType
from tests.doubles.claude.schema_rules import schema

PAGE = [View(width=1000, height=500)]


def a_pair(**changes):
    return {
        "question": "What is the torque of bolt (1)?", "answer": "25 Nm", "question_type": "factual",
        "quote": "Tighten bolt (1) to 25 Nm", "box": [100, 50, 300, 100],
    } | changes  # fmt: skip


def pairs_of(*items, most=50):
    return schemas.pairs_from({"pairs": list(items)}, PAGE, most)


def objects(node):
    if isinstance(node, dict):
        yield from [node] if node.get("type") == "object" else []
        for part in node.values():
            yield from objects(part)
    if isinstance(node, list):
        for part in node:
            yield from objects(part)


@pytest.mark.parametrize("wanted", [schemas.GENERATION, schemas.CLASSIFICATION, schemas.INDEX])
def test_the_service_takes_every_schema_and_every_object_is_closed(wanted):
    assert schema(wanted) is None
    assert all(node["additionalProperties"] is False for node in objects(wanted))
    assert all(node["required"] == list(node["properties"]) for node in objects(wanted))


def test_the_lists_of_kinds_in_the_schemas_are_those_of_the_database():
    item = schemas.GENERATION["properties"]["pairs"]["items"]
    assert item["properties"]["question_type"]["enum"] == [kind.value for kind in QuestionType]
    assert schemas.CLASSIFICATION["properties"]["content_type"]["enum"] == [kind.value for kind in ContentType]


def test_a_pair_keeps_its_words_and_its_box_becomes_fractions():
    (pair,) = pairs_of(a_pair()).kept
    assert pair == CandidatePair(
        "What is the torque of bolt (1)?", "25 Nm", "factual", "Tighten bolt (1) to 25 Nm", ((0.1, 0.1, 0.3, 0.2),)
    )


@pytest.mark.parametrize(
    ("box", "boxes"),
    [
        (None, ()),
        ([300, 100, 100, 50], ((0.1, 0.1, 0.3, 0.2),)),
        ([-20, 50, 5000, 100], ((0.0, 0.1, 1.0, 0.2),)),
        ([100.4, 50, 300, 100], ((0.1004, 0.1, 0.3, 0.2),)),
        ([100, 50, 101, 100], ()),
        ([100, 50, 300], ()),
        ([100, 50, 300, "100"], ()),
        ([True, 50, 300, 100], ()),
        ([10**400, 50, 300, 100], ()),
        ("100,50,300,100", ()),
    ],
)
def test_a_box_that_frames_nothing_is_left_out_and_the_pair_stays(box, boxes):
    (pair,) = pairs_of(a_pair(box=box)).kept
    assert list(pair.boxes) == [pytest.approx(box) for box in boxes]


@pytest.mark.parametrize(
    ("written", "kind"),
    [("Factual", "factual"), (" SAFETY ", "safety"), ("comparison", "factual"), (None, "factual"), (5, "factual")],
)
def test_a_question_type_is_read_in_any_case_and_an_unknown_one_is_factual(written, kind):
    assert pairs_of(a_pair(question_type=written)).kept[0].question_type == kind


@pytest.mark.parametrize(
    "item",
    [
        None, 5, "text", [], {}, a_pair(question=None), a_pair(answer=""), a_pair(answer="  \u0000 "),
        a_pair(answer=7), a_pair(question="q" * 1001), a_pair(answer="a" * 4001),
    ],
)  # fmt: skip
def test_a_malformed_item_is_dropped_and_counted(item):
    found = pairs_of(item, a_pair())
    assert (len(found.kept), found.dropped) == (1, 1)


def test_more_pairs_than_were_asked_for_are_dropped_and_counted():
    found = pairs_of(*(a_pair(answer=f"{n} Nm") for n in range(5)), most=3)
    assert ([pair.answer for pair in found.kept], found.dropped) == (["0 Nm", "1 Nm", "2 Nm"], 2)


def test_control_characters_direction_marks_and_lone_surrogates_are_taken_out():
    text = schemas.clean_text("25\u0000Nm \ud800\u202eleft\u2066\tof\nit\u0085")
    assert text == "25 Nm  left\tof\nit"
    text.encode()


def test_a_list_of_nothing_is_false_and_a_reply_without_a_list_is_none():
    assert not pairs_of()
    assert schemas.pairs_from({"pairs": "none"}, PAGE, 5) is None
    assert schemas.rows_from({"rows": None}) is None


def test_short_repair_codes_are_completed_by_the_group_above_them():
    rows = [
        {"code": "", "title": "General", "page": "0 - 1"},
        {"code": "565", "title": "Orphan", "page": ""},
        {"code": "12 34 000", "title": "Cover", "page": "12-1"},
        {"code": "565", "title": "Gasket", "page": "12 – 3"},
        {"code": "1235010", "title": "Rail", "page": "12-4"},
        {"code": "31 33 ...", "title": "Strut", "page": "see Group 33"},
        {"code": "502", "title": "Spring", "page": "31-2"},
        {"title": None},
    ]
    found = schemas.rows_from({"rows": rows})
    assert found.kept == (
        IndexRow("", "General", "0-1"), IndexRow("565", "Orphan", ""), IndexRow("12 34 000", "Cover", "12-1"),
        IndexRow("12 34 565", "Gasket", "12-3"), IndexRow("12 35 010", "Rail", "12-4"),
        IndexRow("31 33 ...", "Strut", "see Group 33"), IndexRow("31 33 502", "Spring", "31-2"),
    )  # fmt: skip
    assert found.dropped == 1


@pytest.mark.parametrize(
    ("given", "confidence"), [(0.9, 0.9), (1, 1.0), (95, 0.95), (-1, 0.5), ("high", 0.5), (True, 0.5), (10**400, 0.5)]
)
def test_a_confidence_is_a_share_of_one(given, confidence):
    reply = schemas.class_from({"content_type": "Fuse Chart", "confidence": given, "title": " Fuse \n data "})
    assert (reply.content_type, reply.confidence, reply.title) == (ContentType.FUSE_CHART, confidence, "Fuse data")


@pytest.mark.parametrize("kind", ["symbols", None, 5, ["wiring"], ""])
def test_a_kind_of_page_that_nobody_knows_is_no_answer(kind):
    assert schemas.class_from({"content_type": kind, "confidence": 1}) is None


def json_values():
    leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
    keys = st.sampled_from(["question", "answer", "box", "question_type", "quote", "code", "title", "page"]) | st.text()
    return st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(keys, inner), max_leaves=20)


@given(st.lists(json_values()), json_values())
def test_no_reply_raises(items, other):
    found = {"pairs": items, "rows": items, "content_type": other, "confidence": other, "title": other}
    for kept in (schemas.pairs_from(found, PAGE, 50).kept, schemas.rows_from(found).kept):
        json.dumps([repr(item) for item in kept]).encode()
    schemas.class_from(found)
