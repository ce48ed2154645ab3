"""Repeated pages are found in another rendering too, and pages of one form are never taken for each other."""

import io

import pytest
from PIL import Image

from pipeline.images import decode_image, image_sha256, thumbprint
from pipeline.repeats import SeenPages, look_of
from review_db.records import Word
from tests.pipeline.scans import drawn_page

LINES = [
    "11 - 8 Engine torque table",
    "M8 bolts, cylinder head cover",
    "Torque 25 Nm",
    "Torque angle 60 °",
    "M10 bolts, flywheel",
    "Torque 105 Nm",
]


def look(lines, *, image=None):
    image = image or drawn_page(lines)
    words = [Word(text, (0, 0, 1, 1), 0.9, number) for number, line in enumerate(lines) for text in line.split()]
    return look_of(image_sha256(image), image.size, words, lambda: thumbprint(image))


@pytest.fixture
def seen():
    pages = SeenPages()
    pages.add("first", look(LINES))
    return pages


def recompressed(image, quality=60):
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=quality)
    return decode_image(stream.getvalue())


def test_the_same_pixels_are_a_repeat(seen):
    assert seen.original_of("second", look(LINES)) == "first"


def test_a_page_is_not_its_own_repeat(seen):
    assert seen.original_of("first", look(LINES)) is None


def test_another_rendering_of_the_page_is_a_repeat(seen):
    smaller = drawn_page(LINES).resize((450, 600), Image.Resampling.LANCZOS)
    read = [line.replace("°", "o").replace("bolts,", "bolts.") for line in LINES]
    assert seen.original_of("second", look(read, image=recompressed(smaller))) == "first"


@pytest.mark.parametrize("change", [("25", "26"), ("105", "108"), ("11 - 8", "11 - 9")])
def test_a_page_of_the_same_form_with_another_number_is_none(seen, change):
    assert seen.original_of("second", look([line.replace(*change) for line in LINES])) is None


def test_the_same_words_in_another_picture_are_none(seen):
    upside_down = drawn_page(LINES).transpose(Image.Transpose.ROTATE_180).point(lambda grey: 255 - grey)
    assert seen.original_of("second", look(LINES, image=upside_down)) is None


def test_other_words_are_none(seen):
    other = [line.replace("flywheel", "crankshaft pulley hub").replace("head cover", "block") for line in LINES]
    assert seen.original_of("second", look(other, image=drawn_page(LINES, (900, 1201)))) is None


def test_pages_with_little_text_are_repeats_only_when_their_pictures_agree_closely():
    pages = SeenPages()
    page = drawn_page(["View 3"])
    pages.add("first", look(["View 3"], image=page))
    assert pages.original_of("again", look(["View 3"], image=recompressed(page, 90))) == "first"
    other = page.copy()
    other.paste("black", (200, 300, 700, 900))
    assert pages.original_of("other", look(["View 3"], image=other)) is None
