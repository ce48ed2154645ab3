"""Pairs that look a table up from its values: which terminal serves a circuit, which fuse protects it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.engines.offline.asking import Asked, asked
from pipeline.engines.offline.grids import Cell, Grid, grids_of
from pipeline.engines.offline.layout import Line

_KEYED = re.compile(r"^(terminal|pin|fuse|relay)s?\b", re.I)
_SERVED = re.compile(r"circuit|function|signal|protect|component", re.I)
_RATING = re.compile(r"size|rating|amp", re.I)
_ALSO = re.compile(r"\(also\b", re.I)
_KEY = re.compile(r"^(?:[A-Z]|\d{1,2})$")


def lookup_pairs(lines: Sequence[Line], name: str) -> list[Asked]:
    """The pairs of terminal and fuse tables, for values that stand in one row only and name no other row."""
    grids = grids_of(lines)
    texts = [part for grid in grids for row in grid.rows for cell in row for part in _parts(cell)]
    return [item for grid in grids for item in _grid_pairs(grid, name, texts)]


def _is_doubled(text: str) -> bool:
    """Whether a text is one thing twice: two rows that were read as one."""
    words = text.split()
    half = len(words) // 2
    return len(words) >= 2 and len(words) % 2 == 0 and words[:half] == words[half:]


def _parts(cell: Cell) -> list[str]:
    return [part.strip(" .") for part in cell.text.split(";") if part.strip(" .")]


def _grid_pairs(grid: Grid, name: str, texts: Sequence[str]) -> Iterator[Asked]:
    heads = [" ".join(parts) for parts in grid.heads]
    keyed = _KEYED.match(heads[0])
    served = next((n for n, head in enumerate(heads) if n and _SERVED.search(head)), None)
    if keyed is None or served is None or not name:
        return
    rating = next((n for n, head in enumerate(heads) if n and _RATING.search(head)), None)
    for row in grid.rows:
        if not _KEY.match(row[0].text):
            continue
        for part in _parts(row[served]):
            if (
                not _is_doubled(part)
                and texts.count(part) == 1
                and not _ALSO.search(part)
                and "not used" not in part.lower()
                and len(part) >= 4
            ):
                yield from _pair(keyed.group(1).lower(), part, row, rating, name)


def _pair(key: str, part: str, row: Sequence[Cell], rating: int | None, name: str) -> Iterator[Asked]:
    size = row[rating].text if rating is not None else ""
    thing = f"{key.title()} {row[0].text}" if key in {"fuse", "relay"} else row[0].text
    words = [word for cell in row for line in cell.lines for word in line.words]
    asks = f"which {key} protects" if key == "fuse" else f"which {key} is assigned to"
    item = asked(f'In {name}, {asks} "{part}"', f"{thing}, {size}" if size else thing, "connector", words, 2)
    if item is not None:
        yield item
