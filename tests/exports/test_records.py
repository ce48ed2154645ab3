"""The record is the seed's to the letter, and no text can break a line, a trainer or a file."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exports.records import SPECIAL_TOKENS, ReadyPair, clean_text, json_line, seed_record
from review_db.records import Evidence, ExportablePair, Page

PAGE = Page(
    "21-03_clutch", 1, "manual", "21 - Clutch/21-03.jpg", None, "image", "f" * 64, "21-03.jpg", 1200, 912, "ok",
    None, None, "21", "Clutch", "service_manual", "procedure", 0, False, 0.9, None, None, "scan", "21-03",
)  # fmt: skip
PAIR = ExportablePair(
    1, "21-03_clutch-q01", 2, "What is the torque?", "25 Nm", "factual", "approved", None, "offline", None, None,
    PAGE, Evidence("supported"), "ana", "2026-01-01T00:00:00.000+00:00", 7, "approve",
)  # fmt: skip
ANY_TEXT = st.text(st.characters(codec=None), max_size=60)


def ready(question="What is the torque?", answer="25 Nm", image="images/21-03_clutch.jpg", **facts):
    return ReadyPair(replace(PAIR, **facts), question, answer, "train", image)


def test_the_record_is_the_seeds_key_by_key():
    assert json_line(seed_record(ready())) == (
        '{"image": "images/21-03_clutch.jpg", "conversations": [{"role": "user", "content": "What is the torque?"}, '
        '{"role": "assistant", "content": "25 Nm"}], "metadata": {"page_id": "21-03_clutch", "section_id": "21", '
        '"section_name": "Clutch", "source_type": "service_manual", "content_type": "procedure", '
        '"question_type": "factual", "qa_id": "21-03_clutch-q01"}}\n'
    )


def test_status_stands_after_qa_id_when_pending_pairs_are_included():
    metadata = seed_record(ready(status="pending"), with_status=True)["metadata"]
    assert list(metadata)[-2:] == ["qa_id", "status"]
    assert metadata["status"] == "pending"


def test_a_page_without_an_image_has_a_null_image():
    assert seed_record(ready(image=None))["image"] is None


def test_a_page_that_nobody_classified_still_has_words_for_its_types():
    bare = replace(PAGE, source_type=None, content_type=None)
    metadata = seed_record(ready(page=bare))["metadata"]
    assert (metadata["source_type"], metadata["content_type"]) == ("other", "text")


@pytest.mark.parametrize("token", [*SPECIAL_TOKENS, "<|im_start|>", "<|endoftext|>", "<row_1_col_2>", "<IMAGE>"])
def test_special_tokens_are_taken_out(token):
    assert clean_text(f"What is {token} this?") == "What is this?"


def test_a_token_that_forms_when_another_goes_is_taken_out_too():
    assert clean_text("<im<image>age> 25 Nm") == "25 Nm"


@pytest.mark.parametrize("text", ["a < b and c > d", "R <12 V", "[1] see", "x  y", "20 °C\n\tthen", "<5 mm>", ""])
def test_other_text_stays_as_it_was_reviewed(text):
    assert clean_text(text) == text


def test_control_characters_go_and_lone_surrogates_become_a_mark():
    assert clean_text("25\x00 Nm\x1b\r\nthen\rstop \udcff") == "25 Nm\nthen\nstop \ufffd"


@settings(deadline=None, max_examples=50)
@given(ANY_TEXT)
def test_cleaning_twice_changes_nothing_more(text):
    assert clean_text(clean_text(text)) == clean_text(text)


@settings(deadline=None, max_examples=50)
@given(ANY_TEXT, ANY_TEXT)
def test_a_line_stays_one_line_for_every_reader_and_comes_back_whole(question, answer):
    question, answer = clean_text(question), clean_text(answer)
    line = json_line(seed_record(ready(question, answer)))
    assert line.encode("utf-8")
    assert len(line.splitlines()) == 1
    turns = json.loads(line)["conversations"]
    assert [turn["content"] for turn in turns] == [question, answer]


def test_line_separators_are_escaped_and_other_characters_are_not():
    line = json_line({"text": "a\u2028b\u2029c\x85d 20 °C"})
    assert line == '{"text": "a\\u2028b\\u2029c\\u0085d 20 °C"}\n'


def test_what_is_no_number_is_refused():
    with pytest.raises(ValueError, match="JSON"):
        json_line({"risk": float("nan")})


def test_a_pair_knows_whether_its_text_was_cleaned():
    assert not ready().was_cleaned
    assert ready(question="What is the torque").was_cleaned
