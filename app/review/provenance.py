"""What a reviewer may ask about a pair: where it comes from, why it looks risky, what happened to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pipeline.checks.risk import SHIPPED, RiskModel, contributions, model_from
from pipeline.checks.signals import signals_of_pair
from review_db import history, origins, pages, pairs, risk_models, signals, words
from review_db.connection import Database
from review_db.errors import ReviewDbError
from review_db.records import Box, Pair, Word

Bundle = dict[str, Any]
MOST_WORDS = 4000

REASONS: Mapping[str, tuple[str, str]] = {
    "doubted": ("Not all found", "A part of the answer was not found in the place that the question asks about."),
    "not_checkable": ("Not checked", "The page has no words to compare the answer with."),
    "another_value": ("Another value near", "Another value stands nearer to what the question asks about."),
    "sure_warning": ("Warning", "A warning on this pair is one that people nearly always agree with."),
    "soft_warning": ("Wording", "A warning on this pair is worth a look."),
    "words_missing": ("Words missing", "Something that the answer adds is nowhere on the page."),
    "asked_missing": ("Question off the page", "The question names something that the page does not."),
    "asked_far": ("Found elsewhere", "The answer stands away from what the question names."),
    "asked_value_far": ("Asked value elsewhere", "A number or code of the question stands away from the answer."),
    "reworded": ("Reworded", "The answer puts words side by side that the page does not."),
    "misread": ("Look-alike word", "A word of the answer is on the page only as one that looks like it."),
    "part_of_row": ("Part of a line", "The line holds more than question and answer say."),
    "foreign_page": ("Translated", "The page is in another language than the pair."),
    "open_question": ("Vague question", "Questions that begin like this one often get vague answers."),
    "purpose_asked": ("Asks for a reason", "Manuals seldom print reasons; answers are easily made up."),
    "picture_asked": ("About a picture", "The question is about a picture instead of a part or a job."),
    "label_asked": ("Asks for a label", "The question asks what something is labelled or what is shown."),
    "document_asked": ("About the manual", "The question is about the manual itself."),
    "tells_of_page": ("Speaks of the page", "The answer speaks of the picture or the page."),
    "vague_answer": ("Vague answer", "The answer says various, multiple, part of and the like."),
    "list_marks": ("List marks", "The answer holds the marks of a list that is not in it."),
    "no_quantity": ("No value", "The question asks for a quantity and the answer gives none."),
    "action_for_thing": ("Action for a thing", "The question asks what or where, and the answer tells what to do."),
    "adds_little": ("Says little", "The answer hardly says more than the question."),
    "drawing": ("Drawing", "Labels on drawings are read otherwise than text."),
    "procedure": ("Procedure", "Pairs from written procedures are more often right: this lowers the risk."),
    "lookup": ("Looked up", "Tools and page numbers are copied and seldom wrong: this lowers the risk."),
    "offline": (
        "Read by rules",
        "Pairs that rules make of the page's own words are more often right: this lowers the risk.",
    ),
    "conflict": ("Two answers", "Another pair gives the same question another answer."),
    "repeated": ("Said twice", "Another pair may say the same."),
}
"""Name and sentence for every signal of the risk."""
LEAST_SHOWN = 0.25  # of the log-odds; weaker reasons are not worth a person's time


def risk_reasons(db: Database, pair: Pair, content_type: str | None, links: list[tuple[str, str]]) -> list[list[str]]:
    """[name, sentence] of each signal that tells on the pair's risk: what raises it, then what lowers it."""
    of_text = signals.signals_of(db, [pair.pair_key]).get(pair.pair_key, {})
    found = signals_of_pair(of_text, content_type, pair.engine, [relation for _, relation in links])
    parts = contributions(found, _model(db))
    telling = [name for name, part in parts.items() if abs(part) >= LEAST_SHOWN and name in REASONS]
    return [list(REASONS[name]) for name in sorted(telling, key=lambda name: parts[name] < 0)]


def _model(db: Database) -> RiskModel:
    """The weights in force: those that the last fit stored, else the shipped ones."""
    stored = risk_models.newest(db)
    return model_from(stored.coefficients) if stored else SHIPPED


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
