"""Pairs from tables with a value column and a unit column: torque tables and their like.

Rows inherit the joint, the type and the screw that stand above blank cells. A unit column is read as a label: where it
says "Nm (ft. lbs.)" the value beside it is in Nm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.engines.offline.asking import Asked, asked
from pipeline.engines.offline.layout import Line, Row, rows_of
from pipeline.engines.offline.topics import sentence_case
from pipeline.engines.offline.values import NUMBER
from pipeline.engines.offline.verbs import NOUNS_TOO, is_order
from review_db.records import Word

_UNIT_HEAD = re.compile(r"^(?:units?|einheit|unit[àa])$", re.I)
_VALUE_HEAD = re.compile(
    r"^(?:measure|dimension?|value|torque|specification|wert|ma[sß]+|valore|tightening torque)\b", re.I
)
_ROW_CODE = re.compile(r"^(\d{1,3}[A-Z]{1,3}|\d{1,3}[.)])(?:\s+|$)")
_GROUP = re.compile(r"^(\d{2})\s?(\d{2})\s+(?=\S)")
_NUMERIC = re.compile(rf"^{NUMBER}\*?$")
_CONVERSION = re.compile(r"\s*\((?:ft|f|in)\.?\s*[lI]bs?\.?\)\s*$", re.I)
_RUN_TOGETHER = re.compile(r"\d\.\d{2,}\.\d")
"""A size and a grade that were read as one number ("M12x1.512.9")."""

_RUNS_ON = re.compile(r"(?:^|\s)(?:with|to|of|for|and|in|on|acc\.?)$", re.I)
_ANGLE = re.compile(r"\bangle\b|winkel|angolo", re.I)


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the columns of the table stand: centre of value and unit column, and the named ones between."""

    top: float
    first: float
    value: float
    unit: float
    others: tuple[tuple[str, float], ...]


@dataclass(slots=True)
class _Block:
    """What is in force for the rows below: joint, its code, remarks, and the last seen cell of each named column."""

    code: str = ""
    joint: str = ""
    joint_line: Line | None = None
    stage: int = 0
    staged: bool = False
    remarks: list[Line] = field(default_factory=list)
    cells: dict[str, list[Line]] = field(default_factory=dict)
    types: set[str] = field(default_factory=set)
    valued: bool = False


def measure_columns(rows: Sequence[Row]) -> Columns | None:
    """The columns of a table whose heading row names a unit column and a value column, or None."""
    for row in rows:
        unit = next((line for line in row.lines if _UNIT_HEAD.match(line.text)), None)
        value = next((line for line in row.lines if _VALUE_HEAD.match(line.text)), None)
        if unit and value:
            others = [line for line in row.lines if line.box[0] < value.box[0] and len(line.words) <= 2]
            named = tuple((line.text, _centre(line)) for line in others if line.box[0] > 0.3 and line.text.isalpha())
            left = min((line.box[0] for line in others if line.text in dict(named)), default=value.box[0])
            return Columns(row.box[3], left, _centre(value), _centre(unit), named)
    return None


def _centre(line: Line) -> float:
    return (line.box[0] + line.box[2]) / 2


def measure_pairs(lines: Sequence[Line]) -> list[Asked]:
    """The pairs of a value-and-unit table; empty for a page without one."""
    rows = rows_of(lines)
    columns = measure_columns(rows)
    if columns is None:
        return []
    reader = _Reader(columns, min(line.box[0] for line in lines))
    for row in rows:
        if row.box[1] >= columns.top - 0.01:
            reader.read(row)
    return [*reader.pairs, *reader.close()]


class _Reader:
    """Reads rows from top to bottom and keeps what blank cells inherit."""

    def __init__(self, columns: Columns, left: float) -> None:
        self.columns, self.edge = columns, (left + columns.first) / 2
        self.title, self.number, self.block = "", "", _Block()
        self.pairs: list[Asked] = []
        self.fresh = True

    def read(self, row: Row) -> None:
        name, cells = [], {}
        for line in row.lines:
            column = self._column(line)
            if column == "name":
                name.append(line)
            else:
                cells[column] = line
        text = " ".join(line.text for line in name)
        number = cells.get("value")
        if number is not None and not _NUMERIC.match(number.text):
            number = None
        self._name(text, name, number is not None, bool(cells))
        self._qualify(cells, number is not None)
        if number is not None:
            self._value(text, name, number, cells.get("unit"))

    def _column(self, line: Line) -> str:
        if line.box[0] < self.edge:
            return "name"
        known = [*self.columns.others, ("value", self.columns.value), ("unit", self.columns.unit)]
        return min(known, key=lambda item: abs(item[1] - _centre(line)))[0]

    def _name(self, text: str, name: Sequence[Line], valued: bool, celled: bool) -> None:
        group, code = _GROUP.match(text), _ROW_CODE.match(text)
        if group and not valued:
            self.pairs.extend(self.close())
            self.title, self.number = text[group.end() :], f"{group.group(1)} {group.group(2)}"
            self.block = _Block()
        elif code or (text and (valued or celled) and not self.block.code and not self.block.staged):
            self.pairs.extend(self.close())
            own = [line for line in name if not _ROW_CODE.fullmatch(line.text)]
            joint = text[code.end() :] if code else text
            self.block = _Block(code.group(1).rstrip(".)") if code else "", joint, own[0] if own else None)
        elif text and not valued and celled and self.fresh and self.block.valued:
            self.block.joint, self.block.cells = text, {}
        elif text and not valued and _RUNS_ON.search(self.title) and not self.block.joint:
            self.title = f"{self.title} {text}"
        elif text and not valued:
            self.block.remarks.extend(name)

    def _qualify(self, cells: dict[str, Line], valued: bool) -> None:
        mine = {key: line for key, line in cells.items() if key not in {"value", "unit"}}
        if not mine:
            return
        if not valued and not self.fresh and len(mine) == 1 and set(mine) <= set(self.block.cells):
            for key, line in mine.items():
                self.block.cells[key].append(line)
        else:
            kept = self.block.cells if valued else {}
            self.block.cells = {**kept, **{key: [line] for key, line in mine.items()}}
            if not (valued and self.block.staged and self.block.stage):
                self.block.stage, self.block.staged = 0, not valued
        self.block.types.update(_text(self.block.cells[key]) for key in mine if key.lower() == "type")
        self.fresh = False

    def _value(self, text: str, name: Sequence[Line], number: Line, unit: Line | None) -> None:
        self.fresh = True
        block = self.block
        measured = _CONVERSION.sub("", unit.text).strip(" .") if unit else ""
        measured = "°" if measured in {"。", "o", "0", "º"} else measured
        if any(_RUN_TOGETHER.search(_text(lines)) for lines in block.cells.values()):
            return
        own = _ROW_CODE.sub("", text).strip()
        stage = own.strip(" .") if own and own != block.joint else ""
        if not (block.joint or stage) or (not measured and not _ANGLE.search(stage)):
            return
        block.stage, block.valued = block.stage + bool(stage), True
        answer = f"{number.text.rstrip('*')}{'' if measured == '°' else ' '}{measured}"
        words: list[Word] = [*number.words, *(unit.words if unit else ())]
        self.pairs.extend(_maybe(asked(self._question(stage, measured), answer, "factual", words, 0)))
        first = stage.split()[0].lower() if stage else ""
        if is_order(first) and first not in NOUNS_TOO:
            question = f"{self._where()}what must be done for {', '.join([self._joint(), *self._conditions()])}?"
            self.pairs.extend(_maybe(asked(question, stage, "procedural", name[0].words, 2)))

    def _question(self, stage: str, unit: str) -> str:
        block = self.block
        kind = _kind(unit, stage)
        joint, conditions = self._joint(), self._conditions()
        if stage and block.staged:
            wanted = f'{kind} for stage {block.stage} ("{stage}") of {joint}'
        elif stage and block.joint:
            wanted = f'{kind} for {joint}, "{stage}"'
        else:
            wanted = f"{kind} for {joint if block.joint else stage}"
        return f"{self._where()}what is the {', '.join([wanted, *conditions])}?"

    def _joint(self) -> str:
        return f'"{self.block.joint}"' + (f" ({self.block.code})" if self.block.code else "")

    def _conditions(self) -> list[str]:
        return [f"{key.lower()}: {_text(lines)}" for key, lines in self.block.cells.items()]

    def _where(self) -> str:
        return f'In "{sentence_case(self.title)}" ({self.number}), ' if self.title else ""

    def close(self) -> Iterator[Asked]:
        """The questions that need the whole block: its remarks and its code."""
        block, self.fresh = self.block, True
        if not block.joint and not (block.remarks and self.title):
            return
        where, types = self._where(), [f"type: {kind}" for kind in block.types if len(block.types) == 1]
        joint = self._joint()
        if block.remarks:
            words = [word for line in block.remarks for word in line.words]
            remark = "; ".join(_sentences(block.remarks))
            about = f"for {', '.join([joint, *types])}" if block.joint else "in general"
            question = f"{where}what must be observed {about}?"
            yield from _maybe(asked(question, remark, "procedural", words, 2))
        if block.code and block.joint_line is not None:
            question = f'{where}which reference code stands for "{block.joint}"?'
            yield from _maybe(asked(question, block.code, "navigation", block.joint_line.words, 6))


def _kind(unit: str, stage: str) -> str:
    """What the value is, from its unit."""
    if re.match(r"N\s?[·•.]?\s?m|ft|lb", unit):
        return "tightening torque"
    if unit in {"°", ""} or _ANGLE.search(stage):
        return "angle" if unit else "angle in degrees"
    return "time" if unit in {"min", "s", "sec", "h"} else "value"


def _maybe(item: Asked | None) -> list[Asked]:
    return [item] if item is not None else []


def _text(lines: Sequence[Line]) -> str:
    return " ".join(line.text for line in lines)


def _sentences(lines: Sequence[Line]) -> list[str]:
    """Remark lines joined where one runs on into the next (it starts in lower case)."""
    texts: list[str] = []
    for line in lines:
        if texts and (line.text[:1].islower() or texts[-1].endswith((",", "-"))):
            texts[-1] = f"{texts[-1]} {line.text}"
        else:
            texts.append(line.text)
    return [text.strip(" .;") for text in texts]
