"""How well a pair stands on its page beyond found or not: signals that need the page's words."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise

from pipeline.checks import vocabulary
from pipeline.checks.page_text import PageText
from pipeline.checks.places import Clue, nearest
from pipeline.checks.support import Support
from pipeline.checks.tokens import EXACT, Kind, Token, tokenise
from pipeline.checks.wording import new_tokens, says_something

UNKNOWN = 0.5  # where there is nothing to measure
SURE_OF_LANGUAGE = 6  # function words


def signals_of_grounding(support: Support, question: str) -> Mapping[str, float]:
    """Name -> strength (0 to 1) of what the page's words tell; nothing for a page without words."""
    if not support.page.words:
        return {}
    naming = [c for c in support.questions if says_something(c.token)]
    chosen = sorted({place.segment for found in support.places for place in found.chosen.values()})
    values = [c for c in naming if c.token.kind in EXACT]
    return {
        "words_missing": _missing_share(support, question),
        "asked_missing": _mean((not c.found for c in naming), UNKNOWN),
        "asked_far": _mean((1 - _near(support.page, chosen, c) for c in naming), UNKNOWN),
        "asked_value_far": _mean((1 - _near(support.page, chosen, c) for c in values), 0.0),
        "reworded": _reworded(support),
        "misread": _misread(support),
        "part_of_row": _left_over(support),
        "foreign_page": _is_foreign(support, question),
    }


def _mean(values: Iterable[float], empty: float) -> float:
    listed = [float(value) for value in values]
    return sum(listed) / len(listed) if listed else empty


def _missing_share(support: Support, question: str) -> float:
    """Share of what the answer adds to the question that is nowhere on the page."""
    new = {token.keys for token in new_tokens(tokenise(question), [c.token for c in support.clues])}
    added = [index for index, c in enumerate(support.clues) if support.asked.isdisjoint(c.token.keys)]
    gone = [i for i in added if i in support.missing and support.clues[i].token.keys in new]
    return len(gone) / len(added) if added else 0.0


def _near(page: PageText, chosen: Sequence[int], c: Clue) -> float:
    return max((nearest(page, segment, c) for segment in chosen), default=0.0)


@lru_cache(maxsize=16)
def _neighbours(page: PageText) -> frozenset[tuple[str, str]]:
    """The pairs of telling words that follow each other on the page."""
    keys = [token.keys[0] for token in page.tokens if token.kind != Kind.STOP]
    return frozenset(pairwise(keys))


def _reworded(support: Support) -> float:
    """Share of the answer's neighbouring words that are no neighbours on the page."""
    keys = [token.keys[0] for token in support.tokens if token.kind != Kind.STOP]
    return _mean((couple not in _neighbours(support.page) for couple in pairwise(keys)), UNKNOWN)


def _misread(support: Support) -> bool:
    """Whether a word of the answer is on the page only as one that looks like it."""
    return any(
        place.quality < 1 and support.clues[index].token.kind == Kind.WORD
        for found in support.places
        for index, place in found.chosen.items()
    )


def _left_over(support: Support) -> float:
    """Share of the lines and cells the answer comes from that neither it nor the question says."""
    said = support.asked.union(*(token.keys for token in support.tokens))
    segments = {place.segment for found in support.places[:1] for place in found.chosen.values()}
    words = [token for segment in segments for token in _tokens_of(support.page, segment) if token.kind != Kind.STOP]
    return _mean((said.isdisjoint(token.keys) for token in words), UNKNOWN)


def _tokens_of(page: PageText, segment: int) -> Sequence[Token]:
    return page.tokens[bisect_left(page.places, (segment,)) : bisect_left(page.places, (segment + 1,))]


def _is_foreign(support: Support, question: str) -> bool:
    """Whether page and question are written in different languages, so that the answer was translated."""
    printed = _language_of_page(support.page)
    return printed is not None and printed != (_language(question.casefold().split(), 1) or "en")


@lru_cache(maxsize=16)
def _language_of_page(page: PageText) -> str | None:
    return _language([word.text.casefold().strip(".,;:()") for word in page.words], SURE_OF_LANGUAGE)


def _language(words: Sequence[str], least: int) -> str | None:
    """The language of which most function words stand there; English where as many are English."""
    counts = {name: sum(word in known for word in words) for name, known in vocabulary.FUNCTION_WORDS.items()}
    likeliest = max(counts, key=lambda name: (counts[name], name == "en"))
    return likeliest if counts[likeliest] >= least else None
