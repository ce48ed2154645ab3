"""How near the nearest texts of different splits are: what the grouping of pages let through, as one figure.

Lexical and exact: the share of characters that two texts (question and answer, without case and punctuation) have in
common in order, 0 to 1. Manuals ask the same of many parts, so that a high figure is no leak by itself: the two pairs
are named for a person to look at.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from exports.records import ReadyPair
from exports.splits import SPLITS, plain_text

LETTERS = 64
ROUNDING = 1e-9
MOST_HELD_OUT = 2_000  # texts of a split that are compared with all of another: a bound on time for huge releases
LONGEST_TEXT = 1_000  # characters compared; answers beyond that are rare, and their beginnings tell them apart


@dataclass(frozen=True, slots=True)
class Similarity:
    """The two most similar pairs of different splits, and how similar they are.

    `is_exact` is False where a held-out split was so large that only a part of it, drawn by hash, was compared.
    """

    score: float
    pair_id: str
    split: str
    other_pair_id: str
    other_split: str
    is_exact: bool = True

    def __str__(self) -> str:
        partly = "" if self.is_exact else " among those compared"
        return f"{self.score:.1%}{partly}: {self.pair_id} ({self.split}) and {self.other_pair_id} ({self.other_split})"

    def as_dict(self) -> dict[str, Any]:
        """For the manifest."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Text:
    """A pair's comparable text."""

    text: str
    pair_id: str


def greatest_similarity(pairs: Iterable[ReadyPair]) -> Similarity | None:
    """The most similar two pairs of different splits; None where there is only one split. Ties go to the first ids."""
    texts: dict[str, list[_Text]] = {}
    for ready in pairs:
        text = plain_text(ready.question, ready.answer)[:LONGEST_TEXT]
        texts.setdefault(ready.split, []).append(_Text(text, ready.pair.pair_id))
    present = [split for split in SPLITS if split in texts]
    best: Similarity | None = None
    for number, split in enumerate(present):
        for held in present[number + 1 :]:
            best = _nearest(split, texts[split], held, _some(texts[held]), best)
    if best and any(len(texts[held]) > MOST_HELD_OUT for held in present[1:]):
        return replace(best, is_exact=False)
    return best


def _some(texts: Sequence[_Text]) -> Sequence[_Text]:
    if len(texts) <= MOST_HELD_OUT:
        return texts
    return sorted(texts, key=lambda one: hashlib.sha256(one.pair_id.encode()).digest())[:MOST_HELD_OUT]


def _nearest(
    split: str, texts: Sequence[_Text], held: str, held_texts: Sequence[_Text], best: Similarity | None
) -> Similarity | None:
    """The better of `best` and the most similar two of these splits.

    Two bounds spare nearly all comparisons: texts of unlike length, or of unlike letters in whatever order, cannot be
    more similar than the best so far.
    """
    from rapidfuzz import fuzz, process

    by_length = sorted(texts, key=lambda one: (len(one.text), one.pair_id))
    lengths = np.array([len(one.text) for one in by_length])
    letters = np.stack([_letters(one.text) for one in by_length])
    for one in sorted(held_texts, key=lambda one: one.pair_id):
        floor = best.score if best else 0.0
        near = _could_be_nearer(one.text, floor, lengths, letters)
        choices = [by_length[place].text for place in near]
        found = process.extractOne(one.text, choices, scorer=fuzz.ratio, score_cutoff=100 * floor)
        if found and found[1] / 100 > floor:
            best = Similarity(found[1] / 100, by_length[near[found[2]]].pair_id, split, one.pair_id, held)
    return best


Counts = np.ndarray[Any, np.dtype[np.int64]]


def _letters(text: str) -> Counts:
    """How often each letter occurs; rare letters share a count, which only loosens the bound."""
    codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32) % LETTERS
    return np.bincount(codes, minlength=LETTERS).astype(np.int16)


def _could_be_nearer(text: str, floor: float, lengths: Counts, letters: Counts) -> list[int]:
    """Places whose texts share enough letters with `text` for a similarity above `floor`, most promising first.

    Similarity is 2·common / sum of lengths, and what two texts have in common in order they have in common.
    """
    shortest, longest = len(text) * floor / (2 - floor), len(text) * (2 - floor) / max(floor, 0.01)
    low, high = np.searchsorted(lengths, shortest, "left"), np.searchsorted(lengths, longest, "right")
    common = np.minimum(letters[low:high], _letters(text)).sum(axis=1, dtype=np.int64)
    bound = 2 * common / np.maximum(lengths[low:high] + len(text), 1)
    kept = np.flatnonzero(bound >= floor - ROUNDING)
    order = kept[np.argsort(-bound[kept], kind="stable")]
    return [int(place) for place in low + order]
