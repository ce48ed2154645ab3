"""The callouts that a page prints behind its words, nut (3), against those that a pair gives to them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from pipeline.checks import notation, vocabulary
from pipeline.checks.page_text import PageText
from pipeline.checks.scopes import scopes_of
from pipeline.checks.support import Support

_LIST = r"\d{1,2}[a-z]?(?:\s*(?:,|and|or|to|-|&)+\s*\d{1,2}[a-z]?)*"
_BESIDE = re.compile(rf"(?P<word>[^\W\d_]{{3,}})[.,]?\s*[(\[{{]\s*(?P<numbers>{_LIST})\s*[)\]}}]", re.I)
_ASKED = re.compile(
    r"\b(?:what|which) (?:part |component |item )?is (?:the )?(?:item|callout|component|part|number|position)"
    r"(?: no\.?| number)? ?\(?(?P<number>\d{1,2})\)?(?!\w|[.,]\d)",
    re.I,
)
_NAMES = re.compile(r"(?:item|callout|part|component|number|position|photo|arrow|step|figure|see|no)s?", re.I)
_LAST_WORD = re.compile(r"([^\W\d_]{3,})(?:\s*\(\d{1,2}\))?[.\s]*$")
_HOW_MANY = re.compile(r"\bhow many\b|\bnumber of\b", re.I)
_COUNT = re.compile(r"(?<![\w.,/(-])(\d{1,2})(?= [^\W\d_]{3,}s\b)")
_ALONE = re.compile(r"\s*(\d{1,2})[\s.]*")
_NUMBER = re.compile(r"\d{1,2}")


class Callout(NamedTuple):
    """A word as written and the number that a text puts behind it."""

    word: str
    number: int


def callouts_in(text: str) -> list[Callout]:
    """Every word of a text with each callout right behind it: plugs (2 and 3)."""
    return [
        Callout(match["word"], int(number))
        for match in _BESIDE.finditer(text)
        if not _NAMES.fullmatch(match["word"])
        for number in _NUMBER.findall(match["numbers"])
    ]


def said_of(question: str, answer: str) -> list[Callout]:
    """The callouts that a pair gives to things; for "what is item 2" that of the answer's last word."""
    found = [*callouts_in(answer), *callouts_in(question)]
    asked = _ASKED.search(question)
    named = _LAST_WORD.search(answer)
    if asked and named and not callouts_in(answer):
        found.append(Callout(named[1], int(asked["number"])))
    return found


@lru_cache(maxsize=16)
def printed_on(page: PageText) -> dict[str, frozenset[int]]:
    """The stem of each word that has callouts on the page, with their numbers, over the ends of lines."""
    return _by_word(_whole_text(page))


def _by_word(text: str) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for callout in callouts_in(text):
        found.setdefault(notation.stem(callout.word), set()).add(callout.number)
    return {word: frozenset(numbers) for word, numbers in found.items()}


def misplaced(support: Support, question: str, answer: str) -> tuple[Callout, list[int]] | None:
    """A callout that the page does not put behind its word though it puts others there, and those; or None.

    Where the sentences that the answer comes from have the word with callouts, only those count.
    """
    places = (printed_near(support), printed_on(support.page))
    for callout in said_of(question, answer):
        stem = notation.stem(callout.word)
        numbers = next((printed[stem] for printed in places if stem in printed), frozenset())
        if numbers and callout.number not in numbers:
            return callout, sorted(numbers)
    return None


def counted(support: Support, question: str, answer: str) -> str | None:
    """A count of things in the answer that the page has as a callout only, as written, or None."""
    how_many = _HOW_MANY.search(question)
    match = _COUNT.search(answer) or (_ALONE.fullmatch(answer) if how_many else None)
    if match is None:
        return None
    text = _whole_text(support.page)
    callout = re.search(rf"[(\[](?:[\w,\s]*[\s,])?{match[1]}(?:[\s,][\w,\s]*)?[)\]]", text)
    bare = re.search(rf"(?<![\w(.,/-]){match[1]}(?![\w).,/-]|[.,]\d)", text)
    return match[1] if callout and not bare and not _in_words(support.page, match[1]) else None


def _in_words(page: PageText, number: str) -> bool:
    word = next((word for word, value in vocabulary.NUMBER_WORDS.items() if value == number), None)
    return word is not None and any(token.keys[0] == word for token in page.tokens)


def printed_near(support: Support) -> dict[str, frozenset[int]]:
    """As `printed_on`, of the sentences alone that the answer comes from."""
    texts = scopes_of(support.page)
    numbers = {texts.sentence(found) for place in support.places for found in place.chosen.values()}
    return _by_word(" | ".join(texts.text(number) for number in sorted(numbers)))


def _whole_text(page: PageText) -> str:
    return " ".join(segment.text for segment in page.segments)
