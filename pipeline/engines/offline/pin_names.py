"""The connector that a table of pins or terminals belongs to, where the page names it in a heading or caption."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.engines.offline.grids import Grid
from pipeline.engines.offline.layout import Line, overlap, union

_PINS = re.compile(r"^(?:terminal|pin|cavity)s?\b", re.I)
_CODE = re.compile(r"(?<![\w/])[A-Z]{1,2}\d{2,4}(?!\w)")
_CAPTION = re.compile(r"\b(?:connectors?|plugs?|circuits? using|figure \d+|view|face)\b", re.I)


def pin_table_name(grid: Grid, lines: Sequence[Line], name: str) -> str:
    """`name` with the connector of a pin table before it ("connector C302 in ..."); as it is for other tables.

    The nearest caption above the table that names one connector holds; where there is none, the only connector that
    the captions of the page name.
    """
    if not name or not grid.heads or not _PINS.match(" ".join(grid.heads[0])):
        return name
    code = _above(grid, lines) or _only(lines, grid)
    return name if not code or code in name else f"connector {code} of {name}"


def _captions(lines: Sequence[Line], grid: Grid) -> Iterator[tuple[Line, str]]:
    """Captions outside the table that name one connector, each with its code."""
    for line in lines:
        codes = set(_CODE.findall(line.text))
        alone = _CODE.fullmatch(line.text) is not None
        if line.number not in grid.lines and len(codes) == 1 and (alone or _CAPTION.search(line.text)):
            yield line, codes.pop()


def _above(grid: Grid, lines: Sequence[Line]) -> str:
    own = [line.box for line in lines if line.number in grid.lines]
    if not own:
        return ""
    box = union(own)
    near = [
        (line.box[3], code)
        for line, code in _captions(lines, grid)
        if line.box[3] <= box[1] + 0.005
        and box[1] - line.box[3] < 0.1
        and overlap((box[0], box[2]), (line.box[0], line.box[2])) > 0
    ]
    return max(near)[1] if near else ""


def _only(lines: Sequence[Line], grid: Grid) -> str:
    codes = {code for line, code in _captions(lines, grid) if _CODE.fullmatch(line.text) is None}
    return codes.pop() if len(codes) == 1 else ""
