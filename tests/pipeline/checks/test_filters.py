import pytest

from pipeline import settings
from pipeline.checks.filters import FilterRules, alike, filtered_by, gist
from pipeline.stages.filter import rules_of

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


SHIPPED = rules_of(settings.load([])[0].filters)
ASKED = {
    "factual": "What is the tightening torque of the cover?",
    "procedural": "How is the valve clearance adjusted?",
    "safety": "How must the hoist be secured first?",
    "diagnostic": "Is the relay energised with the key on?",
    "troubleshooting": "What is the state of the contact at idle?",
    "wiring": "Which colour is the wire of terminal 3?",
}
TRUE_SHORT = (
    "2", "9 Nm", "C302", "left", "red", "M8", "0.5 mm", ".5", "12 V", "RD/BU", "GN", "SAE 90", "60°", "30 A", "P0300",
    "1-3-4-2", "DOT 4", '1/2"', "21 21 565", "X", "4x", "±5", "5 Ω", "S14", "B+", "87a", "100 %", "clockwise", "up",
    "open", "Closed.", "on", "off", "NO", "NC", "two", "III", "1st", "both", "hot", "cold", "full", "low", "ground",
)  # fmt: skip
EMPTY = (
    "", "-", "...", "N/A", "n/a.", "Unknown", "not stated", "Not applicable.", "TBD", "see page", "See the manual.",
    "see above", "as shown", "As specified.", "various", "It depends.", "Refer to the manual.", "Shown in the figure.",
)  # fmt: skip


@pytest.mark.parametrize("kind", ASKED)
def test_no_true_short_answer_of_a_manual_is_lost_whatever_the_type_of_its_question(kind):
    lost = [told for told in TRUE_SHORT if filtered_by(ASKED[kind], told, kind, SHIPPED)]
    assert lost == []


@pytest.mark.parametrize("kind", ASKED)
def test_no_empty_phrase_is_kept_whatever_the_type_of_its_question(kind):
    kept = [told for told in EMPTY if filtered_by(ASKED[kind], told, kind, SHIPPED) is None]
    assert kept == []


@pytest.mark.parametrize("told", ["Yes", "no", "Yes."])
@pytest.mark.parametrize(
    ("question", "rule"),
    [
        ("Is pin 3 live with the ignition on?", None),
        ("With the ignition on, is pin 3 live?", None),
        ("When the lever is pulled, must the lamp light up?", None),
        ("What is the torque of the drum cover?", "empty_answer"),
        ("On which side does the lever lie?", "empty_answer"),
        ("How is the drum cover removed?", "empty_answer"),
    ],
)
def test_yes_and_no_answer_only_what_can_be_so_answered(question, told, rule):
    assert filtered_by(question, told, "diagnostic", SHIPPED) == rule


@pytest.mark.parametrize(
    ("question", "told", "rule"),
    [
        ("Which part is drawn off first?", "hub", None),
        ("Where does the oil collect?", "sump", None),
        ("How is the hub drawn off?", "hub", "answer_short"),
    ],
)
def test_a_thing_may_be_named_in_a_word_where_a_course_of_action_may_not(question, told, rule):
    assert filtered_by(question, told, "procedural", SHIPPED) == rule
