"""Choose the place on a page that an answer comes from: where its words and the question's stand together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import exp
from typing import NamedTuple

from pipeline.checks.layout import REACH, distance
from pipeline.checks.page_text import Occurrence, PageText
from pipeline.checks.tokens import EXACT, Kind, Token

# Tuned on real pages, where each may vary by half without much effect; lengths count in text heights.
FARTHEST = 2.5  # a word beyond this distance belongs to another place
STRETCH = 3.0  # a number this near to any word of the place still belongs to it
APART = 0.7  # what a word of another segment counts against one of the same
QUESTION_SHARE = 0.5  # what the question's words count against the answer's
MOST_PLACES = 3
WORTH_MARKING = 0.4  # share of the answer's weight that makes a further place worth marking
WORK = 2500  # distances looked at for one pair, at most

_WEIGHTS = {
    Kind.NUMBER: 2.0,
    Kind.CODE: 3.0,
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
    """Words near each other: the segment they gather around and where each clue (by index) stands there."""

    centre: int
    chosen: dict[int, Occurrence]


def clue(page: PageText, token: Token) -> Clue:
    """Everywhere on the page that says what the token says."""
    found = tuple(page.find(token))
    rarity = max(1, len({place.segment for place in found})) ** -0.5
    return Clue(token, found, _WEIGHTS[token.kind] * rarity)


def choose(page: PageText, answer: Sequence[Clue], context: Sequence[Clue]) -> list[Place]:
    """The places that together hold the answer, the best first; empty where nothing of it stands on the page.

    Of several places that hold the same words the one nearest to the context's (the question's) words wins.
    """
    places: list[Place] = []
    waiting = dict(enumerate(answer))
    whole = sum(c.weight for c in answer if c.found)
    while len(places) < MOST_PLACES:
        place = _best(page, waiting, context)
        if place is None or (places and sum(waiting[i].weight for i in place.chosen) < WORTH_MARKING * whole):
            break
        places.append(place)
        waiting = {index: c for index, c in waiting.items() if index not in place.chosen}
    return [_stretched(page, place, answer) for place in places]


def _stretched(page: PageText, place: Place, answer: Sequence[Clue]) -> Place:
    """The place with the numbers, codes and sides that stand a step further, beside one of its words."""
    chosen = dict(place.chosen)
    inside = {found.segment for found in chosen.values()}
    for index, c in enumerate(answer):
        if index not in chosen and c.token.kind in EXACT:
            near = min(((_gap(page, inside, o.segment), o) for o in c.found), default=None)
            if near and near[0] <= STRETCH:
                chosen[index] = near[1]
    return place._replace(chosen=chosen)


def _gap(page: PageText, inside: Iterable[int], segment: int) -> float:
    return min(distance(page.segments[other], page.segments[segment]) for other in inside)


def _best(page: PageText, clues: Mapping[int, Clue], context: Sequence[Clue]) -> Place | None:
    best, best_score = None, 0.0
    for centre in _centres(clues.values(), context):
        place, score = _gathered(page, centre, clues)
        score += QUESTION_SHARE * sum(c.weight * nearest(page, centre, c) for c in context)
        if best is None or score > best_score:
            best, best_score = place, score
    return best


def _centres(clues: Iterable[Clue], context: Sequence[Clue]) -> list[int]:
    """Segments worth trying, those that hold most of the answer first, as many as the work allows."""
    held: dict[int, float] = {}
    each = sum(len(c.found) for c in context)
    for c in clues:
        each += len(c.found)
        for place in c.found:
            held[place.segment] = held.get(place.segment, 0.0) + c.weight * place.quality
    ranked = sorted(held, key=lambda segment: -held[segment])
    return ranked[: max(8, WORK // max(1, each))]


def nearest(page: PageText, segment: int, c: Clue) -> float:
    """How near the nearest occurrence of a clue is to a segment, 0 to 1."""
    near = page.near(segment)
    return max((near[place.segment] * place.quality for place in c.found), default=0.0)


def _gathered(page: PageText, centre: int, clues: Mapping[int, Clue]) -> tuple[Place, float]:
    """For each clue the occurrence nearest to the centre, if it is near enough, and how well all fit."""
    chosen: dict[int, Occurrence] = {}
    total, limit, nearness = 0.0, exp(-FARTHEST / REACH), page.near(centre)
    for index, c in clues.items():
        best, best_fit = None, 0.0
        for place in c.found:
            near = 1.0 if place.segment == centre else APART * nearness[place.segment]
            if near * place.quality > best_fit:
                best, best_fit = place, near * place.quality
        if best is not None:
            total += c.weight * best_fit
            if best_fit >= APART * limit * best.quality:
                chosen[index] = best
    return Place(centre, chosen), total
