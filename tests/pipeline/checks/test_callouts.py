import pytest

from pipeline.checks import examine
from tests.pipeline.checks.printed import column, printed

PAGE = printed(
    *column(
        0.1,
        0.1,
        "Unscrew nut (3) and take off ground strap.",
        "Loosen hose clamps (1 and 2) and pull off",
        "both hoses on the tank.",
        "Press in felt ring (4) and sealing",
        "cover (5) until flush.",
        "Two washers lie under the cover.",
    )
)


def flags(question, answer, words=PAGE):
    return {flag.name: flag.sentence for flag in examine("image", words, question, answer, "factual").flags}


@pytest.mark.parametrize(
    ("question", "answer", "sentence"),
    [
        ("What is unscrewed to take off the ground strap?", "nut (4)", "The page has (3) behind “nut”, not (4)."),
        ("What is nut (5) at the tank for?", "ground strap", "The page has (3) behind “nut”, not (5)."),
        ("Beside the sealing cover, what is item (5)?", "felt ring", "The page has (4) behind “ring”, not (5)."),
        ("What is loosened on the tank?", "hose clamps (1 and 4)", "The page has (1) or (2) behind “clamps”, not (4)."),
        ("What is pressed in with the ring?", "sealing cover (4)", "The page has (5) behind “cover”, not (4)."),
    ],
)
def test_a_callout_must_stand_right_behind_its_word(question, answer, sentence):
    assert flags(question, answer)["callout_elsewhere"] == sentence


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What is unscrewed to take off the ground strap?", "nut (3)"),
        ("What is nut (3) at the tank for?", "ground strap"),
        ("Beside the sealing cover, what is item (4)?", "felt ring"),
        ("What is loosened on the tank?", "hose clamps (1 and 2)"),
        ("What is pressed in with the ring?", "sealing cover (5)"),
        ("What is taken off?", "ground strap (9)"),  # the page gives the strap no callout
    ],
)
def test_a_callout_that_the_page_prints_there_is_left_in_peace(question, answer):
    assert "callout_elsewhere" not in flags(question, answer)


def test_a_callout_is_no_count_of_things():
    sentence = "5 is a callout on the page, not a count."
    assert flags("How many covers are pressed in?", "5 covers")["callout_as_count"] == sentence
    assert flags("How many covers are pressed in?", "5")["callout_as_count"] == sentence


def test_a_count_that_the_page_gives_in_words_is_none():
    assert "callout_as_count" not in flags("How many washers lie under the cover?", "2 washers")
    assert "callout_as_count" not in flags("What is loosened?", "clamps (1 and 2)")


@pytest.mark.parametrize("text", ["", "()", "nut ()", "nut (", "(99)", "nut (1", "٣ nut (٣)", "nut (1, 2, 3, 4"])
def test_odd_brackets_are_taken_as_they_come(text):
    flags(text, text)
    flags(text, text, [])
