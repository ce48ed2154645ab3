"""PDF files: counted, refused with one plain sentence, rendered page by page, and their own text read."""

from __future__ import annotations

import math
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any

from PIL import Image

from pipeline.images import MAX_MEGAPIXELS
from review_db.records import Box, Word

_PASSWORD_ERROR = 4
_POINTS_PER_INCH = 72
_LEAST_DPI = 5
_SECONDS_PER_PAGE = 120
_MOST_CHARACTERS = 50_000  # a printed page has some thousands
_TEXT_CONFIDENCE = 0.9
_SCAN_SHARE = 0.5  # an image that covers more of the page than this makes it a scan

_lock = threading.Lock()  # pdfium must not be entered by two threads


class PdfError(Exception):
    """A PDF, or a page of it, that cannot be read; the text is one plain sentence."""


def page_count(path: Path, *, most: int | None = None) -> int:
    """Return the number of pages. Raises PdfError for an encrypted, damaged, empty or (with `most`) too long PDF."""
    with _opened(path) as document:
        count = len(document)
    if most is not None and count > most:
        raise PdfError(f"the PDF has {count} pages, more than {most}")
    return count


def render_page(path: Path, number: int, dpi: int, *, max_megapixels: float = MAX_MEGAPIXELS) -> Image.Image:
    """Return page `number` (1-based) as an upright RGB image.

    The resolution is lowered where the page would be larger than `max_megapixels`; the size is known before
    anything is drawn. poppler draws where it is installed, pdfium otherwise and where poppler fails. Raises PdfError.
    """
    resolution = _resolution(_page_size(path, number), dpi, max_megapixels)
    image = _drawn_by_poppler(path, number, resolution) if shutil.which("pdftoppm") else None
    return (image or _drawn_by_pdfium(path, number, resolution)).convert("RGB")


def text_layer(path: Path, number: int) -> list[Word]:
    """Return the words that a page carries as text, in the order of the file; boxes are fractions of the page.

    Empty for a scanned page: what lies behind its picture was read by someone else's reader. Raises PdfError.
    """
    with _page(path, number) as page:
        return [] if _is_scan(page) else _words(page)


# ---------------------------------------------------------------- opening


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    import pypdfium2

    with _lock:
        try:
            document = pypdfium2.PdfDocument(path)
        except pypdfium2.PdfiumError as error:
            raise PdfError(_refusal(path, getattr(error, "err_code", None))) from error
        except OSError as error:
            raise PdfError("the file may not be read") from error
        try:
            yield document
        finally:
            document.close()


def _refusal(path: Path, code: int | None) -> str:
    # For a document without pages pdfium repeats the code of an earlier document.
    if code == _PASSWORD_ERROR and b"/Encrypt" in path.read_bytes():
        return "the PDF is encrypted: it opens only with a password"
    return "the PDF is damaged or has no pages"


@contextmanager
def _page(path: Path, number: int) -> Iterator[Any]:
    import pypdfium2

    with _opened(path) as document:
        try:
            yield document[number - 1]
        except (pypdfium2.PdfiumError, IndexError, ValueError) as error:
            raise PdfError(f"page {number} of the PDF is damaged") from error


def _page_size(path: Path, number: int) -> tuple[float, float]:
    with _page(path, number) as page:
        width, height = page.get_size()
    return float(width), float(height)


def _resolution(size: tuple[float, float], dpi: int, max_megapixels: float) -> int:
    """Return the dots per inch that keep a page of `size` points below the cap."""
    width, height = size
    if not (math.isfinite(width * height) and width * height > 0):
        raise PdfError("the page has no size")
    pixels = (width * dpi / _POINTS_PER_INCH) * (height * dpi / _POINTS_PER_INCH)
    resolution = int(dpi * min(1.0, math.sqrt(0.99 * max_megapixels * 1_000_000 / pixels)))
    if resolution < _LEAST_DPI:
        raise PdfError(f"the page is too large to be drawn ({width:.0f} x {height:.0f} points)")
    return resolution


# ---------------------------------------------------------------- drawing


def _drawn_by_poppler(path: Path, number: int, resolution: int) -> Image.Image | None:
    from pdf2image import convert_from_path
    from pdf2image.exceptions import (
        PDFInfoNotInstalledError,
        PDFPageCountError,
        PDFPopplerTimeoutError,
        PDFSyntaxError,
    )

    try:
        images = convert_from_path(
            path.absolute(),
            dpi=resolution,
            first_page=number,
            last_page=number,
            use_cropbox=True,
            timeout=_SECONDS_PER_PAGE,
        )
    except (PDFInfoNotInstalledError, PDFPageCountError, PDFPopplerTimeoutError, PDFSyntaxError, OSError):
        return None
    # Of a page that it cannot draw, poppler leaves a picture of one pixel.
    return images[0] if len(images) == 1 and min(images[0].size) > 1 else None


def _drawn_by_pdfium(path: Path, number: int, resolution: int) -> Image.Image:
    with _page(path, number) as page:
        image: Image.Image = page.render(scale=resolution / _POINTS_PER_INCH, fill_color=(255, 255, 255, 255)).to_pil()
        return image.copy()


# ---------------------------------------------------------------- the page's own text


def _is_scan(page: Any) -> bool:
    from pypdfium2 import raw

    left, bottom, right, top = page.get_bbox()
    area = max(1.0, (right - left) * (top - bottom))
    for picture in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]):
        x0, y0, x1, y1 = picture.get_bounds()
        if (x1 - x0) * (y1 - y0) > _SCAN_SHARE * area:
            return True
    return False


def _words(page: Any) -> list[Word]:
    text_page = page.get_textpage()
    count = min(text_page.count_chars(), _MOST_CHARACTERS)
    characters = [(text_page.get_text_range(index, 1), index) for index in range(count)]
    words: list[Word] = []
    line = 0
    for is_text, run in groupby(characters, key=lambda character: _is_ink(character[0])):
        parts = list(run)
        text = "".join(character for character, _ in parts)
        if is_text:
            box = _box(page, [text_page.get_charbox(index) for _, index in parts])
            words.append(Word(text, box, _TEXT_CONFIDENCE, line))
        elif "\n" in text or "\r" in text:
            line += 1
    return words


def _is_ink(character: str) -> bool:
    return character.isprintable() and not character.isspace()


def _box(page: Any, corners: list[tuple[float, float, float, float]]) -> Box:
    """Turn boxes in points (left, bottom, right, top, as the page lies in the file) into one on the upright page."""
    left, bottom, right, top = page.get_bbox()
    width, height = max(right - left, 1e-6), max(top - bottom, 1e-6)
    x0 = (min(corner[0] for corner in corners) - left) / width
    x1 = (max(corner[2] for corner in corners) - left) / width
    y0 = (top - max(corner[3] for corner in corners)) / height
    y1 = (top - min(corner[1] for corner in corners)) / height
    for _ in range(page.get_rotation() // 90):
        x0, y0, x1, y1 = 1 - y1, x0, 1 - y0, x1
    return max(0.0, x0), max(0.0, y0), min(1.0, x1), min(1.0, y1)
