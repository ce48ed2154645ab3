"""Tables with headings: what is asked by row and column, and which cells are left out."""

import pytest

from pipeline.engines.offline.grids import grids_of
from pipeline.engines.offline.reverse_tables import lookup_pairs
from pipeline.engines.offline.tables import table_pairs, tables_of
from tests.pipeline.engines.asked_page import answers, lines

NAME = '"Pump data"'


def read(text):
    return answers(table_pairs(lines(text), NAME))


@pytest.mark.parametrize("head", ["Torque Nm", "Torque (Nm)", "Torque [Nm]", "Torque Nm (ft. lbs.)"])
def test_the_unit_of_a_heading_goes_with_the_number_below_it(head):
    found = read(f"""
Component      Thread     {head}

Cover          M6         8
Pulley         M8         22
Housing        M10        47
""")
    assert found['In "Pump data", what is the torque for component "Pulley"?'] == "22 Nm"
    assert found['In "Pump data", what is the thread for component "Pulley"?'] == "M8"


def test_a_unit_on_its_own_row_belongs_to_the_column_above():
    found = read("""
Component      Torque     Length
               Nm         mm

Cover          8          16
Pulley         22         30
Housing        47         45
""")
    assert found['In "Pump data", what is the length for component "Housing"?'] == "45 mm"


def test_a_table_takes_its_name_from_its_caption():
    found = read("""
Table 2-1. WEAR LIMITS

Component      Limit (mm)    Remarks
Shaft          0.05          both ends
Bearing        0.10          inner race
Seal           0.20          lip
""")
    assert found['In "Wear limits" (table 2-1), what is the limit for component "Shaft"?'] == "0.05 mm"
    assert found['In "Wear limits" (table 2-1), what are the remarks for component "Seal"?'] == "lip"


def test_panels_side_by_side_are_tables_of_their_own():
    found = read("""
Fuse     Rating          Fuse     Rating

1        15 A            11       7.5 A
2        10 A            12       20 A
3        30 A            13       25 A
""")
    assert found['In "Pump data", what is the rating for fuse "12"?'] == "20 A"
    assert found['In "Pump data", what is the rating for fuse "3"?'] == "30 A"
    assert len(found) == 6


def test_numbered_items_are_named_by_their_name():
    found = read("""
Parts of the pump, from the drive to the impeller


Item     Name          Part number

1        Shaft         4711-1
2        Seal          4711-2
3        Housing       4711-3
""")
    assert found['In "Pump data", what is the part number for "Seal" (item 2)?'] == "4711-2"


def test_empty_and_unused_cells_give_nothing():
    found = read("""
Terminal    Wire         Function

1           0.5 BR       Ground
2           1.5 RD       Supply
3           0.5 BK       Not used
""")
    assert "Not used" not in found.values()


def test_a_page_without_a_name_or_headings_has_no_table_to_ask_about():
    text = "Fuse     Rating\n\n1        15 A\n2        10 A\n3        30 A"
    assert table_pairs(lines(text), "") == []
    assert read(text.removeprefix("Fuse     Rating")) == {}


def test_running_text_is_no_table():
    text = """
The pump is driven by a belt from the shaft and
runs at twice its speed; its bearing is greased
for life, the seal behind it by the coolant that
passes through the housing while it is running.
"""
    assert grids_of(lines(text)) == []


def test_the_lines_of_a_table_are_told_from_those_around_it():
    text = """
Clean the threads first.

Component      Thread     Torque Nm

Cover          M6         8
Pulley         M8         22
Housing        M10        47
"""
    pairs, outside = tables_of(lines(text), NAME)
    assert len(pairs) == 6
    assert [line.text for line in outside] == ["Clean the threads first."]


FUSES = """
Fuse     Rating   Circuits protected

1        15A      Left headlight, horn
2        7.5A     Clock, radio
3        20A      Rear window heater
4        30A      Not used
"""


def test_a_fuse_chart_is_looked_up_from_its_circuits():
    found = answers(lookup_pairs(lines(FUSES), '"Fuse box"'))
    assert found['In "Fuse box", which fuse protects "Rear window heater"?'] == "Fuse 3, 20A"
    assert [found[question] for question in found if "used" in question] == ["4"]


def test_a_circuit_of_two_fuses_is_not_looked_up():
    doubled = FUSES.replace("Clock, radio", "Rear window heater")
    found = answers(lookup_pairs(lines(doubled), '"Fuse box"'))
    assert not [question for question in found if "heater" in question]


UNUSED = """
Terminal       Circuit                Wire

1              Ignition Signal        .75 BK
2              Not Used
3              Speed Signal           .5 GN
4              Not Used
5              Ground                 1.5 BR
"""


def test_unused_terminals_are_asked_together_where_each_of_them_was_read():
    asked = 'In "Connectors", which terminals are not used?'
    assert answers(lookup_pairs(lines(UNUSED), '"Connectors"'))[asked] == "2, 4"
    unread = UNUSED.replace("4              Not", "               Not")
    assert asked not in answers(lookup_pairs(lines(unread), '"Connectors"'))


def test_a_circuit_that_stands_at_a_terminal_not_read_too_is_not_asked_for_as_if_it_were_one():
    twice = UNUSED.replace("4              Not Used", "×              Ground")
    found = answers(lookup_pairs(lines(twice), '"Connectors"'))
    assert not any('"Ground"' in question for question in found)
    assert not any('"×"' in question for question in answers(table_pairs(lines(twice), '"Connectors"')))


def test_a_column_of_torque_units_is_asked_for_as_a_torque_though_its_heading_does_not_say_so():
    found = read("""
Screw size     Grade 5     Grade 8
               N-m         N-m

M6             8           14
M8             20          29
M10            35          50
""")
    assert found['In "Pump data", what is the torque (grade 8) for screw size "M8"?'] == "29 N-m"


PINS = """
Circuits using C402 (Pump connector)


Pin     Wire Size     Circuit

1       .5            Pump Relay
2       1.5           Speed Sensor
3       .75           Idle Switch
"""


def test_a_pin_table_is_asked_with_the_connector_that_its_caption_names():
    found = answers([*lookup_pairs(lines(PINS), NAME), *table_pairs(lines(PINS), NAME)])
    assert found['In connector C402 of "Pump data", what is the circuit for pin "2"?'] == "Speed Sensor"
    assert found['In connector C402 of "Pump data", which pin is assigned to "Idle Switch"?'] == "3"


def test_a_page_whose_captions_name_several_connectors_names_none_beside_a_pin_table():
    several = (
        PINS.replace("Circuits using C402 (Pump connector)", "").rstrip()
        + "\n\n\n\n\n\n\n\n\n\n\n\nView of C402\n\n\n\nView of C403\n"
    )
    found = answers(table_pairs(lines(several), NAME))
    assert found['In "Pump data", what is the circuit for pin "2"?'] == "Speed Sensor"


def test_words_of_a_heading_that_were_read_apart_stay_together():
    found = read("""
Nut size         Torque
coarse  threads  Grade 5     Grade 8
                 N-m         N-m

    1/4          8           14
    5/16         20          29
    3/8          35          50
""")
    assert found['In "Pump data", what is the torque (grade 5) for nut size coarse threads "3/8"?'] == "35 N-m"
