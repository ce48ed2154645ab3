"""Values outside headed tables: data lists, value-and-unit tables, test lists, labels and torques in sentences."""

import pytest

from pipeline.engines.offline.data_sheets import data_sheet_pairs
from pipeline.engines.offline.measure_questions import measure_pairs
from pipeline.engines.offline.numbered_values import numbered_value_pairs
from pipeline.engines.offline.procedures import all_step_pairs
from pipeline.engines.offline.spec_rows import specs_of
from pipeline.engines.offline.values import first_measured, is_measured, is_value
from tests.pipeline.engines.asked_page import answers, lines, passages

WHEN = "When adjusting the pump belt (31 12 410), "


def steps(text):
    found = answers(all_step_pairs(passages("31 12 410  ADJUSTING PUMP BELT\n\n" + text)))
    return {question.removeprefix(WHEN): answer for question, answer in found.items()}


@pytest.mark.parametrize(
    "text", ["22 Nm", "0.1 ... 0.3 mm", "max. 1 Ohm", "9.5:1", "850 ± 50 rpm", "1.5 l (1.6 qt)", "12"]
)
def test_numbers_ranges_limits_and_ratios_are_values(text):
    assert is_value(text)


@pytest.mark.parametrize("text", ["M8", "Step 3", "left side", "", "SAE 15W-40", "22 Nm and then loosen"])
def test_names_and_sentences_are_no_values(text):
    assert not is_value(text)


def test_a_measured_value_has_a_unit():
    assert is_measured("22 Nm")
    assert not is_measured("22")
    assert first_measured("Tighten to 22 Nm and stop") == "22 Nm"
    assert first_measured("Tighten it") == ""


DATA = """
Bore ..................... 84.0 mm
Stroke ................... 80.5 mm
Compression ratio ........ 9.5:1
Oil capacity
   with filter ........... 4.5 l
   without filter ........ 4.2 l
"""


def test_a_data_list_is_asked_by_its_labels():
    pairs, outside = specs_of(lines(DATA), '"General data"')
    found = answers(pairs)
    assert found['In "General data", what is the value of "Stroke"?'] == "80.5 mm"
    assert found['In "General data", what is the value of "with filter" under "Oil capacity"?'] == "4.5 l"
    assert [line.text for line in outside] == ["Oil capacity"]


def test_values_in_cells_of_their_own_are_told_apart_by_the_column_headings():
    pairs, _ = specs_of(
        lines("""
                        Standard            Metric
Bore                    3.31 in.            84.0 mm
Stroke                  3.17 in.            80.5 mm
Journal                 2.36 in.            60.0 mm
Clearance               0.002 in.           0.05 mm
"""),
        '"General data"',
    )
    found = answers(pairs)
    assert found['In "General data", what is the value of "Stroke" (metric)?'] == "80.5 mm"
    assert found['In "General data", what is the value of "Clearance" (standard)?'] == "0.002 in."


def test_three_values_are_no_data_list():
    assert specs_of(lines("Bore ..... 84 mm\nStroke ..... 80 mm\nOil ..... 4 l"), '"Data"')[0] == []


TORQUES = """
Joint                             Type     Screw      Value     Unit

21 00 CLUTCH
1AZ  Cover to flywheel            R4       M8 8.8     24        Nm (ft. lbs.)
                                  R6       M8 10.9    34        Nm (ft. lbs.)
2AZ  Lever bearing                R4       M6         9         Nm (ft. lbs.)
     Use new bolts
"""


def test_a_blank_cell_inherits_the_joint_and_the_unit_column_is_a_label():
    found = answers(measure_pairs(lines(TORQUES)))
    where = 'In "Clutch" (21 00), '
    assert (
        found[f'{where}what is the tightening torque for "Cover to flywheel" (1AZ), type: R4, screw: M8 8.8?']
        == "24 Nm"
    )
    assert (
        found[f'{where}what is the tightening torque for "Cover to flywheel" (1AZ), type: R6, screw: M8 10.9?']
        == "34 Nm"
    )
    assert found[f'{where}which reference code stands for "Lever bearing"?'] == "2AZ"
    assert "Use new bolts" in found.values()


def test_a_page_without_value_and_unit_column_has_no_such_table():
    assert measure_pairs(lines(DATA)) == []
    assert measure_pairs([]) == []


def test_a_numbered_test_list_is_asked_by_what_is_tested():
    found = answers(
        numbered_value_pairs(
            lines("""
1     Supply of the unit                 11...15 V
2     Ground of the unit                 max. 1 Ohm
3     Coil of the speed sensor           800 Ohm
4     Idle switch in rest                max. 10 Ohm
5     Relay of the pump                  60...90 Ohm
6     Sensor of the coolant              2.2 kOhm
"""),
            '"Unit test"',
        )
    )
    assert found['In "Unit test", which resistance is given for "Relay of the pump" (no. 5)?'] == "60...90 Ohm"
    assert len(found) == 6


CONDITIONS = """
1   8, 5    Coil of the speed sensor                                    800...900 Ohm
2   25, 5   Switch of the       Pedal at rest:                          max. 10 Ohm
            throttle            Pedal pressed:                          min. 20 Ohm
3   8, 27   Sensor of the       Depends on the temperature: (20 C)      2...3 kOhm
            coolant             (80 C)                                  280...360 Ohm
4   16, 5   Ground leads                                                less than
                                                                          10 Ohm
5   29, 5   Left out of use
6   35, 5   Supply of the unit  By the coding:                          max. 1 V
                                                                        11...15 V
7   18, 5   Relay of the pump                                           11...15 V
"""


def test_values_of_a_test_list_are_told_apart_by_the_condition_at_their_height():
    found = answers(numbered_value_pairs(lines(CONDITIONS), '"T"'))
    of = {question.removeprefix('In "T", which '): answer for question, answer in found.items()}
    switch = 'resistance is given for "Switch of the throttle" (no. 2), condition '
    assert of[switch + '"Pedal at rest"?'] == "max. 10 Ohm"
    assert of[switch + '"Pedal pressed"?'] == "min. 20 Ohm"
    assert of['resistance is given for "Sensor of the coolant" (no. 3), condition "(80°C)"?'] == "280...360 Ohm"
    assert of['resistance is given for "Ground leads" (no. 4)?'] == "less than 10 Ohm"
    assert of['voltage is given for "Relay of the pump" (no. 7)?'] == "11...15 V"


def test_two_values_without_a_condition_each_are_not_asked_for():
    found = answers(numbered_value_pairs(lines(CONDITIONS), '"T"'))
    assert not [question for question in found if "(no. 6)" in question or "(no. 5)" in question]


def test_fewer_than_six_numbers_are_no_test_list():
    assert numbered_value_pairs(lines("1   Supply of the unit     12 V\n2   Ground of the unit     1 Ohm"), '"T"') == []


def test_a_torque_in_a_sentence_is_asked_with_what_is_tightened():
    found = steps("Tighten the nut to 22 Nm (16 ft. lbs.).")
    assert found == {"to what torque is the nut tightened?": "22 Nm (16 ft. lbs.)"}


def test_a_bare_torque_belongs_to_the_fastener_of_the_sentence_above():
    found = steps("Loosen the lock nut and screw in the stud.\nTightening torque: 47 Nm")
    assert found["what is the tightening torque of the stud?"] == "47 Nm"


def test_labels_with_values_are_asked_and_vague_ones_take_the_step_above_along():
    found = steps("Measure distance between the two pulleys.\nNominal value: 30 ... 34 mm")
    assert found["what is the nominal value when measuring the distance between the two pulleys?"] == "30... 34 mm"


def test_a_letter_is_asked_as_a_distance_of_the_step_above():
    found = steps("Adjust the distance with shims.\nA = 181 mm (7.1 in.) - front pin")
    assert found["what is distance A when adjusting the distance?"] == "181 mm (7.1 in.) - front pin"


def test_a_special_tool_is_asked_for_by_what_it_is_used_for():
    found = steps("Press in the bearing with Special Tool 11 4 220.")
    assert found["which special tool is used to press in the bearing?"] == "Special Tool 11 4 220"


def test_a_bare_code_behind_an_order_is_the_procedure_it_refers_to():
    found = steps("Remove the radiator - see 17 11 000.")
    assert found["which repair procedure is referenced for removing the radiator?"] == "17 11 000"


STAGES = """
Joint                             Type         Screw      Meas.     Unit

11 12 CYLINDER HEAD
1AZ  Head bolts                   R4/R6/       M11
                                  R8
     Replace, wash and oil bolts

     Stage 1                                              30        Nm
     Loosen all bolts half a turn

     Torque angle                                         90        °

     Torque                       V12          M1012.9    65        Nm

     Plug                         All          M8x1.512.9  20       Nm

     Cover                        R4           M8x1.51.9   21       Nm
"""


def test_stages_of_a_joint_are_counted_and_what_is_done_between_them_is_asked():
    found = answers(measure_pairs(lines(STAGES)))
    where = 'In "Cylinder head" (11 12), '
    bolts = '"Head bolts" (1AZ), type: R4/R6/ R8'
    assert found[f"{where}what is the tightening torque for stage 1 of {bolts}, screw: M11?"] == "30 Nm"
    assert found[f'{where}what is the angle for stage 2 ("Torque angle") of {bolts}, screw: M11?'] == "90°"
    assert found[f"{where}what must be done after stage 1 of {bolts}, screw: M11?"] == "Loosen all bolts half a turn"
    assert found[f"{where}which screw is given for {bolts}?"] == "M11"


def test_a_part_below_a_joint_is_asked_under_it_and_a_screw_read_doubtfully_gives_no_pair():
    found = answers(measure_pairs(lines(STAGES)))
    asked = 'what is the tightening torque for "Plug" under "Head bolts" (1AZ), all types, screw: M8x1.5 12.9?'
    assert found[f'In "Cylinder head" (11 12), {asked}'] == "20 Nm"
    assert "21 Nm" not in found.values()


def test_numbers_beside_torque_units_are_a_table_without_headings_too():
    rows = "\n".join(f"Bolt {name} of cover              {20 + n}        Nm" for n, name in enumerate("abcde"))
    found = answers(measure_pairs(lines(rows), '"Engine" (page 3)'))
    assert found['In "Engine" (page 3), what is the tightening torque for "Bolt c of cover"?'] == "22 Nm"
    assert measure_pairs(lines(rows.partition("\n")[0])) == []


SHEET = """
                                 Unit             T 18              T 22

Front brakes
   Disc diameter ......          mm (in.)         256 (10.079)      280 (11.024)
   Pad wear limit** ...          mm (in.)         2.5 (0.098)       3.0 (0.118)
Rear brakes
   Drum diameter ......          mm (in.)         229.6 (9.039)
   Test pressure / time          bar / min        2 to 5 / 5        2 to 5
   Brake fluid                                    DOT 4             DOT 4

** Replace all pads of an axle.
"""


def test_a_data_sheet_is_asked_by_group_label_and_model_and_takes_the_units_of_its_column():
    pairs, outside = data_sheet_pairs(lines(SHEET), '"Brakes" (page 34-9)')
    found = {question.removeprefix('In "Brakes" (page 34-9), what '): a for question, a in answers(pairs).items()}
    assert found["is the disc diameter (front brakes) for T 22?"] == "280 mm (11.024 in.)"
    assert found["is the drum diameter (rear brakes) for T 18?"] == "229.6 mm (9.039 in.)"
    assert found["is the test pressure / time (rear brakes) for T 18?"] == "2 to 5 bar / 5 min"
    assert found["is the brake fluid (rear brakes) for T 22?"] == "DOT 4"
    assert found["does the footnote to the pad wear limit (front brakes) say?"] == "Replace all pads of an axle."
    assert outside == []


def test_a_value_that_does_not_fit_its_unit_and_a_blank_cell_give_no_pair():
    found = answers(data_sheet_pairs(lines(SHEET), '"Brakes"')[0])
    assert 'In "Brakes", what is the test pressure / time (rear brakes) for T 22?' not in found
    assert 'In "Brakes", what is the drum diameter (rear brakes) for T 22?' not in found


@pytest.mark.parametrize("text", ["", DATA, TORQUES])
def test_a_page_without_a_unit_column_before_its_values_is_no_data_sheet(text):
    drawn = lines(text)
    assert data_sheet_pairs(drawn, '"Brakes"') == ([], drawn)


def test_a_row_indented_below_a_row_with_a_value_belongs_to_it():
    found = answers(
        specs_of(
            lines("""
Crankshaft
   Journal Diameter        74.91 mm
      Taper                0.005 mm
   End Play                0.10 mm
   Stroke                  97 mm
"""),
            '"Standards"',
        )[0]
    )
    assert found['In "Standards", what is the value of "Taper" under "Crankshaft: Journal Diameter"?'] == "0.005 mm"
    assert found['In "Standards", what is the value of "End Play" under "Crankshaft"?'] == "0.10 mm"
