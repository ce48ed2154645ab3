"""Warnings about words that turn an answer round: the other side, a limit reversed, a "not" lost or added."""

from __future__ import annotations

import re

from pipeline.checks.opposites import turned
from pipeline.checks.polarity import changed_not
from pipeline.checks.support import Support
from review_db.records import Flag

LONGEST = 90  # letters of the page that a sentence quotes
_TWICE = re.compile(
    r"\b(left|right|front|rear|upper|lower|top|bottom|inner|outer|inside|outside|intake|exhaust) (?:and|or|/) \1\b",
    re.I,
)


def side_swapped(support: Support, question: str, answer: str) -> Flag | None:
    """The opposite side stands with the answer on the page, or a side is named beside itself."""
    if twice := _TWICE.search(f"{question}\n{answer}"):
        return Flag("side_swapped", f"“{twice.group()}” names one side twice.")
    found = turned("side", support.page, _evidence(support), question, answer)
    return found and Flag("side_swapped", f"The page says {found.printed} here, not {found.said}.")


def limit_reversed(support: Support, question: str, answer: str) -> Flag | None:
    """The page gives a maximum where the pair speaks of a minimum, tightens where it loosens, or the like."""
    found = turned("limit", support.page, _evidence(support), question, answer)
    return found and Flag("limit_reversed", f"The page says “{found.printed}” here, not “{found.said}”.")


def negation_changed(support: Support, question: str, answer: str) -> Flag | None:
    """The sentence on the page says not, and the answer does not; or the other way round."""
    found = changed_not(support.page, question, answer)
    if found is None:
        return None
    says = "says not" if found.negated else "has no “not” here"
    return Flag("negation_changed", f"The page {says}: “{found.text[:LONGEST]}”.")


def _evidence(support: Support) -> dict[int, int]:
    """Where the answer stands: each marked segment, and the letter at which its words begin."""
    if support.page.is_scattered:
        return {}
    found: dict[int, int] = {}
    for place in support.places[:1]:
        for where in place.chosen.values():
            number = support.page.token_at(where)
            found[where.segment] = support.page.tokens[number].start
    return found
