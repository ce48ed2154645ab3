"""`manualqa compare`: how pairs from JSONL relate, one answer a line, each written at once."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from functools import cached_property
from typing import Any

from pipeline.checks.duplicates import compare as relation_of
from pipeline.checks.duplicates import needs_likeness
from pipeline.commands.deciding import lines_of
from pipeline.embedder import Embedder, load_embedder

FIELDS = ("question_a", "answer_a", "question_b", "answer_b")


class Meanings:
    """How alike two pairs are in meaning; the embedder is loaded for the first line that needs it, and only once."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell

    @cached_property
    def _embedder(self) -> Embedder | None:
        return load_embedder(self._tell)

    def likeness(self, question_a: str, answer_a: str, question_b: str, answer_b: str) -> float | None:
        """Cosine of the vectors of both pairs; None where there are no embeddings, or no need of them."""
        if not needs_likeness(question_a, answer_a, question_b, answer_b) or self._embedder is None:
            return None
        one, other = self._embedder.encode([f"{question_a} {answer_a}", f"{question_b} {answer_b}"])
        return float(one @ other)


def compare(options: argparse.Namespace) -> int:
    """Answer every line in order; exit code 3 when any was bad."""
    meanings, bad = Meanings(lambda sentence: print(sentence, file=sys.stderr, flush=True)), 0
    with lines_of(options.file) as lines:
        for line in lines:
            if line.strip():
                answer = answered(line, meanings)
                bad += "error" in answer
                print(json.dumps(answer, ensure_ascii=False), flush=True)
    return 3 if bad else 0


def answered(line: str, meanings: Meanings) -> dict[str, Any]:
    """The answer to one line: relation and reasons, or what is wrong with the line."""
    try:
        texts = _texts(json.loads(line))
    except (ValueError, RecursionError) as error:
        return {"error": "bad_line", "message": str(error)}
    found = relation_of(*texts, meanings.likeness(*texts))
    return {"relation": str(found.relation), "reasons": list(found.reasons)}


def _texts(row: Any) -> tuple[str, str, str, str]:
    """Both questions and answers. Raises ValueError that names the wrong field."""
    if not isinstance(row, dict):
        raise ValueError("a line holds one JSON object")
    for field in FIELDS:
        if not isinstance(row.get(field), str) or not row[field].strip():
            raise ValueError(f"{field} is missing or no text")
    return row["question_a"], row["answer_a"], row["question_b"], row["answer_b"]
