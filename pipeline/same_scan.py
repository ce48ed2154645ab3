"""Whether two pictures show one page: every place at which they were read differently must look the same.

A reader takes a 6 for a 0 in a smaller rendering, and pages of one form differ by a single digit; only the pictures of
that place tell the one from the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter
from rapidfuzz import fuzz

from review_db.records import Box, Word

ALIKE = 0.885
"""Correlation of two pieces a letter wide: above it in other renderings of one page, below it where a digit differs."""

READ_ALIKE = 0.6
"""The least share of letters and digits that was read alike at the same places."""

SIMILAR = 50
"""Percent; a word misread is still so similar to what it was read as the other time."""

_HEIGHT, _LETTER, _STEP = 48, 24, 8  # pixels of an enlarged word
_FURTHEST, _NEAR = 4, 1  # pixels by which a word may be moved, and a letter within its word
_MARGIN = 0.15  # of a word's height
_NOISE = 20.0  # grey levels; paper and specks are alike below it

_Pixels = NDArray[np.float64]


def read_differently(one: Sequence[Word], other: Sequence[Word]) -> tuple[list[Box], float]:
    """The boxes of words that the other reading lacks at their place, and the share of signs read alike."""
    lost = [*_unmatched(one, other), *_unmatched(other, one)]
    signs = sum(len(_plain(word.text)) for word in (*one, *other))
    return [word.box for word in lost], 1 - sum(len(_plain(word.text)) for word in lost) / max(1, signs)


def read_once(one: Sequence[Word], other: Sequence[Word]) -> list[Box]:
    """The boxes of words of two letters or more in place of which the other reading has nothing similar."""
    return [*_without_similar(one, other), *_without_similar(other, one)]


def look_alike(one: Image.Image, other: Image.Image, boxes: Sequence[Box]) -> bool:
    """Tell whether two pictures, however large each is, look the same at all of these places."""
    return all(_likeness(one, other, box) >= ALIKE for box in boxes)


def _unmatched(one: Sequence[Word], other: Sequence[Word]) -> Iterator[Word]:
    by_text: defaultdict[str, list[Word]] = defaultdict(list)
    for word in other:
        by_text[_plain(word.text)].append(word)
    for word in one:
        text = _plain(word.text)
        if text and not any(_same_place(word.box, twin.box) for twin in by_text[text]):
            yield word


def _without_similar(one: Sequence[Word], other: Sequence[Word]) -> Iterator[Box]:
    for word in _unmatched(one, other):
        text = _plain(word.text)
        near = (_plain(twin.text) for twin in other if _overlap(word.box, twin.box))
        if len(text) > 1 and all(fuzz.partial_ratio(text, twin) < SIMILAR for twin in near):
            yield word.box


def _overlap(one: Box, other: Box) -> bool:
    return max(one[0], other[0]) < min(one[2], other[2]) and max(one[1], other[1]) < min(one[3], other[3])


def _plain(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())


def _same_place(one: Box, other: Box) -> bool:
    height = one[3] - one[1]
    across = abs(one[0] + one[2] - other[0] - other[2]) / 2
    return across < 1.2 * height and abs(one[1] + one[3] - other[1] - other[3]) / 2 < 0.6 * height


def _likeness(one: Image.Image, other: Image.Image, box: Box) -> float:
    """The least correlation of the letters in a box, each moved to where it fits best."""
    first, second = _pieces(_crop(one, box), _crop(other, box))
    whole = (0, first.shape[1])
    down, right = max(_shifts(0, 0, _FURTHEST - _NEAR), key=lambda move: _fit(first, second, move, *whole))
    letters = range(_FURTHEST, max(_FURTHEST + 1, first.shape[1] - _FURTHEST - _LETTER + 1), _STEP)
    return min(
        max(_fit(first, second, move, start, start + _LETTER) for move in _shifts(down, right, _NEAR))
        for start in letters
    )


def _shifts(down: int, right: int, furthest: int) -> list[tuple[int, int]]:
    steps = range(-furthest, furthest + 1)
    return [(down + y, right + x) for y in steps for x in steps]


def _fit(one: _Pixels, other: _Pixels, move: tuple[int, int], start: int, end: int) -> float:
    """The correlation of the columns from `start` to `end` with those of the other piece that lie so much further."""
    down, right = move
    start, end = max(_FURTHEST, start), min(one.shape[1] - _FURTHEST, end)
    rows = slice(_FURTHEST, _HEIGHT - _FURTHEST)
    a = one[rows, start:end]
    b = other[_FURTHEST + down : _HEIGHT - _FURTHEST + down, start + right : end + right]
    a, b, noise = a - a.mean(), b - b.mean(), _NOISE**2 * a.size
    return float(((a * b).sum() + noise) / np.sqrt(((a * a).sum() + noise) * ((b * b).sum() + noise)))


def _crop(image: Image.Image, box: Box) -> Image.Image:
    x0, y0, x1, y1 = box
    down = _MARGIN * (y1 - y0)
    right = down * image.height / image.width
    width, height = image.size
    place = (
        int(max(0.0, x0 - right) * width),
        int(max(0.0, y0 - down) * height),
        min(width, int((x1 + right) * width) + 1),
        min(height, int((y1 + down) * height) + 1),
    )
    return image.crop(place).convert("L")


def _pieces(one: Image.Image, other: Image.Image) -> tuple[_Pixels, _Pixels]:
    """Both crops as sharp as the coarser one, cut to the height of their ink, in one size."""
    coarse = min(one.size, other.size)
    first, second = (crop.resize(coarse, Image.Resampling.BOX) for crop in (one, other))
    top, bottom = _inked_rows(np.minimum(np.asarray(first), np.asarray(second)))
    width = max(_LETTER, round(_HEIGHT * coarse[0] / (bottom - top))) + 2 * _FURTHEST
    return _enlarged(first, (0, top, coarse[0], bottom), width), _enlarged(second, (0, top, coarse[0], bottom), width)


def _inked_rows(grey: NDArray[np.uint8]) -> tuple[int, int]:
    """From which row to which (exclusive) there is ink, with a row of paper on either side."""
    middle = (int(grey.min()) + int(grey.max())) / 2
    rows = np.flatnonzero((grey < middle).any(axis=1))
    return (max(0, int(rows[0]) - 1), min(len(grey), int(rows[-1]) + 2)) if len(rows) else (0, len(grey))


def _enlarged(grey: Image.Image, place: tuple[int, int, int, int], width: int) -> _Pixels:
    inner = (width, _HEIGHT - 2 * _FURTHEST)
    piece = grey.crop(place).resize(inner, Image.Resampling.BICUBIC).filter(ImageFilter.GaussianBlur(0.7))
    return np.pad(np.asarray(piece, dtype=np.float64), ((_FURTHEST, _FURTHEST), (0, 0)), mode="edge")
