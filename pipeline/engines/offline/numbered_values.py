"""Pairs from numbered test lists: a number on the left, what is tested beside it, the nominal value on the right."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.engines.offline.asking import Asked, asked
from pipeline.engines.offline.layout import Line
from pipeline.engines.offline.running_text import page_lines
from pipeline.engines.offline.sentences import joined
from pipeline.engines.offline.values import is_measured
from review_db.records import Word

_FEWEST = 6


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
    return [item for entry in items for item in _pairs(entry, edge, name)]


def _items(lines: Sequence[Line]) -> list[_Item]:
    """The longest run of growing numbers at one left edge, each with the lines up to the next one."""
    numbers = sorted((line for line in lines if line.words[0].text.isdecimal()), key=lambda line: line.middle)
    runs = [[line for line in numbers if 0 <= line.box[0] - first.box[0] < 0.02] for first in numbers]
    grown = [run for run in runs if _grows([int(line.words[0].text) for line in run])]
    best = max(grown, key=len, default=[])
    if len(best) < _FEWEST:
        return []
    tops = [line.box[1] - 0.2 * line.height for line in best]
    ends = [*tops[1:], max(line.box[3] for line in lines)]
    return [
        _Item(key.words[0].text, tuple(line for line in lines if top <= line.box[1] < end and line is not key))
        for key, top, end in zip(best, tops, ends, strict=True)
    ]


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


def _pairs(item: _Item, edge: float, name: str) -> Iterator[Asked]:
    about = sorted((line for line in item.lines if abs(line.box[0] - edge) < 0.012 and _is_text(line)), key=_height)
    values = _values(item, edge)
    if not about or len(values) != 1:
        return
    text = joined([line.text for line in about]).strip(" .:;,")
    value, words = values[0]
    question = f'In {name}, which value is given for "{text}" (no. {item.number})'
    found = asked(question, value, "parameter", [*(word for line in about for word in line.words), *words], 1)
    if found is not None and len(text.split()) <= 16:
        yield found


def _values(item: _Item, edge: float) -> list[tuple[str, list[Word]]]:
    """The values right of the text; a limit word on the line above its number belongs to it."""
    cells = sorted((line for line in item.lines if line.box[0] > edge + 0.15 and not _is_sentence(line)), key=_height)
    values: list[tuple[str, list[Word]]] = []
    held: list[Line] = []
    for cell in cells:
        held.append(cell)
        text = " ".join(line.text for line in held)
        if is_measured(text):
            values.append((text, [word for line in held for word in line.words]))
            held = []
    return values if not held else [*values, ("", []), ("", [])]


def _height(line: Line) -> float:
    return line.middle


def _is_sentence(line: Line) -> bool:
    return _is_text(line) and not line.text.lower().startswith(
        ("maggiore", "minore", "ogni", "max", "min", "less", "more", "über", "unter")
    )
