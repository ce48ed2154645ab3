"""The risk that a technician would edit or reject a pair: a logistic sum of named signals, their weights in a table."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from math import exp

from review_db.records import Evidence, Flag
from review_db.statuses import ContentType, EvidenceVerdict, QuestionType

INTERCEPT = -0.61

# Fitted on pairs that a technician judged, drawn towards what experience says of rare signals: +0.7 about doubles the
# odds that the pair needs a correction.
COEFFICIENTS: Mapping[str, float] = {
    "doubted": 0.9,  # the evidence supports the answer only in part
    "unsupported": 0.8,  # ... or not at all
    "not_checkable": 0.3,  # the page has no words to compare with
    "value_missing": 0.94,  # a number, unit, code or side is not on the page
    "words_missing": 1.12,  # share of the answer's tokens that are not there, 0 to 1
    "another_value": 0.54,  # another value stands nearer to the question's words
    "question_off_page": 0.79,  # the question speaks of what the page does not
    "text_warning": 0.83,  # hedged, trivial, pointing at the page, not self-contained
    "open_question": 0.55,  # "What component ...", "What procedure ...": vague questions get vague answers
    "drawing": 0.33,  # labels on drawings are read wrongly more often than text
    "lookup": -0.5,  # tools and page references are copied, seldom composed
    "conflict": 0.7,  # another pair gives the same question another answer
}

_VALUE_FLAGS = frozenset(
    {
        "number_not_on_page",
        "code_not_on_page",
        "look_alike_code",
        "unit_changed",
        "unit_not_on_page",
        "side_not_there",
    }
)
_TEXT_FLAGS = frozenset(
    {
        "hedged",
        "trivial",
        "page_reference",
        "not_self_contained",
        "column_label",
        "count_asked",
        "instruction_like",
    }
)
_DRAWINGS = frozenset(
    {
        ContentType.DIAGRAM,
        ContentType.WIRING,
        ContentType.PINOUT,
        ContentType.SIGNAL,
        ContentType.OSCILLOSCOPE,
        ContentType.PHOTO,
        ContentType.COVER,
    }
)
_LOOKUPS = frozenset({QuestionType.TOOL, QuestionType.NAVIGATION})
_OPEN_QUESTION = re.compile(
    r"\s*what (?:component|part|procedure|type|applic|engine|critical|important)", re.IGNORECASE
)


def signals(
    evidence: Evidence,
    flags: Iterable[Flag],
    question: str,
    question_type: str,
    content_type: str | None = None,
    *,
    conflict: bool = False,
) -> dict[str, float]:
    """Name -> strength (0 to 1) of every signal that a pair gives."""
    names = {flag.name for flag in flags}
    missing = sum(not token.found for token in evidence.tokens)
    strengths = {
        "doubted": evidence.verdict in (EvidenceVerdict.PARTLY, EvidenceVerdict.UNSUPPORTED),
        "unsupported": evidence.verdict == EvidenceVerdict.UNSUPPORTED,
        "not_checkable": evidence.verdict == EvidenceVerdict.NOT_CHECKABLE,
        "value_missing": not _VALUE_FLAGS.isdisjoint(names),
        "words_missing": missing / len(evidence.tokens) if evidence.tokens else 0.0,
        "another_value": "another_value_nearer" in names,
        "question_off_page": "question_off_page" in names,
        "text_warning": not _TEXT_FLAGS.isdisjoint(names),
        "open_question": _OPEN_QUESTION.match(question) is not None,
        "drawing": content_type in _DRAWINGS,
        "lookup": question_type in _LOOKUPS,
        "conflict": conflict,
    }
    return {name: float(strength) for name, strength in strengths.items() if strength}


def probability(strengths: Mapping[str, float]) -> float:
    """The risk, 0 to 1, that these signals mean."""
    total = INTERCEPT + sum(COEFFICIENTS[name] * strength for name, strength in strengths.items())
    return 1 / (1 + exp(-total))
