"""Look for a value of the same sort that stands nearer to what the question asks about than the answer's own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from heapq import nlargest
from typing import NamedTuple

from pipeline.checks.page_text import Occurrence, PageText
from pipeline.checks.places import Clue, nearest
from pipeline.checks.tokens import Kind, Token

# A value is doubted when the question's words stand this much nearer to another one; labels scattered over a drawing
# stand near many things at once.
DOUBTED_BELOW = 0.65
DOUBTED_BELOW_SCATTERED = 0.3
MOST_RIVALS, MOST_CLUES = 24, 6  # the likeliest values and the rarest words of the question are enough

_LETTER, _DIGIT = re.compile(r"[^\W\d_]"), re.compile(r"\d")


class Rival(NamedTuple):
    """The token on the page that fits better, and how well the answer's own fits against it (0 to 1)."""

    token: Token
    fit: float


def rival_of(
    page: PageText, token: Token, place: Occurrence, context: Sequence[Clue], own: frozenset[str]
) -> Rival | None:
    """The value that the question's words fit better than the answer's token at `place`, or None.

    `context` are the question's clues, `own` the keys of question and answer.
    """
    clues = nlargest(MOST_CLUES, (c for c in context if c.found), key=lambda c: c.weight)
    others = _same_sort(page, token, place, own)
    if not clues or not others:
        return None
    likely = nlargest(MOST_RIVALS, others, key=lambda number: nearest(page, page.places[number].segment, clues[0]))
    here = _fit(page, place.segment, clues)
    best = max(likely, key=lambda number: _fit(page, page.places[number].segment, clues))
    there = _fit(page, page.places[best].segment, clues)
    limit = DOUBTED_BELOW_SCATTERED if page.is_scattered else DOUBTED_BELOW
    return Rival(page.tokens[best], here / there) if here < limit * there else None


def _fit(page: PageText, segment: int, clues: Sequence[Clue]) -> float:
    # Squared, so that a neighbouring row counts for clearly less than the row itself.
    return sum(c.weight * nearest(page, segment, c) ** 2 for c in clues)


def _same_sort(page: PageText, token: Token, place: Occurrence, own: frozenset[str]) -> list[int]:
    """Numbers of tokens of another segment that could answer the same question.

    They have the same unit, or the same pattern of code; the rivals of a table's cell are cells, not its labels.
    """
    sort, cells_only = _sort(page, token, place), page.is_cell(place.segment)
    return [
        number
        for number, (other, where) in enumerate(zip(page.tokens, page.places, strict=True))
        if other.kind == token.kind
        and where.segment != place.segment
        and own.isdisjoint(other.keys)
        and not (cells_only and not page.is_cell(where.segment))
        and _sort(page, other, where) == sort
    ]


def _sort(page: PageText, token: Token, place: Occurrence) -> str | None:
    """The unit of a number; a code's letters with 9 for each digit (C202 is no S245), bare colours alike."""
    if token.kind == Kind.NUMBER:
        return page.unit_of(place)
    pattern = _DIGIT.sub("9", token.keys[0])
    return pattern if "9" in pattern else _LETTER.sub("a", pattern)
