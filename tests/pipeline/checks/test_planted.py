import pytest

from pipeline.checks import examine
from pipeline.checks.planted import Slip, is_caught, planted
from tests.pipeline.checks.printed import column, printed, table

PAGE = printed(
    *table(0.05, ("Drum cover", "M6", "9", "Nm"), ("Cable guide", "M10", "46", "Nm"), ("Frame", "M8", "24", "Nm")),
    *column(
        0.1,
        0.3,
        "Connector C302 stands behind the left lamp.",
        "Unscrew nut (1) and take off clamp (2) from the exhaust pipe.",
        "Do not grease the threads. Maximum runout: 0.25 mm.",
    ),
)


def wrong(question, answer, words=PAGE, seed=0):
    return {each.slip: each for each in planted(words, question, answer, seed)}


@pytest.mark.parametrize(
    ("question", "answer", "slip"),
    [
        ("What is the torque of the cable guide?", "46 Nm", Slip.DIGIT),
        ("What is the torque of the cable guide?", "46 Nm", Slip.UNIT),
        ("What is the torque of the cable guide?", "46 Nm", Slip.ROW),
        ("Which connector stands behind the lamp?", "C302", Slip.CODE),
        ("Where does C302 stand?", "behind the left lamp", Slip.SIDE),
        ("What must not be greased?", "Do not grease the threads", Slip.NEGATION),
        ("How large may the runout be?", "at most 0.25 mm", Slip.NEGATION),
        ("What is unscrewed?", "nut (1)", Slip.CALLOUT),
    ],
)
def test_an_error_of_each_kind_changes_one_thing(question, answer, slip):
    found = wrong(question, answer)[slip]
    assert found.was != found.now
    assert found.answer == answer.replace(found.was, found.now, 1).strip()


def test_the_value_of_another_row_is_one_that_stands_there():
    found = wrong("What is the torque of the cable guide?", "46 Nm")[Slip.ROW]
    assert found.answer in ("9 Nm", "24 Nm")


def test_a_side_of_the_question_is_swapped_where_the_answer_has_none():
    found = wrong("What is taken off the exhaust pipe?", "the clamp")[Slip.SIDE]
    assert (found.question, found.answer) == ("What is taken off the intake pipe?", "the clamp")


def test_the_same_seed_plants_the_same_errors_and_another_seed_others():
    texts = [wrong("What is the torque of the cable guide?", "46 Nm", seed=seed) for seed in (0, 0, 1, 2, 3)]
    assert texts[0] == texts[1]
    assert any(other != texts[0] for other in texts[2:])


@pytest.mark.parametrize(("question", "answer"), [("", ""), ("What is done?", "—"), ("\0", "()"), ("Which?", "() 0")])
def test_a_pair_that_allows_no_error_gives_none(question, answer):
    assert wrong(question, answer, words=[]) == {}


@pytest.mark.parametrize("text", ["٣ Nm", "½ in", "² mm", "\ud800 9 Nm", "(99)", "-0", "left " * 200])
def test_odd_texts_are_taken_as_they_come(text):
    for found in wrong("What is it?", text).values():
        assert found.answer != text


def test_an_error_is_caught_where_a_good_pair_is_left_in_peace():
    question, answer = "What is the torque of the cable guide?", "46 Nm"
    assert not is_caught(examine("image", PAGE, question, answer, "factual"))
    for found in wrong(question, answer).values():
        assert is_caught(examine("image", PAGE, found.question, found.answer, "factual")), found
