"""Which pages train, validate or test: by groups of pages that belong together, for ever, evenly, by a seed.

A group is a connected component of pages. It stands in one split, and a page that an export once gave to a split keeps
it. Where a new link joins groups of different splits, all of them go to the first of train, validation, test that one
of them is in: what a model may have trained on, or was chosen by, can never measure it again, and leaving pairs out
would break the promise that approved means exported. Such pages are named in manifest and report for as long as an
earlier release holds them elsewhere (`moved_pages`).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from exports.errors import SplitOverlapError
from review_db.exportable import SuspectedText

TRAIN, VALIDATION, TEST = "train", "validation", "test"
SPLITS = (TRAIN, VALIDATION, TEST)
HELD_OUT = (VALIDATION, TEST)
NEARLY_THE_SAME = 95  # of 100: words that two texts share, in any order

_ASCII_WORDS = {code: " " for code in range(128) if not chr(code).isalnum()}

Edge = tuple[str, str]
Groups = dict[str, tuple[str, str]]
"""page_id -> (group_id, split)."""

_Stratum = tuple[str, str]
_WHOLE: _Stratum = ("all", "")
_STRATUM_WEIGHT = 0.5  # of a section's or a question type's share, beside 1 for the share of the whole


@dataclass(slots=True)
class _Tally:
    """Pairs of a group: all of them, by section and by question type."""

    counts: Counter[_Stratum] = field(default_factory=Counter)

    def add(self, section_id: str, question_type: str) -> None:
        self.counts.update([_WHOLE, ("section", section_id), ("type", question_type)])

    @property
    def size(self) -> int:
        return self.counts[_WHOLE]


def shown_splits(pairs: Mapping[str, object]) -> tuple[str, ...]:
    """The splits that tables show: train and validation always, test where it holds pairs (split -> pairs)."""
    return tuple(split for split in SPLITS if split != TEST or pairs.get(TEST))


def connected(pages: Iterable[str], edges: Iterable[Edge]) -> dict[str, str]:
    """page_id -> the first page_id of its group, for `pages` and every page that `edges` name."""
    parents = {page: page for page in pages}
    for one, other in edges:
        first, second = sorted((_root(parents, one), _root(parents, other)))
        parents[second] = first
    return {page: _root(parents, page) for page in parents}


def _root(parents: dict[str, str], page: str) -> str:
    root = page
    while (above := parents.setdefault(root, root)) != root:
        root = above
    while page != root:
        parents[page], page = root, parents[page]
    return root


def twin_edges(texts: Iterable[tuple[str, str, str]]) -> Iterator[Edge]:
    """Join pages whose (page_id, question, answer) say the same word for word, linked as duplicates or not."""
    first_seen: dict[str, str] = {}
    for page_id, question, answer in texts:
        other = first_seen.setdefault(plain_text(question, answer), page_id)
        if other != page_id:
            yield other, page_id


def near_edges(links: Iterable[tuple[SuspectedText, SuspectedText]]) -> Iterator[Edge]:
    """Join the pages of suspected links whose questions and whose answers both say nearly the same.

    Other suspicions are for a person to settle: chained, they would make one group of a whole manual.
    """
    from rapidfuzz import fuzz

    for one, other in links:
        texts = ((one.question, other.question), (one.answer, other.answer))
        if all(fuzz.token_set_ratio(_words(a), _words(b)) >= NEARLY_THE_SAME for a, b in texts):
            yield one.page_id, other.page_id


def plain_text(question: str, answer: str) -> str:
    """The words of a pair without case, punctuation and Unicode variants."""
    return _words(f"{question}\n{answer}")


def _words(both: str) -> str:
    if both.isascii():  # the same, many times faster
        return " ".join(both.lower().translate(_ASCII_WORDS).split())
    return re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", both).casefold()).strip()


def assign_splits(
    pairs: Iterable[tuple[str, str, str]],
    edges: Iterable[Edge],
    stored: Mapping[str, tuple[str, str]],
    *,
    validation_ratio: float,
    test_ratio: float = 0.0,
    seed: int,
) -> Groups:
    """The group and split of every page that shares a group with one of `pairs` (page_id, section_id, question type).

    `stored` is what earlier exports gave. New groups come in the order of a hash of seed and group, so that neither
    their number nor their order in the database changes the draw; each goes to the held-out split that thereby comes
    nearest to its share of the whole, of the section and of the question types, else it trains. With two groups or
    more, one of them new, validation is not empty, unless its ratio is 0; then test likewise, as long as one trains.
    """
    ratios = {VALIDATION: validation_ratio, TEST: test_ratio}
    listed = list(pairs)
    group_of = connected((page for page, _, _ in listed), edges)
    tallies: dict[str, _Tally] = {}
    for page, section_id, question_type in listed:
        tallies.setdefault(group_of[page], _Tally()).add(section_id, question_type)
    settled = _settled(group_of, stored, tallies)
    drawn = _drawn(tallies, settled, {split: ratio for split, ratio in ratios.items() if ratio > 0}, seed)
    splits = settled | drawn
    return {page: (group, splits[group]) for page, group in sorted(group_of.items()) if group in splits}


def _settled(
    group_of: Mapping[str, str], stored: Mapping[str, tuple[str, str]], tallies: Mapping[str, _Tally]
) -> dict[str, str]:
    """Groups with a page that has a split already; where they differ, the first of SPLITS holds."""
    settled: dict[str, str] = {}
    for page, (_, split) in stored.items():
        group = group_of.get(page, page)
        if group in tallies:
            settled[group] = min(split, settled.get(group, split), key=SPLITS.index)
    return settled


_Owed = defaultdict[_Stratum, float]
"""Pairs that a split still lacks, by stratum."""


def _drawn(
    tallies: Mapping[str, _Tally], settled: Mapping[str, str], ratios: Mapping[str, float], seed: int
) -> dict[str, str]:
    new = sorted((group for group in tallies if group not in settled), key=lambda group: _rank(seed, group))
    owed: dict[str, _Owed] = {split: defaultdict(float) for split in ratios}
    for group, split in settled.items():
        _owe(owed, tallies[group], ratios, split)
    drawn: dict[str, str] = {}
    for group in new:
        gains = {split: _gain(owed[split], tallies[group], ratio) for split, ratio in ratios.items()}
        best = max(gains, key=lambda split: gains[split], default=TRAIN)
        drawn[group] = best if gains.get(best, 0.0) > 0 else TRAIN
        _owe(owed, tallies[group], ratios, drawn[group])
    _fill_empty(tallies, settled, drawn, ratios)
    return drawn


def _fill_empty(
    tallies: Mapping[str, _Tally], settled: Mapping[str, str], drawn: dict[str, str], ratios: Mapping[str, float]
) -> None:
    """Give a held-out split that got nothing the new group of the fittest size, but never the last one that trains."""
    for split, ratio in ratios.items():
        training = sum(other == TRAIN for other in (*settled.values(), *drawn.values()))
        spare = [group for group, other in drawn.items() if other == TRAIN and training > 1]
        if spare and split not in {*settled.values(), *drawn.values()}:
            wanted = ratio * sum(tally.size for tally in tallies.values())
            drawn[min(spare, key=lambda group: abs(tallies[group].size - wanted))] = split


def _rank(seed: int, group: str) -> bytes:
    return hashlib.sha256(f"{seed}\n{group}".encode()).digest()


def _owe(owed: Mapping[str, _Owed], tally: _Tally, ratios: Mapping[str, float], given: str) -> None:
    for split, ratio in ratios.items():
        for stratum, count in tally.counts.items():
            owed[split][stratum] += count * ratio - (count if given == split else 0)


def _gain(owed: defaultdict[_Stratum, float], tally: _Tally, ratio: float) -> float:
    """How much nearer the strata come to what the split is owed if this group goes there (less is negative)."""
    gain = 0.0
    for stratum, count in tally.counts.items():
        debt = owed[stratum] + count * ratio
        gain += count * (2 * debt - count) * (1.0 if stratum == _WHOLE else _STRATUM_WEIGHT)
    return gain


def refuse_overlap(groups: Groups, edges: Iterable[Edge], images: Iterable[tuple[str, str]]) -> None:
    """Raise SplitOverlapError if an edge, a group or one of `images` (page_id, image sha256) spans two splits."""
    split_of: dict[tuple[str, str], str] = {}
    claims = [(("group", group), split) for group, split in groups.values()]
    claims += [(("image", sha256), groups[page][1]) for page, sha256 in images]
    for thing, split in claims:
        if split_of.setdefault(thing, split) != split:
            raise SplitOverlapError(f"the {thing[0]} {thing[1]} would stand in two splits", "this is a bug: report it")
    for one, other in edges:
        if one in groups and other in groups and groups[one][1] != groups[other][1]:
            raise SplitOverlapError(f"pages {one} and {other} would stand in two splits", "this is a bug: report it")


def moved_pages(groups: Groups, earlier: Mapping[str, set[str]]) -> dict[str, list[str]]:
    """page_id -> other splits that an earlier release held it in."""
    moved = {page: sorted(earlier.get(page, set()) - {split}) for page, (_, split) in groups.items()}
    return {page: others for page, others in sorted(moved.items()) if others}
