"""Where the lines and cells of a page stand, in units that let distances be compared."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp
from statistics import median
from typing import NamedTuple

from pipeline.checks import notation
from pipeline.checks.levelling import levelling_of
from review_db.records import Word

LETTERS_PER_HEIGHT = 2.0

# Tuned on real pages, where each may vary by half without much effect; lengths count in text heights.
REACH = 4.0  # nearness falls to 37 % over this distance
ROW_STEP = 0.04  # a step along a row, as a share of a step to the next line
SIDE_STEP = 0.35  # a step sideways to another row
SAME_ROW = 0.35  # centres nearer than this stand on one row


class Segment(NamedTuple):
    """A line or table cell as the reader found it; x and y count in text heights, so that distances compare."""

    x0: float
    y0: float
    x1: float
    y1: float
    words: tuple[int, ...]
    text: str


def segments_of(words: Sequence[Word]) -> list[Segment]:
    """The lines and cells of a page in the order of its words, placed as if it had been scanned straight."""
    lines: dict[int, list[int]] = {}
    for index, word in enumerate(words):
        lines.setdefault(word.line, []).append(index)
    level = levelling_of(words).level(words)
    across, down = _scale(level)
    return [_segment(level, members, number, across, down) for number, members in enumerate(lines.values())]


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


def distance(one: Segment, other: Segment) -> float:
    """How far apart two segments stand; the cells of a row are nearer than those of neighbouring rows."""
    across = one.x0 - other.x1 if one.x0 > other.x0 else other.x0 - one.x1
    middles, heights = one.y0 + one.y1 - other.y0 - other.y1, one.y1 - one.y0 - other.y1 + other.y0
    down = (abs(middles) - abs(heights)) / 2
    if down < 0.0:
        down = 0.0
    if across <= 0.0:
        return down
    return down + (ROW_STEP if down < SAME_ROW else SIDE_STEP) * across


class Nearness(dict[int, float]):
    """How near each segment of a page is to one of them: 1 for itself, falling towards 0; worked out when asked for."""

    def __init__(self, segments: Sequence[Segment], centre: int) -> None:
        super().__init__()
        self._segments, self._centre = segments, segments[centre]

    def __missing__(self, other: int) -> float:
        near = exp(-distance(self._centre, self._segments[other]) / REACH)
        self[other] = near
        return near
