"""Inches behind millimetres whose sign was read as that of feet ("60 mm (2.362')")."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from pipeline.engines.offline.asking import Asked
from pipeline.engines.offline.layout import Line

_FEET = re.compile(r"(\d+(?:[.,]\d+)?)(\s?mm\s?[(/]\s?)(\d*[.,]\d+|\d+)\s?['’′](?!['’′])")
_INCHES = re.compile(r"\d\s?mm\s?[(/]\s?(?:\d*[.,]\d+|\d+)\s?(in\b\.?|\"|”|''|’’)")
_NEAR = 0.02
"""How far a printed conversion may be from the exact one, as a share of it."""


def with_inches(pairs: Iterable[Asked], lines: Sequence[Line]) -> Iterator[Asked]:
    """The pairs with the page's own sign for inches; those where the sign stays doubtful are left out."""
    found = (_INCHES.search(line.text) for line in lines)
    sign = next((match.group(1) for match in found if match), "")
    for item in pairs:
        if not _FEET.search(f"{item.pair.question}\n{item.pair.answer}"):
            yield item
        elif sign and not _FEET.search(item.pair.question) and all(map(_is_inches, _FEET.finditer(item.pair.answer))):
            yield replace(item, pair=replace(item.pair, answer=_mended(item.pair.answer, sign)))


def _is_inches(found: re.Match[str]) -> bool:
    """Whether a number behind millimetres is their conversion to inches."""
    exact = _number(found.group(1)) / 25.4
    return abs(_number(found.group(3)) - exact) <= _NEAR * exact


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _mended(answer: str, sign: str) -> str:
    unit = f" {sign}" if sign.startswith("in") else sign
    return _FEET.sub(lambda found: f"{found.group(1)}{found.group(2)}{found.group(3)}{unit}", answer)
