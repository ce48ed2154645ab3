"""Pairs from tables with headings: every value is asked for by its row, its column heading and the table's name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.engines.offline.asking import Asked, asked
from pipeline.engines.offline.grids import Cell, Grid, grids_of
from pipeline.engines.offline.layout import Line
from pipeline.engines.offline.pin_names import pin_table_name
from pipeline.engines.offline.reverse_tables import is_doubled
from pipeline.engines.offline.topics import (
    heading,
    lowered,
    mostly_capitals,
    sentence_case,
    without_continued,
)
from review_db.records import Word

_UNIT = re.compile(r"^\W*([1l]b\s?-?\s?ft|n\s?[-·•.]?\s?m|lb-in|mm²?|in\.|psi|kpa|bar|rpm|°c|°f)\W*$", re.I)
_UNIT_IN = re.compile(
    r"[(\[](rpm|minutes|mm²?|in\.|inch|millimeter|psi|kpa|bar|nm|hours|hrs|km|miles|mi\.|lb-?ft|ft-?lbs?|lb-in|°c|°f"
    r"|volts?|v|amps?|a|ohms?|k?Ω|l|litres?|liters?|qts?\.?|kg|sec\.?|min\.?)[)\]]",
    re.I,
)
_UNIT_LAST = re.compile(r"\s(n\s?[-·•.]?\s?m|lb-?ft|ft-?lbs?|psi|kpa|bar|rpm|mm|°c|°f)$", re.I)
_CONVERSION = re.compile(r"(?<=\S)\s*\((?:ft|f|in)\.?[\s-]*[lI]bs?\.?\)$")
_NAME_HEAD = re.compile(r"name|description|component|nomenclature|assembly|benennung")
_ITEM_HEAD = re.compile(r"^(?:item|pos\.|nr\.)")
_NUMBER_ONLY = re.compile(r"[\d.,/\s–-]+")
_MIXED = re.compile(r"\b[Nn]ot [Uu]sed\b|^\S*\d\S*\s+[A-Z]{3,}\s+[A-Z]{3,}|\.\s+\d+\s?A\b")
"""A cell that took in the rows below it."""

_FOREIGN = re.compile(
    r"\b(?:di|valor\w*|prova|morset\w*|nominali|istruzioni|ciclo|wert|farbe|klemme|benennung|anzahl|sicherung)\b"
)
_PIN_HEAD = re.compile(r"^(?:terminal|pin|cavity)s?(?: no\.?)?$")
_PIN = re.compile(r"^[A-Z]{0,2}\d{0,3}[a-zA-Z]?$")
_TORQUE_UNITS = {"lb-ft", "N-m", "Nm", "lb-in"}
_GRADE = re.compile(r"^(.*\btorque) ((?:grade|class|grades?) \S+)$")
_EMPTY = re.compile(r"^(?:not used|n/?a|none|spare|[-–—.\s]*)\.?$", re.I)


def table_pairs(lines: Sequence[Line], name: str) -> list[Asked]:
    """The pairs of every headed table; `name` names the page in a question where a table has no caption."""
    return tables_of(lines, name)[0]


def tables_of(lines: Sequence[Line], name: str) -> tuple[list[Asked], list[Line]]:
    """The pairs of every headed table, and the lines of the page outside the tables that gave any."""
    pairs: list[Asked] = []
    taken: set[int] = set()
    for grid in grids_of(lines):
        found = list(_grid_pairs(grid, pin_table_name(grid, lines, _table_name(grid, name))))
        pairs.extend(found)
        taken.update(grid.lines if found else ())
    return pairs, [line for line in lines if line.number not in taken]


def _table_name(grid: Grid, name: str) -> str:
    caption = without_continued(grid.caption.strip(" ."))
    if not caption:
        return name
    topic = heading(caption)
    if topic and topic.code:
        return f'"{sentence_case(topic.title)}" ({topic.code})'
    return f'"{sentence_case(caption) if mostly_capitals(caption, 0.7) else caption}"'


def _grid_pairs(grid: Grid, name: str) -> Iterator[Asked]:
    heads = [_head(parts) for parts in grid.heads]
    if not heads[0][0] or not name or any(re.search(r"\b(?:standard|metric)$", head[0]) for head in heads[1:]):
        return
    items = bool(_ITEM_HEAD.match(heads[0][0]))
    named = next((n for n, head in enumerate(heads) if n and _NAME_HEAD.search(head[0])), None) if items else None
    conditions = [n for n in range(1, len(heads)) if _is_condition(grid, n)]
    key_cell = Cell()
    for row in grid.rows:
        inherited, key_cell = not row[0].lines, row[0] if row[0].lines else key_cell
        if not _is_key(key_cell.text, heads[0][0]) or (inherited and not conditions):
            continue
        key = _key(heads[0], key_cell, row[named] if named else None)
        extra = "".join(f', {heads[n][0]} "{row[n].text}"' for n in conditions if row[n].lines)
        for number in range(1, len(heads)):
            if number not in conditions and row[number].lines and _is_trusted(heads[number][0]):
                about = f"item {key_cell.text}" if number == named else f"{key}{extra}"
                twin = sum(head[0] == heads[number][0] for head in heads) > 1
                yield from _value_pair(name, heads[number], about, row[number], twin)


def _is_trusted(head: str) -> bool:
    """Whether a heading says what its column holds: a word, and no stray letter."""
    return bool(re.search(r"[a-z]{3}", head)) and not re.search(r"(?:^| )[A-Za-z](?: |$)", head)


def _is_condition(grid: Grid, number: int) -> bool:
    """Whether a column qualifies rows (words that repeat from row to row) and the first column has blank cells."""
    texts = [row[number].text for row in grid.rows if row[number].lines]
    blank = sum(not row[0].lines for row in grid.rows)
    words = all(re.fullmatch(r"[A-Za-z][A-Za-z ]+", text) for text in texts)
    return number == 1 and blank >= 0.3 * len(grid.rows) and words and len(set(texts)) < 0.5 * len(texts)


def _head(parts: Sequence[str]) -> tuple[str, str]:
    """(name, unit) of a column from its headings top to bottom, the name in lower case but for abbreviations."""
    unit, names = "", []
    for part in parts:
        part = _CONVERSION.sub("", part)
        alone, inside = _UNIT.match(part), _UNIT_IN.search(part) or _UNIT_LAST.search(part)
        if alone:
            unit = _unit(alone.group(1))
        elif inside:
            unit = _unit(inside.group(1))
            names.append(f"{part[: inside.start()]} {part[inside.end() :]}".strip())
        else:
            names.append(part.strip(" ()") if part.startswith("(") else part)
    name = re.sub(r"/\s+", "/", " ".join(name for name in names if name))
    if unit in _TORQUE_UNITS and name and "torque" not in name.lower():
        name = f"torque {name}"  # a heading over several columns that does not reach this one
    return _GRADE.sub(r"\1 (\2)", lowered(name.upper()).strip()), unit


def _unit(text: str) -> str:
    plain = re.sub(r"\s", "", text)
    plain = re.sub(r"^[1l]b-?ft$", "lb-ft", plain, flags=re.I)
    return {"n-m": "N-m", "nm": "Nm", "minutes": "minutes", "millimeter": "mm", "inch": "in."}.get(plain.lower(), plain)


def _is_key(text: str, head: str) -> bool:
    """Whether a first cell names its row; that of a terminal or pin is a short number or letter."""
    if _PIN_HEAD.match(head) and not _PIN.match(text):
        return False
    return bool(re.search(r"\w", text)) and len(text.split()) <= 10 and not text.startswith(("*", "("))


def _key(head: tuple[str, str], cell: Cell, name: Cell | None) -> str:
    """The row in a question: the name with its item number, else the first column's heading and cell."""
    if name is not None and name.lines:
        return f'"{name.text}" (item {cell.text})'
    unit = f" {head[1]}" if head[1] and _NUMBER_ONLY.fullmatch(cell.text) else ""
    return f'{_quoted(head[0])} "{cell.text}{unit}"'


def _quoted(head: str) -> str:
    """A heading of another language in quotes, for the question around it is English."""
    return f'"{head}"' if _FOREIGN.search(head) else head


def _value_pair(name: str, head: tuple[str, str], about: str, cell: Cell, twin: bool) -> Iterator[Asked]:
    """`twin` says that another column has the same heading in another unit, so that the unit is part of it."""
    text = cell.text.strip(" ;").rstrip("*").strip()
    if _EMPTY.match(text) or len(text) > 160 or _MIXED.search(text) or is_doubled(text):
        return
    unit = head[1] if _NUMBER_ONLY.fullmatch(text) else ""
    words: list[Word] = [word for line in cell.lines for word in line.words]
    column = f"{head[0]} in {head[1]}" if twin and head[1] else _quoted(head[0])
    be = "are" if re.search(r"[^su]s(?: (?:protected|served|supplied|used|required))?$", head[0]) else "is"
    item = asked(f"In {name}, what {be} the {column} for {about}", f"{text} {unit}".strip(), "factual", words, 1)
    if item is not None:
        yield item
