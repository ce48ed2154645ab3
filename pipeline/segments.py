"""Text segments of a page and the white between them: lines, bands, gutters, columns.

All measures are in units of the page's usual text height, so no function here knows pixels.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

_WORD = re.compile(r"[^\W\d_]{2,}")

NARROWEST_GUTTER = 0.15
"""Readers pad their boxes, so columns that stand well apart may be parted by very little white."""

SAME_LINE = 0.45
"""Centres nearer than this stand on one line."""


class Segment(NamedTuple):
    """A piece of text that stands alone: one table cell, one line of a column, one label of a drawing."""

    x0: float
    y0: float
    x1: float
    y1: float
    text: str
    number: int

    @property
    def middle(self) -> float:
        """Height of the line's centre."""
        return (self.y0 + self.y1) / 2

    @property
    def word_count(self) -> int:
        """Number of real words; numbers and codes are none."""
        return len(_WORD.findall(self.text))

    @property
    def is_value(self) -> bool:
        """Whether this is a number, a code or a short mark rather than words."""
        letters = sum(character.isalpha() for character in self.text)
        return len(self.text) <= 4 or 2 * sum(character.isdigit() for character in self.text) >= letters


def flat(parts: Iterable[Iterable[Segment]]) -> list[Segment]:
    """Return the segments of all parts, in their order."""
    return list(chain.from_iterable(parts))


def text_lines(segments: Iterable[Segment]) -> list[list[Segment]]:
    """Cluster segments by the height of their centres, top to bottom; each line left to right."""
    lines: list[list[Segment]] = []
    for segment in sorted(segments, key=lambda s: s.middle):
        if lines and segment.middle - lines[-1][0].middle <= SAME_LINE:
            lines[-1].append(segment)
        else:
            lines.append([segment])
    return [sorted(line, key=lambda s: s.x0) for line in lines]


def bands(segments: Iterable[Segment]) -> list[list[Segment]]:
    """Split at horizontal white; a fifth of each height is shaved off, for boxes of neighbouring lines touch."""
    found: list[list[Segment]] = []
    bottom = float("-inf")
    for segment in sorted(segments, key=lambda s: s.y0):
        shave = 0.2 * min(1.0, segment.y1 - segment.y0)
        if segment.y0 + shave >= bottom:
            found.append([])
        found[-1].append(segment)
        bottom = max(bottom, segment.y1 - shave)
    return found


def gutters(segments: Sequence[Segment]) -> list[tuple[float, float]]:
    """Return the vertical white strips (x0, x1) that no segment crosses, left to right."""
    strips: list[tuple[float, float]] = []
    end: float | None = None
    for segment in sorted(segments, key=lambda s: s.x0):
        if end is not None and segment.x0 - end >= NARROWEST_GUTTER:
            strips.append((end, segment.x0))
        end = segment.x1 if end is None else max(end, segment.x1)
    return strips


def columns(segments: Sequence[Segment]) -> list[list[Segment]]:
    """Split at every gutter, left to right."""
    parts: list[list[Segment]] = [[]]
    starts = [strip[1] for strip in gutters(segments)]
    for segment in sorted(segments, key=lambda s: s.x0):
        if starts and segment.x0 >= starts[0]:
            parts.append([])
            starts.pop(0)
        parts[-1].append(segment)
    return parts


def is_prose(column: Sequence[Segment]) -> bool:
    """Tell whether a column carries running text: three lines or more of four or more words."""
    return sum(s.word_count >= 4 for s in column) >= 3


def is_values(column: Sequence[Segment]) -> bool:
    """Tell whether a column carries numbers, codes or short marks."""
    return sum(s.is_value for s in column) >= 0.6 * len(column)
