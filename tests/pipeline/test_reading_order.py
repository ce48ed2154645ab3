"""The order of text segments on pages of the kinds that manuals have."""

import random
import time

import pytest

from pipeline.reading_order import reading_order

HEIGHT, STEP, LETTER = 16, 20, 8


def ordered(*placed):
    """Return the texts of (x, y, text) segments in reading order, whatever order they come in."""
    shuffled = list(placed)
    random.Random(7).shuffle(shuffled)
    boxes = [(x, y, x + LETTER * len(text), y + HEIGHT) for x, y, text in shuffled]
    return [shuffled[number][2] for number in reading_order(boxes, [text for _, _, text in shuffled])]


def paragraph(x, y, *lines):
    return [(x, y + STEP * number, line) for number, line in enumerate(lines)]


LEFT_TEXT = paragraph(300, 60, "Clamp the tester in a vise.", "Mount the dial gage and", "its holder on the tester.")
LEFT_MORE = paragraph(300, 300, "Straighten the drive plate", "by light knocks on its rim.")
RIGHT_TEXT = paragraph(900, 60, "Remove the transmission first.", "Take off spring and lever.")
RIGHT_MORE = paragraph(900, 300, "Pack the groove with grease", "and coat guides lightly.")


def test_nothing_has_an_order_too():
    assert reading_order([], []) == []


def test_lines_of_one_column_are_read_down():
    lines = paragraph(100, 50, "One line of text here", "another line below it", "and the last of them")
    assert ordered(*lines) == [text for _, _, text in lines]


def test_photo_text_photo_text_is_read_down_the_left_pair_first():
    photos = [(40, 200, "530 21 015"), (40, 420, "530 21 016"), (640, 200, "316 23 024"), (640, 420, "316 23 025")]
    texts = ordered((560, 10, "21-4"), *LEFT_TEXT, *LEFT_MORE, *RIGHT_TEXT, *RIGHT_MORE, *photos)
    assert texts[0] == "21-4"
    left = [text for _, _, text in (*LEFT_TEXT, *LEFT_MORE, *photos[:2])]
    assert sorted(texts[1 : 1 + len(left)]) == sorted(left)
    prose = [text for _, _, text in (*LEFT_TEXT, *LEFT_MORE, *RIGHT_TEXT, *RIGHT_MORE)]
    assert [text for text in texts if text in prose] == prose


def test_a_photo_number_never_breaks_a_sentence():
    texts = ordered((40, 130, "530 21 015"), (560, 10, "21-4"), *LEFT_TEXT, *LEFT_MORE, *RIGHT_TEXT, *RIGHT_MORE)
    start = texts.index(LEFT_TEXT[0][2])
    assert texts[start : start + 3] == [text for _, _, text in LEFT_TEXT]


def test_two_columns_of_prose_under_one_title_are_read_one_after_the_other():
    left = paragraph(50, 100, *[f"left column line number {name}" for name in ("one", "two", "three", "four", "five")])
    right = paragraph(450, 100, *[f"right column line number {name}" for name in ("one", "two", "three", "four")])
    title = (200, 30, "SYSTEMATIC TROUBLESHOOTING OF CIRCUITS")
    assert ordered(title, *left, *right) == [text for _, _, text in (title, *left, *right)]


def test_three_columns_of_prose_are_read_one_after_the_other():
    columns = [
        paragraph(50 + 400 * place, 100, *[f"column {name} has line {line} of text" for line in "abcdefg"[: 7 - place]])
        for place, name in enumerate(("first", "second", "third"))
    ]
    assert ordered(*[line for column in columns for line in column]) == [
        text for column in columns for _, _, text in column
    ]


def test_a_table_of_values_is_read_by_rows():
    rows = [
        (("M6 thread"), "8.8", "10", "Nm"),
        (("M8 thread"), "10.9", "25", "Nm"),
        (("M10 thread"), "12.9", "49", "Nm"),
        (("M12 thread"), "12.9", "86", "Nm"),
    ]
    xs = (50, 300, 450, 550)
    placed = [(x, 60 + 24 * n, cell) for n, row in enumerate(rows) for x, cell in zip(xs, row, strict=True)]
    assert ordered(*placed) == [cell for row in rows for cell in row]


def test_an_index_is_read_by_rows_although_codes_are_missing_and_the_gutter_is_narrow():
    rows = [("11 00 039", "Compression - check", "11-51"), ("", "Engine - remove and install", "11-52")] * 4
    placed = [
        (x, 60 + 18 * n, cell)
        for n, row in enumerate(rows)
        for x, cell in zip((50, 50 + 9 * LETTER + 4, 500), row, strict=True)
        if cell
    ]
    assert ordered(*placed) == [cell for row in rows for cell in row if cell]


def test_two_lists_side_by_side_are_read_down_the_left_one_first():
    def listed(x, name):
        return [
            (x + shift, 60 + STEP * n, text)
            for n in range(6)
            for shift, text in ((0, f"{name} part {'abcdef'[n]} cleaning"), (260, f"2-{n}{n}"), (340, f"{n}-8{n}"))
        ]

    left, right = listed(50, "crank"), listed(550, "valve")
    assert ordered(*left, *right) == [text for _, _, text in (*left, *right)]


def test_a_cell_of_several_lines_is_read_before_the_next_cell():
    rows = [
        (
            ("Control lamp comes on after", "starting the engine"),
            ("Hydraulic unit has", "no power"),
            ("Service tester",),
        ),
        (("Control lamp comes on at", "high engine speed"), ("Dispersion in wire",), ("Check routing of", "the wires")),
        (("Lamp comes on at about", "12 km/h on the road"), ("Return pump motor",), ("Service tester",)),
    ]
    placed = [
        (x, 60 + 70 * n + STEP * line, text)
        for n, row in enumerate(rows)
        for x, cell in zip((50, 400, 750), row, strict=True)
        for line, text in enumerate(cell)
    ]
    assert ordered(*placed) == [text for row in rows for cell in row for text in cell]


def test_titles_in_the_middle_are_read_before_the_heads_of_the_columns_beside_them():
    titles = [(490, 10, "34-22"), (450, 40, "TROUBLESHOOTING")]
    heads = [(50, 74, "Condition"), (450, 70, "Cause"), (880, 68, "Correction")]
    cells = [
        (x, y, f"{text} {y}") for y in (120, 180, 240) for x, text in ((50, "pedal"), (450, "air"), (880, "bleed"))
    ]
    assert ordered(*titles, *heads, *cells) == [text for _, _, text in (*titles, *heads, *cells)]


def test_the_lines_of_a_step_follow_its_number():
    steps = [
        ("1.", "Remove the cover from the cylinder."),
        ("2.", "Connect the hose to the screw"),
        ("3.", "Open the valve."),
    ]
    placed, y = [], 60
    for number, text in steps:
        placed += [(50, y, number), (100, y, text)]
        y += STEP
        if number == "2.":
            placed.append((100, y, "and place its end in a jar."))
            y += STEP
        y += 10
    texts = ordered(*placed)
    assert texts == ["1.", steps[0][1], "2.", steps[1][1], "and place its end in a jar.", "3.", steps[2][1]]


def test_the_lines_of_a_label_stay_together_in_a_drawing():
    labels = [
        paragraph(60, 60, "LOW FLUID", "SWITCH"),
        paragraph(330, 66, "POWER", "DISTRIBUTION", "BOX"),
        paragraph(150, 180, "HOT AT ALL", "TIMES"),
        paragraph(420, 171, "INJECTION", "RELAY"),
        paragraph(240, 260, "GROUND"),
    ]
    texts = ordered(*[line for label in labels for line in label])
    for label in labels:
        start = texts.index(label[0][2])
        assert texts[start : start + len(label)] == [text for _, _, text in label]


@pytest.mark.parametrize("count", [1, 2, 7, 300, 1000])
def test_any_heap_of_segments_is_ordered_once_each_and_soon(count):
    rng = random.Random(count)
    corners = [(rng.uniform(0, 2000), rng.uniform(0, 2000)) for _ in range(count)]
    boxes = [(x, y, x + rng.uniform(5, 300), y + rng.uniform(5, 60)) for x, y in corners]
    started = time.monotonic()
    assert sorted(reading_order(boxes, ["some text"] * count)) == list(range(count))
    assert time.monotonic() - started < 10
