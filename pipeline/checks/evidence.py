"""Find the words on the scan that support an answer: a verdict, the boxes to mark and the line they stand in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pipeline.checks.page_text import Occurrence, PageText, page_text
from pipeline.checks.places import Clue, Place, choose, clue
from pipeline.checks.tokens import EXACT, Kind, Token, tokenise
from review_db.records import Box, Evidence, TokenEvidence, Word
from review_db.statuses import EvidenceVerdict

LONGEST_QUOTE = 300
GAP_TO_JOIN = 2.0
SKIP = 1
WORDS_FOUND = 0.7


class Support(NamedTuple):
    """What a page says of a pair: clues of its answer and question, and the places chosen."""

    page: PageText
    answer: list[Clue]
    question: list[Clue]
    places: list[Place]

    def stands(self, index: int) -> Occurrence | None:
        """Where the answer's clue of this index stands in the chosen places."""
        return next((place.chosen[index] for place in self.places if index in place.chosen), None)


def find_support(words: Sequence[Word], question: str, answer: str) -> Support:
    """Look for the answer's tokens on the page, near those of the question."""
    page = page_text(tuple(words))
    answers = [clue(page, token) for token in _content(tokenise(answer))]
    said = {key for c in answers for key in c.token.keys}
    questions = [clue(page, token) for token in _content(tokenise(question)) if not SKIP or token.keys[0] not in said]
    places = choose(page, answers, questions)
    return Support(page, answers, questions, places)


def _content(tokens: list[Token]) -> list[Token]:
    """The tokens that say something; where there is nothing else, the stop words too."""
    telling = [token for token in tokens if token.kind != Kind.STOP]
    seen: dict[tuple[str, ...], Token] = {}
    for token in telling or tokens:
        seen.setdefault(token.keys, token)
    return list(seen.values())
