import pytest

from pipeline.checks import examine
from tests.pipeline.checks.printed import column, printed

PAGE = printed(
    *column(0.1, 0.1, "Tightening torque of the drum cover: 24 Nm.", "Number of rollers in the drum: 6"),
    *column(0.1, 0.4, "1. Open the drum cover.", "2. Hold the roller.", "3. Take out the felt washer."),
)
NAMES = {"unit_dropped", "step_missing", "language_mix"}


def flags(question, answer):
    found = examine("image", PAGE, question, answer, "factual").flags
    return {flag.name: flag.sentence for flag in found if flag.name in NAMES}


@pytest.mark.parametrize(
    ("question", "answer", "name", "sentence"),
    [
        (
            "What is the tightening torque of the drum cover?",
            "24",
            "unit_dropped",
            "The page gives 24 in Nm; the answer has no unit.",
        ),
        (
            "How is the felt washer taken out?",
            "1. Open the drum cover. 3. Take out the felt washer.",
            "step_missing",
            "The answer leaves out step 2, which the page has.",
        ),
        (
            "How is the felt washer of the drum taken out?",
            "Die Walze wird mit der Hand gehalten und der Filz entnommen.",
            "language_mix",
            "The answer is not in the language of the question.",
        ),
    ],
)
def test_what_was_left_out_or_mixed_in_is_told_in_one_sentence(question, answer, name, sentence):
    assert flags(question, answer).get(name) == sentence


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What is the tightening torque of the drum cover?", "24 Nm"),
        ("What is the tightening torque of the drum cover in Nm?", "24"),
        ("How many rollers are in the drum?", "6"),
        ("How is it done?", "1. Open the drum cover. 2. Hold the roller. 3. Take out the felt washer."),
        ("What stands on the label of the drum cover?", "“Nicht mit der Hand auf die Walze fassen”"),
        ("", ""),
    ],
)
def test_a_whole_answer_is_left_in_peace(question, answer):
    assert flags(question, answer) == {}
