"""Text lines as the reader returns them, made into words with boxes: glyphs mended, lines in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import NamedTuple

from pipeline.reading_order import Rectangle, reading_order
from review_db.records import Box, Word

Quad = Sequence[Sequence[float]]
"""Four corners (x, y) in pixels, clockwise from top left as the text runs."""

_MENDED = {"℃": "°C", "℉": "°F", "º": "°", "˚": "°", "Ω": "Ω", "Å": "Å", "、": ",", "「": "", "」": ""}
_FULL_WIDTH = range(0xFF01, 0xFF5F)  # the full-width twins of ASCII
_IDEOGRAPHS = range(0x3400, 0xA000)
_POUNDS = re.compile(r"(?<![^\W\d_])Ib(?=s?(?![^\W_]))")  # "ft. Ibs" with a capital I is how the reader sees pounds
_SHORT = 2
_STRAY_SHARE = 0.3  # fewer ideographs than this among a page's letters are misread pieces of drawings


@dataclass(frozen=True, slots=True)
class OcrLine:
    """One line, or one table cell, as read: `words` are (text, score, quad or None) and may be broken."""

    text: str
    score: float
    quad: Quad
    words: Sequence[tuple[str, float, Quad | None]] = ()


class _Glyph(NamedTuple):
    """A character and the rectangle that it fills, in pixels; a space fills none."""

    text: str
    box: Rectangle | None
    score: float


def words_from_lines(lines: Sequence[OcrLine], width: int, height: int) -> list[Word]:
    """Return the words of a page of `width` x `height` pixels in reading order.

    Words are the space-separated tokens of each line; boxes are fractions of the page; `line` numbers the lines
    in reading order. Unit signs of one glyph become two letters, and ideographs that a drawing was misread as
    are dropped unless the page is written in them.
    """
    drop_ideographs = _ideograph_share(lines) < _STRAY_SHARE
    read = [(line, _tokens(_mended(_glyphs(line), drop_ideographs))) for line in lines]
    read = [(line, tokens) for line, tokens in read if tokens]
    slope = _slope(line.quad for line, _ in read)
    order = reading_order([_levelled(line.quad, slope) for line, _ in read], [line.text for line, _ in read])
    return [
        Word(text, _fraction(box, width, height), score, number)
        for number, position in enumerate(order)
        for text, box, score in read[position][1]
    ]


def supplemented(lines: Sequence[OcrLine], printed: Iterable[Word], width: int, height: int) -> list[OcrLine]:
    """Add what a PDF page carries as text where the reader saw nothing, and mend its one- or two-letter lines.

    Small signs stand alone in unit columns; the reader misses a degree sign there, or takes it for a zero.
    """
    bounds = [_bounds(line.quad) for line in lines]
    mended, added = list(lines), []
    for word in printed:
        x0, y0, x1, y1 = word.box[0] * width, word.box[1] * height, word.box[2] * width, word.box[3] * height
        x, y = (x0 + x1) / 2, (y0 + y1) / 2
        around = [n for n, box in enumerate(bounds) if box[0] <= x <= box[2] and box[1] <= y <= box[3]]
        if not around:
            added.append(OcrLine(word.text, word.confidence, [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]))
        elif max(len(word.text), len(lines[around[0]].text)) <= _SHORT:
            mended[around[0]] = replace(lines[around[0]], text=word.text, score=word.confidence, words=())
    return mended + added


# ---------------------------------------------------------------- characters and their boxes


def _glyphs(line: OcrLine) -> list[_Glyph]:
    """Return the characters of a line, each with its share of the word box that carries it."""
    spans = _spans_of_words(line)
    if spans is None:
        return _spread(line.text, _bounds(line.quad), line.score)
    remaining = iter(spans)
    return [_Glyph(" ", None, line.score) if character.isspace() else next(remaining) for character in line.text]


def _spans_of_words(line: OcrLine) -> list[_Glyph] | None:
    """Return a glyph for every character that is no space; None when the word boxes do not spell the line."""
    spans: list[_Glyph] = []
    for word in line.words:
        if len(word) != 3 or word[2] is None or len(word[2]) != 4:
            return None
        spans.extend(_spread(_without_spaces(word[0]), _bounds(word[2]), float(word[1])))
    spelled = "".join(glyph.text for glyph in spans)
    return spans if spans and spelled == _without_spaces(line.text) else None


def _without_spaces(text: str) -> str:
    return "".join(text.split())


def _spread(text: str, box: Rectangle, score: float) -> list[_Glyph]:
    """Share a box out among the characters of its text: across, or down where the text stands on end."""
    x0, y0, x1, y1 = box
    count = max(1, len(text))
    on_end = count > 1 and y1 - y0 > 1.5 * (x1 - x0)
    glyphs = []
    for position, character in enumerate(text):
        start, end = position / count, (position + 1) / count
        share = (
            (x0, y0 + start * (y1 - y0), x1, y0 + end * (y1 - y0))
            if on_end
            else (x0 + start * (x1 - x0), y0, x0 + end * (x1 - x0), y1)
        )
        glyphs.append(_Glyph(character, None if character.isspace() else share, score))
    return glyphs


def _mended(glyphs: Iterable[_Glyph], drop_ideographs: bool) -> list[_Glyph]:
    """Replace signs that only the reader writes; a doubled degree sign becomes one."""
    mended: list[_Glyph] = []
    for glyph in glyphs:
        text = _mended_sign(glyph.text, mended[-1].text if mended else "", drop_ideographs)
        if text.startswith("°") and mended and mended[-1].text == "°":
            text = text[1:]
        if text:
            mended.append(glyph._replace(text=text))
    return mended


def _mended_sign(sign: str, before: str, drop_ideographs: bool) -> str:
    if sign == "。":  # a degree sign in a unit column or after a number
        return "." if before.isalpha() else "°"
    if drop_ideographs and ord(sign) in _IDEOGRAPHS:
        return ""
    if ord(sign) in _FULL_WIDTH:
        return chr(ord(sign) - 0xFEE0)
    return _MENDED.get(sign, sign)


def _ideograph_share(lines: Iterable[OcrLine]) -> float:
    letters = [character for line in lines for character in line.text if character.isalnum()]
    return sum(ord(letter) in _IDEOGRAPHS for letter in letters) / len(letters) if letters else 0.0


def _tokens(glyphs: Iterable[_Glyph]) -> list[tuple[str, Rectangle, float]]:
    """Join glyphs between spaces into (text, box, lowest score)."""
    tokens = []
    for is_text, run in groupby(glyphs, key=lambda glyph: glyph.box is not None):
        parts = list(run)
        boxes = [glyph.box for glyph in parts if glyph.box is not None]
        if is_text:
            text = _POUNDS.sub("lb", "".join(glyph.text for glyph in parts))
            tokens.append((text, _union(boxes), min(glyph.score for glyph in parts)))
    return tokens


# ---------------------------------------------------------------- geometry


def _bounds(quad: Quad) -> Rectangle:
    xs, ys = [float(point[0]) for point in quad], [float(point[1]) for point in quad]
    return min(xs), min(ys), max(xs), max(ys)


def _union(boxes: Sequence[Rectangle]) -> Rectangle:
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def _fraction(box: Rectangle, width: int, height: int) -> Box:
    x0, y0, x1, y1 = (min(1.0, max(0.0, value / side)) for value, side in zip(box, (width, height) * 2, strict=True))
    return x0, y0, x1, y1


def _slope(quads: Iterable[Quad]) -> float:
    """Return how far lines fall per pixel to the right: the median of long lines, weighted by length."""
    falls = []
    for (ax, ay), (bx, by), (cx, cy), (dx, dy) in quads:
        length = (bx - ax + cx - dx) / 2
        if length > 4 * abs(dy - ay) > 0:
            falls.append(((by - ay + cy - dy) / 2 / length, length))
    half = sum(length for _, length in falls) / 2
    for fall, length in sorted(falls):
        half -= length
        if half <= 0:
            return fall if len(falls) >= 5 else 0.0
    return 0.0


def _levelled(quad: Quad, slope: float) -> Rectangle:
    """The rectangle around a line as if the page lay straight; columns are upright again, too."""
    return _bounds([(x + slope * y, y - slope * x) for x, y in quad])
