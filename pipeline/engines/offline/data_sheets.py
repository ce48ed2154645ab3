"""Pairs from data sheets: labels on the left, a column of units, and one column of values for each model or version."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.engines.offline.asking import Asked, asked
from pipeline.engines.offline.layout import Line, Row, overlap, rows_of
from pipeline.engines.offline.measure_columns import UNIT_CELL
from pipeline.engines.offline.topics import lowered
from pipeline.engines.offline.values import NUMBER

_FEWEST = 4
"""Rows with a value under the same headings that make a data sheet."""

_REACH = 0.03
"""So far beside its heading a value may stand, as a share of the page width."""

_UNIT_HEAD = re.compile(r"^(?:units?|einheit|unit[àa]|dim(?:ension|\.)?)$", re.I)
_LEADERS = re.compile(r"[\s.…·:]+$")
_STARS = re.compile(r"\*+\)?$")
_NOTE = re.compile(r"^(\*+)\)?\s*(\S.*)$")
_VALUE = re.compile(rf"^{NUMBER}(?:\s*\({NUMBER}\))?$")
_PAIRED = re.compile(rf"^({NUMBER})\s*\(({NUMBER})\)$")
_TWO_UNITS = re.compile(r"^(\S+)\s*\((\S+)\)$")


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The headings of the value columns, the heading of the unit column, and the rows below them."""

    heads: tuple[Line, ...]
    unit: Line
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class _Datum:
    """One row: its label, the label of its group, its unit and the cell under each heading (None where blank)."""

    label: Line
    group: str
    unit: Line | None
    values: tuple[Line | None, ...]


def data_sheet_pairs(lines: Sequence[Line], name: str) -> tuple[list[Asked], list[Line]]:
    """The pairs of a data sheet, and the lines outside it; no pairs for a page without one or without a name."""
    rows = rows_of(lines)
    for number in range(len(rows)):
        sheet = _sheet(rows, number) if name else None
        if sheet is not None:
            data = list(_data(sheet))
            if sum(any(datum.values) for datum in data) >= _FEWEST:
                taken = {line.number for row in rows[number : number + 1 + len(sheet.rows)] for line in row.lines}
                notes = {line.number for line in lines if _NOTE.match(line.text)}
                pairs = [item for datum in data for item in _pairs(datum, sheet, lines, name)]
                return pairs, [line for line in lines if line.number not in taken | notes]
    return [], list(lines)


def _sheet(rows: Sequence[Row], number: int) -> _Sheet | None:
    """The sheet under a heading row that names a unit column and at least one column of values, else None."""
    row = rows[number]
    unit = next((line for line in row.lines if _UNIT_HEAD.match(line.text)), None)
    heads = tuple(line for line in row.lines if line is not unit and line.box[0] > 0.3 and _is_head(line))
    if unit is None or not heads or not all(unit.box[2] < head.box[0] for head in heads):
        return None
    below = []
    for other in rows[number + 1 :]:
        if len(other.lines) == 1 and len(other.text.split()) > 9:
            break
        below.append(other)
    return _Sheet(heads, unit, tuple(below))


def _is_head(line: Line) -> bool:
    return len(line.words) <= 4 and not _VALUE.match(line.text) and bool(re.search(r"[A-Za-z]", line.text))


def _data(sheet: _Sheet) -> Iterator[_Datum]:
    """The rows with values; a label without any names the group of the rows that stand further right below it."""
    group: Line | None = None
    for row in sheet.rows:
        label, cells = row.lines[0], row.lines[1:]
        if label.box[2] > sheet.unit.box[0] - 0.01 or not re.search(r"[A-Za-z]{3}", label.text):
            continue
        if not cells:
            group = label if len(label.words) <= 6 else None
            continue
        unit = next((cell for cell in cells if _under(cell, sheet.unit)), None)
        values = tuple(_only([cell for cell in cells if _under(cell, head)]) for head in sheet.heads)
        known = [cell for cell in (unit, *values) if cell is not None]
        if len(known) == len(cells) and len(label.words) <= 10:
            above = group if group is not None and group.box[0] < label.box[0] - 0.006 else None
            yield _Datum(label, above.text.strip(" :.") if above else "", unit, values)


def _under(cell: Line, head: Line) -> bool:
    return overlap((head.box[0] - _REACH, head.box[2] + _REACH), (cell.box[0], cell.box[2])) > 0.5


def _only(cells: Sequence[Line]) -> Line | None:
    return cells[0] if len(cells) == 1 else None


def _pairs(datum: _Datum, sheet: _Sheet, lines: Sequence[Line], name: str) -> Iterator[Asked]:
    printed = _LEADERS.sub("", datum.label.text)
    stars = _STARS.search(printed)
    label = _LEADERS.sub("", _STARS.sub("", printed))
    subject = f"{lowered(label)} ({lowered(datum.group)})" if datum.group else lowered(label)
    for head, cell in zip(sheet.heads, datum.values, strict=True):
        answer = _answer(cell.text, datum.unit.text if datum.unit else "") if cell else ""
        if cell is not None and answer:
            words = [*datum.label.words, *(datum.unit.words if datum.unit else ()), *cell.words]
            item = asked(f"In {name}, what is the {subject} for {head.text}", answer, "factual", words, 0)
            yield from (item,) if item else ()
    if stars:
        yield from _note(stars.group().count("*"), subject, lines, name)


def _note(stars: int, subject: str, lines: Sequence[Line], name: str) -> Iterator[Asked]:
    """What the footnote with as many stars says."""
    for line in lines:
        note = _NOTE.match(line.text)
        if note and len(note[1]) == stars:
            question = f"In {name}, what does the footnote to the {subject} say"
            item = asked(question, note[2], "factual", line.words, 2)
            yield from (item,) if item else ()


def _answer(value: str, unit: str) -> str:
    """Value and unit as one; empty where they do not fit together.

    "280 (11.024)" under "mm (in.)" is "280 mm (11.024 in.)"; "2 to 5 / 5" under "bar / min" is "2 to 5 bar / 5 min".
    """
    value = value.strip(" *")
    if not unit:
        return value if re.search(r"\w{2}|\d", value) else ""
    if not UNIT_CELL.match(unit) and "/" not in unit:
        return ""
    two, both = _TWO_UNITS.match(unit), _PAIRED.match(value)
    if two and both:
        return f"{both[1]} {two[1]} ({both[2]} {two[2]})"
    parts, units = value.split(" / "), unit.split(" / ")
    if len(units) > 1 or len(parts) > 1:
        same = len(units) == len(parts) and all(_VALUE.match(part) for part in parts)
        return " / ".join(f"{part} {one}" for part, one in zip(parts, units, strict=True)) if same else ""
    return f"{value} {two[1] if two else unit}" if _VALUE.match(value) else ""
