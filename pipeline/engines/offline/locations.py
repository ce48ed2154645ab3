"""Pairs from location views: labelled pictures above captions that say where they were taken."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.engines.offline.asking import Asked, asked
from pipeline.engines.offline.layout import Block, Line, blocks_of
from review_db.records import Word

_CAPTION = re.compile(r"^((?:Figure|FIGURE|Fig\.)\s*\d+\s*[-–—.:]\s*\S.*)$")
_LABEL = re.compile(r"^[A-Z][A-Z/. ()-]{2,40}$")
_FEWEST = 3


def location_view_pairs(lines: Sequence[Line]) -> list[Asked]:
    """Where each labelled part sits, from the caption below its picture; pages with fewer than three have none."""
    captions = [block for block in blocks_of(lines) if _CAPTION.match(block.text)]
    if len(captions) < _FEWEST:
        return []
    pairs: list[Asked] = []
    for block in blocks_of([line for line in lines if line.box[1] > 0.12], gap=0.35):
        text = block.text.strip(" .")
        home = _caption_below(block, captions)
        if home is not None and _LABEL.match(text) and len(text.split()) <= 5 and sum(map(str.isalpha, text)) >= 4:
            pairs.extend(_pair(text, block, home))
    return [*pairs, *_connectors(lines, captions)]


def _connectors(lines: Sequence[Line], captions: Sequence[Block]) -> Iterator[Asked]:
    """The connector labels of each picture."""
    for caption in captions:
        codes = [line for line in lines if re.fullmatch(r"C\d{3}", line.text) and _nearest(line, captions) is caption]
        figure = _CAPTION.match(caption.text)
        if codes and figure:
            words = [word for line in [*codes, *caption.lines] for word in line.words]
            question = f'Which connectors are labelled in "{caption.text}"'
            item = asked(question, ", ".join(line.text for line in codes), "connector", words, 3)
            if item is not None:
                yield item


def _nearest(line: Line, captions: Sequence[Block]) -> Block | None:
    return _caption_below(Block((line,)), captions)


def _caption_below(block: Block, captions: Sequence[Block]) -> Block | None:
    """The nearest caption below a label whose column the label stands in."""
    middle = (block.box[0] + block.box[2]) / 2
    below = [caption for caption in captions if caption.box[1] > block.box[3] and _spans(caption, middle, captions)]
    return min(below, key=lambda caption: caption.box[1], default=None)


def _spans(caption: Block, x: float, captions: Sequence[Block]) -> bool:
    """Whether `x` lies nearer to this caption's column than to any other on its height."""

    def centre(item: Block) -> float:
        return (item.box[0] + item.box[2]) / 2

    level = [other for other in captions if abs(other.box[1] - caption.box[1]) < 0.06]
    return min(level, key=lambda other: abs(centre(other) - x)) is caption


def _pair(label: str, block: Block, caption: Block) -> Iterator[Asked]:
    found = _CAPTION.match(caption.text)
    if found is None:
        return
    words: list[Word] = [word for line in [*block.lines, *caption.lines] for word in line.words]
    item = asked(f'Which figure shows where the component "{label}" is located', found.group(1), "component", words, 2)
    if item is not None:
        yield item
