"""When a pair covers a fact of the truth."""

from review_db.records import CandidatePair
from tests.accept.coverage import cause, covers, uncovered

FACT = {"q": "What is the torque of the pump bolts?", "a": "22 Nm"}


def pair(question, answer):
    return CandidatePair(question, answer, "factual", answer, ())


def test_a_pair_with_the_value_and_a_shared_word_covers_a_fact():
    assert covers(FACT, pair("To what torque are the bolts tightened?", "22 Nm (16 ft. lbs.)"))


def test_another_number_covers_nothing():
    assert not covers(FACT, pair("To what torque are the bolts tightened?", "2.2 Nm"))


def test_a_question_about_something_else_covers_nothing():
    assert not covers(FACT, pair("How wide is the belt?", "22 Nm"))


def test_a_whole_page_as_an_answer_covers_nothing():
    assert not covers(FACT, pair("What is the torque?", "22 Nm " + "and more " * 30))


def test_four_fifths_of_the_words_are_enough():
    fact = {"q": "Where does the pump sit?", "a": "left of the engine block"}
    assert covers(fact, pair("Where is the pump?", "left of engine block"))
    assert not covers(fact, pair("Where is the pump?", "left"))


def test_one_pair_counts_for_three_facts_at_most():
    assert len(uncovered([FACT] * 5, [pair("What is the torque?", "22 Nm")])) == 2
    assert uncovered([FACT] * 5, [pair("What is the torque?", "22 Nm"), pair("Which torque?", "22 Nm")]) == []


def test_a_missed_fact_says_whether_reading_kind_extraction_or_question_is_to_blame():
    assert cause(FACT, "tighten to 2.2 Nm", []).startswith("reading")
    assert cause(FACT, "tighten to 22 Nm", []).startswith("extraction")
    assert cause(FACT, "tighten to 22 Nm", [], "diagram") == "kind: the page was taken for diagram"
    assert cause(FACT, "tighten to 22 Nm", [pair("How wide is the belt?", "22 Nm")]).startswith("question")
