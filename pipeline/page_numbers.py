"""A second look at page numbers: single digits at the end of dotted lines are too small for the detector."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PIL import Image

from pipeline.engines.offline.index_pages import unread_columns
from pipeline.ocr_lines import OcrLine, words_from_lines

_ENLARGED = 3
_MARGIN = 0.012
"""White around a column that is read again, as a share of the page's width and height."""


def with_page_numbers(
    image: Image.Image, lines: list[OcrLine], read: Callable[[Image.Image], list[OcrLine]]
) -> list[OcrLine]:
    """The lines of a page; where an index page lacks numbers, its page column is read again, enlarged.

    `image` stands upright. What the second look finds takes the place of the column only if it has more digits.
    """
    width, height = image.size
    for box in unread_columns(words_from_lines(lines, width, height)):
        x0, y0 = max(0, int((box[0] - _MARGIN) * width)), max(0, int((box[1] - _MARGIN) * height))
        x1, y1 = min(width, int((box[2] + _MARGIN) * width)), min(height, int((box[3] + _MARGIN) * height))
        strip = image.crop((x0, y0, x1, y1))
        strip = strip.resize((strip.width * _ENLARGED, strip.height * _ENLARGED), Image.Resampling.LANCZOS)
        outside = [line for line in lines if not _lies_in(line, (x0, y0, x1, y1))]
        found = [_moved(line, x0, y0) for line in read(strip)]
        candidate = outside + [line for line in found if not any(_covers(other, line) for other in outside)]
        if _digits(candidate) > _digits(lines):
            lines = candidate
    return lines


def _digits(lines: Sequence[OcrLine]) -> int:
    return sum(character.isdigit() for line in lines for character in line.text)


def _bounds(line: OcrLine) -> tuple[float, float, float, float]:
    xs, ys = [point[0] for point in line.quad], [point[1] for point in line.quad]
    return min(xs), min(ys), max(xs), max(ys)


def _lies_in(line: OcrLine, box: tuple[int, int, int, int]) -> bool:
    x0, y0, x1, y1 = _bounds(line)
    return box[0] <= (x0 + x1) / 2 <= box[2] and box[1] <= (y0 + y1) / 2 <= box[3] and x0 > box[0] - 5


def _covers(other: OcrLine, line: OcrLine) -> bool:
    ax0, ay0, ax1, ay1 = _bounds(other)
    x0, y0, x1, y1 = _bounds(line)
    return ax0 <= (x0 + x1) / 2 <= ax1 and ay0 <= (y0 + y1) / 2 <= ay1


def _moved(line: OcrLine, x0: int, y0: int) -> OcrLine:
    def back(quad: Sequence[Sequence[float]]) -> list[tuple[float, float]]:
        return [(x / _ENLARGED + x0, y / _ENLARGED + y0) for x, y in quad]

    words = [(text, score, back(quad) if quad is not None else None) for text, score, quad in line.words]
    return replace(line, quad=back(line.quad), words=words)
