"""Repeated pages are found in another rendering too, and pages of one form are never taken for each other."""

import pytest
from PIL import Image

from pipeline.images import decode_image, image_sha256, thumbprint
from pipeline.pdf import render_page
from pipeline.repeats import SeenPages, look_of
from tests.pipeline.scans import drawn_page, encoded, read_words, scanned_pdf

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
    return look_of(image_sha256(image), image.size, read_words(lines), lambda: thumbprint(image), lambda: image)


@pytest.fixture
def seen():
    pages = SeenPages()
    pages.add("first", look(LINES))
    return pages


def recompressed(image, quality=60):
    return decode_image(encoded(image, quality=quality))


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
    assert seen.original_of("second", look(other)) is None


def test_pages_with_little_text_are_repeats_only_when_their_pictures_agree_closely():
    pages = SeenPages()
    page = drawn_page(["View 3"])
    pages.add("first", look(["View 3"], image=page))
    assert pages.original_of("again", look(["View 3"], image=recompressed(page, 90))) == "first"
    other = page.copy()
    other.paste("black", (200, 300, 700, 900))
    assert pages.original_of("other", look(["View 3"], image=other)) is None


def rendered(image, folder):
    """The page as a PDF shows it that was made of its image, in another resolution."""
    (folder / "scan.pdf").write_bytes(scanned_pdf([image]))
    return render_page(folder / "scan.pdf", 1, 110)


MISREAD = ("105 Nm", "100 Nm")


def test_a_pdf_of_the_page_is_a_repeat_also_where_the_reader_took_one_digit_for_another(seen, tmp_path):
    other = rendered(drawn_page(LINES), tmp_path)
    assert seen.original_of("pdf", look([line.replace(*MISREAD) for line in LINES], image=other)) == "first"


def test_a_pdf_of_a_page_with_another_digit_is_none(seen, tmp_path):
    changed = [line.replace(*MISREAD) for line in LINES]
    assert seen.original_of("pdf", look(changed, image=rendered(drawn_page(changed), tmp_path))) is None


@pytest.mark.parametrize("change", [("25 Nm", "25 Nm LH"), ("cover", "valve"), ("60 °", "60 ° 80 °")])
def test_a_word_more_or_another_word_is_another_page(seen, tmp_path, change):
    changed = [line.replace(*change) for line in LINES]
    assert seen.original_of("pdf", look(changed, image=rendered(drawn_page(changed), tmp_path))) is None


def test_words_that_were_read_in_another_order_do_not_matter(seen, tmp_path):
    image = drawn_page(LINES)
    other = rendered(image, tmp_path)
    found = look_of("pdf", other.size, read_words(LINES)[::-1], lambda: thumbprint(other), lambda: other)
    assert seen.original_of("pdf", found) == "first"


def test_a_page_whose_image_is_gone_repeats_nothing_that_was_read_otherwise(seen):
    changed = [line.replace(*MISREAD) for line in LINES]
    gone = look_of("pdf", (900, 1200), read_words(changed), lambda: thumbprint(drawn_page(changed)), lambda: None)
    assert seen.original_of("pdf", gone) is None
