"""Index pages: rows of full code, title and page as printed."""

import pytest

from pipeline.engines.offline.index_pages import read_index
from tests.pipeline.engines.drawn_page import drawn, segment

CODED = """
                                   17
          64 Heater

       64 11 005   Heater hoses - replace . . . . . . . . . . . . .      64-1
             010   Heater hose, rear - replace (console removed) . .     64 - 2
       64 12 310   Heater valve - remove and install . . . . . . . .     64- 3b
                   Heater - troubleshoot . . . . . . . . . . . . . .     64.16
             320   Heater core, left or right - replace (both
                   covers and the lower trim removed) . . . . . . .      64-101C
       61 13 220   Fan switch - replace                                  see Group 61
"""


def keys(rows):
    return [(row.code, row.page) for row in rows]


def test_shortened_codes_are_completed_with_the_groups_above():
    assert keys(read_index(drawn(CODED), "64")) == [
        ("64 11 005", "64-1"),
        ("64 11 010", "64-2"),
        ("64 12 310", "64-3b"),
        ("", "64-16"),
        ("64 12 320", "64-101C"),
        ("61 13 220", "see Group 61"),
    ]


def test_titles_lose_their_leader_dots_and_wrapped_ones_are_joined():
    titles = [row.title for row in read_index(drawn(CODED), "64")]
    assert titles[0] == "Heater hoses - replace"
    assert titles[4] == "Heater core, left or right - replace (both covers and the lower trim removed)"


def test_code_title_and_page_read_as_one_segment_are_taken_apart():
    rows = read_index(
        drawn("64 11 005 Heater hoses - replace . . . . 64-1\n64 12 310 Heater valve - adjust . . . . 64-3"), "64"
    )
    assert [tuple(row) if isinstance(row, tuple) else (row.code, row.title, row.page) for row in rows] == [
        ("64 11 005", "Heater hoses - replace", "64-1"),
        ("64 12 310", "Heater valve - adjust", "64-3"),
    ]


def test_a_dotted_code_keeps_its_prefix_and_dots_below_it_repeat_it():
    text = """
31 33 ...   Strut brace - install . . . . .    31-14
      ...   Strut brace - check . . . . . .    31-14/1
31 34 020   Strut - replace . . . . . . . .    31-16.1
"""
    assert keys(read_index(drawn(text), "31")) == [
        ("31 33 ...", "31-14"),
        ("31 33 ...", "31-14/1"),
        ("31 34 020", "31-16.1"),
    ]


def test_a_short_code_below_nothing_stays_empty():
    assert keys(read_index(drawn("      020   Strut - replace . . . .    31-16"), "31")) == [("", "31-16")]


def test_a_row_without_a_printed_page_keeps_its_title():
    text = """
64 11 005   Heater hoses - replace . . . . .    64-1
            Maintenance plan
64 12 310   Heater valve - adjust . . . . . .   64-3
"""
    assert [(row.title, row.page) for row in read_index(drawn(text), "64")][1] == ("Maintenance plan", "")


def test_a_page_of_which_only_the_section_was_read_is_unknown_and_halves_are_joined():
    text = """
64 11 005   Heater hoses - replace . . . . .    64-   1
64 12 310   Heater valve - adjust . . . . . .   64-
64 12 320   Heater core - replace . . . . . .   64-   5
"""
    assert [row.page for row in read_index(drawn(text), "64")] == ["64-1", "", "64-5"]


def test_dots_that_are_dashes_are_told_from_those_that_belong_to_the_page():
    text = """
            Introduction . . . . . . . . . .        0 . 4
64 11 005   Heater hoses - replace . . . . .        64-1
64 12 310   Heater valve - adjust . . . . . .       64.3
64 12 320   Heater core - replace . . . . . .       16.1
"""
    assert [row.page for row in read_index(drawn(text), "64")] == ["0-4", "64-1", "64-3", "16.1"]


def test_page_numbers_read_as_one_line_set_downwards_are_dealt_to_their_rows():
    text = """
CONTENTS

Symbols . . . . .
How To Read The Diagrams
Splices . . . . .
Fuses . . . . . .                0670-0
Grounds . . . . .                0700-0
"""
    words = drawn(text) + segment("235", 0.36, 2 / 60, 0.37, 5 / 60)
    assert [row.page for row in read_index(words, "")] == ["2", "3", "5", "0670-0", "0700-0"]


def test_columns_side_by_side_are_read_one_after_the_other():
    text = """
             PAGE                         PAGE
Alternator . .  1230-0     Horn . . . . .   6100-0
Brake lamps . . 6325-0     Lamps
Chime . . . . . 6131-0     - Fog . . . .    6312-0
Defogger . . .  6100-2     - Trunk . . .    6320-0
"""
    rows = read_index(drawn(text), "")
    assert [row.title for row in rows] == [
        "Alternator",
        "Brake lamps",
        "Chime",
        "Defogger",
        "Horn",
        "Lamps: Fog",
        "Lamps: Trunk",
    ]
    assert rows[-1].page == "6320-0"


def test_of_paragraph_and_page_the_page_counts_and_groups_head_their_children():
    text = """
                        Para.     Page
Adapter, filter:
   Cleaning . . . . . . 2-28a     2-82
   Inspection . . . . . 2-28b     2-83
Calibration, fuel
  pump . . . . . . . .  2-33      2-126
"""
    assert [(row.title, row.page) for row in read_index(drawn(text), "")] == [
        ("Adapter, filter: Cleaning", "2-82"),
        ("Adapter, filter: Inspection", "2-83"),
        ("Calibration, fuel pump", "2-126"),
    ]


def test_a_location_chart_yields_the_component_and_its_page_only():
    text = """
COMPONENTS                                                   Page-Figure
Air Temperature
Sensor . . .         Lower right side of the engine bay      7000- 4-1
Flasher . . .        Upper part of the steering column,
                     behind the trim. . . . . . . .          7000-7-4
Horn . . . .         Left front corner . . . . . . .         7000- 1-5
"""
    assert [(row.title, row.page) for row in read_index(drawn(text), "")] == [
        ("Air Temperature Sensor", "7000-4-1"),
        ("Flasher", "7000-7-4"),
        ("Horn", "7000-1-5"),
    ]


def test_a_page_without_page_references_has_no_rows():
    assert read_index(drawn("Unscrew the bolts (1).\nTake off the cover."), "64") == []
    assert read_index([], "64") == []


@pytest.mark.parametrize(
    "printed",
    [["1", "2a", "16.1", "17", "18"], ["3b", "2a", "16.1", "16.2", "17"], ["16-1", "16-2.1", "16-16.1", "16-17b"]],
)
def test_suffixes_of_pages_stay_as_printed(printed):
    rows = [f"16 11 {n}00   Fuel part of kind {n} - replace . . . . . .   {page}" for n, page in enumerate(printed)]
    assert [row.page for row in read_index(drawn("16 Fuel System\n\n" + "\n".join(rows)), "16")] == printed
