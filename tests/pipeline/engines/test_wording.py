"""Words and wording: verbs, titles as activities, languages, and how a pair is put together."""

import pytest

from pipeline.engines.offline.asking import (
    LONGEST_ANSWER,
    Asked,
    asked,
    best_first,
    question_mark,
    tidy,
    without_clashes,
    worded,
    words_for,
)
from pipeline.engines.offline.language import language_of
from pipeline.engines.offline.topics import Topic, as_activity, heading, lowered, sentence_case, subheading, under
from pipeline.engines.offline.verbs import gerund, is_order, participle
from tests.pipeline.engines.asked_page import lines
from tests.pipeline.engines.drawn_page import drawn


def pair(question, answer, rank=5, other=""):
    return asked(question, answer, "factual", drawn(answer), rank, other)


@pytest.mark.parametrize(
    ("verb", "done", "doing"),
    [
        ("remove", "removed", "removing"),
        ("hold", "held", "holding"),
        ("fit", "fitted", "fitting"),
        ("dry", "dried", "drying"),
        ("cut", "cut", "cutting"),
        ("tie", "tied", "tying"),
        ("Loosen", "loosened", "loosening"),
    ],
)
def test_verbs_have_a_participle_and_a_gerund(verb, done, doing):
    assert is_order(verb)
    assert (participle(verb), gerund(verb)) == (done, doing)


@pytest.mark.parametrize("word", ["housing", "the", "half", "4711", ""])
def test_other_words_open_no_order(word):
    assert not is_order(word)


@pytest.mark.parametrize(
    ("title", "activity"),
    [
        ("REMOVING AND INSTALLING WATER PUMP", "removing and installing the water pump"),
        ("Water pump - remove and install", "removing and installing the water pump"),
        ("REPLACING ALL SEALS", "replacing all seals"),
        ("CHECKING ABS UNIT", "checking the ABS unit"),
        ("TIGHTENING TORQUES", ""),
        ("STEERING COLUMN", ""),
        ("GENERAL DATA", ""),
    ],
)
def test_a_title_names_an_activity_or_none(title, activity):
    assert as_activity(title) == activity


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("31 12 400 REPLACING WATER PUMP", Topic("REPLACING WATER PUMP", "31 12 400")),
        ("2-16. CYLINDER BLOCK REPAIR (Cont'd)", Topic("CYLINDER BLOCK REPAIR", "2-16")),
        ("Table 3-1. Wear limits", Topic("Wear limits", "table 3-1")),
        ("PUMP REPAIR", Topic("PUMP REPAIR")),
        ("The pump is driven by a belt.", None),
        ("22 Nm", None),
    ],
)
def test_a_heading_has_a_title_and_may_have_a_code(text, topic):
    assert heading(text) == topic


def test_a_lettered_subheading_goes_with_its_heading():
    assert subheading("c. Inspection") == "Inspection"
    assert subheading("c. Inspect the pump; then stop.") is None
    assert under(Topic("PUMP REPAIR"), "Inspection").opening("2") == 'In step 2 of "Pump repair: inspection",'
    assert under(Topic("PUMP REPAIR"), "Pump Repair") == Topic("PUMP REPAIR")


def test_capitals_are_lowered_but_for_abbreviations_and_codes():
    assert lowered("ABS PUMP M8 FOR THE LH SIDE") == "ABS pump M8 for the LH side"
    assert sentence_case("WATER PUMP") == "Water pump"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Remove the pump from the block and clean it with a brush.", "en"),
        ("Smontare la pompa dal motore e pulire il piano con la spazzola e non con le mani della persona.", "it"),
        ("Die Pumpe vom Motor abnehmen und mit der Bürste reinigen, nicht mit den Händen auf das Teil.", "de"),
        ("4711 M8 22 Nm", "en"),
    ],
)
def test_the_language_is_told_by_the_small_words(text, language):
    assert language_of(lines(text)) == language


def test_a_question_begins_with_a_capital_and_ends_with_a_question_mark():
    assert question_mark("what is  the bore") == "What is the bore?"
    assert worded("When checking the pump,", "what is the bore") == "When checking the pump, what is the bore"
    assert worded("", "what is the bore") == "what is the bore"


@pytest.mark.parametrize(
    ("printed", "answer"),
    [("22 Nm ;", "22 Nm"), ("• Oil", "Oil"), ("Seal *)", "Seal"), ("16 ft. Ibs.", "16 ft. lbs."), ("-5 °C", "-5 °C")],
)
def test_answers_are_tidied(printed, answer):
    assert tidy(printed) == answer


def test_empty_and_very_long_answers_give_no_pair():
    assert pair("what is the bore", "") is None
    assert pair("", "84 mm") is None
    assert pair("what is the bore", "word " * (LONGEST_ANSWER + 1)) is None


def test_the_words_of_an_answer_are_found_in_one_piece_or_all_are_taken():
    words = drawn("Tighten the nut to 22 Nm.")
    assert [word.text for word in words_for("22 Nm", words)] == ["22", "Nm."]
    assert words_for("nut 22", words) == words


def test_a_question_with_two_answers_is_asked_more_exactly_or_left_out():
    one, two = pair("how is it held", "with a pin", other="how is the shaft held"), pair("how is it held", "by hand")
    assert [item.pair.question for item in without_clashes([one, two])] == ["How is the shaft held?", "How is it held?"]
    assert without_clashes([pair("what is the bore", "84 mm"), pair("What is the bore?", "85 mm")]) == []


def test_the_same_pair_twice_is_kept_once():
    (item,) = without_clashes([pair("what is the bore", "84 mm"), pair("What is the bore?", "84 mm")])
    assert item.pair.answer == "84 mm"


def test_the_best_pairs_come_first_and_in_page_order_within_a_rank():
    items: list[Asked] = [pair("c", "3", 4), pair("a", "1", 0), pair("d", "4", 4), pair("b", "2", 0)]
    assert [found.question for found in best_first(items, None)] == ["A?", "B?", "C?", "D?"]
    assert [found.question for found in best_first(items, 1)] == ["A?"]
