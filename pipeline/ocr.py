"""The words of a page image, read by rapidocr: one engine for the process, one page at a time."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata
from typing import Any

import numpy as np
from PIL import Image, ImageOps

from pipeline.images import is_blank
from pipeline.ocr_lines import OcrLine, Quad, supplemented, words_from_lines
from pipeline.page_numbers import with_page_numbers
from review_db.records import Word

__all__ = [
    "READER",
    "NothingReadError",
    "OcrLine",
    "PageReading",
    "read_page",
    "read_words",
    "words_from_lines",
]

_SETTINGS = {
    # The direction classifier turns short upright strings: it reads 990 as 066, with high confidence.
    "Global.use_cls": False,
    "Global.return_word_box": True,
    "Global.log_level": "critical",
}

READER = f"rapidocr-{metadata.version('rapidocr')}+upright+words1+numbers1"
"""Name, version and settings of the reader; words read under another name are read again."""

_TALL_SHARE = 0.5  # more lines on end than this: the page lies on its side
_DOUBTFUL_SCORE = 0.85  # upright pages score above 0.93, pages on their head below 0.75
_FEWEST_LINES = 5  # with fewer lines nothing can be said about the page's rotation

_lock = threading.Lock()


class NothingReadError(Exception):
    """Not one line was found on an image that is not blank."""


@dataclass(frozen=True, slots=True)
class PageReading:
    """Words of a page in the frame of the image as given; `rotation` quarter turns (counter-clockwise) came before."""

    words: list[Word]
    rotation: int


def read_words(image: Image.Image) -> list[Word]:
    """Return the words of an upright RGB image in reading order. Raises NothingReadError."""
    return read_page(image).words


def read_page(image: Image.Image, printed: Sequence[Word] = (), turned: int | None = None) -> PageReading:
    """Read a page, also one that lies on its side or stands on its head.

    `printed` are the words that its PDF carries as text; they fill in what the reader missed. `turned` gives the
    quarter turns (counter-clockwise) where a person knows them better than the reader. A blank image has no words.
    Raises NothingReadError when an image that is not blank yields no line, also with its contrast stretched.
    """
    if is_blank(image):
        return PageReading([], 0)
    given = image if turned is None else _turned(image, turned)
    lines = _lines_of(given) or ([] if printed else _lines_of(ImageOps.autocontrast(given, cutoff=1)))
    rotation, lines = _upright(image, lines) if turned is None else (turned % 4, lines)
    if rotation == 0:
        lines = supplemented(lines, printed, *image.size)
    if not lines:
        raise NothingReadError("no text was found on this page, although it is not blank")
    upright = _turned(image, rotation)
    words = words_from_lines(with_page_numbers(upright, lines, _lines_of), *upright.size)
    return PageReading([turned_back(word, rotation) for word in words], rotation)


def turned_back(word: Word, rotation: int) -> Word:
    """Move a word's box from an image turned by quarter turns (counter-clockwise) into the unturned image."""
    x0, y0, x1, y1 = word.box
    for _ in range(rotation % 4):
        x0, y0, x1, y1 = 1 - y1, x0, 1 - y0, x1
    return word._replace(box=(x0, y0, x1, y1))


def _upright(image: Image.Image, lines: list[OcrLine]) -> tuple[int, list[OcrLine]]:
    """Return the quarter turns that make the page readable, and its lines when so turned."""
    if len(lines) < _FEWEST_LINES:
        return 0, lines
    rotation = 0
    if sum(map(_stands_on_end, lines)) > _TALL_SHARE * len(lines):
        rotation, lines = 1, _lines_of(_turned(image, 1)) or lines
    if _mean_score(lines) < _DOUBTFUL_SCORE:
        other = _lines_of(_turned(image, rotation + 2))
        if other and _mean_score(other) > _mean_score(lines):
            return rotation + 2, other
    return rotation, lines


def _turned(image: Image.Image, rotation: int) -> Image.Image:
    if rotation % 4 == 0:
        return image
    turns = (Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_270)
    return image.transpose(turns[rotation % 4 - 1])


def _stands_on_end(line: OcrLine) -> bool:
    xs, ys = [point[0] for point in line.quad], [point[1] for point in line.quad]
    return len(line.text) > 1 and max(ys) - min(ys) > 1.5 * (max(xs) - min(xs))


def _mean_score(lines: Sequence[OcrLine]) -> float:
    """Return the mean score of a page's characters."""
    return sum(line.score * len(line.text) for line in lines) / max(1, sum(len(line.text) for line in lines))


@lru_cache(maxsize=1)
def _engine() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(params=_SETTINGS)


def _lines_of(image: Image.Image) -> list[OcrLine]:
    # Given a path, the reader returns nothing for a palette image; an array of blue, green, red it always reads.
    pixels = np.ascontiguousarray(np.asarray(image.convert("RGB"))[:, :, ::-1])
    with _lock:
        result = _engine()(pixels)
    if result.boxes is None or not result.txts:
        return []
    quads = [[(float(x), float(y)) for x, y in quad] for quad in result.boxes]
    return lines_from_result(result.txts, result.scores, quads, result.word_results or ())


def lines_from_result(
    texts: Sequence[str], scores: Sequence[float], quads: Sequence[Quad], word_results: Sequence[Any]
) -> list[OcrLine]:
    """Bring each line and its words together.

    The reader leaves lines without words out of `word_results`, so places do not match; it returns the words of a
    line with one word bare, not in a tuple, and an empty word without a box for none. Words belong to the first
    line that they spell and lie in; a line may remain without.
    """
    waiting = [[words] if words and isinstance(words[0], str) else list(words) for words in word_results]
    lines = []
    for text, score, quad in zip(texts, scores, quads, strict=True):
        own = next((words for words in waiting if _belong(words, text, quad)), [])
        if own:
            waiting.remove(own)
        lines.append(OcrLine(text, float(score), quad, own))
    return lines


def _belong(words: Sequence[tuple[str, float, Quad | None]], text: str, quad: Quad) -> bool:
    boxes = [box for _, _, box in words if box is not None and len(box) == 4]
    if not boxes or "".join("".join(word for word, _, _ in words).split()) != "".join(text.split()):
        return False
    x, y = (sum(float(point[axis]) for point in boxes[0]) / 4 for axis in (0, 1))
    xs, ys = [point[0] for point in quad], [point[1] for point in quad]
    return min(xs) <= x <= max(xs) and min(ys) <= y <= max(ys)
