import pytest

from pipeline.checks import examine
from tests.pipeline.checks.printed import column, printed, table

TABLE = printed(
    (0.46, 0.05, "Standard"),
    (0.71, 0.05, "Limit"),
    *table(
        0.08,
        ("Piston clearance", "", "0.10 mm", "0.25 mm"),
        ("Ring gap", "", "0.30 mm", "0.60 mm"),
        ("Intake valve play", "", "0.05 mm", "0.15 mm"),
        ("Exhaust valve play", "", "0.08 mm", "0.18 mm"),
        columns=(0.05, 0.4, 0.45, 0.7),
    ),
)
TEXT = printed(
    *column(
        0.1,
        0.1,
        "Tighten long screws to 110 Nm. Tighten all short",
        "screws to 90 Nm.",
        "Press in the drum seal flush with special tools",
        "11 1 273 and 11 1 271.",
        "Press in the housing bearing with special tool 11 2 213.",
    )
)


def rival(question, answer, words):
    found = examine("image", words, question, answer, "factual").flags
    return next((flag.sentence for flag in found if flag.name == "another_value_nearer"), None)


@pytest.mark.parametrize(
    ("question", "answer", "nearer"),
    [
        ("What is the limit of the ring gap?", "0.25 mm", "0.60"),
        ("What is the limit of the ring gap?", "0.30 mm", "0.60"),
        ("What is the standard play of the exhaust valve?", "0.05 mm", "0.08"),
        ("What is the standard piston clearance?", "0.25 mm", "0.10"),
    ],
)
def test_a_value_must_stand_in_the_row_and_column_that_the_question_names(question, answer, nearer):
    assert rival(question, answer, TABLE) == f"The question's words stand nearer to {nearer}: another row?"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What is the limit of the ring gap?", "0.60 mm"),
        ("What is the standard play of the exhaust valve?", "0.08 mm"),
        ("What is the play of the intake valve?", "0.15 mm"),  # no column asked for
        ("What is the standard piston clearance?", "0.10 mm"),
    ],
)
def test_a_value_of_the_right_row_and_column_is_left_in_peace(question, answer):
    assert rival(question, answer, TABLE) is None


@pytest.mark.parametrize(
    ("question", "right", "wrong"),
    [
        ("What is the torque of the short screws?", "90 Nm", "110 Nm"),
        ("What is the torque of the long screws?", "110 Nm", "90 Nm"),
        ("With which special tool is the housing bearing pressed in?", "11 2 213", "11 1 273"),
        ("With which special tools is the drum seal pressed in?", "11 1 273 and 11 1 271", "11 2 213"),
    ],
)
def test_a_value_of_a_text_must_stand_in_the_sentence_that_the_question_names(question, right, wrong):
    assert rival(question, right, TEXT) is None
    assert rival(question, wrong, TEXT)


INDEX = printed(
    *table(
        0.1,
        ("Seat belt, front - install", "72-110"),
        ("Seat belts - inspect", "A-115"),
        ("Wind deflector - install", "72-120"),
    )
)


@pytest.mark.parametrize(("right", "wrong"), [("A-115", "72-110"), ("A-115", "72-120")], ids=["row above", "row below"])
def test_the_pages_of_an_index_are_told_apart_even_where_they_are_written_otherwise(right, wrong):
    question = "On which page are the belts of seats inspected?"
    assert rival(question, right, INDEX) is None
    assert rival(question, wrong, INDEX)


def test_every_value_of_an_answer_must_stand_in_its_row():
    question = "With which special tools is the drum seal pressed in?"
    assert rival(question, "11 1 273 and 11 2 213", TEXT)


def test_the_number_of_a_picture_has_no_row():
    words = printed((0.1, 0.1, "30 11 065"), (0.4, 0.1, "Lubricate the sealing lip."), (0.1, 0.2, "30 11 025"))
    assert rival("Which photo shows the sealing lip?", "30 11 025", words) is None
