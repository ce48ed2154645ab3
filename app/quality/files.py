"""A table that is taken home: CSV whose cells no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from exports.cells import safe_cell


def as_csv(rows: Iterable[Sequence[object]]) -> bytes:
    """The rows as CSV in UTF-8 with the mark by which spreadsheets know it; numbers stay numbers."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerows([[_cell(cell) for cell in row] for row in rows])
    return text.getvalue().encode("utf-8-sig")


def _cell(cell: object) -> object:
    return cell if isinstance(cell, int | float) else safe_cell(cell)
