"""Compare two pairs: do they say the same, or answer one question in two ways?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pipeline.checks import notation
from pipeline.checks.tokens import Kind, Token, tokenise
from review_db.statuses import DuplicateRelation

DISTINCT = "distinct"

_SIGNS = frozenset("<>≤≥±+≈~")
_MAKE_SENTENCES = frozenset(
    {"a", "an", "the", "is", "are", "be", "it", "its", "of", "to", "in", "at", "should", "must", "and"}
)


class Relation(NamedTuple):
    """duplicate, suspected, conflict or distinct, and why in plain words."""

    relation: str
    reasons: tuple[str, ...] = ()


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


def compare(question_a: str, answer_a: str, question_b: str, answer_b: str) -> Relation:
    """How two pairs relate; other questions are always distinct, however alike they look."""
    if normal_form(question_a) != normal_form(question_b):
        return Relation(DISTINCT, ("the questions differ",))
    return compare_answers(answer_a, answer_b)


def compare_answers(answer_a: str, answer_b: str) -> Relation:
    """How two answers to one question relate.

    Where one says all that the other says, and no value twice over, they may be the same answer in other words. What
    else differs is for a person to see: two conditions, or an error.
    """
    if normal_form(answer_a) == normal_form(answer_b):
        return Relation(DuplicateRelation.DUPLICATE, ("same question and same answer up to notation",))
    one, other = tokenise(answer_a), tokenise(answer_b)
    values_a, values_b = _values(one), _values(other)
    said_a, said_b = (
        values_a.keys() | _words(one) | _signs(answer_a),
        values_b.keys() | _words(other) | _signs(answer_b),
    )
    if bool(values_a) == bool(values_b) and (said_a <= said_b or said_b <= said_a):
        return Relation(DuplicateRelation.SUSPECTED, ("same question; one answer holds the other",))
    mine, theirs = (", ".join(left) for left in _left_over(values_a, values_b))
    if mine or theirs:
        return Relation(
            DuplicateRelation.CONFLICT, (f"same question, but {mine or 'no value'} against {theirs or 'none'}",)
        )
    return Relation(DuplicateRelation.CONFLICT, ("same question, another answer",))


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
