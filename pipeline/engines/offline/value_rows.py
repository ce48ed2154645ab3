"""Pairs from short value lists inside running text: a name on the left, its measured value on the right."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.engines.offline.asking import Asked, asked, worded
from pipeline.engines.offline.layout import Row
from pipeline.engines.offline.prose import Passage
from pipeline.engines.offline.values import is_measured
from pipeline.engines.offline.verbs import is_order
from review_db.records import Word

_NAME = re.compile(r"^[\"A-Z(].{2,45}$")
_VERB = re.compile(r"\b(?:is|are|must|may|can|to|with|from|by|at|of|if|when|until|and|or|about|approx)\b", re.I)
_CONVERSION = re.compile(r"^\([^()]*\d[^()]*\)$")


@dataclass(frozen=True, slots=True)
class ValueRow:
    """A name with its value and the words of both."""

    name: str
    value: str
    words: tuple[Word, ...]


def without_values(passage: Passage) -> tuple[Passage | None, list[tuple[str, ValueRow]]]:
    """The passage without its value rows (None when nothing is left), and each row under the label above it."""
    kept: list[Row] = []
    found: list[tuple[str, ValueRow]] = []
    for row in passage.rows:
        value = _value_row(row)
        if value is not None:
            above = kept[-1].text if kept else passage.label + ":" if passage.label else ""
            label = above.rstrip(" :*") if above.endswith((":", ":*")) else ""
            found.append((label, value))
        elif found and _CONVERSION.match(row.text) and len(row.lines) == 1:
            label, last = found.pop()
            words = (*last.words, *row.lines[0].words)
            found.append((label, replace(last, value=f"{last.value} {row.text}", words=words)))
        else:
            kept.append(row)
    return (replace(passage, rows=tuple(kept)) if kept else None), found


def _value_row(row: Row) -> ValueRow | None:
    if len(row.lines) != 2 or not is_measured(row.lines[1].text):
        return None
    name = row.lines[0].text.strip(" .:=*")
    if not _NAME.match(name) or _VERB.search(name) or is_order(name.split()[0]) or any(map(str.isdigit, name)):
        return None
    return ValueRow(name, row.lines[1].text.strip(" ."), tuple(word for line in row.lines for word in line.words))


def value_row_pairs(values: Sequence[tuple[str, ValueRow]], opening: str, when: str) -> Iterator[Asked]:
    """The questions for value rows: by the label above them, else by the name alone."""
    for label, row in values:
        plain = label if label[:2].isupper() else label[:1].lower() + label[1:]
        question = f'what is the {plain} for "{row.name}"' if label else f'which value is given for "{row.name}"'
        item = asked(worded(opening, f"{question}{when}"), row.value, "factual", row.words, 0)
        if item is not None:
            yield item
