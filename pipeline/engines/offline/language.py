"""The language of a page, as far as the reader must know it: its sentences are taken apart in English only."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.engines.offline.layout import Line
from pipeline.engines.offline.vocabulary import listed

_SMALL_WORDS = {
    "en": listed("the and of to with in is on for from are be not when if by at or"),
    "it": listed("di il la per del della che con sul nel al dei le gli una non se da"),
    "de": listed("der die das und mit von den ist im auf bei nicht zu ein eine aus für wird"),
    "fr": listed("le la les des du et de une est dans avec pour sur au par"),
    "es": listed("el la los las de y del con una para en por se al"),
}
_FEWEST = 6


def language_of(lines: Iterable[Line]) -> str:
    """The language ("en", "it", "de", "fr", "es") whose small words stand most often on a page; "en" when in doubt."""
    words = [word for line in lines for word in re.findall(r"[^\W\d_]+", line.text.lower())]
    counts = {language: sum(word in small for word in words) for language, small in _SMALL_WORDS.items()}
    best = max(counts, key=lambda language: counts[language])
    return best if counts[best] >= _FEWEST and counts[best] > 1.5 * counts["en"] else "en"
