"""Pairs from footnotes that name an order number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.engines.offline.asking import Asked, asked, worded
from pipeline.engines.offline.layout import Line

_ORDER = re.compile(r"^\*+\)?\s*(?:(.+?)\s*=\s*)?([A-Z][^=,]{2,50}),?\s+Order No\.?:?\s*(\d[\d ]+\d)\W*$")


def footnote_pairs(lines: Sequence[Line], opening: str) -> Iterator[Asked]:
    """The question that each such footnote answers; other footnotes point elsewhere and give none."""
    for line in lines:
        order = _ORDER.match(line.text)
        if order:
            name = order.group(2).rstrip(" :")
            name = f"{name} ({order.group(1)})" if order.group(1) else name
            yield from _found(worded(opening, f"what is the order number of the {name}"), order.group(3), line)


def _found(question: str, answer: str, line: Line) -> Iterator[Asked]:
    item = asked(question, answer, "tool", line.words, 3)
    if item is not None:
        yield item
