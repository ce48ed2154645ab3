"""Make realistic wrong pairs from good ones, one slip each, to measure what the checks or a reviewer catch."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from random import Random
from typing import NamedTuple

from pipeline.checks.changes import Change, Good
from pipeline.checks.page_text import page_text
from pipeline.checks.tokens import tokenise
from pipeline.checks.wrong_values import code, digit, row, unit
from pipeline.checks.wrong_words import callout, negation, side
from review_db.records import Finding, Word
from review_db.statuses import VALUE_WARNINGS, EvidenceVerdict


class Slip(StrEnum):
    """What went wrong in a planted pair."""

    DIGIT = "digit"  # a digit misread, two swapped, a decimal point lost
    UNIT = "unit"  # the number right, its unit another of the same dimension
    SIDE = "side"  # left for right, intake for exhaust
    ROW = "row"  # the value of a neighbouring row or label
    CODE = "code"  # a code, colour or terminal that looks like the right one
    NEGATION = "negation"  # a "not" lost or added, a limit turned round
    CALLOUT = "callout"  # another callout's number, or a callout's number for a count


class Planted(NamedTuple):
    """A wrong pair: the texts, the slip, and what was written before (`was`) and now."""

    slip: Slip
    question: str
    answer: str
    was: str
    now: str


Maker = Callable[[Good, Random], Sequence[Change]]

MAKERS: Mapping[Slip, Maker] = {
    Slip.DIGIT: digit,
    Slip.UNIT: unit,
    Slip.SIDE: side,
    Slip.ROW: row,
    Slip.CODE: code,
    Slip.NEGATION: negation,
    Slip.CALLOUT: callout,
}


def planted(words: Sequence[Word], question: str, answer: str, seed: int = 0) -> Iterator[Planted]:
    """One wrong pair of each kind that the good pair allows; the same seed gives the same pairs.

    `words` are the page's words in reading order: slips into another row or callout take what stands there.
    """
    asked, told = tuple(tokenise(question)), tuple(tokenise(answer))
    good = Good(page_text(tuple(words)), question, answer, asked, told)
    for slip, make in MAKERS.items():
        key = f"{seed}|{slip}|{question}|{answer}".encode("utf-8", "surrogatepass")
        changes = make(good, Random(key))
        wrong = _changed(good, slip, changes) if changes else None
        if wrong:
            yield wrong


def _changed(good: Good, slip: Slip, changes: Sequence[Change]) -> Planted | None:
    """The pair with these slices written otherwise; None where it says the same as before."""
    question, answer = good.question, good.answer
    for change in sorted(changes, key=lambda change: -change.start):
        text = question if change.in_question else answer
        text = text[: change.start] + change.text + text[change.end :]
        question, answer = (text, answer) if change.in_question else (question, text)
    first = changes[0]
    was = (good.question if first.in_question else good.answer)[first.start : first.end]
    same = _said(question) == _said(good.question) and _said(answer) == _said(good.answer)
    return None if same else Planted(slip, question.strip(), answer.strip(), was, first.text)


def _said(text: str) -> list[tuple[str, ...]]:
    return [token.keys for token in tokenise(text)]


def is_caught(finding: Finding) -> bool:
    """Whether the checks doubt that a pair is true, so that nobody approves it unseen."""
    doubted = finding.evidence.verdict in (EvidenceVerdict.PARTLY, EvidenceVerdict.UNSUPPORTED)
    return doubted or any(flag.name in VALUE_WARNINGS for flag in finding.flags)
