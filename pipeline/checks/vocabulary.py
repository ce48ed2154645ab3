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

# Words that questions are made of, whatever they ask about.
QUESTION_WORDS = frozenset(
    _words(
        """
    mentioned given noted note described provided stated listed specified specific recommended reference shown important
    critical specification procedure performed required needed must type kind number item additional particular vehicle
    car according information detail complete proper correct appropriate purpose cause happen indicate identified label
    represent component part place mean refer associated related regarding used applied applicable main various
    different following included inspection warning caution safety tool work step operation function value manual"""
    )
)

# Verbs that begin an instruction of a manual.
ACTIONS = frozenset(
    _words(
        """
    adjust apply bleed cement check clamp clean close connect cut detach disconnect disengage drain draw drill drive
    engage fill fit grind hold insert install keep lift loosen lower lubricate machine mark measure mount move open
    press pull push raise release remove repair replace screw seal see separate set slide tap test tighten turn unscrew
    weld withdraw avoid catch"""
    )
)

# Words by which the language of a text is told.
FUNCTION_WORDS = {
    "en": frozenset(_words("the and of to in is for with on at by or from not be are if as when")),
    "it": frozenset(_words("di il la e per con del della dei che non un una si le gli al alla da nel sono")),
    "de": frozenset(_words("der die das und mit von zu im am nicht ist ein eine auf für bei den wird")),
    "fr": frozenset(_words("le la les des et du de un une pour avec dans sur est par au")),
    "es": frozenset(_words("el la los las de y en un una con para por del que al")),
}
