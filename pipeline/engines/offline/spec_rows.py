"""Pairs from lists of data: indented labels on the left, values on the right, often in two columns of units."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.engines.offline.asking import Asked, asked
from pipeline.engines.offline.layout import Line, Row, overlap, rows_of, union
from pipeline.engines.offline.running_text import SIGNAL
from pipeline.engines.offline.topics import heading, mostly_capitals, without_continued
from pipeline.engines.offline.values import is_value
from pipeline.engines.offline.verbs import is_order
from review_db.records import Word

_COLUMN_HEAD = re.compile(
    r"^(?:standard|metric|inch(?:es)?|english|u\.?s\.?|minimum|maximum|min\.?|max\.?|new|used|wear limit|nominal|limit"
    r"|intake|exhaust|front|rear|left|right|manual|automatic|cold|hot|warm|specification|value)\b.{0,20}$",
    re.I,
)
_LEADERS = re.compile(r"(?:\s*[.…·]){3,}\s*")
_DEEPER = 0.006
"""How much further than below a heading a row must be indented to belong to a row that has a value itself."""

_CAPTION = re.compile(r"^(?:table|tabelle|tabella)\s", re.I)


@dataclass(frozen=True, slots=True)
class _Datum:
    """One label with the values beside it."""

    label: Line
    name: str
    values: tuple[Line, ...]


def specs_of(lines: Sequence[Line], name: str) -> tuple[list[Asked], list[Line]]:
    """The pairs of data lists with at least four rows, and the lines outside their rows.

    `name` names the page where a list has no caption.
    """
    rows = rows_of(lines)
    data = [_datum(row) for row in rows]
    if sum(datum is not None for datum in data) < 4:
        return [], list(lines)
    taken = {line.number for row, datum in zip(rows, data, strict=True) if datum for line in row.lines}
    return list(_read(rows, data, name)), [line for line in lines if line.number not in taken]


def _datum(row: Row) -> _Datum | None:
    """A row that starts with a label and goes on with values only."""
    cells = [cell for line in row.lines for cell in _at_leaders(line)]
    first, rest = cells[0], _joined(cells[1:])
    parts = _LEADERS.split(first.text)
    name = parts[0].strip(" .:")
    if not re.search(r"[A-Za-z]{3}", name) or is_value(name) or (is_order(name.split()[0]) and len(name.split()) > 4):
        return None
    leaders = len(parts) > 1 or len(cells) > len(row.lines)
    if len(name.split()) > 9 or not 1 <= len(rest) <= 3 or name.startswith(("*", "•")):
        return None
    if name[:1].islower() and not leaders:
        return None
    usable = all(is_value(line.text) or (len(line.text.split()) <= 5 and (leaders or _plain(line))) for line in rest)
    return _Datum(first, name, tuple(rest)) if usable and any(is_value(line.text) or leaders for line in rest) else None


def _at_leaders(line: Line) -> list[Line]:
    """A line as label and value where leader dots join the two; the dots go to the label."""
    found = _LEADERS.search(line.text)
    if found is None or found.end() == len(line.text):
        return [line]
    end = 0
    label: list[Word] = []
    value: list[Word] = []
    for word in line.words:
        (value if end + len(word.text) > found.end() else label).append(word)
        end += len(word.text) + 1
    if not label or not value:
        return [line]
    return [_part(line, line.text[: found.end()], label), _part(line, line.text[found.end() :], value)]


def _part(line: Line, text: str, words: Sequence[Word]) -> Line:
    return Line(line.number, text.strip(), union(word.box for word in words), tuple(words))


def _plain(line: Line) -> bool:
    return bool(re.match(r"^[A-Z][A-Za-z ,-]+$", line.text)) and not mostly_capitals(line.text, 0.8)


def _joined(lines: Sequence[Line]) -> list[Line]:
    """Values of a row, a unit that was read as a cell of its own joined to its number."""
    cells: list[Line] = []
    for line in lines:
        if (
            cells
            and len(line.text) <= 4
            and line.text.isalpha()
            and is_value(cells[-1].text)
            and line.box[0] - cells[-1].box[2] < 0.02
        ):
            last = cells.pop()
            box = (last.box[0], min(last.box[1], line.box[1]), line.box[2], max(last.box[3], line.box[3]))
            line = Line(last.number, f"{last.text} {line.text}", box, last.words + line.words)
        cells.append(line)
    return cells


def _read(rows: Sequence[Row], data: Sequence[_Datum | None], name: str) -> Iterator[Asked]:
    heads: list[Line] = []
    parents: list[tuple[float, str]] = []
    table = name
    for row, datum in zip(rows, data, strict=True):
        if _CAPTION.match(row.text):
            topic = heading(row.text)
            caption = without_continued(row.text.strip(" ."))
            table, parents = f'"{topic.title}" ({topic.code})' if topic and topic.code else f'"{caption}"', []
        elif datum is not None:
            parents = [parent for parent in parents if parent[0] < datum.label.box[0] - 0.006]
            yield from _pairs(datum, [parent for _, parent in parents], heads, table)
            parents.append((datum.label.box[0] + _DEEPER, datum.name))
        elif all(_COLUMN_HEAD.match(line.text) for line in row.lines):
            heads, parents = list(row.lines), []
        elif len(row.lines) == 1 and _is_parent(row.lines[0]):
            line = row.lines[0]
            parents = [
                *(parent for parent in parents if parent[0] < line.box[0] - 0.006),
                (line.box[0], line.text.strip(" :.")),
            ]


def _is_parent(line: Line) -> bool:
    words = line.text.split()
    return (
        len(words) <= 6
        and line.text[:1].isupper()
        and not SIGNAL.match(line.text)
        and not re.search(r"[.!?]$", line.text)
    )


def _pairs(datum: _Datum, parents: Sequence[str], heads: Sequence[Line], table: str) -> Iterator[Asked]:
    if not table:
        return
    under = f' under "{": ".join(parents)}"' if parents else ""
    subject = f'value of "{datum.name}"{under}'
    for value in datum.values:
        column = next(
            (
                head.text
                for head in heads
                if overlap((head.box[0] - 0.03, head.box[2] + 0.03), (value.box[0], value.box[2])) > 0
            ),
            "",
        )
        if len(datum.values) > 1 and not column:
            return
        details = f" ({column.lower()})" if column else ""
        answer = value.text.strip(" .*") if not value.text.endswith("in.") else value.text
        item = asked(
            f"In {table}, what is the {subject}{details}",
            answer,
            "factual",
            [*datum.label.words, *value.words],
            1,
        )
        if item is not None:
            yield item
