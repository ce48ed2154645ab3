"""Which columns of text make a table, and the rows of it, each cell read whole."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from pipeline.segments import SAME_LINE, Segment, flat, is_values, text_lines

_DIGIT = re.compile(r"\d")
_CONTINUES = re.compile(r"[a-zà-ÿ(),;.&+–—-]")

_BESIDE = 0.3  # centres nearer than this, in text heights, make two cells neighbours
_LOOSE = 1.35  # a step between lines this many times the tightest one starts a new paragraph or row
_TABLE_SHARE = 0.65  # share of lines with a neighbour that makes a table


def joined_tables(parts: list[list[Segment]]) -> list[list[Segment]]:
    """Join neighbouring columns that make one table; a single part means that all of them do."""
    if is_table(parts):
        return [flat(parts)]
    groups: list[list[Segment]] = [parts[0]]
    for left, right in pairwise(parts):
        if is_table([left, right]):
            groups[-1] = [*groups[-1], *right]
        else:
            groups.append(right)
    return groups if len(groups) > 1 else parts


def is_table(parts: list[list[Segment]]) -> bool:
    """Tell a table from columns that stand side by side by chance.

    Columns of words make one when their paragraphs start together, three of them at least; a column of values
    (numbers, codes, short marks) stands beside the lines of its neighbour or, if it has few, beside the starts
    of its paragraphs.
    """
    step = _LOOSE * min(_tightest_step([s.middle for s in part]) for part in parts)
    hits = total = 0
    for one, other in pairwise(parts):
        few, many = sorted((one, other), key=len)
        lines, partners = [s.middle for s in few], [s.middle for s in many]
        if not (is_values(one) or is_values(other)):
            lines, partners = _paragraph_starts(few, step), _paragraph_starts(many, step)
            if len(lines) < 3 and len(few) > len(lines):
                return False
        elif len(few) < 4 and 2 * len(few) < len(many):
            partners = _paragraph_starts(many, step)
        hits += sum(any(abs(line - other) <= _BESIDE for other in partners) for line in lines)
        total += len(lines)
    return hits >= _TABLE_SHARE * total


def by_rows(parts: list[list[Segment]]) -> list[Segment]:
    """Read a table, given as its columns, row by row; a cell of several lines is read before the next cell."""
    column_of = {s.number: number for number, part in enumerate(parts) for s in part}
    step = _LOOSE * min(_tightest_step([s.middle for s in part]) for part in parts)
    wordy = not any(is_values(part) for part in parts)
    rows: list[list[Segment]] = []
    previous = float("-inf")
    for line in text_lines(flat(parts)):
        tight = line[0].middle - previous <= step
        if rows and tight and (wordy or _continues(rows[-1], line, column_of)):
            rows[-1].extend(line)
        else:
            rows.append(list(line))
        previous = max(s.middle for s in line)
    return flat(flat(text_lines(cell)) for row in rows for cell in _cells(row, column_of))


def _cells(row: list[Segment], column_of: dict[int, int]) -> list[list[Segment]]:
    """Return the row's segments by column, left to right."""
    filled = sorted({column_of[s.number] for s in row})
    return [[s for s in row if column_of[s.number] == number] for number in filled]


def _continues(row: list[Segment], line: list[Segment], column_of: dict[int, int]) -> bool:
    """Tell whether a line goes on with the cells of the row above it: its first text does, and no value is new."""
    above = {column_of[s.number]: s for s in row}
    if len(line) > 1 and any(_is_new_value(above.get(column_of[s.number]), s) for s in line):
        return False
    first, first_column = line[0], column_of[line[0].number]
    if first_column not in above:
        return False
    if len(line) == 1 and first_column != min(above) and first.word_count > 0:
        return True
    return bool(_CONTINUES.match(first.text)) or above[first_column].text.rstrip().endswith(("-", ","))


def _is_new_value(cell: Segment | None, segment: Segment) -> bool:
    return cell is not None and bool(_DIGIT.search(cell.text)) and bool(_DIGIT.search(segment.text))


def _paragraph_starts(part: list[Segment], step: float) -> list[float]:
    middles = [line[0].middle for line in text_lines(part)]
    return [middles[0], *(below for above, below in pairwise(middles) if below - above > step)]


def _tightest_step(middles: Sequence[float]) -> float:
    """Return the usual distance between lines of one paragraph: a fifth of the steps are at most this."""
    steps = sorted(below - above for above, below in pairwise(sorted(middles)) if below - above > SAME_LINE)
    return min(steps[len(steps) // 5], 2.0) if steps else 1.2
