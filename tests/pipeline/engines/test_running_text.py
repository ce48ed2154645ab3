"""Running text: furniture left out, columns, passages and sentences."""

from pipeline.engines.offline.prose import passages_of
from pipeline.engines.offline.running_text import body_lines, page_lines, text_columns
from pipeline.engines.offline.sentences import joined, sentences_of
from tests.pipeline.engines.asked_page import lines, passages
from tests.pipeline.engines.drawn_page import segment

COLUMNS = """
Loosen the belt and take it off.           Fit the new gasket dry.
Unscrew the pump from the block.           Tighten the bolts crosswise.
Clean both faces with a scraper.           Fill up with coolant.
Check the hose for cracks.                 Run the engine warm.
"""


def sentences(text):
    return [sentence.text for passage in passages(text) for sentence in sentences_of(passage)]


def test_columns_are_read_one_after_the_other():
    assert [rows[0].text for rows in text_columns(lines(COLUMNS))] == [
        "Loosen the belt and take it off.",
        "Fit the new gasket dry.",
    ]


def test_page_numbers_running_heads_and_footnotes_are_no_text():
    text = "TM 9-1234\n\n" + "Loosen the belt and take it off.\n" * 3 + "\n" * 50 + "* Source of supply: dealer\n\n31-4"
    assert {line.text for line in page_lines(lines(text))} == {"Loosen the belt and take it off."}


def test_the_number_of_a_picture_is_no_text():
    text = "Loosen the belt and take it off.\n\n      30 41 097\n\nTake off the pump."
    assert [line.text for line in body_lines(lines(text))] == ["Loosen the belt and take it off.", "Take off the pump."]


def test_a_passage_knows_heading_step_label_and_signal_word():
    found = passages("PUMP REPAIR\n\n1. Loosen the belt.\n\nCAUTION\nDo not pry.\n\nInstallation:\nOil the nut.")
    assert {passage.topic.title for passage in found} == {"PUMP REPAIR"}
    assert [(passage.marker, passage.signal, passage.label) for passage in found] == [
        ("1", "", ""),
        ("", "CAUTION", ""),
        ("", "", "Installation"),
    ]


def test_a_word_divided_at_the_end_of_a_line_is_joined():
    assert joined(["the", "gas-", "ket", "*)"]).startswith("the gasket")
    assert joined(["self-", "locking"]) == "self- locking" or joined(["self-", "locking"]) == "self-locking"


def test_an_abbreviation_and_a_number_end_no_sentence():
    assert sentences("Fill in approx. 4 litres of oil. Run the pump.") == [
        "Fill in approx. 4 litres of oil.",
        "Run the pump.",
    ]
    assert sentences("Tighten to 22 Nm (16 ft. lbs.) and stop.") == ["Tighten to 22 Nm (16 ft. lbs.) and stop."]


def test_a_new_line_with_an_order_opens_a_sentence_without_a_full_stop():
    assert sentences("Adjust the distance\nLoosen both of the outer nuts") == [
        "Adjust the distance",
        "Loosen both of the outer nuts",
    ]


def test_a_letter_with_its_value_is_a_sentence_of_its_own():
    assert sentences("Adjust the distance\nA = 181 mm at front\nB = 159 mm at rear") == [
        "Adjust the distance",
        "A = 181 mm at front",
        "B = 159 mm at rear",
    ]


def test_a_sentence_that_says_this_stays_with_the_one_before_it():
    assert sentences("Open the valve slowly. This keeps the dirt out.") == [
        "Open the valve slowly. This keeps the dirt out."
    ]


def test_a_page_without_words_has_no_passages():
    assert passages_of([]) == []
    assert passages_of(lines("4")) == []
    assert segment("x", 0, 0, 0.1, 0.1)
