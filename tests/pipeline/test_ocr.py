"""Lines of the reader made into words: signs, boxes, order, and its known traps; one real reading."""

import math

import pytest
from PIL import Image, ImageDraw

from pipeline.ocr import NothingReadError, lines_from_result, read_page, read_words, turned_back
from pipeline.ocr_lines import OcrLine, supplemented, words_from_lines
from review_db.records import Word
from tests.pipeline.scans import drawn_page

WIDTH, HEIGHT = 1000, 500


def quad(x0, y0, x1, y1):
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]


def line(text, box=(100, 100, 300, 120), words=(), score=0.99):
    return OcrLine(text, score, quad(*box), words)


def texts(*lines):
    return [word.text for word in words_from_lines(lines, WIDTH, HEIGHT)]


def box_of(word):
    x0, y0, x1, y1 = word.box
    return tuple(round(value) for value in (x0 * WIDTH, y0 * HEIGHT, x1 * WIDTH, y1 * HEIGHT))


def test_words_are_the_spaced_tokens_of_a_line_with_their_boxes():
    parts = [("Tighten", 0.99, quad(100, 100, 170, 120)), ("to", 0.9, quad(180, 100, 200, 120))]
    first, second = words_from_lines([line("Tighten to", words=parts)], WIDTH, HEIGHT)
    assert (first.text, second.text) == ("Tighten", "to")
    assert (box_of(first), box_of(second)) == ((100, 100, 170, 120), (180, 100, 200, 120))
    assert (first.confidence, second.confidence) == (0.99, 0.9)


def test_pieces_of_one_token_become_one_word_with_the_lowest_confidence():
    parts = [
        ("34", 0.99, quad(100, 100, 120, 120)),
        ("-", 0.7, quad(124, 100, 130, 120)),
        ("45", 0.9, quad(134, 100, 154, 120)),
    ]
    (word,) = words_from_lines([line("34-45", words=parts)], WIDTH, HEIGHT)
    assert (word.text, box_of(word), word.confidence) == ("34-45", (100, 100, 154, 120), 0.7)


def test_a_word_that_the_reader_joined_is_shared_out_between_its_tokens():
    parts = [("25Nm", 0.9, quad(100, 100, 140, 120))]
    number, unit = words_from_lines([line("25 Nm", words=parts)], WIDTH, HEIGHT)
    assert (box_of(number), box_of(unit)) == ((100, 100, 120, 120), (120, 100, 140, 120))


@pytest.mark.parametrize(
    "words",
    [
        (),
        [("other", 0.9, quad(100, 100, 300, 120))],
        [("ab", 0.9, None), ("cd", 0.9, quad(200, 100, 300, 120))],
        [("", 1.0, None)],
    ],
)
def test_without_usable_word_boxes_the_line_is_shared_out_by_characters(words):
    first, second = words_from_lines([line("ab cd", box=(100, 100, 200, 120), words=words)], WIDTH, HEIGHT)
    assert (box_of(first), box_of(second)) == ((100, 100, 140, 120), (160, 100, 200, 120))


def test_text_on_end_is_shared_out_downwards():
    first, second = words_from_lines([line("ab cd", box=(10, 100, 30, 200))], WIDTH, HEIGHT)
    assert (box_of(first), box_of(second)) == ((10, 100, 30, 140), (10, 160, 30, 200))


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("82°-126℃", "82°-126°C"),
        ("190°-230°℉", "190°-230°F"),
        ("turn 90º.", "turn 90°."),
        ("。", "°"),
        ("45。", "45°"),
        ("the end。", "the end."),
        ("（1）", "(1)"),
        ("16 ft. Ibs.)", "16 ft. lbs.)"),
        ("5 Ib-ft", "5 lb-ft"),
        ("25 N·m", "25 N·m"),
        ("Ibis", "Ibis"),
        ("N 由 P", "N P"),
    ],
)
def test_signs_that_only_the_reader_writes_are_mended(read, meant):
    padding = line("Remove the cover and check all seals", box=(100, 300, 500, 320))
    assert " ".join(texts(line(read), padding)) == f"{meant} {padding.text}"


def test_a_page_written_in_ideographs_keeps_them():
    assert texts(line("拆下盖子"), line("检查密封", box=(100, 140, 300, 160))) == ["拆下盖子", "检查密封"]


def test_a_line_of_stray_signs_alone_is_no_line():
    words = words_from_lines([line("由由"), line("Remove the cover", box=(100, 200, 300, 220))], WIDTH, HEIGHT)
    assert [word.line for word in words] == [0, 0, 0]


def test_lines_are_numbered_in_reading_order():
    words = words_from_lines([line("below", box=(100, 200, 180, 220)), line("above it")], WIDTH, HEIGHT)
    assert [(word.text, word.line) for word in words] == [("above", 0), ("it", 0), ("below", 1)]


def test_boxes_stay_on_the_page():
    (word,) = words_from_lines([line("edge", box=(-5, -5, 1010, 20))], WIDTH, HEIGHT)
    assert word.box == (0.0, 0.0, 1.0, 0.04)


def test_a_slanting_table_is_read_by_rows():
    rows = [
        ("Cylinder head cover nuts", "9 Nm"),
        ("Cylinder head bolts, stage two", "60 Nm"),
        ("Oil drain plug with seal", "25 Nm"),
    ] * 3
    slanting = [
        OcrLine(
            text,
            0.99,
            [
                (x, y + 0.03 * x),
                (x + 8 * len(text), y + 0.03 * (x + 8 * len(text))),
                (x + 8 * len(text), y + 16 + 0.03 * (x + 8 * len(text))),
                (x, y + 16 + 0.03 * x),
            ],
        )
        for n, row in enumerate(rows)
        for x, y, text in ((50, 50 + 20 * n, row[0]), (800, 50 + 20 * n, row[1]))
    ]
    assert " ".join(texts(*slanting)) == " ".join(" ".join(row) for row in rows)


def test_the_words_of_a_line_are_found_although_lines_without_words_are_left_out():
    boxes = [quad(100, 100 + 40 * n, 300, 120 + 40 * n) for n in range(3)]
    word_results = (
        ("°", 0.9, quad(100, 140, 110, 160)),
        (("25", 0.9, quad(100, 180, 120, 200)), ("Nm", 0.9, quad(130, 180, 150, 200))),
    )
    read = lines_from_result(("lost", "°", "25 Nm"), (0.9, 0.9, 0.9), boxes, word_results)
    assert [len(found.words) for found in read] == [0, 1, 2]


def test_equal_lines_keep_their_own_words():
    boxes = [quad(100, 100, 200, 120), quad(100, 140, 200, 160)]
    lower = (("60", 0.9, quad(100, 140, 120, 160)),)
    read = lines_from_result(("60", "60"), (0.9, 0.9), boxes, (lower,))
    assert [list(found.words) for found in read] == [[], list(lower)]


def test_a_pdf_page_s_own_text_fills_in_what_was_missed_and_mends_short_lines():
    seen = [
        line("Torque angle", box=(100, 100, 300, 120)),
        line("90", box=(500, 100, 520, 120)),
        line("o", box=(600, 100, 610, 110)),
    ]
    printed = [
        Word("angel", (0.15, 0.2, 0.29, 0.24), 0.9, 0),
        Word("°", (0.601, 0.2, 0.609, 0.215), 0.9, 0),
        Word("new", (0.7, 0.2, 0.75, 0.24), 0.9, 0),
    ]
    words = words_from_lines(supplemented(seen, printed, WIDTH, HEIGHT), WIDTH, HEIGHT)
    assert [word.text for word in words] == ["Torque", "angle", "90", "°", "new"]


@pytest.mark.parametrize("rotation", [0, 1, 2, 3])
def test_boxes_go_back_into_the_image_as_stored(rotation):
    image = Image.new("L", (100, 60), 0)
    ImageDraw.Draw(image).rectangle((10, 6, 19, 17), fill=255)
    turned = image.rotate(90 * rotation, expand=True)
    x0, y0, x1, y1 = turned.getbbox()
    word = Word("w", (x0 / turned.width, y0 / turned.height, x1 / turned.width, y1 / turned.height), 1.0, 0)
    assert turned_back(word, rotation).box == pytest.approx((0.1, 0.1, 0.2, 0.3))


def test_a_blank_page_has_no_words_and_starts_no_reader():
    assert read_page(Image.new("RGB", (400, 300), "white")).words == []


LINES = [
    "Tighten the drain plug to 25 Nm.",
    "Fill in 4.25 litres of engine oil.",
    "See page 21-4 for the clutch.",
    "Check the level when cold.",
    "Replace the seal every time.",
    "Part number 11 42 1 740 114",
]


@pytest.fixture(scope="module")
def page():
    return drawn_page(LINES, size=(700, 520))


@pytest.mark.slow
def test_a_drawn_page_is_read_word_by_word(page):
    words = read_words(page)
    assert "".join(word.text for word in words) == "".join(LINES).replace(" ", "")
    number = next(word for word in words if word.text == "25")
    x0, y0, x1, y1 = (edge * side for edge, side in zip(number.box, page.size * 2, strict=True))
    dark = page.convert("L").crop((int(x0), int(y0), int(x1), int(y1))).getextrema()[0]
    assert dark < 60
    assert {word.line for word in words} == set(range(len(LINES)))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("turn", "corner"), [(Image.Transpose.ROTATE_90, (0.15, 0.85)), (Image.Transpose.ROTATE_180, (0.85, 0.8))]
)
def test_a_page_on_its_side_or_head_is_read_and_boxed_as_it_lies(page, turn, corner):
    reading = read_page(page.transpose(turn))
    assert reading.rotation in (1, 2, 3)
    assert "".join(word.text for word in reading.words).startswith("Tightenthedrainplugto25Nm")
    x0, y0, x1, y1 = reading.words[0].box
    assert ((x0 + x1) / 2, (y0 + y1) / 2) == pytest.approx(corner, abs=0.1)


@pytest.mark.slow
def test_a_picture_without_text_says_so():
    picture = Image.new("RGB", (400, 300), "white")
    ImageDraw.Draw(picture).ellipse((60, 40, 340, 260), fill="black")
    with pytest.raises(NothingReadError, match="no text was found"):
        read_page(picture)


@pytest.mark.parametrize("degrees", [-4, -2, 0, 2, 4])
def test_columns_of_a_page_askew_are_read_one_after_the_other(degrees):
    turn, middle = math.radians(degrees), (800, 1000)

    def laid(x, y):
        across, down = x - middle[0], y - middle[1]
        return (
            middle[0] + across * math.cos(turn) - down * math.sin(turn),
            middle[1] + across * math.sin(turn) + down * math.cos(turn),
        )

    placed = [
        (x, 100 + 60 * n, f"{name} line number {n} of it")
        for x, name in ((80, "left"), (830, "right"))
        for n in range(28)
    ]
    lines = [OcrLine(text, 0.9, [laid(*corner) for corner in quad(x, y, x + 700, y + 30)]) for x, y, text in placed]
    words = words_from_lines(lines[::2] + lines[1::2], 1600, 2000)
    assert [word.text for word in words if word.text in ("left", "right")] == ["left"] * 28 + ["right"] * 28
    assert [int(word.text) for word in words if word.text.isdigit()] == [*range(28), *range(28)]
