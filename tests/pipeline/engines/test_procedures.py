"""Steps and statements: one question for each sentence, worded from its own parts."""

import pytest

from pipeline.engines.offline.procedures import all_step_pairs, first_step_pairs
from pipeline.engines.offline.topics import Topic
from tests.pipeline.engines.asked_page import answers, lines, passages

JOB = "31 12 410  ADJUSTING PUMP BELT\n\n"
WHEN = "When adjusting the pump belt (31 12 410), "


def question_of(sentence):
    found = answers(all_step_pairs(passages(JOB + sentence)))
    assert len(found) <= 1
    return next(iter(found), "").removeprefix(WHEN)


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("Drain the coolant into a clean tub.", "where is the coolant drained?"),
        ("Coat the lip with grease.", "how is the lip coated?"),
        ("Remove the pump from the engine block.", "from what is the pump removed?"),
        ("Take off the cover.", "what must be done with the cover?"),
        ("Change the oil every 10 000 km.", "how often is the oil changed?"),
        ("Check the shaft for scoring and wear.", "for what is the shaft to be checked?"),
        ("Measure the voltage at terminal B.", "how is the voltage to be measured?"),
        ("Check the O-rings, replacing if necessary.", "what must be observed when checking the O-rings?"),
        ("Then pull the shaft from the housing.", ""),
        ("The engine must be run in in 3 phases.", ""),
        ("Never use the old gasket again.", "what must not be done with the old gasket?"),
        ("If the belt squeals, check its tension.", "what must be done if the belt squeals?"),
        ("The mark must point to the front.", "where must the mark point?"),
        ("The filter is screwed to the left side.", "where is the filter screwed?"),
        ("The valve must be replaced if it leaks.", "when must the valve be replaced?"),
        ("A hissing noise indicates a leak.", "what does a hissing noise indicate?"),
        ("Overheated oil may cause burns.", "what may the overheated oil cause?"),
        ("Spinning a dry bearing may cause injury.", "what may spinning a dry bearing cause?"),
        ("The hose has to be replaced every year.", "how often must the hose be replaced?"),
        ("The fan is driven by a belt.", "by what is the fan driven?"),
        ("The afterwards the pressure must be checked.", ""),
        ("The values given in this table are for dry threads.", ""),
        ("Screws conforming with the aforementioned standard are zinc plated.", ""),
        ("Cement and hardener must not be mixed.", "what must not be mixed?"),
        ("Mix resin and hardener in a ratio of 15 to 1.", "how are the resin and hardener mixed?"),
    ],
)
def test_the_question_asks_for_what_the_sentence_says(sentence, question):
    assert question_of(sentence) == question


@pytest.mark.parametrize(
    "sentence",
    ["See also group 34.", "Repair patches (match colour of roof)", "Follow the step which", "Go to step 4."],
)
def test_scraps_and_bare_references_give_no_question_about_themselves(sentence):
    assert "must be done" not in question_of(sentence)


def test_an_order_that_says_no_more_than_its_verb_is_asked_for_by_the_order_before_it():
    found = answers(all_step_pairs(passages(JOB + "Remove the bolts.\nTake off the cover.")))
    assert found[WHEN + "what must be done after removing the bolts?"] == "Take off the cover."


def test_a_test_condition_is_a_label_and_no_order():
    assert question_of("Test condition: engine cold.") == ""


def test_the_step_number_stands_in_the_question():
    found = answers(
        all_step_pairs(passages("PUMP REPAIR\n\n1. Loosen the clamp.\n   a. Mark the hose.\n2. Plug the hose."))
    )
    assert found['In step 1 of "Pump repair", what must be done with the clamp?'] == "Loosen the clamp."
    assert found['In step 1a of "Pump repair", what must be done with the hose?'] == "Mark the hose."
    assert found['In step 2 of "Pump repair", what must be done with the hose?'] == "Plug the hose."


def test_a_run_in_label_tells_the_phase_of_the_work():
    found = answers(all_step_pairs(passages(JOB + "Loosen the nut.\nInstallation:\nOil the nut with clean oil.")))
    assert found[WHEN + "how is the nut oiled during installation?"] == "Oil the nut with clean oil."


def test_what_a_reading_means_is_asked_for():
    found = answers(all_step_pairs(passages(JOB + "Reading > 34 mm: belt is worn.")))
    assert found == {WHEN + 'what does "Reading > 34 mm" indicate?': "belt is worn."}


def test_a_group_that_something_holds_for_is_asked_for():
    sentence = "For cars with air conditioning, use the long belt."
    found = answers(all_step_pairs(passages(JOB + sentence)))
    assert found == {WHEN + "what applies for cars with air conditioning?": sentence}


def test_a_long_sentence_is_cut_before_its_reason():
    steps = "Fill the housing with oil up to the lower edge of the plug and turn the shaft by hand several times"
    reason = "since the bearing at the far end of the shaft gets no oil before the pump has run for a minute or so"
    long = f"{steps},\n{reason} and would be damaged."
    found = answers(all_step_pairs(passages(JOB + long)))
    assert steps in found.values()


def test_without_a_heading_the_place_opens_the_question_and_without_place_there_is_none():
    text = passages("Take off the cover from the pump.")
    assert list(answers(all_step_pairs(text, "On page 31-6,"))) == ["On page 31-6, from what is the cover taken off?"]


def test_strict_takes_only_sentences_with_a_full_stop():
    text = passages(JOB + "Loosen the nut.\n\nTAKE OFF the cover")
    assert list(answers(all_step_pairs(text, strict=True)).values()) == ["Loosen the nut."]


def test_the_first_step_is_asked_for_under_a_coded_heading_whose_steps_have_no_numbers():
    assert answers(first_step_pairs(passages(JOB + "Loosen the nut.\nTurn the adjuster."))) == {
        "What is the first step when adjusting the pump belt (31 12 410)?": "Loosen the nut."
    }
    assert not list(first_step_pairs(passages(JOB + "1. Loosen the nut.")))
    assert not list(first_step_pairs(passages("PUMP REPAIR\n\nLoosen the nut.")))


def test_a_topic_names_the_job_in_a_question():
    assert (
        Topic("REMOVING AND INSTALLING WATER PUMP", "31 12 400")
        .opening()
        .startswith("When removing and installing the")
    )
    assert Topic("Water pump - replace").opening() == "When replacing the water pump,"
    assert Topic("TIGHTENING TORQUES").opening() == 'In "Tightening torques",'
    assert lines("") == []
