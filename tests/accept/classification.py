"""Measures how often source type and content type of a page are told rightly, against the corpus truth."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pipeline import settings
from pipeline.engines.offline.classification import classify_page
from tests.accept.rows import Row, WordsByPage

BUCKETS = ((0.0, 0.5), (0.5, 0.7), (0.7, 0.85), (0.85, 0.95), (0.95, 1.01))
"""Ranges of confidence for which the share of right kinds is told."""


class Judged(NamedTuple):
    """One page: what it is and what it was taken for."""

    page: str
    source_type: str
    content_type: str
    found_source_type: str
    found_content_type: str
    confidence: float
    reason: str | None

    @property
    def right(self) -> bool:
        """Whether the content type was told rightly."""
        return self.content_type == self.found_content_type


def rows(corpus: Path, words_by_page: WordsByPage) -> list[Row]:
    """The shares of right source types and content types; every page is judged alone."""
    judged = list(judged_pages(corpus, words_by_page))
    count = max(1, len(judged))
    sources = sum(page.source_type == page.found_source_type for page in judged)
    return [
        Row("source type told rightly", sources / count, 0.98),
        Row("content type told rightly", sum(page.right for page in judged) / count, 0.85),
    ]


def judged_pages(corpus: Path, words_by_page: WordsByPage) -> Iterator[Judged]:
    """Judge every page of the truth file by its words and its path."""
    rules = settings.load([])[0].classification
    for line in (corpus / "truth.jsonl").read_text(encoding="utf-8").splitlines():
        truth = json.loads(line)
        words = words_by_page(f"data_src/{truth['page']}")
        found = classify_page(words, source=truth["page"], previous=None, patterns=rules)
        yield Judged(
            truth["page"],
            truth["source_type"],
            truth["content_type"],
            found.source_type,
            found.content_type,
            found.confidence,
            found.reason,
        )


def report(judged: list[Judged]) -> Iterator[str]:
    """One line for each page told wrongly, then how often each range of confidence was right."""
    for page in judged:
        if not page.right:
            taken = f"taken for {page.found_content_type} ({page.confidence:.2f}: {page.reason})"
            yield f"{page.page}: {page.content_type}, {taken}"
    for low, high in BUCKETS:
        within = [page.right for page in judged if low <= page.confidence < high]
        if within:
            yield f"confidence {low:.2f} to {high:.2f}: {sum(within)} of {len(within)} right"
