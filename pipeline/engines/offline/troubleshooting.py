"""Pairs from condition / cause / correction tables, whose causes and corrections pair by letter and never by height."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pipeline.engines.offline.asking import LONGEST_ANSWER, Asked, asked
from pipeline.engines.offline.layout import Line, Row, rows_of
from pipeline.engines.offline.running_text import body_lines
from pipeline.engines.offline.sentences import joined
from review_db.records import Word

_HEADS = (
    re.compile(
        r"^(?:condition|symptom|complaint|problem|malfunction|trouble|fault|st[öo]rung|difetto|inconveniente)s?\b",
        re.I,
    ),
    re.compile(r"^(?:possible |probable )?(?:cause|reason|ursache|causa)s?\b", re.I),
    re.compile(r"^(?:correction|remedy|corrective action|action|solution|repair|abhilfe|rimedio|correct)", re.I),
)
_LETTER = re.compile(r"^([a-z1])\)\s*")
_ELSEWHERE = re.compile(r"^(?:see|as|same as)\s+(?:[a-z]\)|above|under)", re.I)


@dataclass(slots=True)
class _Item:
    """A lettered cause or correction."""

    letter: str
    rows: list[Row] = field(default_factory=list)
    read: bool = True
    """Whether the letter is printed; where it was not read, a correction belongs to the cause at its height."""

    @property
    def text(self) -> str:
        return joined([_LETTER.sub("", row.text) for row in self.rows]).strip(" .")

    @property
    def words(self) -> list[Word]:
        return _words(self.rows)


@dataclass(slots=True)
class _Group:
    """One condition with its causes and corrections."""

    condition: str = ""
    words: list[Word] = field(default_factory=list)
    causes: list[_Item] = field(default_factory=list)
    corrections: list[_Item] = field(default_factory=list)


def fault_heads(rows: Sequence[Row]) -> tuple[int, tuple[float, float, float]] | None:
    """Row number and left edges of a condition / cause / correction heading, or None."""
    for number, row in enumerate(rows):
        cells = [next((line for line in row.lines if head.match(line.text)), None) for head in _HEADS]
        if all(cells) and len(row.lines) <= 4:
            first, second, third = (line.box[0] for line in cells if line is not None)
            return (number, (first, second, third)) if first < second < third else None
    return None


def fault_pairs(lines: Sequence[Line], title: str) -> list[Asked]:
    """The pairs of a fault table under `title` (a heading for a question, quotes included); empty without a table."""
    rows = rows_of(body_lines(lines))
    heads = fault_heads(rows)
    if heads is None:
        return []
    groups = _groups([line for row in rows[heads[0] + 1 :] for line in row.lines], heads[1])
    return [item for group in groups if group.condition for item in _pairs(group, title)]


def _groups(lines: Sequence[Line], edges: tuple[float, float, float]) -> list[_Group]:
    """Conditions with their items: a cause with the letter a opens a new condition."""
    columns: list[list[Line]] = [[], [], []]
    for line in lines:
        columns[max(0, sum(line.box[0] > edge - 0.02 for edge in edges) - 1)].append(line)
    conditions = rows_of(columns[0])
    causes, corrections = _items(rows_of(columns[1])), _items(rows_of(columns[2]))
    starts = [_top(item) for item in causes if item.letter == "a"]
    return [
        _group(conditions, causes, corrections, start, end)
        for start, end in zip(starts, [*starts[1:], 2.0], strict=True)
    ]


def _group(
    conditions: Sequence[Row], causes: Sequence[_Item], corrections: Sequence[_Item], start: float, end: float
) -> _Group:
    condition = _condition([row for row in conditions if start <= row.box[1] + 0.012 and row.box[1] + 0.012 < end])
    return _Group(
        " ".join(row.text for row in condition).strip(" .:"),
        _words(condition),
        [item for item in causes if start <= _top(item) < end],
        [item for item in corrections if start <= _top(item) + 0.012 < end],
    )


def _top(item: _Item) -> float:
    return item.rows[0].box[1]


def _words(rows: Sequence[Row]) -> list[Word]:
    return [word for row in rows for line in row.lines for word in line.words]


def _condition(rows: Sequence[Row]) -> list[Row]:
    """The rows of a condition: the first one and those that run on in lower case right below it."""
    taken: list[Row] = []
    for row in rows:
        near = not taken or row.box[1] - taken[-1].box[3] < 0.6 * (row.box[3] - row.box[1])
        if taken and not (near and (row.text[:1].islower() or taken[-1].text.endswith((",", "/")))):
            break
        taken.append(row)
    return taken


def _items(rows: Sequence[Row]) -> list[_Item]:
    """Lettered items of one column; a row without a letter runs on, unless it opens with a capital of its own."""
    items: list[_Item] = []
    for row in rows:
        letter = _LETTER.match(row.text)
        if letter:
            items.append(_Item("l" if letter.group(1) == "1" else letter.group(1), [row]))
        elif items and (not row.text[:1].isupper() or _open(items[-1])):
            items[-1].rows.append(row)
        elif items:
            items.append(_Item(chr(ord(items[-1].letter) + 1), [row], read=False))
        else:
            items.append(_Item("a", [row], read=False))
    return items


def _open(item: _Item) -> bool:
    """Whether an item cannot end where it stands so far: no words yet, or a word that must go on."""
    return not item.text or bool(re.search(r"(?:[,;/-]|\b(?:and|or|of|in|on|for|the|to|with|by))$", item.text))


def _pairs(group: _Group, title: str) -> Iterator[Asked]:
    where = f"According to {title}, " if title else ""
    condition = f'"{group.condition}"'
    remedies = {item.letter: item for item in group.corrections if item.read}
    for item in group.corrections:
        level = [cause for cause in group.causes if abs(_top(cause) - _top(item)) < 0.008]
        if not item.read and len(level) == 1:
            remedies.setdefault(level[0].letter, item)
    listed = " ".join(f"{item.letter}) {item.text}" for item in group.causes)
    words = [word for item in group.causes for word in item.words]
    if len(group.causes) == 1:
        yield from _found(f"{where}what causes {condition}?", group.causes[0].text, words, 2)
    elif len(listed.split()) <= LONGEST_ANSWER:
        yield from _found(f"{where}what are the possible causes of {condition}?", listed, words, 2)
    else:
        for item in group.causes:
            yield from _found(f"{where}what is cause {item.letter}) of {condition}?", item.text, item.words, 3)
    for item in group.causes:
        remedy = remedies.get(item.letter)
        yield from _found(f'{where}which condition can "{item.text}" cause?', group.condition, group.words, 6)
        if remedy is not None and remedy.text and not _ELSEWHERE.match(remedy.text):
            question = f'{where}what is the correction for {condition} when the cause is "{item.text}"?'
            yield from _found(question, remedy.text, remedy.words, 1)


def _found(question: str, answer: str, words: Sequence[Word], rank: int) -> Iterator[Asked]:
    item = asked(question, answer, "troubleshooting", words, rank)
    if item is not None:
        yield item
