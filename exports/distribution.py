"""How the pairs of a release spread over splits, sections, types and sources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from exports.records import ReadyPair, seed_record
from exports.splits import shown_splits

DIMENSIONS = ("section", "question_type", "source_type", "content_type")


Row = tuple[Any, ...]
"""(value, count, ..., count): a name and the counts beside it."""


@dataclass(slots=True)
class Distribution:
    """Counts of pairs: `by[dimension][value][split]`; lengths of answers in characters by split."""

    by: dict[str, dict[str, Counter[str]]] = field(default_factory=lambda: {name: {} for name in DIMENSIONS})
    splits: Counter[str] = field(default_factory=Counter)
    text_only: Counter[str] = field(default_factory=Counter)
    answer_lengths: dict[str, list[int]] = field(default_factory=dict)

    def add(self, split: str, metadata: Mapping[str, Any], *, has_image: bool, answer_length: int) -> None:
        """Count one record by its metadata."""
        self.splits[split] += 1
        self.text_only[split] += not has_image
        self.answer_lengths.setdefault(split, []).append(answer_length)
        for name in DIMENSIONS:
            value = section_label(metadata) if name == "section" else str(metadata.get(name, ""))
            self.by[name].setdefault(value, Counter())[split] += 1

    @property
    def shown(self) -> tuple[str, ...]:
        """The splits that tables show."""
        return shown_splits(self.splits)

    @property
    def head(self) -> tuple[str, ...]:
        """The titles of the columns of counts."""
        titles = tuple(split.capitalize() for split in self.shown)
        return (*titles, "Both" if len(titles) == 2 else "All")

    def rows(self, dimension: str) -> list[Row]:
        """(value, count in each split of `shown`, all) of one dimension; sections by name, the rest by size."""
        rows: list[Row] = [
            (value, *(counts[split] for split in self.shown), counts.total())
            for value, counts in self.by[dimension].items()
        ]
        return sorted(rows, key=lambda row: row[0] if dimension == "section" else (-row[-1], row[0]))

    def median_answer(self, split: str) -> int:
        """The middle length of the answers of a split, 0 without any."""
        lengths = sorted(self.answer_lengths.get(split, []))
        return lengths[len(lengths) // 2] if lengths else 0


def section_label(metadata: Mapping[str, Any]) -> str:
    """A section as people name it: "21 Clutch"."""
    return f"{metadata.get('section_id', '')} {metadata.get('section_name', '')}".strip() or "(no section)"


def distribution_of(pairs: Iterable[ReadyPair]) -> Distribution:
    """The distribution of pairs that are about to leave."""
    found = Distribution()
    for ready in pairs:
        metadata = seed_record(ready)["metadata"]
        found.add(ready.split, metadata, has_image=ready.image is not None, answer_length=len(ready.answer))
    return found
