"""What a question asks for where that is plain (a page, a tool, a cause), and the job or title it asks about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

_YES_OR_NO = "a yes or no"
AN_ACTION = "an action"
_OPEN = re.compile(r"(?:what|which|who|how)\b", re.I)
# The first that matches is what is asked for; "" is a question of which this module knows nothing.
_KINDS = {
    name: re.compile(pattern)
    for name, pattern in (
        ("a page", r"\b(?:which|what) (?:page|section|chapter|figure)s?\b|\bwhere .*\b(?:described|explained)\b"),
        ("a tool", r"\b(?:which|what)(?: \w+){0,2} tools?\b"),
        ("a reference", r"\b(?:which|what)(?: \w+){0,3} (?:code|procedure|reference)s?\b"),
        ("an item", r"\bwhich (?:\w+ )?(?:item|part|component) is\b|\bwhat does \S+ (?:stand for|mean)\b"),
        ("a remark", r"\bwhat (?:must|should) be (?:observed|noted)\b|\bwhat applies\b|\bwhat(?: \w+)? notes? \b"),
        ("a place", r"^where (?:is|are)\b.*\b(?:located|found)\b|\blocation of\b"),
        ("a cause", r"\b(?:what|which)\b.{0,25}\bcauses?\b|\bcauses? of\b|^why\b|\bfor (?:what|which) reason\b"),
        ("a correction", r"\b(?:what|which)\b.{0,25}\b(?:corrections?|remed(?:y|ies)|corrective action)\b"),
        ("a symptom", r"\b(?:what|which) (?:\w+ )?(?:symptoms?|faults?|malfunctions?|troubles?)\b|\bwhat happens\b"),
        (AN_ACTION, r"\bwhat (?:must|should|is to) be done (?:with|to)\b"),
        ("a value", r"\bwhat is the(?: \w+){0,2} (?:torque|value|distance|clearance|pressure|capacity|thickness)\b"),
        (_YES_OR_NO, r"^(?:is|are|does|do|did|should|may|must|has|have|will|can (?:the|a|an|i|you|it)\b)\b"),
        ("a terminal", r"\bwhich (?:pin|terminal)s?\b"),
    )
}
_TELLING = frozenset({"a page", "a tool", "an item"})
"""Kinds that nobody asks for in other words: a question of an unknown kind is not of these."""


@lru_cache(maxsize=50_000)
def kind(question: str) -> str:
    """What a question asks for, as a noun; empty where that is not plain."""
    text = question.casefold()
    return next((name for name, pattern in _KINDS.items() if pattern.search(text)), "")


def different(one: str, other: str) -> Iterator[str]:
    """Why two questions ask for things of different kinds, if they do."""
    first, second = kind(one), kind(other)
    told = {first, second} & _TELLING or (_YES_OR_NO in (first, second) and _OPEN.match(other if first else one))
    if first != second and ((first and second) or told):
        yield f"one asks for {first or second}, the other for {second if first and second else 'something else'}"


_ABOUT = re.compile(
    r"""(?:when|while|before|after)\ [^,?]*?ing\b .*?,\s
        (?=(?:how|what|which|where|why|when|who|to|in|on|with|by|from|is|are|at|should|must)\b)
      | (?:in|according\ to)\ (?:step\ \w+\ of\ )?"[^"]+" [^,"]*?,\s""",
    re.VERBOSE | re.IGNORECASE,
)


@lru_cache(maxsize=50_000)
def job_and_rest(question: str) -> tuple[str, str]:
    """The job or title that a question opens with, and what it asks; the first is empty where it opens otherwise."""
    match = _ABOUT.match(question)
    return (match.group(), question[match.end() :]) if match else ("", question)
