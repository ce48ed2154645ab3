"""The second look at page numbers that the detector missed on an index page."""

from PIL import Image

from pipeline.ocr_lines import OcrLine
from pipeline.page_numbers import with_page_numbers

WIDTH, HEIGHT = 1000, 800
PAGE = Image.new("RGB", (WIDTH, HEIGHT), "white")


def line(text, x, y, *, width=None, height=20):
    right = x + (width or 10 * len(text))
    return OcrLine(text, 0.98, [(x, y), (right, y), (right, y + height), (x, y + height)])


def index_page(*pages):
    lines = []
    for row, page in enumerate(pages):
        lines.append(line("Heater hose - replace . . . . . . .", 100, 100 + 30 * row))
        if page:
            lines.append(line(page, 700, 100 + 30 * row))
    return lines


def texts(lines):
    return sorted(found.text for found in lines if not found.text.startswith("Heater"))


def test_a_column_with_missing_numbers_is_read_again_enlarged_and_put_back_in_place():
    seen = []

    def read(strip):
        seen.append(strip.size)
        return [line(f"64-{row + 1}", 36, 40 + 90 * row, width=120, height=60) for row in range(4)]

    found = with_page_numbers(PAGE, index_page("64-1", "64-2", "64-", "64-4"), read)
    assert texts(found) == ["64-1", "64-2", "64-3", "64-4"]
    assert len(seen) == 1
    assert seen[0][0] < 3 * 120
    third = next(found_line for found_line in found if found_line.text == "64-3")
    assert 690 < third.quad[0][0] < 720
    assert 155 < third.quad[0][1] < 185


def test_a_complete_column_and_other_pages_are_not_read_again():
    def read(strip):
        raise AssertionError("nothing is missing")

    complete = index_page("64-1", "64-2", "64-3", "64-4")
    assert with_page_numbers(PAGE, complete, read) == complete
    prose = [line("Drain the coolant and pull off both hoses.", 100, 100 + 30 * row) for row in range(5)]
    assert with_page_numbers(PAGE, prose, read) == prose


def test_a_second_look_that_finds_less_changes_nothing():
    first = index_page("64-1", "64-2", "", "64-4")
    assert with_page_numbers(PAGE, first, lambda strip: []) == first
