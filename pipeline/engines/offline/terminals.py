"""Pairs from block diagrams: the terminal number that stands at a named input or output of a control unit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.engines.offline.asking import Asked, asked
from pipeline.engines.offline.layout import Block, Line, blocks_of, line_height

_NUMBER = re.compile(r"^\d{1,2}[a-z]?$")
_SIGNAL = re.compile(r"\b(?:INPUTS?|OUTPUTS?|CONTROL|SUPPLY|GROUNDS?|SENSOR|COMMON|SIGNAL|TEMPERATURE|VOLTAGE)\b")


def terminal_pairs(lines: Sequence[Line], name: str) -> list[Asked]:
    """Each named signal with the one number right above or below it; two candidates make it doubtful."""
    height = line_height(lines)
    numbers = [line for line in lines if _NUMBER.match(line.text)]
    others = [line for line in lines if line not in numbers]
    labels = [block for block in blocks_of(others, gap=0.35) if _is_signal(block)]
    near = {id(block): [number for number in numbers if _at(number, block, height)] for block in labels}
    shared = [number.number for found in near.values() for number in found]
    return [
        item
        for block in labels
        if len(near[id(block)]) == 1 and shared.count(near[id(block)][0].number) == 1
        for item in _pair(block, near[id(block)][0], name)
    ]


def _is_signal(block: Block) -> bool:
    return bool(_SIGNAL.search(block.text)) and len(block.text.split()) <= 6 and block.text.isupper()


def _at(number: Line, block: Block, height: float) -> bool:
    x0, y0, x1, y1 = block.box
    centre = (number.box[0] + number.box[2]) / 2
    gap = max(y0 - number.box[3], number.box[1] - y1)
    return x0 - 0.012 <= centre <= x0 + max(0.02, 0.4 * (x1 - x0)) and -0.3 * height < gap < 0.9 * height


def _pair(block: Block, number: Line, name: str) -> Iterator[Asked]:
    words = [*number.words, *(word for line in block.lines for word in line.words)]
    item = asked(f'In {name}, which terminal is labelled "{block.text}"', number.text, "connector", words, 2)
    if item is not None and name:
        yield item
