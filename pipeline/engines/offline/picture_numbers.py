"""Pairs from the numbers printed under photos and drawings, told apart by the step that stands beside each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.engines.offline.asking import Asked, asked
from pipeline.engines.offline.layout import Line
from pipeline.engines.offline.prose import Passage
from pipeline.engines.offline.running_text import body_lines, page_lines
from pipeline.engines.offline.sentences import sentences_of
from pipeline.engines.offline.verbs import is_order

_NUMBER = re.compile(r"^(\d{2})\s?(\d{2})\s?(\d{3})$")
_BESIDE = 0.1
"""How far right of its picture's number a step may start, as a share of the page's width."""

_TALLEST = 0.3
"""Height that no picture beside a step exceeds, as a share of the page's height."""


def picture_pairs(lines: Sequence[Line], passages: Sequence[Passage], place: str) -> Iterator[Asked]:
    """One pair for each numbered picture with a step beside it: which number the picture has."""
    running = {line.number for line in body_lines(lines)}
    numbers = [line for line in page_lines(lines) if line.number not in running and _NUMBER.match(line.text)]
    reach = _reach(numbers)
    for number in numbers:
        beside = [passage for passage in passages if _is_beside(passage, number, numbers)]
        first = min(beside, key=lambda passage: passage.rows[0].box[1], default=None)
        sentence = sentences_of(first)[0] if first else None
        if first is None or sentence is None or not is_order(sentence.text.split()[0]):
            continue
        if number.middle - first.rows[0].box[1] > reach:
            continue
        opening = first.topic.opening() or place
        short = 2 <= len(sentence.text.split()) <= 24
        asks = f'what is the image number of the picture beside the step "{sentence.text.rstrip(" .")}"'
        item = (
            asked(f"{opening} {asks}", _spaced(number.text), "visual", number.words, 6) if opening and short else None
        )
        if item is not None:
            yield item


def _is_beside(passage: Passage, number: Line, numbers: Sequence[Line]) -> bool:
    """Whether a passage starts right of a picture: above its number and below that of the picture above."""
    box = passage.rows[0].box
    above = [other.middle for other in numbers if other.middle < number.middle and _same_column(other, number)]
    return 0 <= box[0] - number.box[2] < _BESIDE and max(above, default=0.0) < box[1] < number.middle


def _reach(numbers: Sequence[Line]) -> float:
    """How far above its number a picture's step may start: one pitch of the page's pictures.

    A step further up belongs to a picture whose own number was not read.
    """
    below = [
        lower.middle - upper.middle
        for upper in numbers
        for lower in numbers
        if lower.middle > upper.middle and _same_column(upper, lower)
    ]
    return 1.1 * min([_TALLEST / 1.1, *below])


def _spaced(number: str) -> str:
    """A picture's number as printed, its three groups apart however it was read."""
    found = _NUMBER.match(number)
    return " ".join(found.groups()) if found else number


def _same_column(one: Line, other: Line) -> bool:
    return abs(one.box[2] - other.box[2]) < _BESIDE / 2
