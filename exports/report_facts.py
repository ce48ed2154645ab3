"""What the report of a release tells beside the checks: leakage, duplicates, grounding, lengths, engines, reviewers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from exports.manifest import linked_pairs
from exports.plan import ReleasePlan
from exports.records import ReadyPair
from exports.similarity import Similarity, greatest_similarity
from exports.splits import SPLITS, plain_text

VERDICTS = ("supported", "partly", "unsupported", "not_checkable")
LENGTHS = (10, 20, 40, 80, 160, 320, 640)
"""Upper bounds, in characters, of the bins of answer lengths; one bin more holds what is longer."""

Tally = dict[str, Counter[str]]
"""Value of a dimension -> count by verdict, split or decision; largest first."""

LinkedPair = tuple[ReadyPair, ReadyPair]


@dataclass(frozen=True, slots=True)
class Leakage:
    """How surely the splits stand apart: `shared` counts, for each kind of thing, those that stand in both.

    `nearest` names the two most similar texts of different splits.
    """

    pages: int
    groups: int
    joined_pages: int
    largest_group: int
    shared: dict[str, int]
    nearest: Similarity | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """All figures of one release that are counted over its pairs.

    `repeated` counts texts that stand more than once, word for word. `links` holds the pairs that a duplicate,
    suspected or conflict link joins and that are both in the release.
    """

    leakage: Leakage
    repeated: int
    links: dict[str, list[LinkedPair]]
    grounding: Counter[str]
    grounding_by_type: Tally
    grounding_by_engine: Tally
    engines: Tally
    decisions: Tally
    lengths: list[tuple[str, Counter[str]]]


def facts_of(plan: ReleasePlan) -> Facts:
    """Count over the pairs of a plan; nothing is read but the plan."""
    pairs = plan.pairs
    return Facts(
        leakage=_leakage(plan),
        repeated=_repeated(pairs),
        links=_links(pairs),
        grounding=Counter(_verdict(ready) for ready in pairs),
        grounding_by_type=_tally(pairs, lambda ready: ready.pair.question_type, _verdict),
        grounding_by_engine=_tally(pairs, engine_of, _verdict),
        engines=_tally(pairs, engine_of, lambda ready: ready.split),
        decisions=_tally(pairs, lambda ready: ready.pair.decided_by or "(nobody yet)", _decision),
        lengths=_lengths(pairs),
    )


def engine_of(ready: ReadyPair) -> str:
    """Who proposed a pair: the engine, and the model where there is one."""
    pair = ready.pair
    return f"{pair.engine} ({pair.model})" if pair.model and pair.model != pair.engine else pair.engine


def _verdict(ready: ReadyPair) -> str:
    return ready.pair.evidence.verdict


def _decision(ready: ReadyPair) -> str:
    return ready.pair.decision_verdict or ready.pair.status


def _tally(pairs: Iterable[ReadyPair], row: Callable[[ReadyPair], str], part: Callable[[ReadyPair], str]) -> Tally:
    found: Tally = {}
    for ready in pairs:
        found.setdefault(row(ready), Counter())[part(ready)] += 1
    return dict(sorted(found.items(), key=lambda item: (-item[1].total(), item[0])))


def _leakage(plan: ReleasePlan) -> Leakage:
    sizes: dict[str, set[str]] = {}
    things: dict[str, dict[str, set[str]]] = {kind: {} for kind in ("groups", "pages", "images", "texts")}
    for ready in plan.pairs:
        page = ready.pair.page
        group = plan.groups[page.page_id][0]
        sizes.setdefault(group, set()).add(page.page_id)
        named = {"groups": group, "pages": page.page_id, "texts": plain_text(ready.question, ready.answer)}
        if page.image_sha256:
            named["images"] = page.image_sha256
        for kind, thing in named.items():
            things[kind].setdefault(thing, set()).add(ready.split)
    shared = {kind: sum(len(splits) > 1 for splits in found.values()) for kind, found in things.items()}
    pages = [len(group) for group in sizes.values()]
    nearest = greatest_similarity(plan.pairs)
    return Leakage(
        sum(pages), len(pages), sum(size for size in pages if size > 1), max(pages, default=0), shared, nearest
    )


def _repeated(pairs: Iterable[ReadyPair]) -> int:
    texts = Counter(plain_text(ready.question, ready.answer) for ready in pairs)
    return sum(count > 1 for count in texts.values())


def _links(pairs: Iterable[ReadyPair]) -> dict[str, list[LinkedPair]]:
    listed = list(pairs)
    by_id = {ready.pair.pair_id: ready for ready in listed}
    return {
        relation: [(by_id[one], by_id[other]) for one, other in links]
        for relation, links in linked_pairs(listed).items()
    }


def _lengths(pairs: Iterable[ReadyPair]) -> list[tuple[str, Counter[str]]]:
    """(bin, count by split) from short answers to long ones."""
    lows = (1, *(bound + 1 for bound in LENGTHS))
    names = [f"{low}–{high}" for low, high in zip(lows, LENGTHS, strict=False)] + [f"over {LENGTHS[-1]}"]
    bins: list[Counter[str]] = [Counter(dict.fromkeys(SPLITS, 0)) for _ in names]
    for ready in pairs:
        place = sum(len(ready.answer) > bound for bound in LENGTHS)
        bins[place][ready.split] += 1
    return list(zip(names, bins, strict=True))
