"""Compare the "not" of an answer with that of the sentence on the page from which it comes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from pipeline.checks.page_text import PageText
from pipeline.checks.tokens import Kind, tokenise

_NOT = re.compile(
    r"\b(?:not|never|no(?! ?\.? ?\d)|without|cannot|avoid\w*|neither|nor|prohibited|forbidden"
    r"|nicht|niemals|keine?[rnsm]?|ohne|non|senza|mai)\b|n't\b",
    re.IGNORECASE,
)
_BOUND = re.compile(
    r"\b(?:not|no|never) (?:to )?(?:more|less|over|under|exceed\w*|higher|lower|greater)\b|\bif (?:\w+ )?not\b"
    r"|\bwhether or not\b|\bnot only\b|\bif necessary\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[.;:!?](?=\s|$)|\n|, (?:then|but)\b")
_ENDS = (".", ";", ":", "!", "?")
_JOINED = re.compile(r",|\b(?:and|with|before|after|as|when|for)\b")
COVERED, WHOLE, FEWEST = 0.75, 0.6, 2
NEXT_LINE = 2.0  # text heights from a line to the one that goes on with it


class Clause(NamedTuple):
    """A clause: its text, the words that it names, whether it says not."""

    text: str
    words: frozenset[str]
    negated: bool


def changed_not(page: PageText, question: str, answer: str) -> Clause | None:
    """The clause of the page that says not where the pair does not, or the other way round; None if none is sure."""
    asked = _clause(question)
    for told in clauses(answer):
        if len(told.words) < FEWEST or (asked.negated and not told.negated):
            continue
        best = _origin(page, told, asked.words) or _origin_of_order(page, told, asked.words)
        if best and best.negated != told.negated and (told.negated or _is_whole(told, best)):
            return best
    return None


def clauses(text: str) -> Iterator[Clause]:
    """The clauses of a text, those without a word left out."""
    return (clause for part in _CLAUSE.split(text) if part and (clause := _clause(part)).words)


def _origin(page: PageText, told: Clause, asked: frozenset[str]) -> Clause | None:
    """The clause of the page that has the most of these words, most of them at least; None where polarity varies."""
    ranked = [(len(told.words & each.words), each) for each in _printed(page)]
    most = max((count for count, _ in ranked), default=0)
    if most < max(FEWEST, COVERED * len(told.words)):
        return None
    best = [each for count, each in ranked if count == most]
    best.sort(key=lambda each: (-len(asked & each.words), len(each.words)))
    return best[0] if len({each.negated for each in best}) == 1 else None


def _origin_of_order(page: PageText, told: Clause, asked: frozenset[str]) -> Clause | None:
    """Where the order stands that a clause begins with: of "do not drill the hub before ..." no more than the hub."""
    order = _clause(_JOINED.split(told.text)[0])
    sure = order.negated and len(order.words) >= FEWEST and order.text != told.text
    return _origin(page, order, asked) if sure else None


def _is_whole(told: Clause, printed: Clause) -> bool:
    """Whether the answer tells the printed clause, not only names a thing of it."""
    return len(told.words & printed.words) >= WHOLE * len(printed.words)


@lru_cache(maxsize=16)
def _printed(page: PageText) -> tuple[Clause, ...]:
    """The clauses of a page, lines that go on below each other read as one text."""
    text = ""
    for number, segment in enumerate(page.segments):
        above = page.segments[number - 1] if number else None
        goes_on = above and 0 < segment.y0 - above.y0 < NEXT_LINE and segment.x0 < above.x1 and above.x0 < segment.x1
        text += (" " if goes_on and not text.endswith(_ENDS) else "\n") + segment.text
    return tuple(clauses(text.replace("- ", "")))


@lru_cache(maxsize=4096)
def _clause(text: str) -> Clause:
    words = frozenset(token.keys[0] for token in tokenise(text) if token.kind in (Kind.WORD, Kind.CODE, Kind.COLOUR))
    negative = {key for key in words if _NOT.fullmatch(key)}
    return Clause(text.strip(), words - negative, _NOT.search(_BOUND.sub(" ", text)) is not None)
