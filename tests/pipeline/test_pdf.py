"""PDF files: counted and refused with a reason, rendered by either renderer, their own text in its place."""

import shutil
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from pipeline.pdf import PdfError, page_count, render_page, text_layer
from tests.pipeline.scans import drawn_page, encrypted_pdf, scanned_pdf, text_pdf

LETTER = (612, 792)


@pytest.fixture
def pdf(tmp_path):
    def write(content, name="a b: c.pdf"):
        path = tmp_path / name
        path.write_bytes(content)
        return path

    return write


@pytest.fixture(params=["poppler", "pdfium"])
def renderer(request, monkeypatch):
    if request.param == "pdfium":
        monkeypatch.setenv("PATH", "")
    elif shutil.which("pdftoppm") is None:
        pytest.skip("poppler is not installed")
    return request.param


def ink(image, box):
    """Return the share of dark pixels inside a box given in fractions of the page."""
    x0, y0, x1, y1 = (edge * side for edge, side in zip(box, image.size * 2, strict=True))
    part = np.asarray(image.convert("L"))[int(y0) : int(np.ceil(y1)), int(x0) : int(np.ceil(x1))]
    return (part < 128).mean()


def test_pages_are_counted(pdf):
    assert page_count(pdf(text_pdf(*[(*LETTER, "page", 0)] * 3))) == 3


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (encrypted_pdf(), "the PDF is encrypted: it opens only with a password"),
        (b"", "the PDF is damaged or has no pages"),
        (b"%PDF-1.4\n", "the PDF is damaged or has no pages"),
        (b"no PDF at all", "the PDF is damaged or has no pages"),
        (text_pdf(), "the PDF is damaged or has no pages"),
    ],
)
def test_what_cannot_be_opened_has_its_reason(pdf, content, reason):
    with pytest.raises(PdfError) as refusal:
        page_count(pdf(content))
    assert str(refusal.value) == reason


def test_a_pdf_with_an_owner_password_alone_opens(pdf):
    assert page_count(pdf(encrypted_pdf(user_password=b""))) == 1


def test_a_pdf_of_very_many_pages_is_refused(pdf):
    with pytest.raises(PdfError, match="the PDF has 4 pages, more than 3"):
        page_count(pdf(text_pdf(*[(*LETTER, "page", 0)] * 4)), most=3)


def test_a_page_is_rendered_at_the_resolution_asked_for(pdf, renderer):
    image = render_page(pdf(text_pdf((*LETTER, "one", 0), (*LETTER, "two", 90))), 1, 100)
    assert (image.mode, image.size) == ("RGB", (850, 1100))


def test_a_turned_page_is_rendered_upright(pdf, renderer):
    assert render_page(pdf(text_pdf((*LETTER, "turned", 90))), 1, 100).size == (1100, 850)


def test_only_the_page_asked_for_is_rendered(pdf, renderer):
    pages = [drawn_page([], (200, 300)), drawn_page(["two"], (300, 200))]
    assert render_page(pdf(scanned_pdf(pages)), 2, 72).size == (300, 200)


def test_a_huge_page_is_drawn_smaller_and_its_size_known_before(pdf, renderer):
    image = render_page(pdf(text_pdf((14_400, 14_400, "bomb", 0))), 1, 300, max_megapixels=4)
    assert image.width * image.height <= 4_000_000
    assert image.width > 1500


def test_a_page_too_large_for_any_useful_picture_is_an_error(pdf):
    with pytest.raises(PdfError, match="too large to be drawn"):
        render_page(pdf(text_pdf((1_000_000, 1_000_000, "bomb", 0))), 1, 200)


def test_a_page_that_is_not_there_is_an_error(pdf):
    with pytest.raises(PdfError, match="page 2 of the PDF"):
        render_page(pdf(text_pdf((*LETTER, "one", 0))), 2, 100)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_the_words_of_a_page_lie_where_they_are_drawn(pdf, rotation):
    path = pdf(text_pdf((*LETTER, "25 Nm torque", rotation)))
    words = text_layer(path, 1)
    assert [word.text for word in words] == ["25", "Nm", "torque"]
    image = render_page(path, 1, 150)
    assert all(ink(image, word.box) > 0.1 for word in words)


def test_the_text_behind_a_scan_is_not_trusted(pdf):
    assert text_layer(pdf(scanned_pdf([drawn_page(["Tighten to 25 Nm"])])), 1) == []


def test_threads_may_render_and_read_at_once(pdf):
    path = pdf(text_pdf(*[(*LETTER, f"page {number}", 0) for number in range(6)]))
    with ThreadPoolExecutor(4) as pool:
        read = list(pool.map(lambda number: [word.text for word in text_layer(path, number)], range(1, 7)))
        sizes = set(pool.map(lambda number: render_page(path, number, 50).size, range(1, 7)))
    assert read == [["page", str(number)] for number in range(6)]
    assert sizes == {(425, 550)}


def test_the_real_manuals_have_their_pages(corpus):
    data = corpus / "data_src"
    assert page_count(data / "00 - Torque Specs" / "BMW_Torque_Specs.pdf") == 136
    assert page_count(data / "Getrag265:5_Rebuild_ShiftBMW.pdf") == 25


def test_the_real_torque_tables_carry_their_text_upright(corpus):
    words = text_layer(corpus / "data_src" / "00 - Torque Specs" / "BMW_Torque_Specs.pdf", 11)
    boxes = {word.text: word.box for word in words}
    assert boxes["Screw"][0] > boxes["Type"][0] > boxes["Engine"][0]
    assert any(word.text == "°" for word in words)
