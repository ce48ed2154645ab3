import pytest

from pipeline.checks.filters import FilterRules, alike, filtered_by, gist

RULES = FilterRules(
    min_question_length=15,
    shortest_answer={"default": 4, "procedural": 12},
    longest_answer={"default": 60, "procedural": 120},
    generic_phrases=("cannot determine", "not visible"),
    self_reference_phrases=("in this image",),
)
QUESTION = "What is the torque of the drum cover?"


@pytest.mark.parametrize("answer", ["9 Nm", "9", "M8", "left", "red", "Q", "60°", ".5 BR", "oil pan"])
def test_a_short_value_is_a_good_answer(answer):
    assert filtered_by(QUESTION, answer, "factual", RULES) is None


@pytest.mark.parametrize("answer", ["9 Nm", "4 bolts"])
def test_a_value_is_long_enough_for_every_type_of_question(answer):
    assert filtered_by(QUESTION, answer, "procedural", RULES) is None


@pytest.mark.parametrize(
    ("question", "answer", "kind", "rule"),
    [
        ("Which torque?", "9 Nm", "factual", "question_short"),
        ("Tell me the torque of the drum cover.", "9 Nm", "factual", "no_question_mark"),
        (QUESTION, "9 Nm", "comparison", "unknown_type"),
        ("What is the torque in this image?", "9 Nm", "factual", "self_reference"),
        (QUESTION, "oil", "factual", "answer_short"),
        (QUESTION, "...", "factual", "answer_short"),
        (QUESTION, "pull it off", "procedural", "answer_short"),
        (QUESTION, "word " * 20, "factual", "answer_long"),
        (QUESTION, "I can't say: it is NOT VISIBLE.", "factual", "generic_answer"),
    ],
)
def test_the_rule_that_takes_a_pair_out_is_named(question, answer, kind, rule):
    assert filtered_by(question, answer, kind, RULES) == rule


def test_lengths_depend_on_the_type_of_the_question():
    answer = "word " * 20
    assert filtered_by(QUESTION, answer, "factual", RULES) == "answer_long"
    assert filtered_by(QUESTION, answer, "procedural", RULES) is None


def test_an_answer_with_a_code_is_not_generic():
    assert filtered_by(QUESTION, "Not visible on the drum; see 47 11 020.", "factual", RULES) is None


@pytest.mark.parametrize(
    ("earlier", "later", "same"),
    [
        (
            ("How tight is the drum cover bolted?", "9 Nm"),
            ("How tight is the cover of the drum bolted?", "9 N·m"),
            True,
        ),
        (("How tight is the drum cover bolted?", "9 Nm"), ("How tight is the drum cover bolted?", "10 Nm"), False),
        (("What rating has fuse 3?", "15 A"), ("What rating has fuse 4?", "15 A"), False),
        (("Where is the left lamp?", "in front"), ("Where is the right lamp?", "in front"), False),
        (("What is drawn off the shaft?", "coupling"), ("What is drawn off the shaft?", "flange"), False),
    ],
)
def test_a_pair_is_alike_an_earlier_one_only_with_the_same_values(earlier, later, same):
    assert alike(gist(*later), gist(*earlier), 0.8) is same
