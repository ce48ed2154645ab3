import pytest

from pipeline.checks.duplicates import compare

GAP = "What is the roller gap?"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("0.15 mm (0.006 in)", '0,15mm (.006")'),
        ("24 Nm", "24 N·m."),
        ("Grease the drum", "grease the drum."),
        ("100,000 km", "100000 km"),
    ],
)
def test_the_same_answer_in_another_notation_is_a_duplicate(one, other):
    assert compare(GAP, one, "what is the ROLLER gap ?", other).relation == "duplicate"


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("24 Nm", "34 Nm", "24 Nm against 34 Nm"),
        ("24 Nm", "24 ft. lbs.", "24 Nm against 24 ft. lbs."),
        ("2.6 Ω", "2.6 kΩ", "2.6 Ω against 2.6 kΩ"),
        ("C202", "C302", "C202 against C302"),
        ("the left lamp", "the right lamp", "left against right"),
        ("two turns", "three turns", "two against three"),
        ("< 1 ohm", "> 1 ohm", "another answer"),
        ("facing up", "facing down", "another answer"),
        ("Grease the drum", "Do not grease the shaft", "another answer"),
        ("100,000 km (60,000 miles)", "100,000 miles", "100,000 miles"),
    ],
)
def test_one_question_with_two_values_is_a_conflict_with_its_reason(one, other, reason):
    relation, reasons = compare(GAP, one, GAP, other)
    assert relation == "conflict"
    assert reason in reasons[0]


def test_an_answer_that_holds_the_other_is_suspected():
    assert compare(GAP, "0.15 mm", GAP, "It should be 0.15 mm (0.006 in).").relation == "suspected"


@pytest.mark.parametrize(
    "question",
    [
        "What is the drum gap?",
        "What is the roller wear?",
        "Is the roller gap checked?",
        "Which tool sets the roller gap?",
    ],
)
def test_other_questions_are_distinct_whatever_their_answers(question):
    assert compare(GAP, "0.15 mm", question, "0.15 mm").relation == "distinct"


@pytest.mark.parametrize(
    ("question", "relation"),
    [
        ("What gap should the roller have?", "suspected"),
        ("What is the gap of roller 2?", "suspected"),
        ("The gap of the roller is what?", "suspected"),
        ("What is the gap of the roller?", "suspected"),
        ("What should the roller gap be?", "duplicate"),
    ],
)
def test_a_question_in_other_words_is_a_duplicate_only_where_little_words_differ(question, relation):
    assert compare(GAP, "0.15 mm", question, "0,15mm").relation == relation


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("650 ± 25 g", "625 to 675 g"),
        ("DOT 4", "Only DOT4 brake fluid"),
        ("SAE 5W-30", "5W30"),
        ("25 N·m", "25 Nm (18 lbf·ft)"),
    ],
)
def test_answers_in_another_notation_agree(one, other):
    assert compare("What is filled in?", one, "What should be filled in there?", other).relation != "distinct"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('In "Wiring" (page 3), which component is item d?', 'In "Wiring" (page 3), which component is item 363?'),
        (
            "When removing the drum, what must be done with the cap?",
            "When removing the drum, what must be done with the pin?",
        ),
        ("When removing the drum (1), how is the pin pulled?", "When removing the roller (2), how is the pin pulled?"),
        ("What is the cause of the noise?", "What is the correction for the noise?"),
        ("How is the roller checked with the engine cold?", "How is the roller checked with the engine hot?"),
    ],
)
def test_siblings_on_a_page_ask_for_different_things(one, other):
    assert compare(one, "Take it off.", other, "Take it off.", 0.99).relation == "distinct"


def test_an_order_of_places_is_part_of_the_answer():
    one, other = "Rear right, rear left, front right", "Front right, rear left, rear right"
    assert compare("In what order?", one, "In what order?", other).relation == "conflict"


def test_two_properties_of_one_machine_are_no_conflict():
    weight, power = "What is the curb weight of the Tarn T118 (EU)?", "What is the displacement of the Tarn T118 (EU)?"
    assert compare(weight, "1040 kg", power, "1776 cc", 0.9).relation == "distinct"
