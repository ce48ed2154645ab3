"""Pages that were scanned askew, on their side or on their head: boxes as if the page stood straight, and back.

Only for judging where things stand to each other; boxes that people see stay in the frame of the stored image.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import median
from typing import NamedTuple

from review_db.records import Box, Word

_LETTER = 0.5
"""Usual width of a letter over the height of its line; it tells the shape of the page, which boxes do not."""

_SHORTEST, _FEWEST = 0.12, 5
"""Only lines longer than this share of the page's width show its slope, and only so many of them together."""

_FELT = 0.4
"""Text heights that a line must fall over the page's width; less tears no row apart."""

_STEEPEST = 0.25


class Levelling(NamedTuple):
    """How a page lies: `way` its lines run (right, left, down, up), and, so turned, how far they fall.

    `fall` is in page heights over the page's width, `lean` in page widths over its height: the same angle for the other
    axis.
    """

    way: str = "right"
    fall: float = 0.0
    lean: float = 0.0

    def level(self, words: Sequence[Word]) -> list[Word]:
        """The words with boxes as if the page lay straight; those of a straight page as they are."""
        if self == Levelling():
            return list(words)
        return [word._replace(box=self._straightened(_TURNED[self.way](word.box))) for word in words]

    def back(self, box: Box) -> Box:
        """The box in the stored image around what a straightened box holds."""
        if self == Levelling():
            return box
        x0, y0, x1, y1 = (edge - 0.5 for edge in box)
        whole = 1 + self.lean * self.fall
        corners = [
            ((x - self.lean * y) / whole + 0.5, (y + self.fall * x) / whole + 0.5) for x in (x0, x1) for y in (y0, y1)
        ]
        xs, ys = zip(*corners, strict=True)
        return _clipped(_BACK[self.way]((min(xs), min(ys), max(xs), max(ys))))

    def _straightened(self, box: Box) -> Box:
        """The box moved; what a slanting word adds to its height is taken off again."""
        x, y = _centre(box)
        across, down = (box[2] - box[0]) / 2, (box[3] - box[1]) / 2
        down = max(0.5 * down, down - abs(self.fall) * across)
        x, y = x + self.lean * (y - 0.5), y - self.fall * (x - 0.5)
        return x - across, y - down, x + across, y + down


def levelling_of(words: Sequence[Word]) -> Levelling:
    """How a page lies, told by how most of its lines of several words run."""
    lines = [line for line in _lines(words) if len(line) > 1 and sum(len(word.text) for word in line) > 4]
    ways = Counter(map(_way, lines))
    way = ways.most_common(1)[0][0] if ways else "right"
    turned = [[word._replace(box=_TURNED[way](word.box)) for word in line] for line in lines if _way(line) == way]
    fall, shape = _fall(turned), _shape(word for line in turned for word in line)
    return Levelling(way, fall, fall * shape * shape)


def _lines(words: Iterable[Word]) -> list[list[Word]]:
    lines: dict[int, list[Word]] = {}
    for word in words:
        if word.text.strip():
            lines.setdefault(word.line, []).append(word)
    return list(lines.values())


def _way(line: Sequence[Word]) -> str:
    """Where a line's words lead: right, left, down or up."""
    (ax, ay), (bx, by) = _centre(line[0].box), _centre(line[-1].box)
    if abs(bx - ax) >= abs(by - ay):
        return "right" if bx >= ax else "left"
    return "down" if by > ay else "up"


def _centre(box: Box) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def _fall(lines: Sequence[Sequence[Word]]) -> float:
    """The usual fall of the longer lines; 0 where it is too little to matter or the lines do not agree."""
    falls = []
    for line in lines:
        (ax, ay), (bx, by) = _centre(line[0].box), _centre(line[-1].box)
        if bx - ax > _SHORTEST:
            falls.append((by - ay) / (bx - ax))
    if len(falls) < _FEWEST:
        return 0.0
    usual = median(falls)
    height = median(word.box[3] - word.box[1] for line in lines for word in line)
    agree = median(abs(fall - usual) for fall in falls) < 0.5 * abs(usual)
    return usual if agree and _FELT * height < abs(usual) < _STEEPEST else 0.0


def _shape(words: Iterable[Word]) -> float:
    """Height of the page over its width, from the shape of its letters."""
    ratios = [
        (word.box[2] - word.box[0]) / (len(word.text) * (word.box[3] - word.box[1]))
        for word in words
        if len(word.text) >= 4 and word.box[3] > word.box[1]
    ]
    return min(2.0, max(0.5, median(ratios) / _LETTER)) if ratios else 1.0


# ---------------------------------------------------------------- quarter turns


def _as_it_is(box: Box) -> Box:
    return box


def _a_quarter(box: Box) -> Box:
    return box[1], 1 - box[2], box[3], 1 - box[0]


def _a_half(box: Box) -> Box:
    return 1 - box[2], 1 - box[3], 1 - box[0], 1 - box[1]


def _three_quarters(box: Box) -> Box:
    return 1 - box[3], box[0], 1 - box[1], box[2]


def _clipped(box: Box) -> Box:
    x0, y0, x1, y1 = (min(1.0, max(0.0, edge)) for edge in box)
    return x0, y0, x1, y1


_TURNED = {"right": _as_it_is, "down": _a_quarter, "left": _a_half, "up": _three_quarters}
_BACK = {"right": _as_it_is, "down": _three_quarters, "left": _a_half, "up": _a_quarter}
