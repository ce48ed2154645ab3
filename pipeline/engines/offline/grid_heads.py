"""Heading rows of tables: what looks like a heading, how far it reaches, and what stands over each column."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.engines.offline.layout import Line, Row, overlap, union
from pipeline.engines.offline.running_text import SIGNAL
from pipeline.engines.offline.values import is_value

CAPTION = re.compile(r"^(?:table|tabelle|tabella)\s", re.I)

_WORD_GAP = 0.025
_NUMBERED_HEAD = re.compile(r"^\(\d{1,2}\)$")

_UNIT_HEAD = re.compile(
    r"^\W*(?:[1l]b\s?-?\s?ft|n\s?[-·•.]?\s?m|lb-in|mm²?|in\.|psi|kpa|bar|rpm|°c|°f|standard|metric)\W*$", re.I
)

HEAD_WORD = re.compile(
    r"\b(?:item|no\.|nos\.|number|name|part|cage|code|smr|description|qty|quantity|units?|size|torque|grade|speed|time"
    r"|step|terminal|pin|circuit|fuse|colou?r|wire|function|connector|metric|standard|awg|abbreviations?|measurement"
    r"|value|component|assembly|stock|reference|remarks|tools?|equipment|minutes|millimeter|threads|specifications?"
    r"|nominal|minimum|maximum|model|engine|type|dimension|capacity|fluid|lubricant|interval|temperature|resistance"
    r"|voltage|measure|between|correct|diagnosis|relay|location|signal|results?|readings?|action|indication|limits?"
    r"|clearance|diameter|intervals?|rating|protected|gauge|klemme|farbe|sicherung|wert|benennung|anzahl|cycle|page)\b|\bno$",
    re.I,
)


def late_heads(body: Sequence[Row]) -> int:
    """How many first rows of a body are headings after all: up to the last of three that holds nothing but units."""
    units = [n for n, row in enumerate(body[:3]) if all(_UNIT_HEAD.match(cell.text) for cell in _head_cells(row))]
    return units[-1] + 1 if units else 0


def is_anchor(row: Row) -> bool:
    """Whether a row is the heading row of a table: two headings or more, and nothing but headings."""
    cells = _head_cells(row)
    named = sum(bool(HEAD_WORD.search(cell.text)) for cell in cells)
    return named >= 2 and all(map(_looks_head, cells)) and not CAPTION.match(row.text)


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


def head_rows(rows: Sequence[Row], anchor: int) -> tuple[int, int]:
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
    return short and not CAPTION.match(row.text) and not SIGNAL.match(row.text)


def _goes_on(row: Row) -> bool:
    """Whether a row below the anchor still belongs to the headings: units, letters, parentheses, heading words."""
    cells = _head_cells(row)
    return bool(cells) and all(
        _UNIT_HEAD.match(cell.text)
        or re.fullmatch(r"[A-Za-z](?: [A-Z])*|\(.*|.*\)", cell.text)
        or (_looks_head(cell) and HEAD_WORD.search(cell.text))
        or (_looks_head(cell) and len(cells) == 1 and len(cell.words) <= 3 and not re.search(r"\d", cell.text))
        for cell in cells
    )


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


def heads_over(above: Sequence[Row], columns: Sequence[tuple[float, float]]) -> list[list[str]]:
    """Headings over each column from top to bottom.

    A heading that stands alone on its row belongs to columns that have but a unit or a letter below it.
    """
    heads: list[list[str]] = [[] for _ in columns]
    for row in reversed(above):
        cells = _one_a_column(_head_cells(row), columns)
        for number, column in enumerate(columns):
            cell = _over(column, cells, columns) if cells else None
            bare = all(_UNIT_HEAD.match(text) or len(text) == 1 for text in heads[number])
            direct = cell is not None and overlap(column, (cell.box[0], cell.box[2])) > 0
            if cell is None or cell.text in heads[number]:
                continue
            if len(cells) > 1 or (bare and (direct or heads[number])):
                heads[number].insert(0, cell.text)
    return heads


def _one_a_column(cells: Sequence[Line], columns: Sequence[tuple[float, float]]) -> list[Line]:
    """Headings with words that were read apart ("COARSE", "THREADS") but stand nearest to one column joined."""
    joined: list[Line] = []
    for cell in cells:
        if (
            joined
            and cell.box[0] - joined[-1].box[2] < _WORD_GAP
            and _nearest(joined[-1], columns) == _nearest(cell, columns)
        ):
            cell = _beside(joined.pop(), cell)
        joined.append(cell)
    return joined


def _nearest(cell: Line, columns: Sequence[tuple[float, float]]) -> int:
    centre = (cell.box[0] + cell.box[2]) / 2
    return min(range(len(columns)), key=lambda number: abs(sum(columns[number]) / 2 - centre))


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
