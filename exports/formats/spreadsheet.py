"""The csv format: one row a pair, for people and their spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping

from exports.cells import safe_cell
from exports.formats.columns import columns
from exports.formats.outlet import Outlet
from exports.records import ReadyPair

_COLUMNS = (
    "qa_id", "split", "question", "answer", "question_type", "image", "page_id", "section_id", "section_name",
    "source_type", "content_type", "status", "reviewer", "evidence", "evidence_quote", "evidence_boxes",
)  # fmt: skip


def write(outlet: Outlet) -> Mapping[str, int]:
    """Write pairs.csv with all splits in one table."""
    names = [*_COLUMNS, "crop"] if outlet.options.crops else list(_COLUMNS)
    outlet.text("pairs.csv", _lines(names, outlet.plan.pairs))
    return {}


def _lines(names: list[str], pairs: Iterable[ReadyPair]) -> Iterator[str]:
    yield _line(names)
    for ready in pairs:
        row = columns(ready, with_status=True) | {
            "split": ready.split,
            "image": ready.image,
            "crop": ready.crop,
            "reviewer": ready.pair.decided_by,
        }
        row["evidence_boxes"] = json.dumps(row["evidence_boxes"]) if row["evidence_boxes"] else ""
        yield _line(row[name] for name in names)


def _line(cells: Iterable[object]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([safe_cell(cell) for cell in cells])
    return line.getvalue()
