import json

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
    "question", ["What is the roller play?", "What is the gap of roller 2?", "Is the roller gap checked?"]
)
def test_other_questions_are_distinct_whatever_their_answers(question):
    assert compare(GAP, "0.15 mm", question, "0.15 mm").relation == "distinct"


def test_on_labelled_pairs_no_exact_duplicate_is_wrong(corpus):
    rows = [json.loads(line) for line in (corpus / "dedup_pairs.jsonl").open(encoding="utf-8")]
    found = [
        row["label"] for row in rows if compare(row["qa"], row["aa"], row["qb"], row["ab"]).relation == "duplicate"
    ]
    assert len(found) >= 14
    assert all(found)
