"""Tables with headings: columns, panels side by side, wrapped and inherited cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from pipeline.engines.offline.grid_heads import CAPTION, HEAD_WORD, head_rows, heads_over, is_anchor, late_heads, merged
from pipeline.engines.offline.layout import Line, Row, blocks_of, overlap, rows_of, union
from pipeline.engines.offline.running_text import SIGNAL, page_lines
from review_db.records import Box


@dataclass(slots=True)
class Cell:
    """One cell: its lines from top to bottom."""

    lines: list[Line] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The lines joined by spaces, leader dots dropped."""
        text = " ".join(line.text for line in self.lines)
        return re.sub(r"(?:\s*[.…·]){3,}\s*$|(?:\s[.·])+\s*$", "", text).strip()


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: headings of each column from top to bottom, and rows of cells (one for each column)."""

    heads: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str
    lines: frozenset[int] = frozenset()
    """The numbers of the page's lines that the table takes up, headings and all its panels."""


def grids_of(lines: Sequence[Line]) -> list[Grid]:
    """The tables of a page; panels that stand side by side under repeated headings are tables of their own."""
    rows = rows_of(_without_prose(page_lines(lines)))
    grids: list[Grid] = []
    number = 0
    while number < len(rows):
        if not is_anchor(rows[number]):
            number += 1
            continue
        first, end = head_rows(rows, number)
        last = _body_end(rows, end, rows[number])
        grids.extend(_table(rows, first, end, last))
        number = max(end, last)
    return grids


def _table(rows: Sequence[Row], first: int, end: int, last: int) -> list[Grid]:
    """The grids under the heading rows first..end, whose body goes up to `last` (exclusive)."""
    extent = union(row.box for row in rows[first:end])
    body = [row for row in (_within(row, extent) for row in rows[end:last]) if row.lines]
    taken = frozenset(line.number for row in [*rows[first:end], *body] for line in row.lines)
    if sum(len(merged(row.lines)) >= 2 for row in body) < 3:
        return []
    columns = _columns(body)
    if len(columns) < 2:
        return []
    late = late_heads(body)
    heads = heads_over([*rows[first:end], *body[:late]], columns)
    body = body[late:]
    caption = next((row.text for row in reversed(rows[max(0, first - 4) : first]) if CAPTION.match(row.text)), "")
    return [replace(grid, lines=taken) for grid in _panels(columns, heads, caption, body)]


def _body_end(rows: Sequence[Row], start: int, anchor: Row) -> int:
    """Where the body that begins at row `start` ends (exclusive): at a caption, wide text or a large gap."""
    height = anchor.box[3] - anchor.box[1]
    for number in range(start, len(rows)):
        row, above = rows[number], rows[number - 1]
        if CAPTION.match(row.text) or row.box[1] - above.box[3] > 4 * height or is_anchor(row):
            return number
        if len(row.lines) == 1 and (row.box[2] - row.box[0] > 0.4 or len(row.text.split()) > 9):
            return number
    return len(rows)


def _within(row: Row, extent: Box) -> Row:
    """The cells of a row that stand below the headings."""
    reach = (extent[0] - 0.04, extent[2] + 0.06)
    return Row(tuple(line for line in row.lines if reach[0] <= (line.box[0] + line.box[2]) / 2 <= reach[1]))


def _without_prose(lines: Sequence[Line]) -> list[Line]:
    """Lines outside paragraphs of running text: several lines of several words that mostly go on in lower case."""
    running: set[int] = set()
    for block in blocks_of(lines):
        words = sum(len(line.words) for line in block.lines)
        lower = sum(line.text[:1].islower() for line in block.lines[1:])
        if len(block.lines) >= 3 and words >= 4.5 * len(block.lines) and lower >= 0.4 * (len(block.lines) - 1):
            running.update(line.number for line in block.lines)
    return [line for line in lines if line.number not in running and not SIGNAL.match(line.text)]


def _columns(body: Sequence[Row]) -> list[tuple[float, float]]:
    """The horizontal extents of the columns: overlapping cells of the body joined, rare ones left out."""
    extents: list[list[float]] = []
    cells = [cell for row in body for cell in merged(row.lines)]
    for cell in sorted(cells, key=lambda line: line.width):
        span = (cell.box[0], cell.box[2])
        home = [extent for extent in extents if overlap((extent[0], extent[1]), span) > 0.3]
        if len(home) == 1:
            home[0][:] = [min(home[0][0], span[0]), max(home[0][1], span[1]), home[0][2] + 1]
        elif not home:
            extents.append([*span, 1])
    rows = sum(len(merged(row.lines)) >= 2 for row in body)
    return sorted((x0, x1) for x0, x1, count in extents if count >= max(2, 0.15 * rows))


def _column_of(line: Line, columns: Sequence[tuple[float, float]]) -> int:
    centre = (line.box[0] + line.box[2]) / 2
    shared = [overlap(column, (line.box[0], line.box[2])) for column in columns]
    best = max(range(len(columns)), key=lambda number: shared[number])
    if shared[best] > 0.3:
        return best
    return min(range(len(columns)), key=lambda number: abs(sum(columns[number]) / 2 - centre))


def _panels(
    columns: Sequence[tuple[float, float]], heads: list[list[str]], caption: str, body: Sequence[Row]
) -> list[Grid]:
    """One grid for each panel: headings that repeat the first column's, or another heading over all, start one."""
    first = next((number for number, head in enumerate(heads) if HEAD_WORD.search(" ".join(head))), 0)
    shared = len(heads) - first >= 4 and _top(heads, first) != "" and _top(heads, first) == _top(heads, first + 1)
    whole = _cells(body, columns, 0, len(columns))
    starts = [
        n
        for n in range(first, len(heads))
        if n == first or _starts(heads, n, first, shared) or _stands_alone(heads, whole, n, first)
    ]
    grids = []
    for start, end in zip(starts, [*starts[1:], len(columns)], strict=True):
        if end - start >= 2:
            part = tuple(tuple(head[shared:] or head) for head in heads[start:end])
            name = heads[start][0] if shared else caption
            grids.append(Grid(part, tuple(_cells(body, columns, start, end)), name))
    return grids


def _top(heads: Sequence[Sequence[str]], number: int) -> str:
    return heads[number][0].lower() if 0 <= number < len(heads) and heads[number] else ""


def _starts(heads: Sequence[Sequence[str]], number: int, first: int, shared: bool) -> bool:
    """Whether a column opens a new panel: its top heading is the first one again, or another one over several."""
    top = _top(heads, number)
    if not top or top == _top(heads, number - 1):
        return False
    return top == _top(heads, first) or (shared and top == _top(heads, number + 1))


def _stands_alone(heads: Sequence[Sequence[str]], rows: Sequence[tuple[Cell, ...]], number: int, first: int) -> bool:
    """Whether two columns under one heading have rows of their own, beside a table that is longer or shorter."""
    if number <= first or not _top(heads, number) or _top(heads, number) != _top(heads, number + 1):
        return False
    without_key = sum(not row[first].lines and bool(row[number].lines and row[number + 1].lines) for row in rows)
    only_key = sum(bool(row[first].lines) and not row[number].lines and not row[number + 1].lines for row in rows)
    return without_key >= 1 and only_key >= 1


def _cells(body: Sequence[Row], columns: Sequence[tuple[float, float]], start: int, end: int) -> list[tuple[Cell, ...]]:
    """Rows of one panel; a row with a single cell goes on with the row above it, and so does every row without a
    number where the rows are numbered."""
    keys = [line.text for row in body for line in merged(row.lines) if _column_of(line, columns) == start]
    counts = [int(key) for key in keys if key.isdigit()]
    numbered = len(counts) >= 4 and len(counts) >= 0.7 * len(keys) and counts == sorted(set(counts))
    rows: list[tuple[Cell, ...]] = []
    for row in body:
        cells = tuple(Cell() for _ in range(start, end))
        for line in merged(row.lines):
            column = _column_of(line, columns)
            if start <= column < end:
                cells[column - start].lines.append(line)
        if not any(cell.lines for cell in cells):
            continue
        if rows and not cells[0].lines and (numbered or sum(bool(cell.lines) for cell in cells) == 1):
            for old, new in zip(rows[-1], cells, strict=True):
                old.lines.extend(new.lines)
        else:
            rows.append(cells)
    return rows
