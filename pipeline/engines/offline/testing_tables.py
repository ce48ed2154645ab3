"""Pairs from tables whose main column is running text: test steps with what to do, items with their procedures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.engines.offline.asking import Asked, asked
from pipeline.engines.offline.layout import Line, Row, rows_of
from pipeline.engines.offline.procedures import all_step_pairs
from pipeline.engines.offline.prose import Passage, passages_of
from pipeline.engines.offline.running_text import page_lines
from pipeline.engines.offline.sentences import joined
from pipeline.engines.offline.signal_words import signal_pairs
from pipeline.engines.offline.topics import Topic, lowered, sentence_case
from review_db.records import Word

_STEP_HEAD = re.compile(r"^(?:test step|step|item(?: no\.?)?|no\.|test|pr.fschritt)$", re.I)
_MAIN_HEAD = re.compile(
    r"^(?:troubleshoot|procedures?\b|operation|action|test procedure|what to do|instructions?\b)", re.I
)
_SIDE_HEAD = re.compile(r"^(?:tested|item to be|inspected|component|job position|reference|remarks)", re.I)
_JOB_HEAD = re.compile(r"^(?:job position|reference|repair code|procedure no)", re.I)
_JOB = re.compile(r"^(\d{2} \d{2} \d{3}(?:/\d{3})?)\W*$")
_NUMBER = re.compile(r"^\d{1,2}$")


@dataclass(frozen=True, slots=True)
class _Table:
    """Left edges of the columns: steps, what is tested (None where there is no such column), text, job codes."""

    top: float
    step: float
    side: float | None
    main: float
    job: float


def step_table_pairs(lines: Sequence[Line], title: Topic) -> list[Asked]:
    """The pairs of a test-step table under `title`; empty for a page without one."""
    own = page_lines(lines)
    table = _table(rows_of(own))
    if table is None:
        return []
    below = [line for line in own if line.box[1] > table.top]
    number, step = _step(below, table)
    topic = replace(title, title=title.title or "test step table", sub=f"test step {number}" if number else "")
    main = [line for line in below if table.main - 0.02 <= line.box[0] < table.job - 0.02]
    passages = [_with_side(passage, below, table) for passage in passages_of(main, topic)]
    pairs = [*all_step_pairs(passages), *signal_pairs(passages), *_jobs(passages, below, table, topic)]
    if number and step:
        words = [word for line in step for word in line.words]
        question = f'According to "{sentence_case(topic.title)}", what is test step {number}'
        pairs.extend(_found(question, " ".join(line.text for line in step), words))
        pairs.extend(_tested(below, table, topic))
    return pairs


def _table(rows: Sequence[Row]) -> _Table | None:
    for number, row in enumerate(rows):
        near = [line for other in rows[max(0, number - 1) : number + 2] for line in other.lines]
        step = next((line for line in near if _STEP_HEAD.match(line.text)), None)
        main = next((line for line in row.lines if _MAIN_HEAD.match(line.text)), None)
        sides = [line for line in near if _SIDE_HEAD.match(line.text)]
        if step and main and sides and step.box[0] < main.box[0]:
            job = next(
                (line.box[0] for line in sides if _JOB_HEAD.match(line.text) and line.box[0] > main.box[2]),
                1.1,
            )
            side = next((line.box[0] for line in sides if step.box[2] < line.box[0] < main.box[0]), None)
            edge = min(
                (line.box[0] for line in _under(rows[number + 1 :], side or step.box[2], job)),
                default=main.box[0],
            )
            return _Table(max(line.box[3] for line in near if line in row.lines), step.box[0], side, edge, job)
    return None


def _under(rows: Sequence[Row], left: float, right: float) -> list[Line]:
    """Lines of several words between two columns: the running text."""
    return [line for row in rows for line in row.lines if left + 0.06 < line.box[0] < right and len(line.words) >= 4]


def _step(below: Sequence[Line], table: _Table) -> tuple[str, list[Line]]:
    """The number of the test step and the lines that name it; one step a page, else it is doubtful."""
    end = (table.side or table.main) - 0.02
    first = sorted((line for line in below if line.box[0] < end), key=lambda line: line.middle)
    numbers = [line for line in first if _NUMBER.match(line.text)]
    if len(numbers) != 1:
        return "", []
    return numbers[0].text, [line for line in first if line is not numbers[0] and line.middle > numbers[0].middle]


def _with_side(passage: Passage, below: Sequence[Line], table: _Table) -> Passage:
    """A list that starts anew at the height of an entry of the side column belongs to that entry."""
    if table.side is None or not passage.marker:
        return passage
    starts = [line for line in below if table.side - 0.02 <= line.box[0] < table.main - 0.03]
    above = [line for line in starts if line.middle < passage.rows[0].box[3]]
    if not above:
        return passage
    side = max(above, key=lambda line: line.middle)
    return replace(
        passage,
        topic=replace(passage.topic, sub=", ".join(part for part in (passage.topic.sub, lowered(side.text)) if part)),
    )


def _tested(below: Sequence[Line], table: _Table, topic: Topic) -> Iterator[Asked]:
    """What the first entry of the side column tests, its wrapped lines included."""
    if table.side is None:
        return
    side = [line for line in below if table.side - 0.02 <= line.box[0] < table.main - 0.03]
    side.sort(key=lambda line: line.middle)
    taken: list[Line] = []
    for line in side:
        if taken and (line.text[:1].isupper() or line.box[1] - taken[-1].box[3] > 0.5 * line.height):
            break
        taken.append(line)
    words = [word for line in taken for word in line.words]
    yield from _found(f"{topic.opening()} what is tested", joined([line.text for line in taken]), words)


def _jobs(passages: Sequence[Passage], below: Sequence[Line], table: _Table, topic: Topic) -> Iterator[Asked]:
    """The job code that stands at the height of a line, asked for with the text of that line."""
    codes = [line for line in below if line.box[0] >= table.job - 0.02 and _JOB.match(line.text)]
    for code in codes:
        rows = [
            row
            for passage in passages
            for row in passage.rows
            if abs((row.box[1] + row.box[3]) / 2 - code.middle) < 0.006
        ]
        text = re.sub(r"^.*[:.]\s+(?=[a-zA-Z].{12,})|^\d\.\s+", "", rows[0].text.rstrip(" .")) if len(rows) == 1 else ""
        if len(text.split()) >= 3 and text[:1].isalpha():
            question = f'{topic.opening()} which job position is given for "{text[:1].upper()}{text[1:]}"'
            yield from _found(
                question, _JOB.sub(r"\1", code.text), [*rows[0].lines[0].words, *code.words], "navigation"
            )


def _found(question: str, answer: str, words: Sequence[Word], kind: str = "troubleshooting") -> Iterator[Asked]:
    item = asked(question, answer, kind, words, 2)
    if item is not None:
        yield item
