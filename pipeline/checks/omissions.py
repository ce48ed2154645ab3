"""Warnings about what an answer leaves out or mixes in: a value's unit, a step of a list, the question's language."""

from __future__ import annotations

import re

from pipeline.checks import vocabulary
from pipeline.checks.support import Support
from pipeline.checks.tokens import Kind
from review_db.records import Flag

SURE_OF_LANGUAGE = 3  # function words
_STEP = re.compile(r"(?:^|(?<=[\s(]))(\d{1,2})[.)](?= [^\W\d_])")
_QUOTED = re.compile(r"[\"“„«][^\"”“»]*[\"”“»]")
_WORD = re.compile(r"[^\W\d_]+")


def unit_dropped(support: Support, question: str, answer: str) -> Flag | None:
    """The answer is a bare number that the page prints with a unit, which the question does not name either."""
    told = [c.token for c in support.clues]
    if len(told) != 1 or told[0].kind != Kind.NUMBER or any(c.token.kind == Kind.UNIT for c in support.questions):
        return None
    place = support.stands(0)
    unit = support.page.unit_of(place) if place else None
    if unit is None:
        return None
    return Flag(
        "unit_dropped", f"The page gives {told[0].written} in {unit.removeprefix('u:')}; the answer has no unit."
    )


def step_missing(support: Support, question: str, answer: str) -> Flag | None:
    """The answer lists numbered steps and skips one that the page has."""
    told = [int(number) for number in _STEP.findall(answer)]
    if len(told) < 2 or told != sorted(told):
        return None
    printed = {int(n) for segment in support.page.segments for n in _STEP.findall(f"{segment.text} x")}
    gone = sorted(printed.intersection(range(told[0], told[-1])) - set(told))
    return Flag("step_missing", f"The answer leaves out step {gone[0]}, which the page has.") if gone else None


def language_mix(question: str, answer: str) -> Flag | None:
    """The answer is in another language than the question, quoted labels apart."""
    asked, told = _counts(question), _counts(_QUOTED.sub(" ", answer))
    own, other = max(asked, key=asked.__getitem__), max(told, key=told.__getitem__)
    if not asked[own] or told[other] < SURE_OF_LANGUAGE or own == other or told[own] or asked[other] == asked[own]:
        return None
    return Flag("language_mix", "The answer is not in the language of the question.")


def _counts(text: str) -> dict[str, int]:
    words = _WORD.findall(text.casefold())
    return {name: sum(word in known for word in words) for name, known in vocabulary.FUNCTION_WORDS.items()}
