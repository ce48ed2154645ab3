"""Sentences taken apart."""

import pytest

from pipeline.engines.offline.clauses import read_clause


@pytest.mark.parametrize(
    ("sentence", "verb", "particle", "thing", "tail"),
    [
        ("Pull off hose (5).", "pull", "off", "the hose", ""),
        ("Press in the bearing with a sleeve.", "press", "in", "the bearing", "with a sleeve"),
        ("Place the cover on the housing.", "place", "", "the cover", "on the housing"),
        ("Remove and clean both valves from the head.", "remove and clean", "", "both valves", "from the head"),
        ("Carefully lift the pump.", "lift", "", "the pump", ""),
        ("Hand tighten the screw.", "hand tighten", "", "the screw", ""),
        ("Check distance between pulley and belt.", "check", "", "the distance between pulley and belt", ""),
        ("Remove bolt (3), washer (4) and nut (5).", "remove", "", "the bolt, washer and nut", ""),
        ("Change the oil every 5000 km.", "change", "", "the oil", "every 5000 km"),
    ],
)
def test_an_order_has_verb_object_and_the_rest(sentence, verb, particle, thing, tail):
    clause = read_clause(sentence)
    assert (clause.verb, clause.particle, clause.object, clause.tail) == (verb, particle, thing, tail)
    assert not clause.negated


@pytest.mark.parametrize("order", ["Do not open the valve.", "Never open the valve.", "Don't open the valve."])
def test_an_order_may_forbid(order):
    clause = read_clause(order)
    assert (clause.verb, clause.object, clause.negated) == ("open", "the valve", True)


def test_an_introduction_is_the_condition():
    clause = read_clause("If the pedal gives, bleed the clutch.")
    assert (clause.condition, clause.verb, clause.object) == ("If the pedal gives", "bleed", "the clutch")


def test_an_introduction_without_comma_ends_at_the_order():
    clause = read_clause("After machining the disc install new pads only.")
    assert (clause.condition, clause.verb, clause.object) == ("After machining the disc", "install", "the new pads")


def test_a_statement_has_subject_and_auxiliary():
    clause = read_clause("The mark must point to the front.")
    assert (clause.subject, clause.auxiliary, clause.tail) == ("the mark", "must", "point to the front")
    assert not clause.verb


def test_a_noun_that_could_be_a_verb_is_a_subject_before_an_auxiliary():
    assert read_clause("Oil must be warm.").subject == "the oil"
    assert read_clause("Start engine and let engine come to idle.").verb == "start"


def test_a_label_before_a_colon_is_no_order():
    clause = read_clause("Test condition: engine cold.")
    assert (clause.label, clause.verb) == ("Test condition", "")
    assert read_clause("Check oil level: add oil up to the mark.").verb


def test_the_number_of_a_special_tool_stays_in_one_piece():
    assert read_clause("Hold the shaft with 11 4 220.").tail == "with 11 4 220"
