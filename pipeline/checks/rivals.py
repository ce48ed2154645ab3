"""Look for a value of the same sort that stands nearer to what the question asks about than the answer's own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from heapq import nlargest
from typing import NamedTuple

from pipeline.checks.page_text import Occurrence, PageText
from pipeline.checks.places import Clue, nearest
from pipeline.checks.scopes import Scopes, scopes_of
from pipeline.checks.slips import OPPOSITE_SIDES
from pipeline.checks.tokens import Kind, Token

# A value is doubted when the question's words stand this much nearer to another one; labels scattered over a drawing
# stand near many things at once.
DOUBTED_BELOW = 0.65
DOUBTED_BELOW_SCATTERED = 0.3
MOST_RIVALS, MOST_CLUES = 24, 6  # the likeliest values and the rarest words of the question are enough

# Shares of the question's weight: what a rival's row says beyond the answer's own, and what it says in all.
MORE, WHOLE = 0.25, 0.45

LONGER = 2  # letters and digits between two codes of a table that may be taken for one another

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
    if here >= limit * there or _says_more(page, place, page.places[best], clues):
        return None
    return Rival(page.tokens[best], here / there)


def _says_more(page: PageText, place: Occurrence, other: Occurrence, clues: Sequence[Clue]) -> bool:
    """Whether the sentence or row of a place has all of the question that another's has, and more."""
    scopes = scopes_of(page)
    said = [frozenset(scopes.sentence(found) for found in c.found) for c in clues]
    return _held(scopes.about(place), said) > _held(scopes.about(other), said)


def other_row(
    page: PageText, token: Token, found: Sequence[Occurrence], context: Sequence[Clue], own: frozenset[str]
) -> Rival | None:
    """The value whose sentence, row or column says what the question says and that of the answer's token does not.

    The token's best occurrence counts. The rival must say all that is said here, and more of weight.
    """
    clues, scopes = [c for c in context if c.found], scopes_of(page)
    if not clues or not found or (_sort(page, token, found[0]) is None and not page.is_cell(found[0].segment)):
        return None
    said = [frozenset(scopes.sentence(place) for place in c.found) for c in clues]
    # What a text speaks of may be marked on pictures beside it too, where no row says what it is about.
    spoken = [place for place in found if scopes.is_in_words(place)]
    place = max(spoken or found, key=lambda place: _weight(clues, _held(scopes.about(place), said)))
    here = _held(scopes.about(place), said)
    others = [n for n in _same_sort(page, token, place, own, beside=True) if _is_like(scopes, page.places[n], spoken)]
    heard = {number: _held(scopes.about(page.places[number]), said) for number in others}
    turned = _other_side(page, place, clues)
    best, most = None, MORE * _weight(clues, here.union(*heard.values()))
    whole = WHOLE * sum(c.weight for c in clues)
    for number, there in heard.items():
        more = _weight(clues, there - here)
        enough = (more > most and _weight(clues, there) >= whole) or (best is None and turned & (there - here))
        if there > here and enough:
            best, most = page.tokens[number], max(more, most)
    return Rival(best, 0.0) if best else None


def _other_side(page: PageText, place: Occurrence, clues: Sequence[Clue]) -> frozenset[int]:
    """Clues of sides whose opposites stand in the row or sentence of a place: intake where exhaust is asked for."""
    scopes = scopes_of(page)
    about = scopes.about(place)
    sides = {
        token.keys[0]
        for token, where in zip(page.tokens, page.places, strict=True)
        if token.kind == Kind.SIDE and scopes.sentence(where) in about
    }
    asked = {index: c.token.keys[0] for index, c in enumerate(clues) if c.token.kind == Kind.SIDE}
    return frozenset(i for i, key in asked.items() if key not in sides and OPPOSITE_SIDES.get(key) in sides)


def _is_like(scopes: Scopes, place: Occurrence, spoken: Sequence[Occurrence]) -> bool:
    return not spoken or scopes.is_in_words(place)


def _held(about: frozenset[int], said: Sequence[frozenset[int]]) -> frozenset[int]:
    return frozenset(index for index, sentences in enumerate(said) if not about.isdisjoint(sentences))


def _weight(clues: Sequence[Clue], indexes: Iterable[int]) -> float:
    return sum(clues[index].weight for index in indexes)


def _fit(page: PageText, segment: int, clues: Sequence[Clue]) -> float:
    # Squared, so that a neighbouring row counts for clearly less than the row itself.
    return sum(c.weight * nearest(page, segment, c) ** 2 for c in clues)


def _same_sort(
    page: PageText, token: Token, place: Occurrence, own: frozenset[str], *, beside: bool = False
) -> list[int]:
    """Numbers of tokens of another segment, or (`beside`) of the same one too, that could answer the same question.

    They have the same unit, or the same pattern of code; the rivals of a table's cell are cells, not its labels, unless
    their rows are compared (`beside`) and they have a unit or a pattern. There codes of any pattern are rivals.
    """
    sort = _sort(page, token, place)
    is_cell = page.is_cell(place.segment)
    any_code = beside and is_cell and token.kind == Kind.CODE
    cells_only = is_cell and not (beside and sort is not None)
    return [
        number
        for number, (other, where) in enumerate(zip(page.tokens, page.places, strict=True))
        if other.kind == token.kind
        and (beside or where.segment != place.segment)
        and own.isdisjoint(other.keys)
        and not (cells_only and not page.is_cell(where.segment))
        and (_sort(page, other, where) == sort or (any_code and page.is_cell(where.segment) and _as_long(token, other)))
    ]


def _as_long(one: Token, other: Token) -> bool:
    """Whether two codes with digits are about as long: page 2-9 and page C-12, but no repair code."""
    near = abs(len(one.keys[0]) - len(other.keys[0])) <= LONGER
    return near and all(_DIGIT.search(token.keys[0]) for token in (one, other))


def _sort(page: PageText, token: Token, place: Occurrence) -> str | None:
    """The unit of a number; a code's letters with 9 for each digit (C202 is no S245), bare colours alike."""
    if token.kind == Kind.NUMBER:
        return page.unit_of(place)
    pattern = _DIGIT.sub("9", token.keys[0])
    return pattern if "9" in pattern else _LETTER.sub("a", pattern)
