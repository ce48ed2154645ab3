"""Measures how well index pages are read: code and page of every row against the corpus truth."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline.engines.offline.index_pages import read_index
from review_db.records import IndexRow
from tests.accept.rows import Row, WordsByPage


class PageScore(NamedTuple):
    """One index page: what was read rightly, what is missing, what is too much; rows as (code, page)."""

    page: str
    hits: int
    missing: tuple[tuple[str, str], ...]
    surplus: tuple[tuple[str, str], ...]


def rows(corpus: Path, words_by_page: WordsByPage) -> list[Row]:
    """The F1 of index rows over all index pages of the truth file."""
    scores = list(page_scores(corpus, words_by_page))
    hits = sum(score.hits for score in scores)
    missing = sum(len(score.missing) for score in scores)
    surplus = sum(len(score.surplus) for score in scores)
    return [Row("index rows (code and page), F1", 2 * hits / max(1, 2 * hits + missing + surplus), 0.95)]


def page_scores(corpus: Path, words_by_page: WordsByPage) -> Iterator[PageScore]:
    """Score every page whose truth lists index rows."""
    for line in (corpus / "truth.jsonl").read_text(encoding="utf-8").splitlines():
        truth = json.loads(line)
        if truth.get("index"):
            wanted = [IndexRow(row["code"], row["title"], row["page"]) for row in truth["index"]]
            found = read_index(words_by_page(f"data_src/{truth['page']}"), truth["section_id"])
            yield score(truth["page"], wanted, found)


def score(page: str, wanted: Sequence[IndexRow], found: Sequence[IndexRow]) -> PageScore:
    """Match rows by code and page; spaces do not count, and a row counts once."""
    right, read = Counter(map(_key, wanted)), Counter(map(_key, found))
    return PageScore(
        page,
        sum((right & read).values()),
        tuple((right - read).elements()),
        tuple((read - right).elements()),
    )


def _key(row: IndexRow) -> tuple[str, str]:
    return re.sub(r"\s", "", row.code), re.sub(r"\s", "", row.page).lower()


def missed(corpus: Path, words_by_page: WordsByPage) -> Iterator[str]:
    """One line for each page with rows that were missed or read wrongly."""
    for found in page_scores(corpus, words_by_page):
        if found.missing or found.surplus:
            lacking, surplus = (", ".join(map(" ".join, rows)) for rows in (found.missing, found.surplus))
            yield f"{found.page}: {found.hits} rows right; missed: {lacking or '-'}; wrong: {surplus or '-'}"
