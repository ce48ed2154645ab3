"""Words that turn a meaning round (left, right; max., min.): which of a couple stands with the evidence on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from pipeline.checks.page_text import PageText
from pipeline.checks.tokens import Kind, tokenise

CONTEXT = 30  # letters before and behind a word that tell what it speaks of
UNRELATED = 0.5  # what a word counts whose neighbours on the page are not its neighbours in the pair
BELOW = 0.6  # what a word counts that stands below the evidence: headings stand above
CLEARLY, NEAR_ENOUGH = 1.4, 0.55
SAME_LINE = 0.25  # how much nearness the length of a line takes away

SIDES: tuple[tuple[str, str], ...] = (
    (r"left|lh|links?|linke[rnsm]?|sinistr[aoie]", r"right|rh|rechts|rechte[rnsm]?|destr[aoie]"),
    (r"front|vorne?|vordere[rnsm]?|anterior[ei]", r"rear|hinten|hintere[rnsm]?|posterior[ei]"),
    (r"upper|top|oben|obere[rnsm]?|superior[ei]", r"lower(?! the)|bottom|unten|untere[rnsm]?|inferior[ei]"),
    (r"inner|inside|innen|innere[rnsm]?|intern[oaie]", r"outer|outside|außen|äußere[rnsm]?|estern[oaie]"),
    (r"intake|inlet|einlass\w*|aspirazione", r"exhaust|outlet|auslass\w*|scarico"),
    (r"clockwise|rechtsherum", r"counter-?clockwise|anti-?clockwise|linksherum"),
    (r"positive|pluspol", r"negative|minuspol"),
)
LIMITS: tuple[tuple[str, str], ...] = (
    (
        r"max\.?|maximum|maximal\w*|massim[oa]|at most|höchstens"
        r"|(?:not|never) (?:to )?(?:exceed|more than|above|over)|no more than",
        r"min\.?(?! ?\d)|minimum|mindestens|minimal\w*|minim[oa]|at least|(?:not|no) less than",
    ),
    (
        r"(?<!not )(?<!no )(?:more|greater|higher) than|above(?= -?\d)|über",
        r"(?<!not )(?<!no )(?:less|lower) than|below(?= -?\d)|unter",
    ),
)
TURNS: tuple[tuple[str, str], ...] = ((r"tighten\w*|festziehen|serrare", r"loosen\w*|lösen|allentare"),)


class Couple(NamedTuple):
    """Two words that mean opposite things, as patterns."""

    words: tuple[re.Pattern[str], re.Pattern[str]]


class Printed(NamedTuple):
    """A word that stands on the page: its segment, its letter there, the words beside it, whether it is a limit."""

    written: str
    segment: int
    at: int
    beside: frozenset[str]
    is_limit: bool


class Turned(NamedTuple):
    """What the pair says, and what the page says instead."""

    said: str
    printed: str


def _couples(patterns: Sequence[tuple[str, str]]) -> tuple[Couple, ...]:
    whole = [tuple(re.compile(rf"(?<![\w-])(?:{one})(?!\w)", re.IGNORECASE) for one in couple) for couple in patterns]
    return tuple(Couple((first, second)) for first, second in whole)


COUPLES: Mapping[str, tuple[Couple, ...]] = {"side": _couples(SIDES), "limit": _couples((*LIMITS, *TURNS))}

_LIMITING = frozenset(pattern for couple in COUPLES["limit"] for pattern in couple.words)


def turned(sort: str, page: PageText, evidence: Mapping[int, int], question: str, answer: str) -> Turned | None:
    """A word of the pair whose opposite stands clearly nearer to the evidence, or None.

    `sort` is "side" or "limit"; `evidence` maps a segment to the letter of its text where the answer stands.
    """
    text = f"{question}\n{answer}"
    for couple in COUPLES[sort]:
        said = [list(pattern.finditer(text)) for pattern in couple.words]
        if said[0] and said[1]:  # the answer may contradict its question
            said = [[each for each in found if each.start() > len(question)] for found in said]
        if bool(said[0]) == bool(said[1]):
            continue  # neither word, or both: nothing was taken for its opposite
        own = 0 if said[0] else 1
        found = _rival(page, evidence, couple, own, _words_beside(text, said[own]))
        if found:
            return Turned(said[own][0].group(), found)
    return None


def _rival(page: PageText, evidence: Mapping[int, int], couple: Couple, own: int, beside: frozenset[str]) -> str | None:
    fits = [_best(page, evidence, _printed(page, pattern), beside) for pattern in couple.words]
    here, there = fits[own], fits[1 - own]
    return there[1] if there[0] >= NEAR_ENOUGH and there[0] > CLEARLY * here[0] else None


def _best(
    page: PageText, evidence: Mapping[int, int], printed: Sequence[Printed], beside: frozenset[str]
) -> tuple[float, str]:
    return max(((_fit(page, evidence, each, beside), each.written) for each in printed), default=(0.0, ""))


def _fit(page: PageText, evidence: Mapping[int, int], word: Printed, beside: frozenset[str]) -> float:
    related = 1.0 if beside & word.beside or (word.is_limit and word.segment in evidence) else UNRELATED
    return related * max((_near(page, segment, at, word) for segment, at in evidence.items()), default=0.0)


def _near(page: PageText, segment: int, at: int, word: Printed) -> float:
    if segment == word.segment:
        length = max(1, len(page.segments[segment].text))
        return 1 - SAME_LINE * abs(word.at - at) / length
    return page.near(segment)[word.segment] * (BELOW if word.segment > segment else 1.0)


@lru_cache(maxsize=512)
def _printed(page: PageText, pattern: re.Pattern[str]) -> tuple[Printed, ...]:
    return tuple(
        Printed(match.group(), number, match.start(), _words_beside(segment.text, [match]), pattern in _LIMITING)
        for number, segment in enumerate(page.segments)
        for match in pattern.finditer(segment.text)
    )


def _words_beside(text: str, matches: Sequence[re.Match[str]]) -> frozenset[str]:
    return frozenset(key for match in matches for key in _naming(text, match))


def _naming(text: str, match: re.Match[str]) -> Iterator[str]:
    near = text[max(0, match.start() - CONTEXT) : match.start()] + " " + text[match.end() : match.end() + CONTEXT]
    return (token.keys[0] for token in tokenise(near) if token.kind == Kind.WORD)
