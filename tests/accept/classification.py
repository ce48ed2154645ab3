"""Measures how often source type and content type of a page are told rightly, against the corpus truth.

The truth of the public pages names kinds of its own (`type`); PUBLIC_KINDS says which of ours each of them may be, for
a page that bears both steps and an exploded view is as well the one as the other.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline import settings
from pipeline.engines.offline.classification import classify_page
from tests.accept.rows import Row, WordsByPage

BUCKETS = ((0.0, 0.5), (0.5, 0.7), (0.7, 0.85), (0.85, 0.95), (0.95, 1.01))
"""Ranges of confidence for which the share of right kinds is told."""

SURE = 0.6
"""What is told with less confidence is often wrong."""

PUBLIC_KINDS = {
    "spec_table": ("specification",),
    "tool_list": ("specification",),
    "parts_list": ("specification",),
    "code_index": ("specification", "text"),
    "warnings": ("text",),
    "pmcs_table": ("text", "procedure"),
    "exploded_view": ("diagram", "procedure"),
    "wiring_diagram": ("wiring",),
}


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
    public = list(judged_public_pages(corpus, words_by_page))
    found = [
        Row("source type told rightly", _share([page.source_type == page.found_source_type for page in judged]), 0.98),
        Row("content type told rightly", _share([page.right for page in judged]), 0.85),
    ]
    if public:
        found.append(Row("... on the public pages", _share([page.right for page in public]), 0.85))
    sure = [page.right for page in [*judged, *public] if page.confidence >= SURE]
    found.append(Row(f"... where the confidence is {SURE} or more ({len(sure)} pages)", _share(sure), 0.9))
    return found


def _share(right: Sequence[bool]) -> float:
    return sum(right) / max(1, len(right))


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


def judged_public_pages(corpus: Path, words_by_page: WordsByPage) -> Iterator[Judged]:
    """Judge every page of the public truth file; their path tells nothing."""
    rules = settings.load([])[0].classification
    for line in (corpus / "public" / "truth.jsonl").read_text(encoding="utf-8").splitlines():
        truth = json.loads(line)
        name = f"public/{truth['page']}"
        found = classify_page(words_by_page(name), source=truth["page"], previous=None, patterns=rules)
        allowed = PUBLIC_KINDS.get(truth["type"], (truth["type"],))
        kind = found.content_type if found.content_type in allowed else allowed[0]
        yield Judged(name, "", kind, found.source_type, found.content_type, found.confidence, found.reason)


def missed(corpus: Path, words_by_page: WordsByPage) -> Iterator[str]:
    """One line for each page told wrongly, then how often each range of confidence was right."""
    judged = [*judged_pages(corpus, words_by_page), *judged_public_pages(corpus, words_by_page)]
    for page in judged:
        if not page.right:
            taken = f"taken for {page.found_content_type} ({page.confidence:.2f}: {page.reason})"
            yield f"{page.page}: {page.content_type}, {taken}"
    for low, high in BUCKETS:
        within = [page.right for page in judged if low <= page.confidence < high]
        if within:
            yield f"confidence {low:.2f} to {high:.2f}: {sum(within)} of {len(within)} right"
