"""Closed lists of words that the checks know: stop words, sides, colours, numbers in words, hedges."""

from __future__ import annotations


def _words(text: str) -> list[str]:
    return text.split()


STOP_WORDS = frozenset(
    _words(
        """
    a an the and or of to in on at by for from with without into onto off out up as is are was were be been being it its
    this that these those there then than if when while which what who whose where why how do does did done has have
    had must should shall can could may might will would not no so also only any all each both per via through during
    after before between until about approx approximately you your we i they them he she his her their our s t
    use used using page see group note il lo la le gli un una di da del della dei al alla con per su e o che der die das
    und mit von zu im am"""
    )
)

# Words that turn an answer into its opposite; they must match exactly and are never fuzzy.
SIDES = {
    **dict.fromkeys(("left", "lh", "l.h."), "left"),
    **dict.fromkeys(("right", "rh", "r.h."), "right"),
    "front": "front",
    **dict.fromkeys(("rear", "back"), "rear"),
    "upper": "upper",
    "lower": "lower",
    "top": "top",
    "bottom": "bottom",
    "inner": "inner",
    "outer": "outer",
    "inside": "inside",
    "outside": "outside",
    **dict.fromkeys(("intake", "inlet"), "intake"),
    **dict.fromkeys(("exhaust",), "exhaust"),
    "outlet": "outlet",
    "clockwise": "clockwise",
    **dict.fromkeys(("counterclockwise", "anticlockwise"), "counterclockwise"),
    "positive": "positive",
    "negative": "negative",
}

# Colour -> abbreviations that wiring diagrams print.
COLOURS = {
    "black": ("bk", "sw", "blk"),
    "blue": ("bu", "bl", "blu"),
    "brown": ("br", "bn", "brn"),
    "gray": ("gy", "gr", "gry", "grey"),
    "grey": ("gy", "gr", "gry", "gray"),
    "green": ("gn", "grn"),
    "orange": ("or", "og", "orn"),
    "pink": ("pk", "rs"),
    "purple": ("pp", "vi", "violet"),
    "red": ("rd", "rt", "r"),
    "tan": ("tn",),
    "violet": ("vi", "vt", "purple"),
    "white": ("wt", "wh", "ws", "wht"),
    "yellow": ("yl", "ye", "ge", "yel"),
}
COLOUR_CODES = frozenset(short for shorts in COLOURS.values() for short in shorts if len(short) == 2)

NUMBER_WORDS = {
    word: str(value)
    for value, word in enumerate(_words("zero one two three four five six seven eight nine ten eleven twelve"))
}

HEDGES = (
    "typically",
    "usually",
    "generally",
    "probably",
    "possibly",
    "presumably",
    "likely",
    "appears to",
    "appear to",
    "seems to",
    "seem to",
    "may be",
    "might be",
    "could be",
    "i think",
    "cannot determine",
    "can't determine",
    "cannot be determined",
    "not visible",
    "not specified",
    "not clear",
    "unclear",
    "i don't see",
    "i cannot see",
    "please refer to",
    "multiple",
    "various",
)
