"""What a release would hold, worked out from the database before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from exports.crops import crop_name
from exports.errors import ExportError, NothingToExportError
from exports.images import name_images, why_unusable
from exports.records import ReadyPair, clean_text
from exports.settings import OutputSettings
from exports.splits import Groups, assign_splits, moved_pages, near_edges, refuse_overlap, twin_edges
from review_db.connection import Database, immediate
from review_db.exportable import (
    INCLUDED,
    ScanFile,
    exportable_pairs,
    group_edges,
    left_out,
    one_moment,
    save_groups,
    scans_in_place,
    split_groups,
    suspected_texts,
)
from review_db.records import ExportablePair, Page
from review_db.releases import earlier_splits

ATTEMPTS = 5
EMPTY_TEXT = "empty_text"


@dataclass(frozen=True, slots=True)
class ReleasePlan:
    """The pairs that leave, in the order in which they were made, with their pages, images, groups and splits.

    `unusable` names each pair that is approved and yet cannot leave, with its reason; `left_out` counts every pair that
    stays behind, by reason. `moved` is of splits.moved_pages.
    """

    include: str
    pairs: list[ReadyPair]
    pages: dict[int, Page]
    image_names: dict[int, str]
    scans: Mapping[int, ScanFile]
    groups: Groups
    stored: Groups
    moved: dict[str, list[str]]
    unusable: dict[str, str]
    left_out: dict[str, int]

    def of_split(self, split: str) -> Iterator[ReadyPair]:
        """The pairs of one split."""
        return (ready for ready in self.pairs if ready.split == split)

    def counts(self) -> dict[str, object]:
        """The figures that manifest, command line and app show."""
        splits = Counter(ready.split for ready in self.pairs)
        return {
            "pairs": len(self.pairs),
            "train": splits["train"],
            "validation": splits["validation"],
            "test": splits["test"],
            "pages": len({ready.pair.page.page_id for ready in self.pairs}),
            "images": len(self.image_names),
            "text_only": sum(ready.image is None for ready in self.pairs),
            "left_out": dict(self.left_out),
        }


@dataclass(frozen=True, slots=True)
class _Read:
    """What one moment of the database says."""

    pairs: list[ExportablePair]
    scans: dict[int, ScanFile]
    edges: list[tuple[str, str]]
    stored: Groups
    earlier: dict[str, set[str]]
    left_out: dict[str, int]


def plan_release(
    db: Database, cache: Path, settings: OutputSettings, *, include: str = "approved", crops: bool = False
) -> ReleasePlan:
    """Work out the release of the present state; reads the database once and writes nothing.

    Raises NothingToExportError when no pair can leave, SplitOverlapError rather than let splits overlap.
    """
    read = _read(db, include)
    images = _usable_images(read, cache)
    unusable: dict[str, str] = {}
    kept = list(_kept(read.pairs, images, unusable))
    if not kept:
        raise _nothing(read, unusable)
    edges = [
        *read.edges,
        *twin_edges((pair.page.page_id, question, answer) for pair, question, answer in kept),
    ]
    groups = assign_splits(
        ((pair.page.page_id, pair.page.section_id, pair.question_type) for pair, _, _ in kept),
        edges,
        read.stored,
        validation_ratio=settings.validation_ratio,
        test_ratio=settings.test_ratio,
        seed=settings.seed,
    )
    pages = {pair.page.page_version_id: pair.page for pair, _, _ in kept}
    refuse_overlap(groups, edges, ((page.page_id, page.image_sha256) for page in pages.values() if page.image_sha256))
    names = name_images((page for page in pages.values() if page.image_path), settings)
    ready = [_ready(*one, groups, names, crops) for one in kept]
    return ReleasePlan(
        include,
        ready,
        pages,
        names,
        read.scans,
        groups,
        read.stored,
        moved_pages({page.page_id: groups[page.page_id] for page in pages.values()}, read.earlier),
        unusable,
        _all_left_out(read, unusable, include),
    )


def _ready(
    pair: ExportablePair, question: str, answer: str, groups: Groups, names: Mapping[int, str], crops: bool
) -> ReadyPair:
    image = names.get(pair.page.page_version_id)
    crop = crop_name(image, pair) if crops and image else None
    return ReadyPair(pair, question, answer, groups[pair.page.page_id][1], image, crop)


def _read(db: Database, include: str) -> _Read:
    if include not in INCLUDED:
        raise ExportError(f"{include!r} cannot be included", f"choose {' or '.join(INCLUDED)}")
    with one_moment(db):
        return _Read(
            list(exportable_pairs(db, include=include)),
            scans_in_place(db),
            [*group_edges(db), *near_edges(suspected_texts(db))],
            split_groups(db),
            earlier_splits(db),
            left_out(db),
        )


def _usable_images(read: _Read, cache: Path) -> dict[int, str | None]:
    """page_version_id -> why its image cannot be used, or None."""
    pages = {pair.page.page_version_id: pair.page for pair in read.pairs}
    return {
        key: why_unusable(page, cache, read.scans.get(key)) if page.kind == "image" else None
        for key, page in pages.items()
    }


def _kept(
    pairs: Iterable[ExportablePair], images: Mapping[int, str | None], unusable: dict[str, str]
) -> Iterator[tuple[ExportablePair, str, str]]:
    """(pair, clean question, clean answer) of each pair that can leave; the others go into `unusable`."""
    for pair in pairs:
        question, answer = clean_text(pair.question), clean_text(pair.answer)
        reason = images[pair.page.page_version_id]
        if not question.strip() or not answer.strip():
            reason = EMPTY_TEXT
        if reason:
            unusable[pair.pair_id] = reason
        else:
            yield pair, question, answer


def _all_left_out(read: _Read, unusable: Mapping[str, str], include: str) -> dict[str, int]:
    counts = Counter(read.left_out) + Counter(unusable.values())
    for status in INCLUDED[include]:
        del counts[status]
    return dict(sorted(counts.items()))


def _nothing(read: _Read, unusable: Mapping[str, str]) -> NothingToExportError:
    if unusable:
        reasons = ", ".join(sorted(set(unusable.values())))
        return NothingToExportError(
            f"none of the {len(unusable)} approved pairs can be exported: {reasons}",
            "see that the scans lie where they were, then run `manualqa run`",
        )
    waiting = read.left_out.get("pending", 0)
    return NothingToExportError(
        "nothing is approved yet" + (f"; {waiting} pairs wait for review" if waiting else ""),
        "`manualqa review` (or `make review`) opens the review" if waiting else "`manualqa run` makes pairs to review",
    )


def settle_groups(
    db: Database, cache: Path, settings: OutputSettings, include: str, *, crops: bool = False
) -> ReleasePlan:
    """Plan a release and store its splits for ever; plan again if another export stored some in between."""
    for _ in range(ATTEMPTS):
        plan = plan_release(db, cache, settings, include=include, crops=crops)
        with immediate(db):
            if split_groups(db) == plan.stored:
                save_groups(db, plan.groups)
                return plan
    raise ExportError("other exports keep changing the splits", "export again when they are done")
