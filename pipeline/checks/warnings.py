"""Warnings that a technician would give, each a named check with one plain sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from pipeline.checks import callouts, omissions, vocabulary, wording_warnings
from pipeline.checks.evidence import found_share
from pipeline.checks.support import Support, measured_numbers, telling
from pipeline.checks.tokens import EXACT, Kind, Token
from review_db.records import Flag

MOSTLY_MISSING = 0.6
MOSTLY_OFF = 0.6
FEW_TELLING_WORDS = 2

_PAGE = r"(?:page|image|picture|photo\w*|figure|diagram|drawing|illustration|schematic|scan)s?"
_POINTS_AT_PAGE = re.compile(
    rf"\b(?:(?:this|these|that|the (?:above|following|given)) (?:\w+ )?(?:{_PAGE}|tables?|charts?|views?|documents?)"
    rf"|(?:in|on|from|of|at) the (?:\w+ )?{_PAGE}"
    r"|(?:shown|depicted|pictured|illustrated|labell?ed) (?:here|above|below|in the|on the)"
    r"|the manual states)\b",
    re.IGNORECASE,
)
_INSTRUCTS = re.compile(
    r"\b(?:ignore|disregard|forget) (?:all |any |the |your )*(?:previous|prior|above|earlier|instructions?)"
    r"(?: instructions?)?\b"
    r"|\bsystem prompt\b|\byou are (?:an?|now) |\bas an ai\b|\blanguage model\b|\b(?:assistant|user|system)\s*:"
    r"|</?(?:script|iframe|system|img)\b|<\|\w+\|>|\[/?INST\]|https?://",
    re.IGNORECASE,
)
_HEDGE = re.compile(r"\b(?:" + "|".join(re.escape(hedge) for hedge in vocabulary.HEDGES) + r")\b", re.IGNORECASE)
_CALLOUT = re.compile(
    r"\b(?:callouts?|items?|numbers?|labell?ed|letters?|marked|components?|parts?)\b|\(\s*\w{1,2}\s*\)", re.I
)
_COLUMN_LABEL = re.compile(r"\d[\d.,]*\s*\S+\s+\((?!\s*\d)([^()\d]+)\)")
_HOW_MANY = re.compile(r"\bhow many\b|\bnumber of\b", re.IGNORECASE)


class Case(NamedTuple):
    """A pair beside what its page says of it."""

    support: Support
    question: str
    answer: str


Warning_ = Callable[[Case], Flag | None]


def warnings_of(support: Support, question: str, answer: str) -> tuple[Flag, ...]:
    """Every warning that applies, in the order of the checks; those about the page need its words."""
    case = Case(support, question, answer)
    checks = [*ABOUT_PAGE, *ABOUT_TEXT] if support.page.words else ABOUT_TEXT
    return tuple(flag for check in checks if (flag := check(case)) is not None)


def _missing(case: Case, kind: Kind) -> list[Token]:
    support = case.support
    missing = support.missing - support.wrong_units
    return [support.clues[index].token for index in sorted(missing) if support.clues[index].token.kind == kind]


def _listed(tokens: Iterable[Token]) -> str:
    written = [token.written for token in tokens]
    return written[0] if len(written) == 1 else f"{', '.join(written[:-1])} and {written[-1]}"


# ---------------------------------------------------------------- against the page


def number_not_on_page(case: Case) -> Flag | None:
    """A number of the answer stands nowhere on the page."""
    numbers = _missing(case, Kind.NUMBER)
    if not numbers:
        return None
    verb = "is" if len(numbers) == 1 else "are"
    return Flag("number_not_on_page", f"{_listed(numbers)} {verb} not on the page.")


def code_not_on_page(case: Case) -> Flag | None:
    """A code, part number or terminal of the answer stands nowhere on the page; names the one that looks like it."""
    codes = _missing(case, Kind.CODE)
    if not codes:
        return None
    alike = _look_alike(case, codes[0])
    if alike:
        return Flag("look_alike_code", f"{codes[0].written} is not on the page; {alike} is.")
    verb = "is" if len(codes) == 1 else "are"
    return Flag("code_not_on_page", f"{_listed(codes)} {verb} not on the page.")


def _look_alike(case: Case, token: Token) -> str | None:
    page = case.support.page
    codes = {other.keys[0]: other.written for other in page.tokens if other.kind in (Kind.CODE, Kind.NUMBER)}
    if len(token.keys[0]) < 3:
        return None
    near = process.extractOne(token.keys[0], list(codes), scorer=Levenshtein.distance, score_cutoff=1)
    return codes[near[0]] if near else None


def unit_changed(case: Case) -> Flag | None:
    """The page gives the number in another unit."""
    support = case.support
    for number, unit in measured_numbers(support.tokens):
        index = support.index_of(number)
        place = support.stands(index) if index is not None else None
        if support.index_of(unit) in support.wrong_units and place:
            printed = (support.page.unit_of(place) or "").removeprefix("u:")
            return Flag("unit_changed", f"The page gives {number.written} in {printed}, not in {unit.written}.")
    return None


def unit_not_on_page(case: Case) -> Flag | None:
    """The answer's unit stands nowhere on the page."""
    units = _missing(case, Kind.UNIT)
    return Flag("unit_not_on_page", f"The unit {_listed(units)} is not on the page.") if units else None


def side_not_there(case: Case) -> Flag | None:
    """Left, right, front, intake and their like do not stand with the answer's other words."""
    support = case.support
    sides = [support.clues[i].token for i in sorted(support.amiss) if support.clues[i].token.kind == Kind.SIDE]
    return Flag("side_not_there", f"The page does not say {_listed(sides)} here.") if sides else None


def value_elsewhere(case: Case) -> Flag | None:
    """A number or code is on the page, but away from the rest of the answer."""
    support = case.support
    tokens = [support.clues[i].token for i in sorted(support.elsewhere)]
    away = [token for token in tokens if token.kind in (Kind.NUMBER, Kind.CODE)]
    if not away:
        return None
    verb = "stands" if len(away) == 1 else "stand"
    return Flag("value_elsewhere", f"{_listed(away)} {verb} elsewhere on the page, away from the rest of the answer.")


def another_value_nearer(case: Case) -> Flag | None:
    """A value of the same sort stands nearer to the question's words: perhaps another row's value."""
    rival = case.support.rival
    if rival is None:
        return None
    return Flag("another_value_nearer", f"The question's words stand nearer to {rival.token.written}: another row?")


def callout_elsewhere(case: Case) -> Flag | None:
    """A callout stands behind a word that has other callouts on the page."""
    found = callouts.misplaced(case.support, case.question, case.answer)
    if found is None:
        return None
    (word, number), printed = found
    numbers = " or ".join(f"({each})" for each in printed[:3])
    return Flag("callout_elsewhere", f"The page has {numbers} behind “{word}”, not ({number}).")


def callout_as_count(case: Case) -> Flag | None:
    """A callout's number was taken for a count of things."""
    number = callouts.counted(case.support, case.question, case.answer)
    return Flag("callout_as_count", f"{number} is a callout on the page, not a count.") if number else None


def question_off_page(case: Case) -> Flag | None:
    """The question speaks of things that the page does not."""
    asked = [c for c in case.support.questions if c.token.kind != Kind.STOP]
    away = [c.token for c in asked if not c.found]
    if len(away) < 2 or len(away) < MOSTLY_OFF * len(asked):
        return None
    return Flag("question_off_page", f"The page does not speak of {_listed(away[:5])}.")


def beyond_page(case: Case) -> Flag | None:
    """Most of the answer's words are neither on the page nor in the question."""
    support = case.support
    words = [support.clues[i].token for i in sorted(support.missing) if support.clues[i].token.kind not in EXACT]
    if len(words) < 2 or found_share(support) > MOSTLY_MISSING:
        return None
    return Flag("beyond_page", f"Much of the answer is not on the page: {_listed(words[:5])}.")


def side_swapped(case: Case) -> Flag | None:
    """The opposite side stands with the answer on the page."""
    return wording_warnings.side_swapped(*case)


def limit_reversed(case: Case) -> Flag | None:
    """The page gives a maximum where the pair speaks of a minimum."""
    return wording_warnings.limit_reversed(*case)


def negation_changed(case: Case) -> Flag | None:
    """A "not" was lost or added."""
    return wording_warnings.negation_changed(*case)


def unit_dropped(case: Case) -> Flag | None:
    """The page prints a unit with the value, the pair does not."""
    return omissions.unit_dropped(*case)


def step_missing(case: Case) -> Flag | None:
    """A numbered step is skipped."""
    return omissions.step_missing(*case)


# ---------------------------------------------------------------- of the text alone


def page_reference(case: Case) -> Flag | None:
    """The question points at the page, which whoever asks it later does not see."""
    found = _POINTS_AT_PAGE.search(case.question)
    return Flag("page_reference", f"The question points at the page: “{found.group()}”.") if found else None


def hedged(case: Case) -> Flag | None:
    """The answer guesses or will not say."""
    found = _HEDGE.search(case.answer)
    return Flag("hedged", f"The answer is not definite: “{found.group()}”.") if found else None


def not_self_contained(case: Case) -> Flag | None:
    """Without the page nobody knows which part the question means."""
    asked = telling([c.token for c in case.support.questions])
    named = [token for token in asked if token.kind == Kind.WORD and not _CALLOUT.fullmatch(token.written)]
    if len(named) >= FEW_TELLING_WORDS or any(token.kind == Kind.CODE and len(token.keys[0]) > 2 for token in asked):
        return None
    return Flag("not_self_contained", "The question does not say which part or job it is about.")


def trivial(case: Case) -> Flag | None:
    """The answer says nothing that the question does not say."""
    clues = [c.token for c in case.support.clues if c.token.kind != Kind.STOP]
    if not clues or any(case.support.asked.isdisjoint(token.keys) for token in clues):
        return None
    return Flag("trivial", "The answer only repeats the question.")


def column_label(case: Case) -> Flag | None:
    """A column's label was taken for part of the value: 24 Nm (ft. lbs.)."""
    found = _COLUMN_LABEL.search(case.answer)
    units = [token for token in case.support.tokens if token.kind == Kind.UNIT]
    if not found or not any(token.start >= found.start(1) and token.end <= found.end(1) for token in units):
        return None
    return Flag("column_label", f"“({found.group(1)})” has no number: it is the column's label.")


def count_asked(case: Case) -> Flag | None:
    """A count that the page does not print in words must be made on the drawing."""
    numbers = [t for t in case.support.tokens if t.kind == Kind.NUMBER or t.keys[-1].isdigit()]
    if not _HOW_MANY.search(case.question) or not numbers or not case.support.page.is_scattered:
        return None
    return Flag("count_asked", "A count from a drawing: callout numbers are easily taken for it.")


def language_mix(case: Case) -> Flag | None:
    """Question and answer are in different languages."""
    return omissions.language_mix(case.question, case.answer)


def instruction_like(case: Case) -> Flag | None:
    """The text speaks to a program instead of a technician."""
    found = _INSTRUCTS.search(f"{case.question}\n{case.answer}")
    return Flag("instruction_like", f"The text speaks to a program: “{found.group().strip()}”.") if found else None


ABOUT_PAGE: tuple[Warning_, ...] = (
    number_not_on_page,
    code_not_on_page,
    unit_changed,
    unit_not_on_page,
    side_not_there,
    value_elsewhere,
    another_value_nearer,
    callout_elsewhere,
    callout_as_count,
    side_swapped,
    limit_reversed,
    negation_changed,
    unit_dropped,
    step_missing,
    question_off_page,
    beyond_page,
)
ABOUT_TEXT: tuple[Warning_, ...] = (
    page_reference,
    hedged,
    not_self_contained,
    trivial,
    column_label,
    count_asked,
    language_mix,
    instruction_like,
)
