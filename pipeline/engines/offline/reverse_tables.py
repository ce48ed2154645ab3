"""Pairs that look a table up from its values: which terminal serves a circuit, which fuse protects it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from pipeline.engines.offline.asking import Asked, asked
from pipeline.engines.offline.grids import Cell, Grid, grids_of
from pipeline.engines.offline.layout import Line
from pipeline.engines.offline.pin_names import pin_table_name

_KEYED = re.compile(r"^(terminal|pin|fuse|relay)s?\b", re.I)
_SERVED = re.compile(r"circuit|function|signal|protect|component", re.I)
_RATING = re.compile(r"size|rating|amp", re.I)
_RATED = {"fuse", "relay"}
"""What has a rating; the size beside a pin is that of its wire."""

_ALSO = re.compile(r"\(also\b", re.I)
_AMPERES = re.compile(r"\d\s?A\b")
_UNUSED = re.compile(r"^not used\W*$", re.I)
_MOST_UNUSED = 12
_KEY = re.compile(r"^(?:[A-Z]|\d{1,2})$")


def lookup_pairs(lines: Sequence[Line], name: str) -> list[Asked]:
    """The pairs of terminal and fuse tables, for values that stand in one row only and name no other row.

    Values are counted on the whole page, also in rows whose key was not read.
    """
    grids = grids_of(lines)
    printed = Counter(part for line in lines for part in _texts(line.text))
    texts = printed | Counter(part for grid in grids for row in grid.rows for cell in row for part in _parts(cell))
    found = [item for grid in grids for item in _grid_pairs(grid, pin_table_name(grid, lines, name), texts)]
    names = {pin_table_name(grid, lines, name) for grid in grids}
    return [*found, *_unused(grids, names.pop() if len(names) == 1 else name, texts)]


def _unused(grids: Sequence[Grid], name: str, texts: Counter[str]) -> Iterator[Asked]:
    """Which fuses or terminals are not used, where the key of each of them was read."""
    rows = [
        (keyed.group(1).lower(), row)
        for grid in grids
        if (keyed := _KEYED.match(" ".join(grid.heads[0])))
        for row in grid.rows
        if _KEY.match(row[0].text) and any(_UNUSED.match(cell.text) for cell in row[1:])
    ]
    kinds = {kind for kind, _ in rows}
    whole = len(rows) == sum(number for text, number in texts.items() if _UNUSED.match(text))
    if not name or not whole or len(kinds) != 1 or not 1 <= len(rows) <= _MOST_UNUSED:
        return
    words = [word for _, row in rows for cell in row for line in cell.lines for word in line.words]
    many = "s are" if len(rows) > 1 else " is"
    keys = ", ".join(row[0].text for _, row in rows)
    item = asked(f"In {name}, which {kinds.pop()}{many} not used", keys, "connector", words, 2)
    if item is not None:
        yield item


def is_doubled(text: str) -> bool:
    """Whether a text is one thing twice: two rows that were read as one."""
    words = text.split()
    half = len(words) // 2
    return len(words) >= 2 and len(words) % 2 == 0 and words[:half] == words[half:]


def _parts(cell: Cell) -> list[str]:
    return _texts(cell.text)


def _texts(text: str) -> list[str]:
    return [part.strip(" .") for part in text.split(";") if part.strip(" .")]


def _grid_pairs(grid: Grid, name: str, texts: Counter[str]) -> Iterator[Asked]:
    heads = [" ".join(parts) for parts in grid.heads]
    keyed = _KEYED.match(heads[0])
    served = next((n for n, head in enumerate(heads) if n and _SERVED.search(head)), None)
    if keyed is None or served is None or not name:
        return
    rated = keyed.group(1).lower() in _RATED
    rating = next((n for n, head in enumerate(heads) if n and rated and _RATING.search(head)), None)
    for row in grid.rows:
        if not _KEY.match(row[0].text):
            continue
        for part in _parts(row[served]):
            if (
                not is_doubled(part)
                and texts[part] == 1
                and not any(text.startswith(f"{part}:") for text in texts)
                and not _ALSO.search(part)
                and "not used" not in part.lower()
                and len(part) >= 4
            ):
                yield from _pair(keyed.group(1).lower(), part, row, rating, name)


def _pair(key: str, part: str, row: Sequence[Cell], rating: int | None, name: str) -> Iterator[Asked]:
    size = row[rating].text if rating is not None else ""
    if _AMPERES.search(part) or len(size.split()) > 3:
        return  # two rows that were read as one
    thing = f"{key.title()} {row[0].text}" if key in _RATED else row[0].text
    words = [word for cell in row for line in cell.lines for word in line.words]
    asks = f"which {key} protects" if key == "fuse" else f"which {key} is assigned to"
    item = asked(f'In {name}, {asks} "{part}"', f"{thing}, {size}" if size else thing, "connector", words, 2)
    if item is not None:
        yield item
