"""A good pair made ready for planting errors, and the slices of it to be written otherwise."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.checks.page_text import PageText
from pipeline.checks.tokens import Kind, Token


class Change(NamedTuple):
    """One slice of the question or the answer to be written otherwise."""

    in_question: bool
    start: int
    end: int
    text: str


class Good(NamedTuple):
    """A good pair, its tokens and the page that it stands on."""

    page: PageText
    question: str
    answer: str
    asked: tuple[Token, ...]
    told: tuple[Token, ...]

    @property
    def new(self) -> tuple[Token, ...]:
        """The answer's tokens that the question does not hold: what was asked for; callouts (3) are apart."""
        known = {key for token in self.asked for key in token.keys}
        return tuple(t for t in self.told if known.isdisjoint(t.keys) and not is_callout(self.answer, t))


def is_callout(text: str, token: Token) -> bool:
    """Whether a number stands alone in brackets: nut (3)."""
    short = token.kind == Kind.NUMBER and len(token.written) <= 2
    return short and text[token.start - 1 : token.start] == "(" and text[token.end : token.end + 1] == ")"


def instead(token: Token, text: str, *, in_question: bool = False) -> Change:
    """Write `text` where the token stands."""
    return Change(in_question, token.start, token.end, text)
