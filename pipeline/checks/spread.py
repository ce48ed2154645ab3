"""Which pairs of a page stay where too many were proposed: some of every kind of question and part of the page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from review_db.records import Box

DOWN, ACROSS = 8, 2
"""A page is taken as so many rows and columns of places; a table's row lies in one or two of them."""


class Proposed(NamedTuple):
    """What matters of a pair here: the type of its question and the place of its answer, None where it has none."""

    question_type: str
    place: tuple[int, int] | None


def proposed(question_type: str, boxes: Sequence[Box]) -> Proposed:
    """A pair by its type and its boxes (fractions of the page); the first box tells the place."""
    if not boxes:
        return Proposed(question_type, None)
    x0, y0, x1, y1 = boxes[0]
    column, row = int(ACROSS * (x0 + x1) / 2), int(DOWN * (y0 + y1) / 2)
    return Proposed(question_type, (min(max(row, 0), DOWN - 1), min(max(column, 0), ACROSS - 1)))


def spread(pairs: Sequence[Proposed], most: int) -> list[int]:
    """The numbers of the pairs that stay, in their order: at most `most` of those given, the best of each kind first.

    Pairs of one type at one place are a kind. Each round takes the next best pair of every kind, the kinds in the order
    of their best pairs, so that only what there is most of is cut.
    """
    if len(pairs) <= most:
        return list(range(len(pairs)))
    kinds: defaultdict[Proposed, list[int]] = defaultdict(list)
    for number, pair in enumerate(pairs):
        kinds[pair].append(number)
    rounds = [(turn, members[0], number) for members in kinds.values() for turn, number in enumerate(members)]
    return sorted(number for _, _, number in sorted(rounds)[: max(0, most)])
