"""Measures how many of the corpus's true facts some pair of the offline engine covers.

A fact is covered by a pair whose answer holds every number and 80 % of the words of the fact's answer and is at most
40 words (or three times the fact's) long, and whose question shares a content word with the fact's question. One pair
counts for at most three facts. Kinds of pages come from the classifier, never from the truth.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.engines.offline.vocabulary import listed
from review_db.records import CandidatePair
from tests.accept.corpus_pages import CorpusPages
from tests.accept.rows import Row, WordsByPage

GOAL = 0.75
LONGEST, MOST_FACTS = 40, 3
_SMALL = listed(
    """a an the of in on at to for from by with and or is are was were be it its this that these those which what
    who how when where why does do did must may can should there
    as into than then under per each if not no any all only has have had been being also will would could"""
)


class PageCoverage(NamedTuple):
    """One page: its kind as classified, how many facts are covered, and the ones that are not."""

    page: str
    kind: str
    covered: int
    missed: tuple[dict[str, Any], ...]
    pairs: int
    causes: tuple[str, ...]
    """Why each missed fact was missed, in their order."""


def rows(corpus: Path, words_by_page: WordsByPage) -> list[Row]:
    """The share of covered facts over all pages with a truth, and over the public ones."""
    scores = list(page_scores(corpus, words_by_page))
    public = [score for score in scores if score.page.startswith("public/")]
    return [
        Row("offline engine: truth facts covered by a pair", _share(scores), GOAL),
        Row("  of these, on the public pages", _share(public), GOAL),
    ]


def _share(scores: Sequence[PageCoverage]) -> float:
    facts = sum(score.covered + len(score.missed) for score in scores)
    return sum(score.covered for score in scores) / max(1, facts)


def page_scores(corpus: Path, words_by_page: WordsByPage) -> Iterator[PageCoverage]:
    """Score every page of both truth files."""
    pages = CorpusPages(corpus, words_by_page)
    for folder, truth in _truths(corpus):
        name = f"{folder}/{truth['page']}"
        unit = pages.input_of(name)
        pairs = pages.engine.generate(unit).pairs
        missed = uncovered(truth["facts"], pairs)
        covered = len(truth["facts"]) - len(missed)
        kind, text = unit.page.content_type or "", " ".join(word.text for word in unit.words)
        mistaken = kind if truth.get("content_type", kind) != kind else ""
        causes = tuple(cause(fact, text, pairs, mistaken) for fact in missed)
        yield PageCoverage(name, kind, covered, tuple(missed), len(pairs), causes)


def _truths(corpus: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for file, folder in (("truth.jsonl", "data_src"), ("public/truth.jsonl", "public")):
        for line in (corpus / file).read_text(encoding="utf-8").splitlines():
            yield folder, json.loads(line)


def uncovered(facts: Sequence[dict[str, Any]], pairs: Sequence[CandidatePair]) -> list[dict[str, Any]]:
    """The facts that no pair covers, each pair taken for at most three; rarely covered facts choose first."""
    options = [[n for n, pair in enumerate(pairs) if covers(fact, pair)] for fact in facts]
    used: Counter[int] = Counter()
    missed = []
    for fact, choices in sorted(zip(facts, options, strict=True), key=lambda item: len(item[1])):
        free = [choice for choice in choices if used[choice] < MOST_FACTS]
        if free:
            used[min(free, key=lambda choice: used[choice])] += 1
        else:
            missed.append(fact)
    return missed


def covers(fact: dict[str, Any], pair: CandidatePair) -> bool:
    """Whether one pair covers one fact."""
    wanted, answer = str(fact["a"]), pair.answer
    if len(answer.split()) > max(LONGEST, 3 * len(wanted.split())):
        return False
    numbers, words = set(_numbers(answer)), set(_words(answer))
    needed = _words(wanted)
    if not needed or not set(_numbers(wanted)) <= numbers:
        return False
    enough = sum(word in words for word in needed) >= 0.8 * len(needed)
    return enough and bool(_content(str(fact["q"])) & _content(pair.question))


def _numbers(text: str) -> list[str]:
    return re.findall(r"\d+(?:[.,]\d+)*", text)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _content(text: str) -> set[str]:
    return {word for word in _words(text) if len(word) > 2 and word not in _SMALL and not word.isdigit()}


def cause(fact: dict[str, Any], text: str, pairs: Sequence[CandidatePair], mistaken: str = "") -> str:
    """Why no pair covers a fact of a page with the words `text`; `mistaken` is a kind that it was wrongly taken for."""
    wanted, words = str(fact["a"]), set(_words(text))
    if not set(_numbers(wanted)) <= set(_numbers(text)):
        return "reading: a number of the answer is not among the words"
    if sum(word in words for word in _words(wanted)) < 0.8 * len(_words(wanted)):
        return "reading: words of the answer are not on the page"
    if any(covers({**fact, "q": pair.question}, pair) for pair in pairs):
        return "question: pairs hold the answer but ask in other words, or each for three other facts"
    return f"kind: the page was taken for {mistaken}" if mistaken else "extraction: no pair holds the answer"


def missed(corpus: Path, words_by_page: WordsByPage) -> Iterator[str]:
    """One line for each page, then one for each fact that was missed there and why; at last how often each cause."""
    counted: Counter[str] = Counter()
    for score in page_scores(corpus, words_by_page):
        facts = score.covered + len(score.missed)
        yield f"{score.page}: {score.kind}, {score.covered} of {facts} facts, {score.pairs} pairs"
        for fact, why in zip(score.missed, score.causes, strict=True):
            yield f"    {fact['q']} => {fact['a']} ({why})"
        counted.update(score.causes)
    yield from (f"{number} missed facts: {why}" for why, number in counted.most_common())
