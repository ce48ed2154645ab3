"""What a reviewer may ask about a pair: where it comes from, why it looks risky, what happened to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.checks.risk import COEFFICIENTS, signals
from review_db import history, origins, pages, pairs, words
from review_db.connection import Database
from review_db.errors import ReviewDbError
from review_db.records import Box, Pair, Word
from review_db.statuses import DuplicateRelation

Bundle = dict[str, Any]
MOST_WORDS = 4000

REASONS: Mapping[str, tuple[str, str]] = {
    "doubted": ("Not all found", "A part of the answer was not found in the place that the question asks about."),
    "unsupported": ("Nothing found", "Nothing of the answer was found on the page."),
    "not_checkable": ("Not checked", "The page has no words to compare the answer with."),
    "value_missing": ("Value not there", "A number, unit, code or side of the answer is not on the page."),
    "words_missing": ("Words missing", "Some words or numbers of the answer do not stand where the question asks."),
    "another_value": ("Another value near", "Another value stands nearer to what the question asks about."),
    "question_off_page": ("Question off the page", "The question speaks of something that the page does not name."),
    "text_warning": ("Wording", "Answers worded like this one were often corrected."),
    "open_question": ("Vague question", "Questions that begin like this one often get vague answers."),
    "drawing": ("Drawing", "Labels on drawings are read wrongly more often than text."),
    "lookup": ("Looked up", "Tools and page numbers are copied and seldom wrong: this lowers the risk."),
    "conflict": ("Two answers", "Another pair gives the same question another answer."),
}
"""Name and sentence for every signal of the risk."""


def risk_reasons(pair: Pair, content_type: str | None, links: list[tuple[str, str]]) -> list[list[str]]:
    """[name, sentence] of each signal behind the pair's risk, the weightiest first."""
    conflict = any(relation == DuplicateRelation.CONFLICT for _, relation in links)
    found = signals(pair.evidence, pair.flags, pair.question, pair.question_type, content_type, conflict=conflict)
    ranked = sorted(found, key=lambda name: -abs(COEFFICIENTS[name] * found[name]))
    return [list(REASONS[name]) for name in ranked]


def origin_bundle(db: Database, pair: Pair) -> Bundle | None:
    """Prompt, time and cost of the run that proposed the pair."""
    origin = origins.origin_of(db, pair.pair_key)
    if origin is None:
        return None
    sha = origin.prompt_sha256[:10] if origin.prompt_sha256 else None
    return {"prompt": origin.prompt_name, "sha": sha, "at": origin.at, "usd": origin.usd}


def original_bundle(db: Database, pair: Pair) -> Bundle | None:
    """The pair's first text, where it has had another since."""
    if pair.revision == 1:
        return None
    question, answer, question_type, author = history.first_text(db, pair.pair_key)
    return {"question": question, "answer": answer, "type": question_type, "author": author}


def history_bundle(db: Database, pair_id: str) -> Bundle:
    """Everything that happened to a pair, oldest first, and how surely its evidence was read."""
    try:
        pair = pairs.pair_by_id(db, pair_id)
    except ReviewDbError:
        return {"pair": pair_id, "rows": [], "read": None}
    page = pages.page_by_id(db, pair.page_id)
    read = _confidence(words.words_of(db, page), pair.evidence.boxes)
    return {"pair": pair_id, "rows": history.history_of(db, pair_id), "read": read}


def _confidence(page_words: list[Word], boxes: tuple[Box, ...]) -> float | None:
    """Mean confidence, 0 to 1, of the words whose middle lies in the evidence; None where there are none."""
    sure = [word.confidence for word in page_words if any(_holds(box, word.box) for box in boxes)]
    return round(sum(sure) / len(sure), 3) if sure else None


def _holds(outer: Box, inner: Box) -> bool:
    x, y = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]


def words_bundle(db: Database, page_id: str) -> Bundle:
    """The words of a scanned page in reading order, each [text, x0, y0, x1, y1, segment], to pick evidence from."""
    try:
        page = pages.page_by_id(db, page_id)
    except ReviewDbError:
        return {"page": page_id, "words": []}
    found = words.words_of(db, page) if page.image_path else []
    return {"page": page_id, "words": [[word.text, *word.box, word.line] for word in found[:MOST_WORDS]]}
