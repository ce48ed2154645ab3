"""Pairs from numbered test lists: a number on the left, what is tested beside it, the nominal value on the right.

Between the two may stand the conditions under which a value holds, each at the height of its value.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.engines.offline.asking import Asked, asked
from pipeline.engines.offline.layout import Line
from pipeline.engines.offline.running_text import page_lines
from pipeline.engines.offline.sentences import joined
from pipeline.engines.offline.values import is_measured

_FEWEST = 6
_LONGEST = 16
"""Words of what is tested, or of a condition."""

_BESIDE = 0.13
"""How far right of an item's number, as a share of the page, its further numbers stand."""

_RAGGED, _WIDEST = 0.06, 0.2
"""How far values begin left of the middle one of them, and how wide their column is at most."""

_LIMIT = re.compile(
    r"(?:ogni volta |jeweils |each )?(?:maggiore|minore|max|min|less|more|über|unter|größer|kleiner)\b", re.I
)
_EACH = re.compile(r"^(?:ogni volta|jeweils|each)\s+", re.I)
_KINDS = (
    (re.compile(r"(?:Ω|\b[kM]?-?[Oo]hms?)\W*$"), "resistance"),
    (re.compile(r"\d\s?[mk]?V(?:olts?)?\W*$"), "voltage"),
    (re.compile(r"\d\s?m?A(?:mp\w*)?\W*$"), "current"),
    (re.compile(r"\b(?:m?bar|psi|[kMh]Pa)\W*$"), "pressure"),
    (re.compile(r"(?:°\s?[CF])\W*$"), "temperature"),
    (re.compile(r"\b(?:rpm|RPM|1/min|min-1|giri/min|U/min)\W*$"), "speed"),
)
_LI = re.compile(r"(?<= )(?:11|1l|l1)-$")
_DEGREES = re.compile(r"(?<=\d)\s?[*·°]?\s?C\b")


@dataclass(frozen=True, slots=True)
class _Item:
    """One numbered item: its number and the lines between it and the next one."""

    number: str
    lines: tuple[Line, ...]


def numbered_value_pairs(lines: Sequence[Line], name: str) -> list[Asked]:
    """The pairs of a numbered list with values; empty for a page without at least six numbers below each other."""
    own = page_lines(lines)
    items = _items(own)
    edge = _text_edge(items)
    if not name or edge is None:
        return []
    right = _value_edge(items, edge)
    return [item for entry in items for item in _pairs(entry, edge, right, name)]


def _items(lines: Sequence[Line]) -> list[_Item]:
    """The leftmost long run of growing numbers at one left edge, each with the lines up to the next one."""
    numbers = sorted((line for line in lines if line.words[0].text.isdecimal()), key=lambda line: line.middle)
    runs = [[line for line in numbers if 0 <= line.box[0] - first.box[0] < 0.02] for first in numbers]
    grown = [run for run in runs if _grows([int(line.words[0].text) for line in run])]
    if not grown:
        return []
    most = max(map(len, grown))
    best = min((run for run in grown if len(run) >= 0.7 * most), key=lambda run: (min(map(_left, run)), -len(run)))
    tops = [_top(line, above, lines) for line, above in zip(best, [None, *best], strict=False)]
    tallest = max(below - above for above, below in itertools.pairwise(tops))
    ends = [*tops[1:], tops[-1] + 1.4 * tallest]
    return [
        _Item(key.words[0].text, tuple(line for line in lines if top <= line.box[1] < end and line is not key))
        for key, top, end in zip(best, tops, ends, strict=True)
    ]


def _top(number: Line, above: Line | None, lines: Sequence[Line]) -> float:
    """Where an item begins: at its number, or at the first of several short numbers beside one that stands lower."""
    first = number.box[1]
    beside = [
        line.box[1]
        for line in lines
        if above is not None
        and above.box[3] < line.box[1] < first
        and 0 < line.box[0] - number.box[0] < _BESIDE
        and line.text[0].isdigit()
        and len(line.text) <= 6
    ]
    return min([first, *beside]) - 0.2 * number.height


def _grows(numbers: Sequence[int]) -> bool:
    return len(numbers) >= _FEWEST and all(0 < b - a <= 2 for a, b in itertools.pairwise(numbers))


def _text_edge(items: Sequence[_Item]) -> float | None:
    """The left edge at which most items have their first words."""
    edges = [
        round(min(line.box[0] for line in item.lines if _is_text(line)), 2)
        for item in items
        if any(_is_text(line) for line in item.lines)
    ]
    usual = max(set(edges), key=edges.count, default=None)
    return usual if usual is not None and edges.count(usual) >= _FEWEST - 1 else None


def _is_text(line: Line) -> bool:
    return sum(map(str.isalpha, line.text)) >= 5 and not is_measured(line.text)


def _pairs(item: _Item, edge: float, right: float, name: str) -> Iterator[Asked]:
    about = sorted((line for line in item.lines if abs(line.box[0] - edge) < 0.012 and _is_text(line)), key=_height)
    values = _values(item, right)
    text = _label([line.text for line in about])
    if not about or not values or len(text.split()) > _LONGEST:
        return
    conditions = _conditions(item, edge, right)
    single = len(values) == 1
    if not single and len(conditions) < len(values):
        return
    for value, lines in values:
        near = [line for line in conditions if abs(line.middle - lines[0].middle) < 0.5 * line.height]
        if not value or (not single and len(near) != 1):
            continue
        under = near if len(near) == 1 and _names_condition(near[0].text) else []
        if not single and not under:
            continue
        condition = "".join(f', condition "{_label([line.text])}"' for line in under)
        question = f'In {name}, which {_kind(value)} is given for "{text}" (no. {item.number}){condition}'
        words = [word for line in [*about, *under, *lines] for word in line.words]
        found = asked(question, value, "parameter", words, 1)
        if found is not None:
            yield found


def _kind(value: str) -> str:
    """What a value is by its unit: a resistance, a voltage; "value" for units that several kinds share."""
    return next((kind for unit, kind in _KINDS if unit.search(value)), "value")


def _label(texts: Sequence[str]) -> str:
    """Lines as one text, with the slips of the reading that a dot matrix brings mended."""
    text = joined([_LI.sub("li-", text) for text in texts])
    return _DEGREES.sub("°C", text).strip(" .:;,")


def _names_condition(text: str) -> bool:
    """Whether a text says when a value holds: it ends with a colon, or a temperature in parentheses."""
    return text.rstrip().endswith((":", ";", ")")) and len(text.split()) <= _LONGEST


def _conditions(item: _Item, edge: float, right: float) -> list[Line]:
    return [line for line in item.lines if edge + 0.1 < line.box[0] < right and len(line.text) >= 4]


def _values(item: _Item, right: float) -> list[tuple[str, list[Line]]]:
    """The values of the right column; a limit word on the line above its number belongs to it.

    What is no value is kept as an empty text, so that a value beside it is not taken for the only one.
    """
    cells = sorted((line for line in item.lines if right <= line.box[0] < right + _WIDEST), key=_height)
    values: list[tuple[str, list[Line]]] = []
    held: list[Line] = []
    for cell in cells:
        if held and _LIMIT.match(cell.text):
            values.append(("", held))
            held = []
        held.append(cell)
        text = " ".join(line.text for line in held)
        if is_measured(_EACH.sub("", text)):
            values.append((text, held))
            held = []
    return [*values, ("", held)] if held else values


def _value_edge(items: Sequence[_Item], edge: float) -> float:
    """Where the column of values begins: left of the values and limit words that most items have at the right."""
    lefts = sorted(
        line.box[0]
        for item in items
        for line in item.lines
        if line.box[0] > edge + 0.15 and (is_measured(line.text) or _LIMIT.match(line.text))
    )
    return lefts[len(lefts) // 2] - _RAGGED if lefts else edge + 0.15


def _left(line: Line) -> float:
    return line.box[0]


def _height(line: Line) -> float:
    return line.middle
