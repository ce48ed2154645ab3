"""Pure geometry over the words of one page: lines, rows, gutters, columns, blocks and page measures.

All lengths are fractions of the page: x of its width, y of its height. A line is what the reader recognised
as one segment, which for a table is one cell, so rows and columns are found from lines, never from words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from review_db.records import Box, Word

SAME_ROW = 0.45
"""Centres nearer than this many line heights stand in one row."""

NUMERIC = re.compile(r"^[\W_]*\d[\d\s.,:/()+\-–±°*x×\"']*[^\W\d_]{0,3}\W*$")
"""A cell that is a value: digits with at most a short unit behind them."""


@dataclass(frozen=True, slots=True)
class Line:
    """One recognised segment: its words left to right, their text joined by spaces, the box around them."""

    number: int
    text: str
    box: Box
    words: tuple[Word, ...]

    @property
    def height(self) -> float:
        """Height of the segment as a fraction of the page height."""
        return self.box[3] - self.box[1]

    @property
    def width(self) -> float:
        """Width of the segment as a fraction of the page width."""
        return self.box[2] - self.box[0]

    @property
    def middle(self) -> float:
        """Vertical centre as a fraction of the page height."""
        return (self.box[1] + self.box[3]) / 2


@dataclass(frozen=True, slots=True)
class Row:
    """Lines at one height, left to right: the cells of a table row, or one text line per column."""

    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        """The cells' texts joined by one space."""
        return " ".join(line.text for line in self.lines)

    @property
    def box(self) -> Box:
        """The box around all cells."""
        return union(line.box for line in self.lines)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph: lines that follow each other closely in one column."""

    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        """The lines' texts joined by one space; a hyphen at a line's end is kept as printed."""
        return " ".join(line.text for line in self.lines)

    @property
    def box(self) -> Box:
        """The box around all lines."""
        return union(line.box for line in self.lines)


@dataclass(frozen=True, slots=True)
class Measures:
    """What a page looks like in numbers; shares are 0 to 1."""

    words: int
    numeric: float
    """Share of the upright lines that are a value."""
    in_wide_rows: float
    """Share of the upright lines that stand in a row of three cells or more."""
    turned: float
    """Share of all lines that run up or down the page."""
    line_height: float
    """Usual height of an upright line as a fraction of the page height."""


def union(boxes: Iterable[Box]) -> Box:
    """The smallest box around all of `boxes` (at least one)."""
    x0, y0, x1, y1 = zip(*boxes, strict=True)
    return min(x0), min(y0), max(x1), max(y1)


def overlap(first: tuple[float, float], second: tuple[float, float]) -> float:
    """Length of the common part of two intervals, as a share of the shorter one (0 when they do not meet)."""
    common = min(first[1], second[1]) - max(first[0], second[0])
    shorter = min(first[1] - first[0], second[1] - second[0])
    return max(0.0, common / shorter) if shorter > 0 else 0.0


def lines_of(words: Sequence[Word]) -> list[Line]:
    """Group words with the same `.line` into lines, in the reading order of `words`."""
    grouped: dict[int, list[Word]] = {}
    for word in words:
        if word.text.strip():
            grouped.setdefault(word.line, []).append(word)
    return [_line(number, members) for number, members in grouped.items()]


def _line(number: int, words: list[Word]) -> Line:
    return Line(number, " ".join(word.text for word in words), union(word.box for word in words), tuple(words))


def letter_width(lines: Sequence[Line]) -> float:
    """Usual width of a letter over the height of its line, both as fractions of the page (0.2 to 1.0).

    It holds the shape of the page, which words do not tell: letters of a wide page look narrow in fractions.
    """
    ratios = [line.width / (len(line.text) * line.height) for line in lines if len(line.text) >= 6 and line.height]
    plausible = [ratio for ratio in ratios if 0.2 <= ratio <= 1.0]
    return median(plausible) if len(plausible) * 2 >= len(ratios) and plausible else 0.5


def is_turned(line: Line, letter: float = 0.5) -> bool:
    """Whether a line of three letters or more runs up or down the page; `letter` is the page's `letter_width`."""
    return len(line.text) > 2 and line.width < 0.5 * letter * len(line.text) * line.height


def upright(lines: Iterable[Line]) -> list[Line]:
    """The lines that read from left to right."""
    lines = list(lines)
    letter = letter_width(lines)
    return [line for line in lines if not is_turned(line, letter)]


def line_height(lines: Sequence[Line]) -> float:
    """Median height of the upright lines; 0.012 for a page without any."""
    heights = [line.height for line in upright(lines)]
    return median(heights) if heights else 0.012


def rows_of(lines: Sequence[Line], tolerance: float = SAME_ROW) -> list[Row]:
    """Cluster lines into rows by vertical centre, top to bottom; cells of a row go left to right.

    A line joins the row above while its centre is within `tolerance` line heights of the row's mean, so that
    slight skew does not tear a row apart.
    """
    reach = tolerance * line_height(lines)
    rows: list[list[Line]] = []
    mean = 0.0
    for line in sorted(lines, key=lambda line: line.middle):
        if rows and line.middle - mean <= reach:
            rows[-1].append(line)
            mean += (line.middle - mean) / len(rows[-1])
        else:
            rows.append([line])
            mean = line.middle
    return [Row(tuple(sorted(row, key=lambda line: line.box[0]))) for row in rows]


def gutters_of(
    lines: Sequence[Line], *, width: float = 0.012, crossed: float = 0.03, beside: int = 4
) -> list[tuple[float, float]]:
    """Vertical strips (x0, x1), left to right, that at most a share `crossed` of the lines reaches into.

    A strip is at least `width` wide and has at least `beside` lines on either side.
    """
    edges = [(line.box[0], 1) for line in lines] + [(line.box[2], -1) for line in lines]
    strips: list[tuple[float, float]] = []
    reaching, since = 0, 0.0
    for x, step in sorted(edges):
        free, reaching = reaching <= crossed * len(lines), reaching + step
        if free and reaching > crossed * len(lines):
            strips.append((since, x))
        elif not free and reaching <= crossed * len(lines):
            since = x
    wide = [strip for strip in strips if strip[1] - strip[0] >= width]
    return [strip for strip in wide if _has_both_sides(lines, strip, beside)]


def _has_both_sides(lines: Sequence[Line], strip: tuple[float, float], beside: int) -> bool:
    left = sum((line.box[0] + line.box[2]) / 2 <= strip[0] for line in lines)
    right = sum((line.box[0] + line.box[2]) / 2 >= strip[1] for line in lines)
    return min(left, right) >= beside


def columns_of(lines: Sequence[Line], gutters: Sequence[tuple[float, float]]) -> list[list[Line]]:
    """Deal lines into the columns between `gutters` by their horizontal centre; order within one is kept."""
    columns: list[list[Line]] = [[] for _ in range(len(gutters) + 1)]
    cuts = [(x0 + x1) / 2 for x0, x1 in gutters]
    for line in lines:
        centre = (line.box[0] + line.box[2]) / 2
        columns[sum(centre > cut for cut in cuts)].append(line)
    return columns


def blocks_of(lines: Sequence[Line], gap: float = 0.9) -> list[Block]:
    """Group lines into paragraphs, top to bottom and left to right by their first line.

    A line continues the paragraph above it when the white between them is below `gap` line heights, they lie
    over each other by at least half of the shorter one, and their heights differ by less than half.
    """
    paragraphs: list[list[Line]] = []
    for row in rows_of(lines):
        for line in row.lines:
            above = [paragraph for paragraph in paragraphs if _continues(paragraph[-1], line, gap)]
            if above:
                max(above, key=lambda paragraph: paragraph[-1].box[3]).append(line)
            else:
                paragraphs.append([line])
    return [Block(tuple(paragraph)) for paragraph in paragraphs]


def _continues(above: Line, line: Line, gap: float) -> bool:
    low, high = sorted((above.height, line.height))
    white = line.box[1] - above.box[3]
    return (
        high < 1.5 * low
        and -0.6 * low < white < gap * high
        and line.middle > above.middle + 0.4 * low
        and overlap((above.box[0], above.box[2]), (line.box[0], line.box[2])) >= 0.5
    )


def measures(lines: Sequence[Line]) -> Measures:
    """Count what a page looks like; a page without lines measures 0 everywhere."""
    level = upright(lines)
    total = max(1, len(level))
    wide_rows = [row for row in rows_of(level) if len(row.lines) >= 3]
    return Measures(
        words=sum(len(line.words) for line in lines),
        numeric=sum(bool(NUMERIC.match(line.text)) for line in level) / total,
        in_wide_rows=sum(len(row.lines) for row in wide_rows) / total,
        turned=(len(lines) - len(level)) / max(1, len(lines)),
        line_height=line_height(lines),
    )
