"""Warnings, cautions and notes: kept whole and with the step that they guard."""

import pytest

from pipeline.engines.offline.prose import passages_of
from pipeline.engines.offline.signal_words import signal_pairs
from tests.pipeline.engines.asked_page import lines, passages


def read(text):
    return {item.pair.question: (item.pair.answer, item.pair.question_type) for item in signal_pairs(passages(text))}


@pytest.mark.parametrize(
    ("word", "name", "kind"),
    [("WARNING", "warning", "safety"), ("CAUTION", "caution", "safety"), ("NOTE", "note", "factual")],
)
def test_a_signal_word_stays_with_the_step_that_it_guards(word, name, kind):
    found = read(f"PUMP REPAIR\n\n{word}\nHot coolant can burn the skin.\n\n2. Remove the cap.")
    assert found == {
        f'In "Pump repair", what {name} about the hot coolant is given before step 2?': (
            "Hot coolant can burn the skin.",
            kind,
        )
    }


def test_the_text_may_stand_behind_the_signal_word():
    found = read("31 12 400  REPLACING WATER PUMP\n\nCaution: Do not pry on the housing.")
    question = "When replacing the water pump (31 12 400), what caution is given?"
    assert found == {question: ("Do not pry on the housing.", "safety")}


def test_a_case_is_named_in_the_question():
    found = read("PUMP REPAIR\n\nWARNING\nWhen the engine is hot, never open the cap.")
    (question,) = found
    assert question == 'In "Pump repair", what warning is given that applies when the engine is hot?'


def test_all_sentences_of_a_warning_are_its_answer():
    text = "Hot coolant can burn. Let the engine cool down first."
    ((answer, _),) = read(f"PUMP REPAIR\n\nWARNING\n{text}\n\n1. Remove the cap.").values()
    assert answer == text


def test_a_note_that_lists_orders_gives_a_pair_for_each():
    found = read("PUMP REPAIR\n\nNOTE\nMark the hose. Replace the clamp.\n\n1. Remove the cap.")
    assert sorted(answer for answer, _ in found.values()) == ["Mark the hose.", "Replace the clamp."]


def test_text_without_a_signal_word_is_no_warning():
    assert read("PUMP REPAIR\n\nThe warning lamp must go out.") == {}


def test_the_step_below_a_warning_is_not_part_of_it():
    found = passages_of(lines("PUMP REPAIR\n\nWARNING\nHot coolant can burn.\n\n1. Remove the cap."))
    assert [(passage.signal, passage.rows[0].text) for passage in found] == [
        ("WARNING", "Hot coolant can burn."),
        ("", "1. Remove the cap."),
    ]
