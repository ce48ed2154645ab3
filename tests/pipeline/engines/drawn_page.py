"""Draws the words of a page with a typewriter: a text's columns and rows become places on the page."""

import re
from collections.abc import Iterable
from math import cos, radians, sin

from review_db.records import Box, Word

COLUMNS, ROWS = 100, 60


def drawn(text: str, *, columns: int = COLUMNS, rows: int = ROWS, first_row: int = 0) -> list[Word]:
    """Words of a page: each character of `text` is a step to the right, each of its lines a step down.

    Two spaces or more begin another segment (`Word.line`), as a table's cells do.
    """
    words: list[Word] = []
    segment = 0
    for row, line in enumerate(text.strip("\n").splitlines(), start=first_row):
        for cell in re.finditer(r"\S+(?: \S+)*", line):
            for word in re.finditer(r"\S+", cell.group()):
                start = cell.start() + word.start()
                box = (start / columns, row / rows, (start + len(word.group())) / columns, (row + 0.8) / rows)
                words.append(Word(word.group(), box, 0.98, segment))
            segment += 1
    return words


def segment(text: str, x0: float, y0: float, x1: float, y1: float, line: int = 900) -> list[Word]:
    """The words of one segment, sharing its box out evenly from left to right."""
    parts = text.split(" ")
    step = (x1 - x0) / len(parts)
    return [Word(part, (x0 + n * step, y0, x0 + (n + 1) * step, y1), 0.98, line) for n, part in enumerate(parts)]


def askew(words: Iterable[Word], degrees: float, *, height_over_width: float = 1.3) -> list[Word]:
    """The words of the page laid askew on the scanner (clockwise); boxes stay upright and hold the slanting words."""
    turn = radians(degrees)
    return [word._replace(box=_slanting(word.box, turn, height_over_width)) for word in words]


def _slanting(box: Box, turn: float, shape: float) -> Box:
    x, y = (box[0] + box[2]) / 2 - 0.5, ((box[1] + box[3]) / 2 - 0.5) * shape
    width, height = box[2] - box[0], (box[3] - box[1]) * shape
    across = (width * cos(turn) + height * abs(sin(turn))) / 2
    down = (height * cos(turn) + width * abs(sin(turn))) / 2
    x, y = x * cos(turn) - y * sin(turn) + 0.5, (x * sin(turn) + y * cos(turn)) / shape + 0.5
    return x - across, y - down / shape, x + across, y + down / shape


def shifted(words: Iterable[Word], lines: int) -> list[Word]:
    """The same words with segment numbers that follow `lines` earlier segments."""
    return [word._replace(line=word.line + lines) for word in words]
