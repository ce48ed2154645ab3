"""Lines of running text: page furniture left out, columns, and the marks that open a passage."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pipeline.engines.offline.layout import Line, Row, columns_of, gutters_of, rows_of
from pipeline.engines.offline.topics import mostly_capitals
from pipeline.engines.offline.vocabulary import listed

SIGNAL = re.compile(
    r"^\W*(WARNINGS?|CAUTIONS?|NOTES?|DANGER|ATTENTION|IMPORTANT|Warning|Caution|Note|Danger|Attention|Important"
    r"|Achtung|Hinweis|Wichtig|Attenzione|Avvertenza|Nota)\b\s*(?:[:!.\-–—]+|$)\s*"
)
"""A signal word that opens a passage, alone on its line or followed by a mark."""

MARKER = re.compile(
    r"^(?:(?:Step|STEP)\s+(\d{1,2})\.?|(\d{1,2}(?:\.\d)?)[.)]|\((\d{1,2})\)|((?:([a-z])\5?))[.)]|\(([a-z])\))"
    r"(?=\s+[^a-z\s]|\s*$)"
)
"""A step number or letter at the start of a line."""

_PAGE_NUMBER = re.compile(r"^\W*(?:[A-Z]{1,3}|\d{1,4})\s*[-–—]\s*\d{1,3}\s*[a-z]?(?:\s*\(.*blank\))?\W*$")

_RUNNING_HEAD = re.compile(r"^\W*(?:TM[\s-]*\d|Change\s+\d|\d{1,2}/\d{2}/\d{2,4}|[\w-]+\.frb)")

_PICTURE_NUMBER = re.compile(r"^\W*[A-Z]{0,3}\s?(?:\d\s?){5,10}\W*$")

_FOOTNOTE = re.compile(r"^\*+\)?\s*(?:[A-Z]|\()")

BULLET = re.compile(r"^[•●○▪■·]\s*|^[-–—]\s+(?=[A-Z])")

OPEN_END = listed(
    """a an the of in on to with from for by and or at into onto between until if is are be than as see no not
    that which when per without under over about approx approx. special tool tools its all each"""
)


def body_lines(lines: Iterable[Line]) -> list[Line]:
    """The lines without page numbers, running heads, picture numbers and footnotes."""
    level = list(lines)
    edges = [line.box[0] for line in level if len(line.text) >= 15]
    return [line for line in page_lines(level) if not _is_picture_number(line, level, edges)]


def page_lines(lines: Iterable[Line]) -> list[Line]:
    """The lines without page numbers, running heads and footnotes."""
    return [line for line in lines if not _is_furniture(line)]


def _is_furniture(line: Line) -> bool:
    edge = line.middle < 0.06 or line.middle > 0.88
    running = (edge or line.middle < 0.12) and bool(_RUNNING_HEAD.match(line.text))
    return running or bool(_FOOTNOTE.match(line.text)) or (edge and bool(_PAGE_NUMBER.match(line.text)))


def _is_picture_number(line: Line, level: Sequence[Line], edges: Sequence[float]) -> bool:
    """A row of digits that neither precedes a title on its line nor is aligned with running text."""
    if not _PICTURE_NUMBER.match(line.text) or sum(abs(line.box[0] - x) < 0.006 for x in edges) >= 3:
        return False
    return not any(
        0 < other.box[0] - line.box[2] < 0.03 and abs(other.middle - line.middle) < 0.5 * line.height
        for other in level
        if mostly_capitals(other.text, 0.7)
    )


def text_columns(lines: Sequence[Line]) -> list[list[Row]]:
    """Rows of the columns in which sentences run, left to right; stray labels in figures are left out."""
    texts = [line for line in lines if len(line.text) >= 8 and sum(map(str.isalpha, line.text)) >= 5]
    gutters = gutters_of(texts, width=0.012, crossed=0.03, beside=3)
    columns = columns_of(texts, gutters)
    for line in lines:
        home = next((column for column in columns if line not in texts and _belongs(line, column)), None)
        if home is not None:
            home.append(line)
    return [rows_of(column) for column in columns if column]


def _belongs(line: Line, column: Sequence[Line]) -> bool:
    """Whether a short line stands inside a column of text, or is a step number just left of it."""
    if not column:
        return False
    starts = [round(other.box[0], 2) for other in column]
    usual = [x for x in starts if starts.count(x) >= 2] or starts
    left, right = min(usual), max(other.box[2] for other in column)
    reach = 0.06 if MARKER.match(line.text) else 0.012
    return left - reach <= line.box[0] and line.box[2] <= right + 0.01
