"""Sections: where a page stands in its book."""

import pytest

from pipeline.engines.offline.layout import lines_of
from pipeline.engines.offline.prose import passages_of
from pipeline.engines.offline.sections import (
    Section,
    continued_title,
    headings_of,
    is_continued,
    page_title,
    printed_page,
    section_of,
    tidy_page,
)
from tests.pipeline.engines.drawn_page import drawn

PATTERN = r"^(\d{2}) - (.+)$"

JOB_PAGE = """
                                             64 - 7

                     64 12 310   REMOVING AND INSTALLING            See also group 64 12 000.
                                 HEATER VALVE                       Drain the coolant.
                                 - Console Removed -
                     Pull off both hoses 64 11 005.
                     Unscrew the bolts (1).
                     Tightening torque: 4 Nm.



                                                                    64 12 320   REPLACING HEATER CORE
                                                                    Remove the valve.
 30 64 018           * See Specifications
"""


def test_the_section_comes_from_the_numbered_folder():
    assert section_of("64 - Heater, Fan (old)/64-07.jpg", PATTERN) == Section("64", "Heater, Fan (old)")


def test_a_file_named_after_another_section_belongs_to_it():
    assert section_of("00 - Torque/17-02.jpg", PATTERN).section_id == "17"


def test_a_page_outside_numbered_folders_has_no_section():
    assert section_of("Wiring book/17-02.jpg", PATTERN) == Section("", "")


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("                         64 – 7a", "64-7a"),
        ("0412-3   CHARGING CIRCUIT", "0412-3"),
        ("        CHARGING CIRCUIT   0412-3", "0412-3"),
        ("12   SYMBOLS", "12"),
        ("70OO-l   COMPONENT VIEWS", "7000-1"),
        ("OIL-PUMP", None),
        ("31 - 4   Front Axle          Type      Unit", "31-4"),
        ("CHARGING CIRCUIT", None),
    ],
)
def test_the_page_number_is_read_from_the_head(text, page):
    assert printed_page(lines_of(drawn(text))) == page


def test_the_page_number_is_read_from_the_foot_beside_a_change_note():
    assert printed_page(lines_of(drawn("3-12      Change 4", first_row=58))) == "3-12"


def test_the_last_row_of_an_index_is_no_page_number():
    text = "64 12 320   Heater core - replace . . . . . . . .    64-9"
    assert printed_page(lines_of(drawn(text, first_row=58))) is None


def test_a_number_in_the_middle_of_the_page_is_no_page_number():
    assert printed_page(lines_of(drawn("12", first_row=30))) is None


def test_titles_with_repair_codes_are_found_column_by_column_with_their_wrapped_lines():
    assert [heading.text for heading in headings_of(lines_of(drawn(JOB_PAGE)))] == [
        "64 12 310 REMOVING AND INSTALLING HEATER VALVE - Console Removed -",
        "64 12 320 REPLACING HEATER CORE",
    ]


def test_a_dotted_code_keeps_its_prefix():
    (heading,) = headings_of(lines_of(drawn("31 33 ...   INSTALLING STRUT BRACE")))
    assert heading.code == "31 33 ..."


def test_two_pairs_are_a_code_only_under_the_pages_own_group():
    table = "31 - 4   Front Axle\n\n31 12 Control arm and ball joint\n\n40 60 Turns of the wheel"
    assert [heading.text for heading in headings_of(lines_of(drawn(table)))] == ["31 12 Control arm and ball joint"]


def test_a_version_with_a_colon_does_not_go_on_with_the_title():
    text = "64 12 310 REPLACING HEATER VALVE\n          PUMP M 3:\nDrain the coolant."
    assert [heading.text for heading in headings_of(lines_of(drawn(text)))] == ["64 12 310 REPLACING HEATER VALVE"]
    assert {passage.topic.title for passage in passages_of(lines_of(drawn(text)))} == {"REPLACING HEATER VALVE"}


def test_references_and_photo_numbers_are_no_titles():
    text = "Remove the wheel 36 10 300.\n\n30 64 018      * Source of Supply: XYZ"
    assert headings_of(lines_of(drawn(text))) == []


def test_without_codes_the_head_line_is_the_title():
    text = "0412-3   CHARGING CIRCUIT\n         ALTERNATOR\n\n.5 RD   G100"
    assert page_title(lines_of(drawn(text))) == "CHARGING CIRCUIT ALTERNATOR"


def test_a_title_loses_paragraph_number_and_continuation_mark():
    text = "3-16. THROTTLE CABLE ADJUSTMENT (Cont'd)\n          CAUTION\nDo not bend the cable."
    assert page_title(lines_of(drawn(text))) == "THROTTLE CABLE ADJUSTMENT"


def test_titles_side_by_side_stay_apart():
    text = """
CHECKING WARNING             GENERAL HINTS FOR
LAMP                         THE WHEEL SENSORS

The lamp goes out.
"""
    assert page_title(lines_of(drawn(text))) == "CHECKING WARNING LAMP / GENERAL HINTS FOR THE WHEEL SENSORS"


def test_the_rows_of_an_index_are_not_its_title():
    text = "HEATER AND FAN\n\n64 12 310   Heater valve - replace   64-7"
    assert page_title(lines_of(drawn(text)), coded=False) == "HEATER AND FAN"


def test_a_page_of_steps_alone_has_no_title():
    assert page_title(lines_of(drawn("Unscrew the bolts (1).\nTake off the cover."))) is None


@pytest.mark.parametrize("text", ["(Continued from previous page)", "HEATER REPAIR (Cont'd)", "Fortsetzung"])
def test_a_page_that_says_so_is_continued(text):
    assert is_continued(lines_of(drawn(text)))


def test_a_continuation_takes_the_last_title():
    assert continued_title("64 12 310 HEATER VALVE / 64 12 320 HEATER CORE") == "64 12 320 HEATER CORE"
    assert continued_title(None) is None


def test_codes_are_spaced_alike_however_they_were_read():
    (heading,) = headings_of(lines_of(drawn("6412310   REPLACING HEATER VALVE")))
    assert heading.code == "64 12 310"


def test_page_references_are_printed_with_one_dash():
    assert [tidy_page(text) for text in ("34 — 10 a", "7000- 3-6", "54 - 14 /1")] == ["34-10a", "7000-3-6", "54-14/1"]
