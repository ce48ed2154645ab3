"""Pairs from the set-up block before a job: tools, materials, references, conditions, each under its heading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.engines.offline.asking import Asked, asked, words_for
from pipeline.engines.offline.layout import Line
from pipeline.engines.offline.sentences import joined
from review_db.records import Word

_START = re.compile(r"^INITIAL SET-?\s?UP", re.I)
_PART_NUMBER = re.compile(r"\b(?:P/N|Part No\.|NSN)\s*:?\s*((?=\S*\d)[A-Z\d][\w/-]{3,})")
_HEADING = re.compile(
    r"^((?:special )?tools(?: and .*)?|materials?(?:/parts)?|parts|manual references?|references?|equipment condition"
    r"|condition|general safety instructions|personnel required|test equipment|special environmental conditions"
    r"|troubleshooting references|mandatory replacement parts|applicable models)\s*(?:\(.*\))?:?$",
    re.I,
)
_BULLET = re.compile(r"^[•●○*]\s*")


def setup_lines(lines: Sequence[Line]) -> list[Line]:
    """The lines of the set-up block; empty where a page has none."""
    start = next((line for line in lines if _START.match(line.text)), None)
    if start is None:
        return []
    below = sorted((line for line in lines if line.middle > start.middle), key=lambda line: line.middle)
    taken: list[Line] = []
    for line in below:
        last = max((other.box[3] for other in taken), default=start.box[3])
        if line.box[1] - last > 1.4 * line.height or re.match(r"^(?:NOTE|WARNING|CAUTION)\W*$", line.text):
            break
        taken.append(line)
    return [start, *taken]


def setup_pairs(block: Sequence[Line], opening: str) -> list[Asked]:
    """The pairs of a set-up block; `opening` starts the question with the name of the job."""
    heads = [line for line in block if _HEADING.match(line.text)]
    if len(heads) < 2 or not opening:
        return []
    edges = sorted({round(head.box[0], 2) for head in heads})
    edge = next((x for x in edges if x - edges[0] > 0.2), 1.1)
    columns = [
        [line for line in block if line.box[0] < edge - 0.02],
        [line for line in block if line.box[0] >= edge - 0.02],
    ]
    return [item for column in columns for item in _column_pairs(column[:], opening)]


def _column_pairs(column: Sequence[Line], opening: str) -> Iterator[Asked]:
    head: Line | None = None
    held: list[Line] = []
    for line in [*sorted(column, key=lambda line: line.middle), None]:
        if line is None or _HEADING.match(line.text):
            if head is not None and held:
                yield from _pair(head, held, opening)
            head, held = line, []
        elif head is not None:
            held.append(line)


def _pair(head: Line, held: Sequence[Line], opening: str) -> Iterator[Asked]:
    name = head.text.strip(" :")
    indent = min(line.box[0] for line in held) + 0.006
    items: list[list[str]] = []
    for line in held:
        text = _BULLET.sub("", line.text)
        runs_on = bool(items) and text[:1].islower() and not items[-1][-1].endswith(".")
        fresh = text != line.text or (line.box[0] <= indent and not runs_on)
        if fresh or not items:
            items.append([text])
        else:
            items[-1].append(text)
    answer = "; ".join(joined(parts) for parts in items)
    words = [word for line in held for word in line.words]
    kind = "tool" if "tool" in name.lower() else "safety" if "safety" in name.lower() else "factual"
    item = asked(f'{opening} what is listed under "{name}" in the initial setup', answer, kind, words, 2)
    numbers = [_part_number(joined(parts), words, opening) for parts in items]
    yield from (found for found in (item, *numbers) if found is not None)


def _part_number(text: str, words: Sequence[Word], opening: str) -> Asked | None:
    """The part number of one listed thing ("One connector P/N 4711-2")."""
    found = _PART_NUMBER.search(text)
    name = re.sub(r"\s*\([^()]*\)", "", text[: found.start()]).strip(" ,;") if found else ""
    if found is None or not re.match(r"[A-Z][a-z]+\b", name):
        return None
    question = f'{opening} what is the part number of "{name}" in the initial setup'
    return asked(question, found.group(1), "factual", words_for(found.group(1), words), 2)
