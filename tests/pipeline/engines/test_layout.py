"""Layout: what stands where, from words alone."""

import pytest

from pipeline.engines.offline.layout import (
    blocks_of,
    columns_of,
    gutters_of,
    is_turned,
    letter_width,
    lines_of,
    measures,
    overlap,
    rows_of,
    upright,
)
from tests.pipeline.engines.drawn_page import drawn, segment

TWO_COLUMNS = """
The pump is driven by a belt.         Turn the shaft by hand until
It is lubricated by the oil           the marks on both wheels are
that returns from the head.           in line with the housing.
A worn belt squeals when cold.        Then hold the large wheel and
Replace it every four years           loosen its bolt by one turn,
or when its edge is frayed.           never further than that.
"""


def test_words_of_one_segment_become_one_line_with_the_box_around_them():
    (line,) = lines_of(drawn("Drain the oil"))
    assert line.text == "Drain the oil"
    assert line.box == pytest.approx((0, 0, 0.13, 0.8 / 60))
    assert [word.text for word in line.words] == ["Drain", "the", "oil"]


def test_words_without_letters_of_any_kind_are_left_out():
    assert lines_of(segment(" ", 0.1, 0.1, 0.2, 0.12)) == []


def test_cells_at_one_height_form_a_row_from_left_to_right():
    rows = rows_of(lines_of(drawn("Bolt      M8     22 Nm\nNut       M10    47 Nm")))
    assert [[line.text for line in row.lines] for row in rows] == [["Bolt", "M8", "22 Nm"], ["Nut", "M10", "47 Nm"]]


def test_a_slightly_skewed_row_stays_one_row():
    words = segment("Bolt", 0.1, 0.100, 0.2, 0.114, 1) + segment("M8", 0.4, 0.103, 0.5, 0.117, 2)
    words += segment("22 Nm", 0.7, 0.106, 0.8, 0.120, 3)
    assert [row.text for row in rows_of(lines_of(words))] == ["Bolt M8 22 Nm"]


def test_the_strip_between_two_text_columns_is_a_gutter():
    lines = lines_of(drawn(TWO_COLUMNS))
    (gutter,) = gutters_of(lines)
    assert 0.29 < gutter[0] < gutter[1] <= 0.38
    left, right = columns_of(lines, [gutter])
    assert left[0].text.startswith("The pump")
    assert right[-1].text == "never further than that."


def test_lines_that_run_across_the_page_leave_no_gutter():
    assert gutters_of(lines_of(drawn("All of this text runs on from edge to edge of the page.\n" * 8))) == []


def test_a_single_heading_across_does_not_close_the_gutter_of_a_long_page():
    lines = lines_of(drawn("A heading that runs across both of the columns below it\n" + TWO_COLUMNS * 6))
    assert len(gutters_of(lines)) == 1


def test_paragraphs_end_at_white_space_and_stay_in_their_column():
    text = """
First words of a paragraph            Beside it another one
and its second line.                  that has two lines as well.

A paragraph of its own.
"""
    assert [block.text for block in blocks_of(lines_of(drawn(text)))] == [
        "First words of a paragraph and its second line.",
        "Beside it another one that has two lines as well.",
        "A paragraph of its own.",
    ]


def test_a_line_set_down_the_margin_is_turned_and_a_short_number_is_not():
    words = drawn(TWO_COLUMNS, columns=180) + segment("565", 0.9, 0.3, 0.916, 0.321, 500)
    words += segment("Figure 7 of 9", 0.95, 0.4, 0.96, 0.7, 501)
    lines = lines_of(words)
    letter = letter_width(lines)
    assert [line.text for line in lines if is_turned(line, letter)] == ["Figure 7 of 9"]
    assert "565" in [line.text for line in upright(lines)]


def test_the_overlap_of_intervals_is_a_share_of_the_shorter_one():
    assert overlap((0.0, 0.4), (0.3, 0.5)) == pytest.approx(0.5)
    assert overlap((0.0, 0.2), (0.3, 0.5)) == 0.0


def test_measures_count_words_values_wide_rows_and_turned_lines():
    table = measures(lines_of(drawn("Bolt      M8     22 Nm\nNut       M10    47 Nm\nStud      M12    63,5 mm")))
    assert (table.words, table.in_wide_rows, table.turned) == (12, 1.0, 0.0)
    assert table.numeric == pytest.approx(1 / 3)
    assert table.line_height == pytest.approx(0.8 / 60)
    prose = measures(lines_of(drawn(TWO_COLUMNS) + segment("Figure 7 of 9", 0.95, 0.4, 0.96, 0.7)))
    assert (prose.numeric, prose.in_wide_rows) == (0.0, 0.0)
    assert prose.turned == pytest.approx(1 / 13)
    assert measures([]).words == 0
