"""Choose the place on a page that an answer comes from: near each other the words of the answer and of the question."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp
from typing import NamedTuple

from pipeline.checks.page_text import Occurrence, PageText, Segment
from pipeline.checks.tokens import Kind, Token

# Tuned on real pages; lengths count in text heights.
REACH = 4.0  # nearness falls to 37 % over this distance
SIDEWAYS = 0.12  # a step along a row counts this share of a step to the next line
FARTHEST = 2.5  # a word beyond this distance belongs to another place
QUESTION_SHARE = 0.8  # what the question's words count against the answer's
MOST_PLACES = 3
SECOND_PLACE = 0.3  # share of the answer's weight that makes another place worth marking
WORK = 2500  # distances looked at for one pair, at most

_WEIGHTS = {
    Kind.NUMBER: 1.6,
    Kind.CODE: 2.0,
    Kind.UNIT: 0.5,
    Kind.SIDE: 0.8,
    Kind.COLOUR: 1.0,
    Kind.WORD: 1.0,
    Kind.STOP: 0.15,
}


class Clue(NamedTuple):
    """A token with everywhere it stands on the page; `weight` is larger for what is rare there."""

    token: Token
    found: tuple[Occurrence, ...]
    weight: float


class Place(NamedTuple):
    """Words near each other: the segment they gather around, and for each clue (by index) where it stands."""

    centre: int
    chosen: dict[int, Occurrence]
    context: float


def clue(page: PageText, token: Token) -> Clue:
    """Everywhere on the page that says what the token says, best matches first."""
    found = tuple(page.find(token))
    rarity = max(1, len({place.segment for place in found})) ** -0.5
    return Clue(token, found, _WEIGHTS[token.kind] * rarity)


def distance(one: Segment, other: Segment) -> float:
    """How far apart two segments stand; a row of a table keeps together better than its columns."""
    across = max(one.x0, other.x0) - min(one.x1, other.x1)
    heights = (one.y1 - one.y0) - (other.y1 - other.y0)
    down = (abs(one.y0 + one.y1 - other.y0 - other.y1) - abs(heights)) / 2
    if across <= 0:
        return max(0.0, down)
    return max(0.0, down) + (ROW if down < SAME else SIDEWAYS) * across


ROW = 0.12
SAME = 0.35


def choose(page: PageText, answer: Sequence[Clue], question: Sequence[Clue]) -> list[Place]:
    """The places that together hold the answer, the one that fits best first; empty where nothing of it stands there."""
    places: list[Place] = []
    open_clues = dict(enumerate(answer))
    whole = sum(c.weight for c in answer if c.found) or 1.0
    while len(places) < MOST_PLACES:
        place = _best(page, open_clues, question)
        if place is None or (places and sum(open_clues[i].weight for i in place.chosen) < SECOND_PLACE * whole):
            break
        places.append(place)
        open_clues = {index: c for index, c in open_clues.items() if index not in place.chosen}
    return places


def _best(page: PageText, clues: dict[int, Clue], question: Sequence[Clue]) -> Place | None:
    best: tuple[float, Place] | None = None
    for centre in _centres(clues, question):
        place, near = _gather(page, centre, clues)
        context = _context(page, centre, question)
        score = near + QUESTION_SHARE * context
        if best is None or score > best[0]:
            best = score, place._replace(context=context)
    return best[1] if best else None


def _centres(clues: dict[int, Clue], question: Sequence[Clue]) -> list[int]:
    """Segments worth trying, those that hold most of the answer first, as many as the work allows."""
    held: dict[int, float] = {}
    for c in clues.values():
        for place in c.found:
            held[place.segment] = held.get(place.segment, 0.0) + c.weight * place.quality
    each = sum(len(c.found) for c in clues.values()) + sum(len(c.found) for c in question)
    ranked = sorted(held, key=lambda segment: -held[segment])
    return ranked[: max(8, WORK // max(1, each))]


def _nearness(page: PageText, centre: int, other: int) -> float:
    return exp(-distance(page.segments[centre], page.segments[other]) / REACH)


APART = 0.8


def _nearness2(page: PageText, centre: int, other: int) -> float:
    return 1.0 if centre == other else APART * exp(-distance(page.segments[centre], page.segments[other]) / REACH)


def _gather(page: PageText, centre: int, clues: dict[int, Clue]) -> tuple[Place, float]:
    chosen: dict[int, Occurrence] = {}
    total = 0.0
    limit = exp(-FARTHEST / REACH)
    for index, c in clues.items():
        near = max(((_nearness2(page, centre, o.segment) * o.quality, -o.first, o) for o in c.found), default=None)
        if near:
            total += c.weight * near[0]
            if near[0] >= limit * APART * near[2].quality:
                chosen[index] = near[2]
    return Place(centre, chosen, 0.0), total


def _context(page: PageText, centre: int, question: Sequence[Clue]) -> float:
    return sum(
        c.weight * max((_nearness(page, centre, o.segment) * o.quality for o in c.found), default=0.0) for c in question
    )
