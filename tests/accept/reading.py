"""Measures how many tokens of the true answers the reader found on the page, spaces aside."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from review_db.records import Word
from tests.accept.rows import WordsByPage

_ONE_SIGN = str.maketrans({"–": "-", "—": "-", "−": "-", "•": "·", "“": '"', "”": '"', "’": "'", "‘": "'", "×": "x"})
_EDGES = " .,;:!?()[]{}\"'*"


class Missed(NamedTuple):
    """A token of a true answer that is not among the page's words."""

    page: str
    token: str
    answer: str


def rows(corpus: Path, words_by_page: WordsByPage) -> list[tuple[str, float, float]]:
    """(name, value, goal): share of answer tokens found, all and those with a digit."""
    tokens = list(answer_tokens(corpus))
    missing = list(missing_tokens(tokens, words_by_page))
    digits = [token for _, token, _ in tokens if _has_digit(token)]
    missing_digits = [miss for miss in missing if _has_digit(miss.token)]
    return [
        ("answer tokens found in the page words", 1 - len(missing) / max(1, len(tokens)), 0.98),
        (
            "answer tokens with a digit found in the page words",
            1 - len(missing_digits) / max(1, len(digits)),
            0.975,
        ),
    ]


def answer_tokens(corpus: Path) -> Iterator[tuple[str, str, str]]:
    """Yield (page below the corpus, token, answer) for every token of every true answer."""
    for truth, folder in (("truth.jsonl", "data_src"), ("public/truth.jsonl", "public")):
        for line in (corpus / truth).read_text(encoding="utf-8").splitlines():
            page = json.loads(line)
            for fact in page["facts"]:
                for token in map(_plain, fact["a"].split()):
                    if token:
                        yield f"{folder}/{page['page']}", token, fact["a"]


def missed(corpus: Path, words_by_page: WordsByPage) -> Iterator[str]:
    """One line for each page with the tokens that are not among its words, each with the answer it belongs to."""
    lost: dict[str, list[str]] = {}
    for page, token, answer in missing_tokens(list(answer_tokens(corpus)), words_by_page):
        lost.setdefault(page, []).append(f"{token} (of: {answer})")
    for page, tokens in lost.items():
        yield f"{page}: {'; '.join(tokens)}"


def missing_tokens(tokens: Sequence[tuple[str, str, str]], words_by_page: WordsByPage) -> Iterator[Missed]:
    """Yield the tokens that do not stand on their page, alone or in the run of the whole answer."""
    pages: dict[str, PageText] = {}
    for page, token, answer in tokens:
        if page not in pages:
            pages[page] = PageText.of(words_by_page(page))
        if not pages[page].holds(token) and not pages[page].holds("".join(map(_plain, answer.split()))):
            yield Missed(page, token, answer)


class PageText(NamedTuple):
    """The words of a page run together, and where each begins."""

    text: str
    starts: frozenset[int]

    @classmethod
    def of(cls, words: Sequence[Word]) -> PageText:
        """Join words in reading order."""
        text, starts = "", set()
        for word in words:
            starts.add(len(text))
            text += _folded(word.text)
        return cls(text, frozenset([*starts, len(text)]))

    def holds(self, token: str) -> bool:
        """Tell whether a token stands here and is not a piece of a longer number or word."""
        return any(
            self._parts(match.start()) and self._parts(match.start() + len(token))
            for match in re.finditer(f"(?={re.escape(token)})", self.text)
        )

    def _parts(self, place: int) -> bool:
        if place in self.starts:
            return True
        before, after = self.text[place - 1], self.text[place]
        return not (before.isdigit() and after.isdigit()) and not (before.isalpha() and after.isalpha())


def _plain(token: str) -> str:
    return _folded(token).strip(_EDGES)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).translate(_ONE_SIGN).casefold()


def _has_digit(token: str) -> bool:
    return any(character.isdigit() for character in token)
