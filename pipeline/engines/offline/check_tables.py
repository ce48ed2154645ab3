"""Pairs from check sheets: jobs on the left, columns of references and remarks on the right."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.engines.offline.asking import Asked, asked
from pipeline.engines.offline.layout import Line, Row, rows_of
from pipeline.engines.offline.running_text import page_lines
from pipeline.engines.offline.sentences import joined
from review_db.records import Word

_HEADS = re.compile(
    r"^(?:repair|technical|nominal|service|owner.?s|important|manual|data|values?|information|remarks?!?|instructions?!?|notes?|job"
    r"|position|group|reference)\b",
    re.I,
)
_REFERENCE = re.compile(r"^(?:Gr\.?|Group)\s?\d")
_MARK = re.compile(r"^[+xX*•\s]+$")


def check_pairs(lines: Sequence[Line], name: str) -> list[Asked]:
    """The pairs of a check sheet with at least three headed columns; empty for other pages."""
    rows = rows_of(page_lines(lines))
    heads = _heads(rows)
    if len(heads) < 3 or not name:
        return []
    top = max(line.box[3] for lines_ in heads for line in lines_)
    edge = min(line.box[0] for lines_ in heads for line in lines_) - 0.015
    body = [row for row in rows if row.box[1] > top - 0.005]
    return [item for task, cells in _tasks(body, edge) for item in _pairs(task, cells, heads, name)]


def _heads(rows: Sequence[Row]) -> list[list[Line]]:
    """Headings of the right-hand columns, each with the lines stacked in it."""
    for number, row in enumerate(rows[:14]):
        named = [line for line in row.lines if _HEADS.match(line.text) and line.box[0] > 0.25]
        if len(named) >= 3:
            below = rows[number + 1].lines if number + 1 < len(rows) else ()
            return [[line, *(other for other in below if _belongs(other, line))] for line in named]
    return []


def _belongs(below: Line, head: Line) -> bool:
    return abs(below.box[0] - head.box[0]) < 0.02 and bool(_HEADS.match(below.text)) and len(below.words) <= 2


def task_lines(lines: Sequence[Line]) -> list[Line]:
    """The lines of the jobs on the left of a check sheet, without its columns."""
    heads = _heads(rows_of(page_lines(lines)))
    edge = min((line.box[0] for lines_ in heads for line in lines_), default=1.1) - 0.015
    return [line for line in lines if line.box[0] < edge]


def _tasks(body: Sequence[Row], edge: float) -> Iterator[tuple[list[Line], list[Line]]]:
    """(lines of the job, cells to its right); a gap of white or a new sentence opens the next job."""
    task: list[Line] = []
    cells: list[Line] = []
    for row in body:
        left = [line for line in row.lines if line.box[0] < edge]
        right = [line for line in row.lines if line.box[0] >= edge]
        if task and left and _opens(task[-1], left[0], bool(cells)):
            yield task, cells
            task, cells = [], []
        task.extend(left)
        cells.extend(right)
    if task:
        yield task, cells


def _opens(above: Line, line: Line, answered: bool) -> bool:
    apart = line.box[1] - above.box[3] > 0.45 * line.height
    return (
        apart or (answered and line.text[:1].isupper()) or (line.text[:1].isupper() and above.text.endswith((".", ":")))
    )


def _pairs(task: Sequence[Line], cells: Sequence[Line], heads: Sequence[Sequence[Line]], name: str) -> Iterator[Asked]:
    job = joined([line.text for line in task]).strip(" .:")
    if len(job.split()) < 2 or len(job.split()) > 30 or "Order No" in job:
        return
    for head in heads:
        mine = [cell for cell in cells if _head_of(cell, heads) is head and not _MARK.match(cell.text)]
        text = joined([cell.text for cell in mine])
        if not text or not (_REFERENCE.match(text) or re.search(r"[^\W\d_]{3}", text)):
            continue
        column = " ".join(line.text for line in head).strip(" !")
        words: list[Word] = [word for line in [*task, *mine] for word in line.words]
        if _REFERENCE.match(text):
            question = f'In {name}, which {column} reference is given for "{job}"'
            yield from _found(question, text, "navigation", words)
        else:
            yield from _found(f'In {name}, what does the column "{column}" say for "{job}"', text, "inspection", words)


def _head_of(cell: Line, heads: Sequence[Sequence[Line]]) -> Sequence[Line]:
    return min(heads, key=lambda head: abs(cell.box[0] - head[0].box[0]))


def _found(question: str, answer: str, kind: str, words: Sequence[Word]) -> Iterator[Asked]:
    item = asked(question, answer, kind, words, 3)
    if item is not None:
        yield item
