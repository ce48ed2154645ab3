"""Labelled pairs of pairs: how often what is called a duplicate is one, and how many of the duplicates are found."""

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.checks.duplicates import compare

FOLDER = Path(__file__).parent / "pipeline" / "checks"
TEXTS = ("question_a", "answer_a", "question_b", "answer_b")
Likeness = Callable[[dict[str, Any]], float | None]


class Share(NamedTuple):
    """Of what was called the same how much is (precision), and of what is the same how much was called so (recall)."""

    precision: float
    recall: float


def labelled(name: str, facts: str = "all") -> list[dict[str, Any]]:
    """Rows of a set, of "even", "odd" or "all" facts; thresholds were fitted on the even ones of dedup_pairs."""
    rows = [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if facts == "all" or row["fact"] % 2 == (facts == "odd")]


def measured(rows: Sequence[dict[str, Any]], called: Iterable[bool]) -> Share:
    """Precision and recall of one yes or no a row."""
    verdicts = [(bool(yes), bool(row["same"])) for row, yes in zip(rows, called, strict=True)]
    right = verdicts.count((True, True))
    return Share(right / max(1, right + verdicts.count((True, False))), right / (right + verdicts.count((False, True))))


def relations(rows: Sequence[dict[str, Any]], likeness: Likeness = lambda row: None) -> list[str]:
    """What `compare` says of every row."""
    return [str(compare(*(row[text] for text in TEXTS), likeness(row)).relation) for row in rows]


def cosines(rows: Sequence[dict[str, Any]], embedder: Any) -> Likeness:
    """The likeness of a row by its vectors, all made at once."""
    texts = sorted({f"{row[f'question_{side}']} {row[f'answer_{side}']}" for row in rows for side in "ab"})
    vectors = dict(zip(texts, embedder.encode(texts), strict=True))
    return lambda row: float(
        vectors[f"{row['question_a']} {row['answer_a']}"] @ vectors[f"{row['question_b']} {row['answer_b']}"]
    )
