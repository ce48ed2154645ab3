"""Build records from rows; the names of a record's fields are the names of its columns."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any

from review_db.connection import Database
from review_db.records import Box, Evidence, Flag, Page, Pair, SourceFile, TokenEvidence

PAGE_COLUMNS = ", ".join(field.name for field in fields(Page))
FILE_COLUMNS = "path, kind, sha256, size, mtime_ns, status, reason, m.name AS manual, duplicate_of, page_count, file_id"
PAIR_HEAD = tuple(field.name for field in fields(Pair) if field.name not in ("evidence", "flags"))
PAIR_COLUMNS = ", ".join([*PAIR_HEAD, "verdict", "quote", "boxes", "unsupported", "tokens"])


def stream(db: Database, sql: str, parameters: Sequence[object] = ()) -> Iterator[tuple[Any, ...]]:
    """Rows one by one, so that no listing loads a table whole."""
    yield from db.conn.execute(sql, parameters)


def page_from(row: Sequence[Any]) -> Page:
    """A Page from PAGE_COLUMNS."""
    page = Page(*row)
    return _with_truths(page)


def _with_truths(page: Page) -> Page:
    object.__setattr__(page, "is_index", bool(page.is_index))
    object.__setattr__(page, "nothing_to_ask", bool(page.nothing_to_ask))
    return page


def file_from(row: Sequence[Any]) -> SourceFile:
    """A SourceFile from FILE_COLUMNS."""
    return SourceFile(*row)


def boxes_from(text: str | None) -> tuple[Box, ...]:
    """Boxes from their JSON."""
    return tuple((b[0], b[1], b[2], b[3]) for b in json.loads(text or "[]"))


def evidence_from(row: Sequence[Any]) -> Evidence:
    """An Evidence from verdict, quote, boxes, unsupported, tokens; not_checkable where no check was made."""
    verdict, quote, boxes, unsupported, tokens = row
    if verdict is None:
        return Evidence("not_checkable")
    found = tuple(TokenEvidence(t[0], bool(t[1]), tuple(t[2]) if t[2] else None) for t in json.loads(tokens))
    return Evidence(verdict, quote, boxes_from(boxes), tuple(json.loads(unsupported)), found)


def pair_from(row: Sequence[Any], flags: tuple[Flag, ...] = ()) -> Pair:
    """A Pair from PAIR_COLUMNS and its flags."""
    head = dict(zip(PAIR_HEAD, row, strict=False))
    head["flagged"] = bool(head["flagged"])
    return Pair(**head, evidence=evidence_from(row[len(PAIR_HEAD) :]), flags=flags)


def box_json(boxes: Sequence[Box]) -> str:
    """Boxes as JSON, rounded to a hundredth of a per mille of the page."""
    return json.dumps([[round(edge, 5) for edge in box] for box in boxes])
