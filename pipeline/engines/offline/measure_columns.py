"""Where the columns of a table with a value and a unit column stand: by its headings, else by what the cells hold."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from pipeline.engines.offline.layout import Line, Row
from pipeline.engines.offline.values import NUMBER, UNIT

_UNIT_HEAD = re.compile(r"^(?:units?|einheit|unit[àa])$", re.I)
_VALUE_HEAD = re.compile(
    r"^(?:meas(?:ure|urement|\.)?|dimensio?n?|values?|torque|specifications?|wert|ma[sß]+|valore|tightening torque)\b",
    re.I,
)
_QUALIFIER = re.compile(
    r"^(?:type|model|engine|version|screw|bolt|thread|size|grade|typ|modell|schraube|gewinde)\b", re.I
)
_TORQUE_CELL = re.compile(
    r"^(?:N[\s·•.\-]?m|lbs?[\s\-.·]*ft|ft[\s\-.·]*lbs?|daNm|mkp|kpm)\.?(?:\s*\(.{2,12}\))?\W*$", re.I
)
NUMERIC = re.compile(rf"^{NUMBER}\*?$")
"""A cell that is a number, a range or a tolerance and nothing else."""

UNIT_CELL = re.compile(rf"^{UNIT}(?:\s*[(/]\s*(?:f\.?\s?)?{UNIT}\s*\)?)*\W*$", re.I)
"""A cell that holds units and nothing else: "mm", "Nm (ft. lbs.)", "bar / min"."""

_FEWEST = 5
"""Rows in which a number and a torque unit stand side by side before they count as columns without headings."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the columns of the table stand: centre of value and unit column, and the named ones between.

    `top` is the lower edge of the headings, `first` the left edge of the first column right of the names.
    """

    top: float
    first: float
    value: float
    unit: float
    others: tuple[tuple[str, float], ...]


def measure_columns(rows: Sequence[Row]) -> Columns | None:
    """The columns of a table of values with their units, or None for a page without one."""
    return _headed(rows) or _by_cells(rows)


def centre(line: Line) -> float:
    """The horizontal centre of a line."""
    return (line.box[0] + line.box[2]) / 2


def _headed(rows: Sequence[Row]) -> Columns | None:
    """The columns of a table whose heading row names a unit column right behind a value column."""
    for row in rows:
        unit = next((line for line in row.lines if _UNIT_HEAD.match(line.text)), None)
        value = next((line for line in row.lines if _VALUE_HEAD.match(line.text)), None)
        if unit and value and unit.box[0] > value.box[0]:
            return _columns(row, centre(value), centre(unit))
    return None


def _columns(heads: Row, value: float, unit: float) -> Columns:
    """The columns under a heading row, the named ones between the names and the values."""
    others = [line for line in heads.lines if centre(line) < value - 0.02 and _is_qualifier(line)]
    first = min((line.box[0] for line in others), default=value)
    return Columns(heads.box[3], first, value, unit, tuple((line.text, centre(line)) for line in others))


def _is_qualifier(line: Line) -> bool:
    named = len(line.words) <= 2 and line.text.replace(" ", "").isalpha()
    return named and (line.box[0] > 0.3 or (line.box[0] > 0.15 and bool(_QUALIFIER.match(line.text))))


def _by_cells(rows: Sequence[Row]) -> Columns | None:
    """The columns of a table of torques without headings for value and unit, told by numbers beside their units."""
    beside = [
        (number, row, left, right)
        for number, row in enumerate(rows)
        for left, right in zip(row.lines, row.lines[1:], strict=False)
        if NUMERIC.match(left.text) and _TORQUE_CELL.match(right.text)
    ]
    if len(beside) < _FEWEST:
        return None
    value = median(centre(left) for *_, left, _ in beside)
    unit = median(centre(right) for *_, right in beside)
    aligned = [number for number, _, left, _ in beside if abs(centre(left) - value) < 0.03]
    if len(aligned) < 0.8 * len(beside):
        return None
    heads = next((row for row in reversed(rows[: aligned[0]]) if any(map(_is_qualifier, row.lines))), None)
    top = rows[aligned[0]].box[1] - 0.001
    return _columns(heads, value, unit) if heads else Columns(top, value - 0.05, value, unit, ())
