"""Pure checks of a pair against the words of its page: no image, model, file or database."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.checks.evidence import evidence_of
from pipeline.checks.risk import risk_of
from pipeline.checks.signals import signals_of_text
from pipeline.checks.support import find_support
from pipeline.checks.warnings import warnings_of
from review_db.records import Finding, Word

__all__ = ["CHECKER", "examine"]

CHECKER = "checks-6"
"""Version of the checks; pairs checked by another version are checked again."""

_WITHOUT_IMAGE = "html"


def examine(
    page_kind: str,
    words: Sequence[Word],
    question: str,
    answer: str,
    question_type: str,
    quote: str | None = None,
) -> Finding:
    """Everything the checks say of a text: evidence on the page, warnings, risk.

    `page_kind` is image, html or text; only words that have places on an image give boxes, others a quote alone.
    `words` are the page's words in reading order; without any the verdict is not_checkable. `quote` is the model's own
    hint and proves nothing.
    """
    support = find_support(words, question, answer, quote)
    evidence = evidence_of(support, with_boxes=page_kind != _WITHOUT_IMAGE)
    flags = warnings_of(support, question, answer)
    signals = signals_of_text(support, evidence, flags, question, answer, question_type)
    return Finding(evidence, flags, *risk_of(signals), signals)
