"""The offline engine: which readers a page goes through by its kind, and what never gives a pair."""

import pytest

from pipeline.engines.engine import PageInput
from pipeline.engines.offline.engine import OfflineEngine
from review_db.statuses import ContentType, QuestionType
from tests.pipeline.engines.asked_page import asked, page, pairs
from tests.pipeline.engines.drawn_page import drawn

STEPS = """
31 12 400  REPLACING WATER PUMP

Drain the coolant into a clean tub.
Check the shaft (3) for scoring and wear.
Tightening torque: 22 Nm (16 ft. lbs.)

Installation:
Coat the sealing lip with grease.
Press in the bearing with Special Tool 11 4 220.
"""
TORQUES = """
Item                     Torque Nm        Remarks
Pump to block            22               use new bolts
Pulley to hub            10               thread lock
Cover to pump            8                cross wise
"""


def test_steps_are_asked_with_the_name_of_the_job_and_answered_as_printed():
    found = asked(STEPS)
    job = "hen replacing the water pump (31 12 400)"
    assert found[f"W{job}, where is the coolant drained?"] == "Drain the coolant into a clean tub."
    assert found[f"W{job}, for what is the shaft to be checked?"] == "Check the shaft (3) for scoring and wear."
    assert found[f"What is the first step w{job}?"] == "Drain the coolant into a clean tub."
    assert found[f"W{job}, how is the sealing lip coated during installation?"] == "Coat the sealing lip with grease."


def test_no_question_speaks_of_this_page_and_all_name_their_subject():
    questions = [*asked(STEPS), *asked(TORQUES, "specification", title="Torques of the pump")]
    assert questions
    assert not [question for question in questions if "this page" in question.lower()]
    assert all("water pump" in question or "Torques of the pump" in question for question in questions)


def test_values_and_torques_come_first_and_plain_steps_last():
    types = [pair.question_type for pair in pairs(STEPS)]
    assert pairs(STEPS)[0].answer == "22 Nm (16 ft. lbs.)"
    assert types.index("tool") < types.index("procedural")


def test_every_pair_has_a_type_of_the_closed_list_and_boxes_around_its_source_words():
    for pair in [*pairs(STEPS), *pairs(TORQUES, "specification", title="Torques")]:
        assert pair.question_type in set(QuestionType)
        assert pair.quote
        assert all(0 <= x0 < x1 <= 1 and 0 <= y0 < y1 <= 1 for x0, y0, x1, y1 in pair.boxes)


@pytest.mark.parametrize("kind", [ContentType.COVER, ContentType.BLANK, ContentType.PHOTO])
def test_covers_blank_pages_and_photos_give_nothing(kind):
    assert pairs(STEPS, kind) == []


def test_a_page_with_nothing_to_ask_and_a_page_without_words_give_nothing():
    assert pairs(STEPS, nothing_to_ask=True) == []
    assert pairs("") == []


def test_the_same_words_always_give_the_same_pairs():
    assert pairs(STEPS) == pairs(STEPS)


def test_lines_of_a_table_are_not_read_as_sentences_too():
    questions = asked(TORQUES, "specification", title="Torques of the pump")
    assert questions['In "Torques of the pump", what is the torque for item "Pulley to hub"?'] == "10 Nm"
    assert not [question for question in questions if "must be done" in question]


def test_a_question_with_two_answers_is_left_out():
    text = "31 12 400  REPLACING WATER PUMP\n\nCheck the shaft for wear.\n\nCheck the shaft for cracks."
    assert not [question for question in asked(text) if "shaft to be checked" in question]


def test_a_title_carried_over_names_the_steps_before_the_first_heading_of_a_page():
    before = page(title="31 12 400 REPLACING WATER PUMP", section_id="31")
    unit = PageInput(page(section_id="31"), drawn("Drain the coolant into a clean tub."), (), before, None)
    questions = [pair.question for pair in OfflineEngine().generate(unit).pairs]
    assert "When replacing the water pump (31 12 400), where is the coolant drained?" in questions


def test_a_title_that_was_read_in_part_only_names_nothing():
    facts = {"title": "Side Panel Removed) - Coupe -", "printed_page": "31-4", "section_name": "Pump"}
    questions = asked("Take off the cover from the pump.", **facts)
    assert list(questions) == ['On page 31-4 of "Pump", from what is the cover taken off?']


def test_instructions_in_another_language_give_no_english_questions_about_steps():
    text = "Smontare la pompa dal motore e pulire il piano di appoggio.\nControllare che la cinghia non sia usurata."
    assert asked(text, title="POMPA") == {}


def test_an_index_page_is_asked_for_pages_and_codes():
    text = """
31  Cooling System

31 12 400   Water pump - replace            31-4
    410     Water pump belt - adjust        31-6
31 13 100   Radiator - remove and install   31-8
"""
    found = asked(text, "index", section_id="31", section_name="Cooling System", is_index=True)
    where = "in section 31 Cooling System"
    assert found[f'On which page is "Water pump belt - adjust" (31 12 410) {where} found?'] == "31-6"
    assert found[f'Which code does "Radiator - remove and install" have {where}?'] == "31 13 100"


def test_a_repair_code_is_asked_for_only_where_it_is_printed_on_the_page():
    code = 'What is the repair code of "Replacing water pump"?'
    title = "31 12 400 REPLACING WATER PUMP"
    assert asked(STEPS, title=title)[code] == "31 12 400"
    assert code not in asked("Drain the coolant into a clean tub.", title=title)


def test_a_doubtful_dotted_code_in_a_title_is_left_out_of_questions():
    text = "1   Housing\n2   Shaft seal\n3   Impeller"
    found = asked(text, "diagram", title="PUMP TEST ADAPTER ETT O18.O1", printed_page="31-2")
    assert found['In "Pump test adapter ett" (page 31-2), which component is item 2?'] == "Shaft seal"
    found = asked(text, "diagram", title="PUMP TEST ADAPTER ETT 018.01", printed_page="31-2")
    assert found['In "Pump test adapter ett 018.01" (page 31-2), which component is item 2?'] == "Shaft seal"
