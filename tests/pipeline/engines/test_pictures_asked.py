"""Drawings: legends, callouts, captions, picture numbers, location views, wiring and block diagrams."""

import pytest

from pipeline.engines.offline.layout import lines_of
from pipeline.engines.offline.legends import callout_pairs, definition_pairs, legend_pairs, photo_pairs
from pipeline.engines.offline.locations import location_view_pairs
from pipeline.engines.offline.picture_numbers import picture_pairs
from pipeline.engines.offline.terminals import terminal_pairs
from pipeline.engines.offline.wiring import caption_pairs, wiring_pairs
from tests.pipeline.engines.asked_page import answers, lines, passages
from tests.pipeline.engines.drawn_page import drawn, segment

LEGEND = """
1   Housing
2   Shaft seal
3   Impeller
4   Cover gasket
"""
NAME = '"Water pump" (page 31-2)'


def test_a_legend_gives_the_name_of_each_number():
    found = answers(legend_pairs(lines(LEGEND), NAME))
    assert found[f"In {NAME}, which component is item 2?"] == "Shaft seal"
    assert len(found) == 4


@pytest.mark.parametrize(
    "text",
    ["1   Housing\n2   Shaft seal", "1   12.5\n2   13.0\n3   14.0", "1   Housing\n1   Seal\n1   Impeller"],
)
def test_two_entries_bare_numbers_and_repeated_keys_are_no_legend(text):
    assert legend_pairs(lines(text), NAME) == []


def test_a_legend_without_a_name_for_its_picture_is_not_asked_about():
    assert legend_pairs(lines(LEGEND), "") == []


STEPS = "PUMP REPAIR\n\n1. Loosen hose clamp (4) and pull off hose (5).\n2. Remove nuts (6) and washer (4)."


def test_callouts_in_steps_are_asked_unless_a_number_means_two_things():
    found = answers(callout_pairs(passages(STEPS), ""))
    assert found['In "Pump repair", which part is item (6)?'] == "nuts (6)"
    assert not [question for question in found if "(4)" in question]


def test_a_callout_beside_a_photo_is_told_by_another_step_beside_it():
    found = answers(
        photo_pairs(passages("31 12 400  REPLACING WATER PUMP\n\nDrain the coolant.\nUnscrew the bolts (1)."))
    )
    (question,) = found
    assert 'callout (1) in the photo beside the step "Drain the coolant"' in question
    assert found[question] == "bolts (1)"


def test_a_letter_that_is_defined_in_the_text_is_asked_for():
    found = answers(definition_pairs(passages("31 12 400  REPLACING WATER PUMP\n\nV = Front with sealing lip"), ""))
    assert found == {"When replacing the water pump (31 12 400), what does V stand for?": "Front with sealing lip"}


def test_the_number_of_a_picture_is_asked_by_the_step_beside_it():
    text = """
                    31 12 400 REPLACING WATER PUMP

                    Loosen the belt and take it off.
                    Unscrew the pump.


    30 41 097

                    Clean both faces with a scraper.


    30 41 098
"""
    found = answers(picture_pairs(lines(text), passages(text), ""))
    asks = "When replacing the water pump (31 12 400), what is the image number of the picture beside the step"
    assert found == {
        f'{asks} "Loosen the belt and take it off"?': "30 41 097",
        f'{asks} "Clean both faces with a scraper"?': "30 41 098",
    }


PHOTOS = """
                    31 12 400 REPLACING WATER PUMP

                    Loosen the belt and take it off.
                    Unscrew the pump.


    {first}

                    Clean both faces with a scraper.
                    Oil the seal.


    3041098

                    Replace the seal.
                    Fit the pump.


    30 41 099
"""


def test_a_picture_number_read_without_spaces_gets_them():
    text = PHOTOS.format(first="30 41 097")
    assert "30 41 098" in answers(picture_pairs(lines(text), passages(text), "")).values()


def test_a_step_beside_a_picture_without_a_readable_number_does_not_take_the_number_below():
    text = PHOTOS.format(first="")
    found = answers(picture_pairs(lines(text), passages(text), ""))
    assert not [question for question in found if "Loosen" in question]
    assert set(found.values()) == {"30 41 099"}


def test_a_legend_is_told_by_the_coded_heading_above_it_and_the_line_that_names_it():
    text = """
31 12 400  REPLACING WATER PUMP

Drain the coolant.

31 12 410  REPLACING FAN CLUTCH

Installed Order:
1   Housing
2   Shaft seal
3   Impeller
"""
    found = answers(legend_pairs(lines(text), NAME))
    name = '"Replacing fan clutch" (31 12 410), under "Installed Order"'
    assert found[f"In {name}, which component is item 2?"] == "Shaft seal"
    assert len(found) == 3


def test_small_letters_read_as_capitals_follow_the_other_keys_of_their_legend():
    found = answers(legend_pairs(lines("a   Housing\nb   Seal\nC   Impeller\nd   Cover gasket"), NAME))
    assert f"In {NAME}, which component is item c?" in found
    mixed = answers(legend_pairs(lines("a   Housing\nB   Seal\nC   Impeller\nd   Cover gasket"), NAME))
    assert {question[-2] for question in mixed} == {"a", "B", "d"}


def test_an_entry_whose_next_key_was_not_read_does_not_take_the_name_below():
    words = [*drawn("1   Motor relay\n\n3   Blower\n\n5   Pump"), *segment("Valve relay", 0.04, 0.014, 0.15, 0.027)]
    found = answers(legend_pairs(lines_of(words), NAME))
    assert set(found.values()) == {"Blower", "Pump"}


def test_a_callout_behind_a_measure_names_no_part():
    text = "PUMP REPAIR\n\n1. Cut off 50 mm (2) and hold with a 4 mm hexagon key (3)."
    found = answers(callout_pairs(passages(text), ""))
    assert list(found.values()) == ["4 mm hexagon key (3)"]


def test_captions_tell_what_a_figure_shows():
    found = answers(caption_pairs(lines("Figure 1 - Left side of engine\n\nFig. 2: Rear of alternator"), NAME))
    assert found[f"What does figure 1 in {NAME} show?"] == "Left side of engine"
    assert found[f"What does figure 2 in {NAME} show?"] == "Rear of alternator"


LOCATIONS = """
Component locations








FUEL PUMP             OIL SENSOR           HORN RELAY





Figure 1 - Under the rear seat    Figure 2 - Left of engine    Figure 3 - Behind glove box
"""


def test_a_labelled_part_is_found_in_the_figure_whose_caption_stands_below_it():
    found = answers(location_view_pairs(lines(LOCATIONS)))
    assert found['Which figure shows where the component "FUEL PUMP" is located?'] == "Figure 1 - Under the rear seat"


def test_a_page_with_one_caption_is_no_location_view():
    assert location_view_pairs(lines("FUEL PUMP\n\n\nFigure 1 - Under the rear seat")) == []


WIRING = """
Pump circuit





Sheet 1

BATTERY            FUSE 12          K4 PUMP RELAY
                   15A

1.5 RD             .75 BR           1.5 RX

C104               S112             G103

TO FAN SWITCH PAGE 31-14
"""


@pytest.fixture
def wiring():
    return answers(wiring_pairs(lines(WIRING), '"Pump circuit"'))


def test_a_fuse_is_asked_with_the_rating_below_it(wiring):
    assert wiring['In "Pump circuit", what is the rating of fuse 12?'] == "15A"


def test_components_with_a_code_are_asked_by_it(wiring):
    assert wiring['In "Pump circuit", which relay is K4?'] == "PUMP RELAY"


def test_wires_are_asked_by_size_and_doubtful_colours_are_left_out(wiring):
    assert wiring['Which wire labels of size 1.5 are printed in "Pump circuit"?'] == "1.5 RD"
    assert wiring['Which wire labels of size .75 are printed in "Pump circuit"?'] == ".75 BR"


def test_connectors_splices_and_grounds_are_asked_as_printed(wiring):
    assert wiring['Which connector labels are printed in "Pump circuit"?'] == "C104"
    assert wiring['Which ground labels are printed in "Pump circuit"?'] == "G103"
    assert wiring['Which splice labels are printed in "Pump circuit"?'] == "S112"


def test_a_path_that_goes_on_elsewhere_is_asked_for_its_page(wiring):
    assert wiring['In "Pump circuit", on which page does the path continue to "FAN SWITCH"?'] == "PAGE 31-14"


def test_where_a_line_leads_is_never_asked(wiring):
    assert not [question for question in wiring if "connected" in question]


def test_a_diagram_without_a_name_is_not_asked_about():
    assert wiring_pairs(lines(WIRING), "") == []


def test_a_terminal_is_asked_for_the_one_number_at_its_label():
    text = """
7                   9
SPEED SIGNAL        LAMP OUTPUT             FAN SUPPLY


4                   12
PUMP CONTROL        PUMP GROUND
13
"""
    assert answers(terminal_pairs(lines(text), NAME)) == {
        f'In {NAME}, which terminal is labelled "SPEED SIGNAL"?': "7",
        f'In {NAME}, which terminal is labelled "LAMP OUTPUT"?': "9",
        f'In {NAME}, which terminal is labelled "PUMP GROUND"?': "12",
    }
