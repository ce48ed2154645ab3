"""Reads tables with a value column and a unit column (torque tables and their like) as blocks, one for each joint.

Rows inherit the joint and the type that stand above blank cells. A cell that runs over several lines is one cell. A
row that names a joint, type or screw without a value opens the stages that follow it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.engines.offline.layout import Line, Row, line_height, rows_of
from pipeline.engines.offline.measure_columns import NUMERIC, Columns, centre, measure_columns

_ROW_CODE = re.compile(r"^(\d{1,3}[A-Z]{1,3}|\d{1,3}[.)])(?:\s+|$)")
_GROUP = re.compile(r"^(\d{2})(?:\s(\d{2})\s*|(\d{2})\s+|(\d{2})(?=[A-Z][a-z]))(?=[A-Za-z])")
_RUNS_ON = re.compile(r"(?:^|\s)(?:with|to|of|for|and|in|on|acc\.?)$", re.I)


@dataclass(slots=True)
class Entry:
    """One value: the label in its own row, its cells, and what stands below it before the next stage."""

    label: list[Line]
    cells: dict[str, list[Line]]
    number: Line
    unit: Line | None
    after: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class Segment:
    """The values under one type: `cells` qualify them all; `staged` says that they follow each other as stages."""

    cells: dict[str, list[Line]]
    staged: bool
    entries: list[Entry] = field(default_factory=list)


@dataclass(slots=True)
class Block:
    """One joint: the group that it belongs to, its code, its name, its segments and the remarks below its name."""

    group: str
    title: str
    code: str
    joint: list[Line]
    segments: list[Segment] = field(default_factory=list)
    remarks: list[Line] = field(default_factory=list)


def measure_blocks(lines: Sequence[Line]) -> list[Block]:
    """The joints of a value-and-unit table from top to bottom; empty for a page without one."""
    rows = rows_of(lines)
    columns = measure_columns(rows)
    if columns is None:
        return []
    body = [row for row in rows if row.box[1] >= columns.top - 0.01]
    reader = _Reader(columns, min(line.box[0] for line in lines), _wrap(body, columns))
    for row in body:
        reader.read(row)
    return reader.blocks


def _wrap(rows: Sequence[Row], columns: Columns) -> float:
    """Below this distance of their middles two lines are one wrapped cell: less than rows with values are apart."""
    valued = [line.middle for row in rows for line in row.lines if abs(centre(line) - columns.value) < 0.03]
    steps = sorted(below - above for above, below in itertools.pairwise(valued))
    return (
        0.72 * steps[len(steps) // 4] if len(steps) >= 3 else 1.25 * line_height([x for row in rows for x in row.lines])
    )


class _Reader:
    """Reads rows from top to bottom and keeps what blank cells inherit."""

    def __init__(self, columns: Columns, left: float, wrap: float) -> None:
        self.columns, self.edge, self.wrap = columns, (left + columns.first) / 2, wrap
        self.qualifier = columns.others[0][0] if columns.others else ""
        self.blocks: list[Block] = []
        self.group, self.title = "", ""
        self.last: dict[str, Line] = {}

    def read(self, row: Row) -> None:
        """Take up one row."""
        name, cells = self._dealt(row)
        number, unit = cells.pop("value", None), cells.pop("unit", None)
        if number is not None and not NUMERIC.match(number.text):
            number = None
        if number is None and all(self._goes_on(key, line) for key, line in cells.items()):
            for key, line in cells.items():
                self._append(key, line)
            cells = {}
        self._take(name, cells, number, unit)
        self.last = {**self.last, **cells}
        if name:
            self.last["name"] = name[-1]

    def _dealt(self, row: Row) -> tuple[list[Line], dict[str, Line]]:
        """The lines of the name and the cells by column."""
        name: list[Line] = []
        cells: dict[str, Line] = {}
        for line in row.lines:
            known = [*self.columns.others, ("value", self.columns.value), ("unit", self.columns.unit)]
            if line.box[0] < self.edge:
                name.append(line)
            else:
                cells[min(known, key=lambda item: abs(item[1] - centre(line)))[0]] = line
        return name, cells

    def _goes_on(self, key: str, line: Line) -> bool:
        """Whether a cell stands right below the one above it in its column, as the next line of the same cell."""
        above = self.last.get(key)
        return above is not None and line.middle - above.middle < self.wrap

    def _append(self, key: str, line: Line) -> None:
        """Give a wrapped line to the cell that it goes on with."""
        segment = self.blocks[-1].segments[-1] if self.blocks and self.blocks[-1].segments else None
        home = segment.entries[-1].cells if segment and segment.entries else {}
        for cells in (home, segment.cells if segment else {}):
            if key in cells and cells[key][-1] is self.last.get(key):
                cells[key].append(line)
                break
        self.last[key] = line

    def _take(self, name: list[Line], cells: dict[str, Line], number: Line | None, unit: Line | None) -> None:
        text = " ".join(line.text for line in name)
        group, code = _GROUP.match(text), _ROW_CODE.match(text)
        if group and number is None and not cells:
            self.group, self.title = f"{group[1]} {group[2] or group[3] or group[4]}", text[group.end() :]
            self.blocks.append(Block(self.group, self.title, "", []))
        elif code:
            own = _without_code(name)
            self._open(code.group(1).rstrip(".)"), own)
            self._value([], cells, number, unit)
        elif text and self._is_joint(cells, number):
            self._open(self.blocks[-1].code if self.blocks else "", name)
            self._value([], cells, number, unit)
        elif number is not None or cells:
            remarks = name if number is None else []
            self._value(name if number is not None else [], cells, number, unit)
            self._remark(remarks)
        elif text:
            self._remark(name)

    def _is_joint(self, cells: dict[str, Line], number: Line | None) -> bool:
        """Whether a name without a code is a joint of its own, neither a stage nor a part of the joint above."""
        block = self.blocks[-1] if self.blocks else None
        if block is None or not (block.code or block.joint):
            return number is not None or bool(cells)
        if number is None:
            return bool(cells) and any(segment.entries for segment in block.segments)
        return not block.code and not any(segment.staged for segment in block.segments[-1:])

    def _open(self, code: str, joint: list[Line]) -> None:
        self.blocks.append(Block(self.group, self.title, code, joint))

    def _value(self, label: list[Line], cells: dict[str, Line], number: Line | None, unit: Line | None) -> None:
        """Take up the cells of a row under the joint in force: a segment of its own, or one more stage."""
        if not self.blocks or (number is None and not cells):
            return
        segments = self.blocks[-1].segments
        own = {key: [line] for key, line in cells.items()}
        staged = bool(segments) and segments[-1].staged and self.qualifier not in cells
        if number is None:
            segments.append(Segment(own, staged=True))
        elif staged:
            segments[-1].entries.append(Entry(label, own, number, unit))
        else:
            above = segments[-1].cells if segments and self.qualifier not in cells else {}
            inherited = {self.qualifier: above[self.qualifier]} if self.qualifier in above else {}
            segments.append(Segment({**inherited, **own}, staged=False, entries=[Entry(label, {}, number, unit)]))

    def _remark(self, name: list[Line]) -> None:
        """A line without cells: the rest of a label or title, what is done after a stage, or a remark on the joint."""
        if not name or not self.blocks:
            return
        block = self.blocks[-1]
        entry = block.segments[-1].entries[-1] if block.segments and block.segments[-1].entries else None
        if not block.joint and not block.segments and _RUNS_ON.search(self.title):
            self.title = block.title = f"{self.title} {' '.join(line.text for line in name)}"
        elif _is_open(block.joint) and self._goes_on("name", name[0]):
            block.joint.extend(name)
        elif entry and entry.label and entry.label[-1].text.endswith(":") and self._goes_on("name", name[0]):
            entry.label.extend(name)
        elif entry and block.segments[-1].staged:
            entry.after.extend(name)
        else:
            block.remarks.extend(name)


def _is_open(lines: Sequence[Line]) -> bool:
    """Whether a name opens a parenthesis that it does not close."""
    text = " ".join(line.text for line in lines)
    return text.count("(") > text.count(")")


def _without_code(name: Sequence[Line]) -> list[Line]:
    """The lines of a joint's name without the code before it, read apart or in one piece."""
    first = name[0]
    code = _ROW_CODE.match(first.text)
    if code is None or code.end() == len(first.text):
        return list(name[1:] if code else name)
    words = first.words[1:]
    return [Line(first.number, first.text[code.end() :], first.box, words), *name[1:]]
