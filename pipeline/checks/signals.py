"""The named signals of a pair's risk: what evidence, warnings, wording, page and links tell, each from 0 to 1."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pipeline.checks.grounding import signals_of_grounding
from pipeline.checks.support import Support
from pipeline.checks.tokens import tokenise
from pipeline.checks.wording import signals_of_wording
from review_db.records import Evidence, Flag
from review_db.statuses import ContentType, DuplicateRelation, EvidenceVerdict, QuestionType

SURE_WARNINGS = frozenset(
    {
        "hedged",
        "trivial",
        "column_label",
        "instruction_like",
        "look_alike_code",
        "number_not_on_page",
        "unit_not_on_page",
        "unit_changed",
        "side_swapped",
        "limit_reversed",
        "negation_changed",
    }
)
"""Warnings that a technician nearly always agrees with."""

WEIGHED_OTHERWISE = frozenset(
    {
        "code_not_on_page",
        "side_not_there",
        "value_elsewhere",
        "another_value_nearer",
        "question_off_page",
        "beyond_page",
    }
)
"""Warnings that say again what the evidence and the share of missing words say."""

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
_OFFLINE = "offline"


def signals_of_text(
    support: Support, evidence: Evidence, flags: Iterable[Flag], question: str, answer: str, question_type: str
) -> dict[str, float]:
    """Name -> strength of every signal that a text gives beside its page, but for those of strength 0."""
    names = {flag.name for flag in flags}
    asked, told = tokenise(question), tokenise(answer)
    strengths: dict[str, float] = {
        "doubted": evidence.verdict in (EvidenceVerdict.PARTLY, EvidenceVerdict.UNSUPPORTED),
        "not_checkable": evidence.verdict == EvidenceVerdict.NOT_CHECKABLE,
        "another_value": "another_value_nearer" in names,
        "sure_warning": not SURE_WARNINGS.isdisjoint(names),
        "soft_warning": bool(names - SURE_WARNINGS - WEIGHED_OTHERWISE),
        "lookup": question_type in _LOOKUPS,
        **signals_of_wording(question, answer, question_type, asked, told),
        **signals_of_grounding(support, question),
    }
    return {name: round(float(strength), 3) for name, strength in strengths.items() if strength}


def signals_of_pair(
    of_text: Mapping[str, float], content_type: str | None, engine: str, relations: Iterable[str] = ()
) -> dict[str, float]:
    """The signals of a text with those of its page's kind, of who wrote it and of its links to other pairs."""
    linked = set(relations)
    around = {
        "drawing": content_type in _DRAWINGS,
        "procedure": content_type == ContentType.PROCEDURE,
        "offline": engine == _OFFLINE,
        "conflict": DuplicateRelation.CONFLICT in linked,
        "repeated": bool(linked - {DuplicateRelation.CONFLICT}),
    }
    return {**of_text, **{name: 1.0 for name, applies in around.items() if applies}}
