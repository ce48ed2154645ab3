"""Compare two pairs: do they say the same, or answer one question in two ways?

The thresholds were fitted on the labelled pairs of even facts and are reported on those of odd facts
(tests/pipeline/checks/test_labelled_pairs.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from pipeline.checks import notation
from pipeline.checks.anchors import pair_guards
from pipeline.checks.guards import (
    alike_in_words,
    answer_guards,
    answers_agree,
    one_holds_other,
    question_guards,
    same_details,
    same_things_asked,
    same_values,
)
from pipeline.checks.said import read
from pipeline.checks.tokens import Kind, Token, tokenise
from review_db.statuses import DuplicateRelation

DISTINCT = "distinct"
SUSPECTED_LIKENESS = 0.55
"""Cosine of two "question answer" below which nothing is suspected."""
DUPLICATE_LIKENESS = 0.85
"""Cosine from which two pairs that no guard keeps apart are one."""
SUSPECTED_WORDS = 0.2
"""Share of common things of two questions below which nothing is suspected where there are no vectors."""

_SIGNS = frozenset("<>≤≥±+≈~")
_MAKE_SENTENCES = frozenset(
    {"a", "an", "the", "is", "are", "be", "it", "its", "of", "to", "in", "at", "should", "must", "and"}
)


class Relation(NamedTuple):
    """duplicate, suspected, conflict or distinct, and why in plain words."""

    relation: str
    reasons: tuple[str, ...] = ()


@lru_cache(maxsize=200_000)
def normal_form(text: str) -> str:
    """The text without what only notation changes: case, punctuation, spelling of numbers, units and codes.

    Words keep their endings, and signs that change a value (< > ± +) stay.
    """
    said, position = [], 0
    for token in tokenise(text):
        said += [sign for sign in notation.plain(text[position : token.start]) if sign in _SIGNS]
        same_word = token.kind in (Kind.WORD, Kind.STOP, Kind.COLOUR)
        said.append(notation.plain(token.written).casefold() if same_word else token.keys[0])
        position = token.end
    return " ".join(said)


def compare(question_a: str, answer_a: str, question_b: str, answer_b: str, likeness: float | None = None) -> Relation:
    """How two pairs of one manual relate, with the reasons in plain words.

    `likeness` is the cosine of the vectors of "question answer"; without it the words are compared. Likeness only
    proposes: where a guard keeps the questions apart they are distinct, however alike they sound.
    """
    if normal_form(question_a) == normal_form(question_b):
        return compare_answers(answer_a, answer_b)
    if apart := _apart(question_a, answer_a, question_b, answer_b):
        return Relation(DISTINCT, tuple(apart))
    words = alike_in_words(question_a, question_b)
    if words < SUSPECTED_WORDS if likeness is None else likeness < SUSPECTED_LIKENESS:
        return Relation(DISTINCT, ("the questions are not alike",))
    if apart := answer_guards(answer_a, answer_b):
        alike = same_things_asked(question_a, question_b) and same_details(question_a, question_b)
        alike = alike and not any(reason.endswith("against no value") for reason in apart)
        return Relation(DuplicateRelation.CONFLICT if alike else DISTINCT, tuple(f"the answers: {a}" for a in apart))
    if not answers_agree(answer_a, answer_b):
        return Relation(DISTINCT, ("the answers have nothing in common",))
    if (
        likeness is not None
        and likeness >= DUPLICATE_LIKENESS
        and _differ_in_wording_only(question_a, answer_a, question_b, answer_b)
    ):
        return Relation(DuplicateRelation.DUPLICATE, ("same question and same answer in almost the same words",))
    if _same_words(question_a, question_b) and _same_things(answer_a, answer_b, question=False):
        return Relation(DuplicateRelation.DUPLICATE, ("the questions have one wording, and the answers name the same",))
    return Relation(DuplicateRelation.SUSPECTED, ("the questions ask alike and the answers agree",))


def _apart(question_a: str, answer_a: str, question_b: str, answer_b: str) -> list[str]:
    return question_guards(question_a, question_b) or pair_guards(question_a, answer_a, question_b, answer_b)


def needs_likeness(question_a: str, answer_a: str, question_b: str, answer_b: str) -> bool:
    """Whether likeness can change what `compare` says; the vectors of other pairs need not be made."""
    if normal_form(question_a) == normal_form(question_b) or _apart(question_a, answer_a, question_b, answer_b):
        return False
    return bool(answer_guards(answer_a, answer_b)) or answers_agree(answer_a, answer_b)


def _differ_in_wording_only(question_a: str, answer_a: str, question_b: str, answer_b: str) -> bool:
    """Questions that quote the page or name a job are made by a rule: there, each other word is another thing."""
    by_rule = '"' in question_a + question_b or "(" in question_a + question_b
    if by_rule and not (same_things_asked(question_a, question_b) and same_things_asked(answer_a, answer_b)):
        return False
    return same_details(question_a, question_b) and one_holds_other(answer_a, answer_b)


def compare_answers(answer_a: str, answer_b: str) -> Relation:
    """How two answers to one question relate.

    Where one says all that the other says, and no value twice over, or nothing keeps them apart, they may be the same
    answer in other words. What else differs is for a person to see: two conditions, or an error.
    """
    if normal_form(answer_a) == normal_form(answer_b):
        return Relation(DuplicateRelation.DUPLICATE, ("same question and same answer up to notation",))
    apart = answer_guards(answer_a, answer_b)
    if not apart and _signs(answer_a) == _signs(answer_b):
        if _same_things(answer_a, answer_b, question=False):
            return Relation(DuplicateRelation.DUPLICATE, ("same question, and the answers name the same",))
        if answers_agree(answer_a, answer_b):
            return Relation(DuplicateRelation.SUSPECTED, ("same question, and the answers agree",))
    return _unlike_answers(answer_a, answer_b, apart)


def _unlike_answers(answer_a: str, answer_b: str, apart: Sequence[str]) -> Relation:
    one, other = tokenise(answer_a), tokenise(answer_b)
    values_a, values_b = _values(one), _values(other)
    said_a = values_a.keys() | _words(one) | _signs(answer_a)
    said_b = values_b.keys() | _words(other) | _signs(answer_b)
    if not apart and bool(values_a) == bool(values_b) and (said_a <= said_b or said_b <= said_a):
        return Relation(DuplicateRelation.SUSPECTED, ("same question; one answer holds the other",))
    mine, theirs = (", ".join(left) for left in _left_over(values_a, values_b))
    if mine or theirs:
        return Relation(
            DuplicateRelation.CONFLICT, (f"same question, but {mine or 'no value'} against {theirs or 'none'}",)
        )
    return Relation(
        DuplicateRelation.CONFLICT, (f"same question, another answer{': ' * bool(apart)}{'; '.join(apart)}",)
    )


def _same_words(one: str, other: str) -> bool:
    """Whether two questions differ in nothing but small words and endings; other names of a thing are other words."""
    words = [[token.keys for token in tokenise(text) if token.kind != Kind.STOP] for text in (one, other)]
    return words[0] == words[1] and _same_things(one, other, question=True)


def _same_things(one: str, other: str, *, question: bool) -> bool:
    """Whether two texts name the same things, values and codes in one order, and differ in nothing but small words."""
    first, second = (read(text, question=question) for text in (one, other))
    said = [(text.content, text.sides, text.negated, text.quotes, set(text.codes)) for text in (first, second)]
    return said[0] == said[1] and same_values(first, second)


def differ(answer_a: str, answer_b: str) -> bool:
    """Whether one answer holds a quantity, code, side or colour that the other does not."""
    return any(_left_over(_values(tokenise(answer_a)), _values(tokenise(answer_b))))


def _left_over(one: Mapping[str, str], other: Mapping[str, str]) -> tuple[list[str], list[str]]:
    return [one[key] for key in one if key not in other], [other[key] for key in other if key not in one]


def _signs(text: str) -> frozenset[str]:
    return _SIGNS.intersection(notation.plain(text))


def _values(tokens: Sequence[Token]) -> dict[str, str]:
    """Normal form -> as written, of quantities, codes, sides and colours; "10 to 20 mm" gives both ends their unit."""
    found: dict[str, str] = {}
    unit: Token | None = None
    for token in reversed(tokens):
        if token.kind == Kind.UNIT:
            unit = token
        elif token.kind == Kind.NUMBER or token.keys[-1].isdigit():
            number = token.keys[0] if token.kind == Kind.NUMBER else token.keys[-1]
            found[f"{number} {unit.keys[0] if unit else ''}"] = (
                f"{token.written} {unit.written if unit else ''}".rstrip()
            )
        elif token.kind in (Kind.CODE, Kind.SIDE, Kind.COLOUR):
            found[token.keys[0]] = token.written
        if token.kind not in (Kind.UNIT, Kind.NUMBER, Kind.STOP):
            unit = None
    return dict(reversed(found.items()))


def _words(tokens: Sequence[Token]) -> set[str]:
    """The other words, without those that only make a sentence."""
    words = (token for token in tokens if token.kind in (Kind.WORD, Kind.STOP) and not token.keys[-1].isdigit())
    return {token.keys[0] for token in words} - _MAKE_SENTENCES
