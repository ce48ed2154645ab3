from itertools import pairwise

from pipeline.checks.risk import COEFFICIENTS, probability, signals
from review_db.records import Evidence, Flag, TokenEvidence

QUESTION = "How tight is the drum cover bolted?"


def risk(evidence, *flags, question=QUESTION, kind="factual", content="procedure", conflict=False):
    names = [Flag(name, "") for name in flags]
    return probability(signals(evidence, names, question, kind, content, conflict=conflict))


def test_the_less_a_page_supports_a_pair_the_higher_its_risk():
    rising = [
        risk(Evidence("supported"), kind="tool"),
        risk(Evidence("supported")),
        risk(Evidence("supported"), "hedged"),
        risk(Evidence("partly"), "number_not_on_page"),
        risk(Evidence("unsupported", tokens=(TokenEvidence("25", False),)), "number_not_on_page"),
    ]
    assert all(one < other for one, other in pairwise(rising))
    assert rising[1] < 0.4 < 0.9 < rising[-1]


def test_a_conflict_and_a_drawing_raise_the_risk():
    plain = risk(Evidence("supported"))
    assert risk(Evidence("supported"), conflict=True) > plain
    assert risk(Evidence("supported"), content="wiring") > plain
    assert risk(Evidence("supported"), question="What component is labelled?") > plain


def test_every_signal_has_a_weight_in_the_table():
    tokens = (TokenEvidence("a", False),)
    found = signals(
        Evidence("unsupported", tokens=tokens),
        [Flag(name, "") for name in ("hedged", "unit_changed", "another_value_nearer", "question_off_page")],
        "What component is it?",
        "tool",
        "wiring",
        conflict=True,
    )
    assert found.keys() | {"not_checkable"} == COEFFICIENTS.keys()
    assert 0 < probability(found) < 1
