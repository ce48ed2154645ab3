"""What is truly on the drawn pages: every fact is looked up among the words that were drawn."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.sample_manual.ink import Box, enclosing
from tests.sample_manual.scan import Scanner, placed
from tests.sample_manual.sheet import DrawnWord, Sheet

GAP = " ... "
QUESTIONS = Path(__file__).with_name("questions.jsonl")


class Ask(NamedTuple):
    """A question that the page answers; the quote is verbatim, with " ... " between separate places."""

    question: str
    answer: str
    kind: str
    quote: str


class Row(NamedTuple):
    """One row of an index page: full repair code (or empty), title, page as printed."""

    code: str
    title: str
    page: str


class NotDrawn(Exception):
    """A fact speaks of words that the page does not show, or shows more than once."""


def questions(path: str, page_number: int | None) -> list[Ask]:
    """The questions written for a page, in order."""
    records = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    mine = [r for r in records if (r["page"], r.get("page_number")) == (path, page_number)]
    return [Ask(r["q"], r["a"], r["kind"], r["quote"]) for r in mine]


def fact(ask: Ask, sheet: Sheet, scanner: Scanner) -> dict[str, Any]:
    """The fact as a record of the truth file; raises NotDrawn when the page does not bear it out."""
    words = _quoted(sheet.words, ask.quote)
    if not _holds(ask.answer, words):
        raise NotDrawn(f"the quote {ask.quote!r} does not hold the answer {ask.answer!r}")
    box = enclosing([placed(box, sheet, scanner) for word in words for box in word.boxes])
    return {"q": ask.question, "a": ask.answer, "kind": ask.kind, "quote": ask.quote, "box": rounded(box)}


def rounded(box: Box) -> list[float]:
    """Four decimals are a tenth of a pixel."""
    return [round(min(1.0, max(0.0, edge)), 4) for edge in box]


def _quoted(words: Sequence[DrawnWord], quote: str) -> list[DrawnWord]:
    """The words of a quote; its first part must be unique, the next ones follow the part before."""
    parts = quote.split(GAP)
    starts = _places(words, parts[0].split(), 0)
    if len(starts) != 1:
        raise NotDrawn(f"{parts[0]!r} stands on the page {len(starts)} times")
    found = list(words[starts[0] : starts[0] + len(parts[0].split())])
    after = starts[0] + len(found)
    for part in parts[1:]:
        starts = _places(words, part.split(), after)
        if not starts:
            raise NotDrawn(f"{part!r} does not follow {parts[0]!r}")
        after = starts[0] + len(part.split())
        found += words[starts[0] : after]
    return found


def _places(words: Sequence[DrawnWord], wanted: list[str], start: int) -> list[int]:
    texts = [word.text for word in words]
    last = len(texts) - len(wanted) + 1
    return [i for i in range(start, last) if texts[i : i + len(wanted)] == wanted]


def _holds(answer: str, words: Sequence[DrawnWord]) -> bool:
    """The answer stands in the quote up to spaces, or each of its tokens is one of the quoted words."""
    texts = [word.text for word in words]
    if answer.replace(" ", "").lower() in "".join(texts).lower():
        return True
    drawn = {bare(text) for text in texts}
    return all(bare(token) in drawn for token in answer.split() if bare(token))


def bare(token: str) -> str:
    """A token without the punctuation about it, in lower case; a leading decimal point stays."""
    return token.rstrip(".").strip("()[],;:\"'!?*").rstrip(".").lower()
