"""Condition, cause and correction; test steps; check sheets; the set-up block of a job; footnotes."""

import pytest

from pipeline.engines.offline.check_tables import check_pairs, task_lines
from pipeline.engines.offline.footnotes import footnote_pairs
from pipeline.engines.offline.setup_lists import setup_lines, setup_pairs
from pipeline.engines.offline.testing_tables import step_table_pairs
from pipeline.engines.offline.topics import Topic
from pipeline.engines.offline.troubleshooting import fault_pairs
from tests.pipeline.engines.asked_page import answers, asked, lines

FAULTS = """
Condition                 Cause                           Correction

Pump squeals              a) Belt loose                   a) Tighten the belt
                          b) Bearing dry                  b) Replace the pump

Pump leaks                a) Seal worn                    a) Replace the seal
                          b) Housing cracked
"""
TABLE = 'According to "Pump faults", '


@pytest.fixture
def faults():
    return answers(fault_pairs(lines(FAULTS), '"Pump faults"'))


def test_a_correction_is_paired_with_the_cause_of_its_letter(faults):
    asks = f"{TABLE}what is the correction for"
    assert faults[f'{asks} "Pump squeals" when the cause is "Bearing dry"?'] == "Replace the pump"
    assert faults[f'{asks} "Pump leaks" when the cause is "Seal worn"?'] == "Replace the seal"


def test_a_cause_without_a_correction_is_not_asked_for_one(faults):
    assert not [question for question in faults if "correction" in question and "cracked" in question]


def test_all_causes_of_a_condition_and_the_condition_of_a_cause_are_asked_for(faults):
    assert faults[f'{TABLE}what are the possible causes of "Pump leaks"?'] == "a) Seal worn b) Housing cracked"
    assert faults[f'{TABLE}which condition can "Belt loose" cause?'] == "Pump squeals"


def test_a_cause_of_two_conditions_is_not_asked_for_its_condition():
    text = FAULTS.replace("Seal worn", "Belt loose")
    assert f'{TABLE}which condition can "Belt loose" cause?' not in asked(text, "troubleshooting", title="Pump faults")


def test_a_page_without_these_three_columns_is_no_fault_table():
    assert fault_pairs(lines("Condition       Remarks\n\nPump squeals    Belt loose"), '"Pump faults"') == []


def test_malfunctions_with_steps_below_them_are_read_as_steps():
    text = """
1. PUMP OVERHEATS.
   Step 1. Check the belt for wear.
           Replace belt if worn.
   Step 2. Check the coolant level.
           Fill up if low.
"""
    found = asked(text, "troubleshooting", title="TROUBLESHOOTING")
    assert found['In step 1 of "Pump overheats", for what is the belt to be checked?'].endswith("Replace belt if worn.")
    assert found['In step 2 of "Pump overheats", what must be checked?'] == "Check the coolant level. Fill up if low."


TEST_STEPS = """
Test step       Tested             Procedure                                                      Job Position

04              Pump relay         1. Pull off the plug of the relay.                             61 31 570
Voltage                            2. Measure the voltage at terminal 30.
                                   3. Replace the relay if there is no voltage.                   61 31 580
"""


def test_a_test_step_is_asked_with_its_number_its_part_and_its_job_codes():
    found = answers(step_table_pairs(lines(TEST_STEPS), Topic("TROUBLESHOOTING PUMP")))
    step = "When troubleshooting the pump (test step 04), "
    assert found['According to "Troubleshooting pump", what is test step 04?'] == "Voltage"
    assert found[f"{step}what is tested?"] == "Pump relay"
    job = f'{step}which job position is given for "Replace the relay if there is no voltage"?'
    assert found[job] == "61 31 580"
    assert "Measure the voltage at terminal 30." in found.values()


def test_a_page_without_test_steps_has_no_such_table():
    assert step_table_pairs(lines(FAULTS), Topic("TROUBLESHOOTING PUMP")) == []


SHEET = """
Job sheet for the pump

Job to be carried out                   Technical Data   Repair Manual    Remarks

Check the pump for leaks                Gr. 11           Gr. 31

Replace the belt of the pump            +                                 every 2 years
"""


def test_a_check_sheet_is_asked_for_references_and_remarks_and_not_for_marks():
    assert answers(check_pairs(lines(SHEET), '"Job sheet"')) == {
        'In "Job sheet", which Technical Data reference is given for "Check the pump for leaks"?': "Gr. 11",
        'In "Job sheet", which Repair Manual reference is given for "Check the pump for leaks"?': "Gr. 31",
        'In "Job sheet", what does the column "Remarks" say for "Replace the belt of the pump"?': "every 2 years",
    }


def test_the_jobs_of_a_check_sheet_stand_left_of_its_columns():
    assert "Gr. 11" not in [line.text for line in task_lines(lines(SHEET))]
    assert "Check the pump for leaks" in [line.text for line in task_lines(lines(SHEET))]


def test_two_columns_are_no_check_sheet():
    assert check_pairs(lines(SHEET.replace("Remarks", "")), '"Job sheet"') == []


SETUP = """
INITIAL SETUP
Tools                          Materials/Parts
General tool kit               Grease (Item 4)
Torque wrench                  Two gaskets P/N 4711-22
Equipment Condition            References
Battery disconnected           TM 4-20

1. Remove the guard.
"""


def test_the_lists_of_a_set_up_block_and_its_part_numbers_are_asked_for():
    found = answers(setup_pairs(setup_lines(lines(SETUP)), 'For "Pump replacement",'))
    asks = 'For "Pump replacement", what is listed under'
    assert found[f'{asks} "Tools" in the initial setup?'] == "General tool kit; Torque wrench"
    assert found[f'{asks} "References" in the initial setup?'] == "TM 4-20"
    number = 'For "Pump replacement", what is the part number of "Two gaskets" in the initial setup?'
    assert found[number] == "4711-22"


def test_the_steps_below_a_set_up_block_are_not_part_of_it():
    assert "1. Remove the guard." not in [line.text for line in setup_lines(lines(SETUP))]
    found = asked(SETUP, title="PUMP REPLACEMENT")
    assert found['In step 1 of "Pump replacement", what must be done with the guard?'] == "Remove the guard."


def test_a_page_without_a_set_up_block_has_none():
    assert setup_lines(lines("1. Remove the guard.")) == []
    assert setup_pairs([], 'For "Pump",') == []


def test_a_footnote_with_an_order_number_is_asked_and_other_footnotes_are_not():
    text = "* Filter wrench: Order No. 11 9 200\n* See group 31"
    assert answers(footnote_pairs(lines(text), 'In "Inspection",')) == {
        'In "Inspection", what is the order number of the Filter wrench?': "11 9 200"
    }
