"""Tables with headings: columns, headings over them, panels side by side, wrapped and inherited cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.engines.offline.layout import Line, Row, blocks_of, overlap, rows_of, union
from pipeline.engines.offline.prose import SIGNAL, page_lines
from pipeline.engines.offline.values import is_value
from review_db.records import Box

_CAPTION = re.compile(r"^(?:table|tabelle|tabella)\s", re.I)
_NUMBERED_HEAD = re.compile(r"^\(\d{1,2}\)$")
_UNIT_HEAD = re.compile(
    r"^\W*(?:[1l]b\s?-?\s?ft|n\s?[-·•.]?\s?m|lb-in|mm²?|in\.|psi|kpa|bar|rpm|°c|°f|standard|metric)\W*$", re.I
)
_HEAD_WORD = re.compile(
    r"\b(?:item|no\.|nos\.|number|name|part|cage|code|smr|description|qty|quantity|units?|size|torque|grade|speed|time"
    r"|step|terminal|pin|circuit|fuse|colou?r|wire|function|connector|metric|standard|awg|abbreviations?|measurement"
    r"|value|component|assembly|stock|reference|remarks|tools?|equipment|minutes|millimeter|threads|specifications?"
    r"|nominal|minimum|maximum|model|engine|type|dimension|capacity|fluid|lubricant|interval|temperature|resistance"
    r"|voltage|measure|between|correct|diagnosis|relay|location|signal|rating|protected|gauge|klemme|farbe|sicherung"
    r"|wert|benennung|anzahl|cycle|page)\b|\bno$",
    re.I,
)


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


def grids_of(lines: Sequence[Line]) -> list[Grid]:
    """The tables of a page; panels that stand side by side under repeated headings are tables of their own."""
    rows = rows_of(_without_prose(page_lines(lines)))
    grids: list[Grid] = []
    number = 0
    while number < len(rows):
        if not _is_anchor(rows[number]):
            number += 1
            continue
        first, end = _head_rows(rows, number)
        last = _body_end(rows, end, rows[number])
        grids.extend(_table(rows, first, end, last))
        number = max(end, last)
    return grids


def _table(rows: Sequence[Row], first: int, end: int, last: int) -> list[Grid]:
    """The grids under the heading rows first..end, whose body goes up to `last` (exclusive)."""
    extent = union(row.box for row in rows[first:end])
    body = [row for row in (_within(row, extent) for row in rows[end:last]) if row.lines]
    if sum(len(merged(row.lines)) >= 2 for row in body) < 3:
        return []
    columns = _columns(body)
    if len(columns) < 2:
        return []
    late = _late_heads(body)
    heads = _heads([*rows[first:end], *body[:late]], columns)
    body = body[late:]
    caption = next((row.text for row in reversed(rows[max(0, first - 4) : first]) if _CAPTION.match(row.text)), "")
    return _panels(columns, heads, caption, body)


def _late_heads(body: Sequence[Row]) -> int:
    """How many first rows of a body are headings after all: up to the last of three that holds nothing but units."""
    units = [n for n, row in enumerate(body[:3]) if all(_UNIT_HEAD.match(cell.text) for cell in _head_cells(row))]
    return units[-1] + 1 if units else 0


# ---------------------------------------------------------------- heading rows and body rows


def _is_anchor(row: Row) -> bool:
    """Whether a row is the heading row of a table: two headings or more, and nothing but headings."""
    cells = _head_cells(row)
    named = sum(bool(_HEAD_WORD.search(cell.text)) for cell in cells)
    return named >= 2 and all(map(_looks_head, cells)) and not _CAPTION.match(row.text)


def _head_cells(row: Row) -> list[Line]:
    """The cells of a heading row: "GRADE" and "5" read apart are one, column numbers in parentheses are none."""
    cells: list[Line] = []
    for line in merged(row.lines, 0.004):
        if cells and re.fullmatch(r"\d{1,2}", line.text) and line.box[0] - cells[-1].box[2] < 0.02:
            line = _beside(cells.pop(), line)
        cells.append(line)
    return [cell for cell in cells if not _NUMBERED_HEAD.match(cell.text)]


def _looks_head(cell: Line) -> bool:
    """Whether a cell could be a heading: few words, no value, no end of a sentence."""
    text = cell.text
    short = len(text.split()) <= 5 and not is_value(text) and not text.endswith((".", ";", ",", ":"))
    return short or text.lower() in {"no.", "nos.", "in.", "qty."}


def _head_rows(rows: Sequence[Row], anchor: int) -> tuple[int, int]:
    """First and last (exclusive) heading row around an anchor row."""
    first, end = anchor, anchor + 1
    while first > 0 and anchor - first < 3 and _adjoins(rows[first - 1], rows[first]) and _extends(rows[first - 1]):
        first -= 1
    while end < len(rows) and end - anchor < 5 and _adjoins(rows[end - 1], rows[end]) and _goes_on(rows[end]):
        end += 1
    return first, end


def _adjoins(above: Row, below: Row) -> bool:
    return below.box[1] - above.box[3] < 1.3 * (below.box[3] - below.box[1])


def _extends(row: Row) -> bool:
    """Whether a row above the anchor belongs to the headings."""
    short = all(_looks_head(cell) and len(cell.words) <= 4 for cell in _head_cells(row))
    return short and not _CAPTION.match(row.text) and not SIGNAL.match(row.text)


def _goes_on(row: Row) -> bool:
    """Whether a row below the anchor still belongs to the headings: units, letters, parentheses, heading words."""
    cells = _head_cells(row)
    return bool(cells) and all(
        _UNIT_HEAD.match(cell.text)
        or re.fullmatch(r"[A-Za-z](?: [A-Z])*|\(.*|.*\)", cell.text)
        or (_looks_head(cell) and _HEAD_WORD.search(cell.text))
        or (_looks_head(cell) and len(cells) == 1 and len(cell.words) <= 3 and not re.search(r"\d", cell.text))
        for cell in cells
    )


def _body_end(rows: Sequence[Row], start: int, anchor: Row) -> int:
    """Where the body that begins at row `start` ends (exclusive): at a caption, wide text or a large gap."""
    height = anchor.box[3] - anchor.box[1]
    for number in range(start, len(rows)):
        row, above = rows[number], rows[number - 1]
        if _CAPTION.match(row.text) or row.box[1] - above.box[3] > 4 * height or _is_anchor(row):
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


# ---------------------------------------------------------------- columns and cells


def merged(lines: Sequence[Line], gap: float = 0.008) -> list[Line]:
    """Lines of a row, pieces of one cell (nearer than `gap` of the page width) joined."""
    cells: list[Line] = []
    for line in lines:
        if cells and line.box[0] - cells[-1].box[2] < gap:
            line = _beside(cells.pop(), line)
        cells.append(line)
    return cells


def _beside(left: Line, right: Line) -> Line:
    return Line(left.number, f"{left.text} {right.text}", union([left.box, right.box]), left.words + right.words)


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


def _heads(above: Sequence[Row], columns: Sequence[tuple[float, float]]) -> list[list[str]]:
    """Headings over each column from top to bottom.

    A heading that stands alone on its row belongs to columns that have but a unit or a letter below it.
    """
    heads: list[list[str]] = [[] for _ in columns]
    for row in reversed(above):
        cells = _head_cells(row)
        for number, column in enumerate(columns):
            cell = _over(column, cells, columns) if cells else None
            bare = all(_UNIT_HEAD.match(text) or len(text) == 1 for text in heads[number])
            direct = cell is not None and overlap(column, (cell.box[0], cell.box[2])) > 0
            if cell is None or cell.text in heads[number]:
                continue
            if len(cells) > 1 or (bare and (direct or heads[number])):
                heads[number].insert(0, cell.text)
    return heads


def _over(column: tuple[float, float], cells: Sequence[Line], columns: Sequence[tuple[float, float]]) -> Line | None:
    """The heading cell over a column: one that overlaps it, else the nearest one of several that span columns."""
    direct = [cell for cell in cells if overlap(column, (cell.box[0], cell.box[2])) > 0]
    if direct:
        return max(direct, key=lambda cell: overlap(column, (cell.box[0], cell.box[2])))
    if len(cells) >= len(columns):
        return None
    centre = sum(column) / 2
    nearest = min(cells, key=lambda cell: abs((cell.box[0] + cell.box[2]) / 2 - centre))
    near = abs((nearest.box[0] + nearest.box[2]) / 2 - centre) < 0.08
    return nearest if near and (centre > cells[0].box[0] or len(cells) == 1) else None


# ---------------------------------------------------------------- panels


def _panels(
    columns: Sequence[tuple[float, float]], heads: list[list[str]], caption: str, body: Sequence[Row]
) -> list[Grid]:
    """One grid for each panel: headings that repeat the first column's, or another heading over all, start one."""
    first = next((number for number, head in enumerate(heads) if _HEAD_WORD.search(" ".join(head))), 0)
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
