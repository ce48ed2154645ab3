"""Where the lines and cells of a page stand, in units that let distances be compared."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from pipeline.checks import notation
from review_db.records import Word

LETTERS_PER_HEIGHT = 2.0


class Segment(NamedTuple):
    """A line or table cell as the reader found it; x and y count in text heights, so that distances compare."""

    x0: float
    y0: float
    x1: float
    y1: float
    words: tuple[int, ...]
    text: str


def segments_of(words: Sequence[Word]) -> list[Segment]:
    """The lines and cells of a page in the order of its words."""
    lines: dict[int, list[int]] = {}
    for index, word in enumerate(words):
        lines.setdefault(word.line, []).append(index)
    across, down = _scale(words)
    return [_segment(words, members, number, across, down) for number, members in enumerate(lines.values())]


def _segment(words: Sequence[Word], members: list[int], number: int, across: float, down: float) -> Segment:
    text = " ".join(notation.plain(words[index].text) for index in members)
    if not down:  # a text page has no boxes: its lines stand below each other
        return Segment(0.0, float(number), 1.0, number + 0.8, tuple(members), text)
    boxes = [words[index].box for index in members]
    return Segment(
        min(box[0] for box in boxes) / across,
        min(box[1] for box in boxes) / down,
        max(box[2] for box in boxes) / across,
        max(box[3] for box in boxes) / down,
        tuple(members),
        text,
    )


def _scale(words: Sequence[Word]) -> tuple[float, float]:
    """One text height as fractions of the page's width and height; (0, 0) where words have no boxes.

    The page's proportions are not known here; two letters are about as wide as a line is high.
    """
    boxed = [word for word in words if word.box[3] > word.box[1] and word.text]
    upright = [word for word in boxed if len(word.text) > 2] or boxed
    if not upright:
        return 0.0, 0.0
    down = median(word.box[3] - word.box[1] for word in upright)
    across = median((word.box[2] - word.box[0]) / len(word.text) for word in upright) * LETTERS_PER_HEIGHT
    return max(across, 1e-6), max(down, 1e-6)
