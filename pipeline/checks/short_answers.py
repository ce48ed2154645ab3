"""Short answers that are whole: a state, a count in words, yes or no where that was asked; and those that are empty."""

from __future__ import annotations

import re
from collections.abc import Collection

_WORDS = re.compile(r"[^\W_]+(?:/[^\W_]+)?")
_ARTICLES = frozenset({"the", "a", "an"})

_PLACES = "up down in out inside outside inward inwards outward outwards upward upwards downward downwards"
_WAYS = "forward forwards backward backwards clockwise anticlockwise counterclockwise horizontal vertical"
_SETTINGS = "on off open opened closed shut hot cold warm full half dry wet low high both never always once twice"
_ELECTRIC = "ground earth positive negative ac dc nc p r n d neutral reverse"
_COUNTS = "one two three four five six seven eight nine ten eleven twelve first second third fourth fifth"
_NUMERALS = "i ii iii iv v vi vii viii ix x 1st 2nd 3rd 4th 5th"
STATES = frozenset(" ".join((_PLACES, _WAYS, _SETTINGS, _ELECTRIC, _COUNTS, _NUMERALS)).split())
"""Words that answer a question by themselves, whatever its type."""

_THING = re.compile(r"^(?:\w+ ){0,2}?(?:which|where|how (?:many|much|far|often|long|wide|deep|thick|tight))\b")
_OPEN = re.compile(r"^(?:\w+ ){0,2}?(?:what|which|where|when|who|whose|why|how)\b")
_CLOSED = re.compile(
    r"(?:^|, (?:then )?|\bor )(?:is|are|was|were|do|does|did|can|could|may|must|shall|should|will|would|has|have|had)\b"
)


def asks_one_thing(asked: str) -> bool:
    """Whether the question, in lower case, wants a thing, a place or a count, which one word can be."""
    return bool(_THING.search(asked))


def is_whole(asked: str, told: str) -> bool:
    """Whether one word answers the question: a state or count always, yes or no where the question allows it."""
    if told == "NO":  # a contact that is normally open
        return True
    words = _words(told)
    if words in (["yes"], ["no"]):
        return _can_be_yes(asked)
    return len(words) == 1 and words[0] in STATES


def is_empty(asked: str, told: str, empty_answers: Collection[str]) -> bool:
    """Whether the answer as a whole is one of these, articles and marks aside, or a yes or no to an open question."""
    words = _words(told)
    if words in (["yes"], ["no"]) and told != "NO":
        return not _can_be_yes(asked)
    return any(words == _words(empty) for empty in empty_answers)


def _can_be_yes(asked: str) -> bool:
    return bool(_CLOSED.search(asked)) or not _OPEN.search(asked)


def _words(text: str) -> list[str]:
    return [word for word in _WORDS.findall(text.casefold()) if word not in _ARTICLES]
