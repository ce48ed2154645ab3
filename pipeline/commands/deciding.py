"""`manualqa decide`: decisions from JSONL, one answer a line, each written after its commit."""

from __future__ import annotations

import argparse
import json
import sys
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pipeline.commands.context import opened
from pipeline.errors import PipelineError
from review_db.connection import Database
from review_db.decisions import apply_decisions
from review_db.drawn_boxes import boxes_given
from review_db.records import DecisionRequest, DecisionResult, Finding, Page, Word

TEXTS = ("question", "answer", "question_type", "reason", "comment")


def decide(options: argparse.Namespace) -> int:
    """Apply every line in order; exit code 3 when any was refused."""
    refused = 0
    with opened(options) as context, lines_of(options.file) as lines:
        for line in lines:
            if line.strip():
                answer = _answer(context.db, line)
                refused += not answer["ok"]
                print(json.dumps(answer, ensure_ascii=False), flush=True)
    return 3 if refused else 0


@contextmanager
def lines_of(name: str) -> Iterator[Iterable[str]]:
    """Lines of a file, or of standard input for "-" as they come."""
    if name == "-":
        yield iter(sys.stdin.readline, "")
        return
    try:
        file = Path(name).open(encoding="utf-8")  # noqa: SIM115 the caller reads it to its end
    except OSError as error:
        raise PipelineError(
            f"cannot read {name}: {error.strerror}", "name a JSONL file, or - for standard input"
        ) from error
    with file:
        yield file


def _answer(db: Database, line: str) -> dict[str, Any]:
    try:
        request = decision_from(json.loads(line))
    except (ValueError, RecursionError) as error:
        return {"pair_id": None, "ok": False, "error": "bad_line", "message": str(error)}
    (result,) = apply_decisions(db, [request], check_text)
    return _as_row(result)


def decision_from(row: Any) -> DecisionRequest:
    """A decision from its JSON object. Raises ValueError that names the wrong field."""
    if not isinstance(row, dict):
        raise ValueError("a line holds one JSON object")
    for name in ("verdict", "reviewer"):
        if not isinstance(row.get(name), str):
            raise ValueError(f"{name} is missing")
    for name in (*TEXTS, "pair_id", "page_id", "decision_id"):
        if not isinstance(row.get(name), str | None):
            raise ValueError(f"{name} is no text")
    revision = row.get("revision")
    if isinstance(revision, bool) or not isinstance(revision, int | None):
        raise ValueError("revision is no whole number")
    return DecisionRequest(
        decision_id=row.get("decision_id") or uuid.uuid4().hex,
        verdict=row["verdict"],
        reviewer=row["reviewer"],
        pair_id=row.get("pair_id"),
        page_id=row.get("page_id"),
        revision=revision,
        redecide=row.get("redecide") is True,
        boxes=boxes_given(row.get("boxes")),
        **{name: row.get(name) for name in TEXTS},
    )


def check_text(page: Page, words: Sequence[Word], question: str, answer: str, question_type: str) -> Finding:
    """What the checks say of a text that a person wrote."""
    from pipeline.checks import examine

    return examine(page.kind, words, question, answer, question_type)


def _as_row(result: DecisionResult) -> dict[str, Any]:
    row: dict[str, Any] = {"pair_id": result.pair_id, "ok": result.ok, "decision_id": result.decision_id}
    if result.ok:
        return row | {"revision": result.revision, "status": result.status}
    return row | {"error": result.error, "message": result.message}
