"""Rules that set a pair aside before anyone reads it; they know units and question types, so short specs stay."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.checks import notation, short_answers
from pipeline.checks.tokens import EXACT, Kind, Token, tokenise
from review_db.statuses import QuestionType

DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class FilterRules:
    """Lengths in characters (by question type, `default` for the others), phrases in any case, similarity 0 to 1."""

    min_question_length: int
    shortest_answer: Mapping[str, int]
    longest_answer: Mapping[str, int]
    generic_phrases: tuple[str, ...] = ()
    self_reference_phrases: tuple[str, ...] = ()
    similarity: float = 1.0
    empty_answers: tuple[str, ...] = ()


def filtered_by(question: str, answer: str, question_type: str, rules: FilterRules) -> str | None:
    """The name of the first rule that takes the pair out, or None for a pair worth a person's time.

    question_short, no_question_mark, unknown_type, self_reference, empty_answer, answer_short, answer_long,
    generic_answer. A value ("9 Nm", "M8", "left", "red"), a state ("open") and a yes or no that was asked for are never
    too short, and an answer that holds a number or code is never generic.
    """
    asked, told = notation.plain(question).strip().casefold(), notation.plain(answer).strip()
    if len(asked) < rules.min_question_length:
        return "question_short"
    if not asked.endswith("?"):
        return "no_question_mark"
    if question_type not in list(QuestionType):
        return "unknown_type"
    if any(_plain(phrase) in asked for phrase in rules.self_reference_phrases):
        return "self_reference"
    return _answer_filtered_by(asked, told, question_type, rules)


def _plain(phrase: str) -> str:
    return notation.plain(phrase).casefold()


def _answer_filtered_by(asked: str, told: str, question_type: str, rules: FilterRules) -> str | None:
    tokens = tokenise(told)
    if short_answers.is_empty(asked, told, rules.empty_answers):
        return "empty_answer"
    if not tokens or (len(told) < _shortest(asked, question_type, rules) and not _is_value(asked, told, tokens)):
        return "answer_short"
    if len(told) > _by_type(rules.longest_answer, question_type):
        return "answer_long"
    says_nothing = any(_plain(phrase) in told.casefold() for phrase in rules.generic_phrases)
    if says_nothing and not any(token.kind in (Kind.NUMBER, Kind.CODE) for token in tokens):
        return "generic_answer"
    return None


def _by_type(lengths: Mapping[str, int], question_type: str) -> int:
    return lengths.get(question_type, lengths[DEFAULT])


def _shortest(asked: str, question_type: str, rules: FilterRules) -> int:
    """A course of action takes more characters than a thing, whatever type the question was given."""
    of_thing, of_type = rules.shortest_answer[DEFAULT], _by_type(rules.shortest_answer, question_type)
    return min(of_thing, of_type) if short_answers.asks_one_thing(asked) else of_type


def _is_value(asked: str, told: str, tokens: list[Token]) -> bool:
    return short_answers.is_whole(asked, told) or any(
        token.kind in EXACT or token.kind == Kind.COLOUR for token in tokens
    )


class Gist(NamedTuple):
    """What a pair asks and tells: the numbers, units, codes, sides and colours of both, and the words of each."""

    values: tuple[frozenset[str], frozenset[str]]
    asked: frozenset[str]
    told: frozenset[str]


def gist(question: str, answer: str) -> Gist:
    """The gist of a pair; pairs with different values are never alike."""
    asked, told = tokenise(question), tokenise(answer)
    return Gist((_values(asked), _values(told)), _words(asked), _words(told))


def alike(one: Gist, other: Gist, similarity: float) -> bool:
    """Whether both ask the same and answer it alike: same values, and at least `similarity` of the words shared."""
    return (
        one.values == other.values
        and _shared(one.asked, other.asked) >= similarity
        and _shared(one.told, other.told) >= similarity
    )


def _values(tokens: list[Token]) -> frozenset[str]:
    return frozenset(token.keys[0] for token in tokens if token.kind in EXACT or token.kind == Kind.COLOUR)


def _words(tokens: list[Token]) -> frozenset[str]:
    return frozenset(token.keys[0] for token in tokens if token.kind == Kind.WORD)


def _shared(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one | other else 1.0
