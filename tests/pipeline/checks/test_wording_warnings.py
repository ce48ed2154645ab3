import pytest

from pipeline.checks import examine
from tests.pipeline.checks.printed import column, printed

PAGE = printed(
    *column(
        0.1,
        0.1,
        "Do not grease the threads of the drum cover.",
        "Install front roller with white paste.",
        "Replace the felt washer of the drum.",
    ),
    *column(0.1, 0.4, "Max. permissible runout of the drum: 0.25 mm."),
    *column(0.1, 0.6, "Loosen the upper screw by hand."),
    *column(0.1, 0.8, "Die vordere Walze nicht ohne Paste einbauen."),
)
NAMES = {"side_swapped", "limit_reversed", "negation_changed"}


def flags(question, answer):
    found = examine("image", PAGE, question, answer, "factual").flags
    return {flag.name: flag.sentence for flag in found if flag.name in NAMES}


@pytest.mark.parametrize(
    ("question", "answer", "name", "sentence"),
    [
        (
            "What is put on the rear roller?",
            "white paste",
            "side_swapped",
            "The page says front here, not rear.",
        ),
        (
            "Which screw is loosened by hand?",
            "the left and left screw",
            "side_swapped",
            "“left and left” names one side twice.",
        ),
        (
            "What is the minimum permissible runout of the drum?",
            "0.25 mm",
            "limit_reversed",
            "The page says “Max.” here, not “minimum”.",
        ),
        (
            "What is the maximum permissible runout of the drum?",
            "at least 0.25 mm",
            "limit_reversed",
            "The page says “Max.” here, not “at least”.",
        ),
        (
            "What comes before the test?",
            "Do not replace the felt washer before testing the lamp and horn.",
            "negation_changed",
            "The page has no “not” here: “Replace the felt washer of the drum”.",
        ),
        (
            "How is the upper screw treated?",
            "Tighten the upper screw by hand.",
            "limit_reversed",
            "The page says “Loosen” here, not “Tighten”.",
        ),
        (
            "What is done to the felt washer?",
            "Do not replace the felt washer of the drum.",
            "negation_changed",
            "The page has no “not” here: “Replace the felt washer of the drum”.",
        ),
        (
            "How are the threads treated?",
            "Grease the threads of the drum cover.",
            "negation_changed",
            "The page says not: “Do not grease the threads of the drum cover”.",
        ),
    ],
)
def test_a_word_that_turns_the_meaning_round_is_told_in_one_sentence(question, answer, name, sentence):
    assert flags(question, answer).get(name) == sentence


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What is put on the front roller?", "white paste"),
        ("What is the maximum permissible runout of the drum?", "0.25 mm"),
        ("How large may the runout of the drum be?", "at most 0.25 mm"),
        ("Is the upper screw tightened or loosened by hand?", "loosened"),
        ("Which threads must not be greased?", "the threads of the drum cover"),
        ("What is replaced?", "the felt washer of the drum"),
        ("How are the threads treated?", "Do not grease the threads of the drum cover."),
        ("What is the rear lamp made of?", "glass"),
    ],
)
def test_what_the_page_says_in_other_words_is_left_in_peace(question, answer):
    assert flags(question, answer) == {}
