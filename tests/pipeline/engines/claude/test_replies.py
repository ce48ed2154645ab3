"""Whatever a reply holds, it is read: a result or the reason for none, the tokens billed, never an exception."""

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.engines.claude.replies import reading_of
from pipeline.engines.claude.schemas import PAIRS, ROWS, class_from, pairs_from, rows_from
from pipeline.engines.claude.views import View
from pipeline.settings import Price
from review_db.connection import open_review_db
from tests.doubles.claude.misbehaviour import CONTENTS
from tests.stored import a_page

PRICE = Price(1.0, 5.0)
STATES = {"settled", "no_pairs", "unreadable_reply"}
PAIR = {
    "question": "What is the torque of the flywheel bolts?", "answer": "105 Nm", "question_type": "factual",
    "quote": "105 Nm", "box": [10, 20, 110, 40],
}  # fmt: skip
OTHER = PAIR | {"question": "What locks the flywheel?", "answer": "Holder 11 2 170", "question_type": "tool"}
TEXT = json.dumps({"pairs": [PAIR, OTHER]})


def a_message(text: str = TEXT, **fields) -> dict:
    return {
        "type": "message", "role": "assistant", "stop_reason": "end_turn",
        "content": [{"type": "thinking", "thinking": "hm", "signature": "s"}, {"type": "text", "text": text}],
        "usage": {"input_tokens": 1000, "output_tokens": 100},
    } | fields  # fmt: skip


def pairs(found):
    return pairs_from(found, [View(width=1000, height=800)], 40)


def read(message: dict | bytes):
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    return reading_of(body, PRICE, pairs, PAIRS)


def questions(reading) -> list[str]:
    return [pair.question for pair in reading.result.kept] if reading.result else []


def test_a_good_reply_is_its_pairs_and_its_price():
    reading = read(a_message())
    assert (reading.state, reading.problem, questions(reading)) == (
        "settled",
        None,
        [PAIR["question"], OTHER["question"]],
    )
    assert (reading.input_tokens, reading.output_tokens, reading.cost_usd) == (1000, 100, pytest.approx(0.0015))


WHOLE = [PAIR["question"], OTHER["question"]]
READINGS = {
    "max_tokens": ("settled", WHOLE[:1], "cut"),
    "context_exceeded": ("unreadable_reply", [], "cut before its first"),
    "refusal": ("no_pairs", [], "declined (frontier_llm)"),
    "empty_content": ("unreadable_reply", [], "no JSON"),
    "thinking_only": ("unreadable_reply", [], "cut before its first"),
    "tool_use": ("unreadable_reply", [], "no JSON"),
    "fenced": ("settled", WHOLE, None),
    "leading_prose": ("settled", WHOLE, None),
    "trailing_prose": ("settled", WHOLE, None),
    "bare_list": ("settled", WHOLE, None),
    "deep": ("unreadable_reply", [], "no JSON"),
    "deep_object": ("unreadable_reply", [], "no JSON"),
    "nan": ("unreadable_reply", [], "no JSON"),
    "infinity": ("unreadable_reply", [], "no JSON"),
    "huge_integer": ("unreadable_reply", [], "no JSON"),
    "surrogate": ("settled", None, None),
    "wrong_shape": ("unreadable_reply", [], "no JSON"),
    "enum_case": ("settled", WHOLE, None),
    "no_usage": ("settled", WHOLE, None),
    "odd_usage": ("settled", WHOLE, None),
    "sparse_usage": ("settled", WHOLE, None),
}


def test_every_content_that_the_double_can_send_has_its_reading_here():
    assert set(READINGS) == set(CONTENTS)


@pytest.mark.parametrize("name", READINGS)
def test_every_odd_content_has_a_stated_reading(name):
    state, expected, problem = READINGS[name]
    reading = read(CONTENTS[name](a_message()))
    assert reading.state == state
    assert expected is None or questions(reading) == expected
    assert (problem is None) == (reading.problem is None)
    assert problem is None or problem in reading.problem


@pytest.mark.parametrize("name", sorted(set(CONTENTS) - {"no_usage", "odd_usage", "sparse_usage"}))
def test_what_was_billed_is_known_however_odd_the_content(name):
    reading = read(CONTENTS[name](a_message()))
    assert reading.cost_usd == pytest.approx(0.0015)


@pytest.mark.parametrize("name", ["no_usage", "odd_usage"])
def test_a_cost_that_is_not_told_is_not_known(name):
    assert read(CONTENTS[name](a_message())).cost_usd is None


def test_usage_without_cache_fields_is_enough():
    reading = read(CONTENTS["sparse_usage"](a_message()))
    assert (reading.input_tokens, reading.cache_read_tokens, reading.cost_usd) == (7, 0, pytest.approx(22e-6))


def test_tokens_of_the_prompt_cache_have_their_own_prices():
    usage = {
        "input_tokens": 100, "output_tokens": 10, "cache_creation_input_tokens": 2000, "cache_read_input_tokens": 4000,
        "cache_creation": {"ephemeral_5m_input_tokens": 500, "ephemeral_1h_input_tokens": 1500},
    }  # fmt: skip
    reading = read(a_message(usage=usage))
    assert (reading.cache_write_tokens, reading.cache_read_tokens) == (2000, 4000)
    assert reading.cost_usd == pytest.approx(1e-6 * (100 + 50 + 500 * 1.25 + 1500 * 2 + 4000 * 0.1))


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{}", b"[]", b"null", b"5", b"<html>", b'{"content": 5}', b'{"content": [5, null, {}]}', b"\xff\xfe",
        b"[" * 10**5, b'{"usage": 3, "content": [{"type": "text", "text": 7}]}', b'{"a": ' * 10**5,
        b'{"x": ' + b"9" * 5000 + b"}", b'{"x": NaN}',
    ],
)  # fmt: skip
def test_bytes_that_are_no_message_are_unreadable(body):
    reading = read(body)
    assert (reading.state, reading.result, reading.cost_usd) == ("unreadable_reply", None, None)


def test_a_stop_reason_that_is_missing_is_no_problem():
    assert read(a_message(stop_reason=None)).problem is None


def test_a_list_without_pairs_is_an_answer_and_a_list_of_rubbish_too():
    assert read(a_message('{"pairs": []}')).state == "no_pairs"
    assert read(a_message('{"pairs": [1, null, "x", {"question": ""}]}')).state == "no_pairs"


@pytest.mark.parametrize("cut", range(1, len(TEXT), 7))
def test_of_a_cut_reply_every_complete_item_is_kept(cut):
    reading = read(a_message(TEXT[:cut], stop_reason="max_tokens"))
    first_ends, second_ends = len(json.dumps({"pairs": [PAIR]})) - 2, len(TEXT) - 2
    assert len(questions(reading)) == (cut >= first_ends) + (cut >= second_ends)


def test_other_replies_of_the_engine_are_read_the_same_way():
    kind = (
        '{"content_type": "Procedure", "confidence": 0.9, "title": null, "printed_page": "3", "nothing_to_ask": false}'
    )
    read_kind = reading_of(json.dumps(a_message(kind)).encode(), PRICE, class_from, "content_type")
    assert (read_kind.state, read_kind.result.content_type) == ("settled", "procedure")
    rows = '{"rows": [{"code": "21 21 000", "title": "Clutch disc", "page": "21-3"}]}'
    assert len(reading_of(json.dumps(a_message(rows)).encode(), PRICE, rows_from, ROWS).result.kept) == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*PAIR, "pairs"]), inner, max_size=5),
    max_leaves=20,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
@example(b'{"content": [{"type": "text", "text": "\\ud800"}], "usage": {"input_tokens": 1e3}}')
def test_any_bytes_are_read(body):
    assert read(body).state in STATES


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200) | JSON.map(json.dumps), st.sampled_from(["end_turn", "max_tokens", "refusal", None, 5]))
def test_any_text_is_read(text, stop):
    assert read(a_message(text, stop_reason=stop)).state in STATES


@settings(max_examples=300, deadline=None)
@given(
    st.fixed_dictionaries({}, optional=dict.fromkeys(("content", "usage", "stop_reason", "stop_details", "id"), JSON))
)
def test_any_message_is_read(message):
    assert read(message).state in STATES


def test_any_text_that_is_read_can_be_stored(tmp_path):
    from review_db import pairs as stored

    db = open_review_db(tmp_path / "review.sqlite")
    page = a_page(db)
    for name in CONTENTS:
        reading = read(CONTENTS[name](a_message()))
        if reading.result:
            stored.add_candidates(db, page, None, "claude", reading.result.kept)
    assert db["pairs"].count >= 2
    db.close()
