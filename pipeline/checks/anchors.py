"""What pairs are anchored in: a printed page, a row's labels, the steps of one job, the codes they speak of.

Questions that a rule writes about one job or one drawing sound alike and are each about another step or item; these
guards look at question and answer together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pipeline.checks import asked, glossary, notation
from pipeline.checks.said import Said, read
from pipeline.checks.tokens import Kind, tokenise

_PRINTED_PAGE = re.compile(r"\(page ([^()]+)\)", re.I)
_LABELLED = re.compile(r"[,(] ?([^\W\d_][\w .-]{1,24}): ([^,?()]+)")
_CALLOUTS = re.compile(r"\((\d{1,2}[a-z]?(?:(?:, | and |-| \+ )\d{1,2}[a-z]?)*)\)")
_CLAUSE = re.compile(r"[.;,]\s+|\s+and\s+|\s+then\s+")
_TITLES_CODE = re.compile(r"\bcode (?:of|does|for)\b", re.I)
_REFERRED_TO = re.compile(r"\breferenced\b", re.I)
_LIST = 2
"""So many codes more than asked for make an answer a list."""


def pair_guards(question_a: str, answer_a: str, question_b: str, answer_b: str) -> list[str]:
    """Why two pairs that ask in other words are about different things, in plain words; empty where nothing says so."""
    found = [
        *_other_pages(question_a, question_b),
        *_other_rows(question_a, question_b),
        *_title_or_reference(question_a, question_b),
        *_other_codes(f"{question_a} {answer_a}", f"{question_b} {answer_b}"),
        *_list_or_item(question_a, answer_a, question_b, answer_b),
        *_list_or_item(question_b, answer_b, question_a, answer_a),
    ]
    return found or list(_other_steps(question_a, answer_a, question_b, answer_b))


def _other_pages(one: str, other: str) -> Iterator[str]:
    first, second = ({page.casefold() for page in _PRINTED_PAGE.findall(text)} for text in (one, other))
    if first and second and not first & second:
        yield f"page {', '.join(sorted(first))} against page {', '.join(sorted(second))}"


def _other_rows(one: str, other: str) -> Iterator[str]:
    """Rows of a table that a question tells apart by their cells: "type: All" against "type: S14"."""
    first, second = (dict(_LABELLED.findall(notation.plain(text).casefold())) for text in (one, other))
    for label in first.keys() & second.keys():
        if _squeezed(first[label]) != _squeezed(second[label]):
            yield f"{label} {first[label].strip()} against {second[label].strip()}"


def _squeezed(text: str) -> str:
    return re.sub(r"\W", "", text)


def _title_or_reference(one: str, other: str) -> Iterator[str]:
    for first, second in ((one, other), (other, one)):
        if _TITLES_CODE.search(first) and _REFERRED_TO.search(second):
            yield "one asks for a procedure's code, the other for what a job refers to"


# ------------------------------------------------------------------ codes


def _other_codes(one: str, other: str) -> Iterator[str]:
    first, second = (read(_unanchored(text), question=False) for text in (one, other))
    left, right = _missing(first, second), _missing(second, first)
    if left and right:
        yield f"one speaks of {', '.join(left)}, the other of {', '.join(right)}"


def _unanchored(text: str) -> str:
    """Without the job or title that the text opens with, whose code another page may not print."""
    return _PRINTED_PAGE.sub(" ", asked.job_and_rest(text)[1])


def _missing(one: Said, other: Said) -> list[str]:
    return [written for key, written in one.codes.items() if key not in other.codes and key not in other.squeezed]


def _list_or_item(question_a: str, answer_a: str, question_b: str, answer_b: str) -> Iterator[str]:
    """The first asks for one item by its code, the other for a list of which it is one."""
    item, listed = read(_unanchored(question_a), question=True), read(answer_b, question=False)
    asked_by_code = read(_unanchored(question_b), question=True).codes
    mine = read(f"{_unanchored(question_a)} {answer_a}", question=False)
    if item.codes and not asked_by_code and len(_missing(listed, mine)) >= _LIST:
        yield "one asks for an item, the other for a list"


# ------------------------------------------------------------------ steps of one job


def _other_steps(question_a: str, answer_a: str, question_b: str, answer_b: str) -> Iterator[str]:
    (job, rest), (other_job, other_rest) = asked.job_and_rest(question_a), asked.job_and_rest(question_b)
    if not job or not other_job or not _same_job(job, other_job):
        return
    first, second = _callouts(answer_a), _callouts(answer_b)
    if first and second and first != second:
        yield f"callout {', '.join(sorted(first))} against {', '.join(sorted(second))}"
    does, others = _deeds(answer_a), _deeds(answer_b)
    if does and others and not does & others:
        yield f"two steps: {', '.join(sorted(does))} against {', '.join(sorted(others))}"
    elif asked.kind(rest) == asked.kind(other_rest) == asked.AN_ACTION:
        yield from _other_things(read(rest, question=True), read(other_rest, question=True))


def _same_job(one: str, other: str) -> bool:
    first, second = read(one, question=True), read(other, question=True)
    return set(first.content) == set(second.content)


def _other_things(one: Said, other: Said) -> Iterator[str]:
    """Of one job each thing that something is done with is a step of its own: the bolts, the flange bolts."""
    left, right = set(one.content) - set(other.content), set(other.content) - set(one.content)
    if any(not _is_quoted(name, one, other) for name in left | right):
        named, others = (", ".join(sorted(names)) or "nothing more" for names in (left, right))
        yield f"another thing of the job: {named} against {others}"


def _is_quoted(name: str, one: Said, other: Said) -> bool:
    return any(name in quote.split() for quote in one.quotes | other.quotes)


def _callouts(answer: str) -> frozenset[str]:
    return frozenset(number for group in _CALLOUTS.findall(answer) for number in re.findall(r"\d+[a-z]?", group))


@lru_cache(maxsize=50_000)
def _deeds(answer: str) -> frozenset[str]:
    """The words that open the clauses of an instruction; empty where the answer is none."""
    opening = tokenise(answer)[:1]
    if not opening or opening[0].kind != Kind.WORD or opening[0].start > 0:
        return frozenset()
    clauses = (glossary.things(clause) for clause in _CLAUSE.split(answer))
    return frozenset(next((name for name in names if not name.endswith("ly")), "") for names in clauses) - {""}
