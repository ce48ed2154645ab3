"""Make a release: plan it, write it whole or not at all, record it, point `latest` to it.

The splits are stored before the folder is written, the release after it has its final name: a kill in between leaves a
complete folder that the next export does not count, never half a release.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from exports import card, manifest, report, report_html
from exports.crops import cut
from exports.errors import TargetError
from exports.formats import FORMATS
from exports.formats.outlet import Outlet
from exports.images import PageImage, image_file, page_image
from exports.options import Options
from exports.plan import ReleasePlan, settle_groups
from exports.records import json_line, seed_record
from exports.report_facts import facts_of
from exports.report_samples import drawn_samples
from exports.settings import OutputSettings
from exports.similarity import Similarity
from exports.splits import shown_splits
from exports.validation import FILES, validate_release
from exports.writer import ReleaseFolder, point_to, refuse_taken, remove_unfinished, whole_folder
from review_db.connection import Database
from review_db.records import Box
from review_db.releases import record_release, release_paths

LATEST = "latest"
COPIERS = 4
PAIR_BYTES = 900  # what a pair takes in the manifest and around its texts
_NUMBERED = re.compile(r"\.?release-(\d+)(\..*)?")

Advance = Callable[[int, int, str], None]
"""(steps done, steps in all, what is being done); whatever it raises stops the export and leaves no trace."""


@dataclass(frozen=True, slots=True)
class ReleaseRequest:
    """Where to and what: `releases` is the folder of numbered releases, `out` a folder to use in its place.

    `cache` holds rendered and resized images. Nothing is ever written below `source`.
    """

    releases: Path
    cache: Path
    source: Path | None = None
    out: Path | None = None
    include: str = "approved"
    formats: tuple[str, ...] = ()
    options: Options = field(default_factory=Options)


@dataclass(frozen=True, slots=True)
class Release:
    """A finished release; `unusable` names approved pairs that had to stay behind, with reasons.

    `nearest` are the most similar pairs of different splits; `left_out` counts, for each format, the pairs that it
    could not hold, by reason.
    """

    path: Path
    counts: dict[str, object]
    unusable: dict[str, str]
    nearest: Similarity | None
    left_out: Mapping[str, Mapping[str, int]]


def build_release(
    db: Database, request: ReleaseRequest, settings: OutputSettings, advance: Advance | None = None
) -> Release:
    """Export the present state. Raises ExportError; whatever is raised, no half release is left."""
    settings = request.options.on(settings)
    named = _named_target(request)
    plan = settle_groups(db, request.cache, settings, request.include, crops=request.options.crops)
    target = named or _next_target(db, request)
    with whole_folder(target, _needed_bytes(plan, request)) as folder:
        written = _write(folder, plan, request, settings, advance or (lambda done, total, label: None))
        sealed = folder.files[manifest.NAME].sha256
    counts = plan.counts()
    record_release(
        db,
        str(target),
        sealed,
        counts | {"include": request.include, "formats": list(request.formats)},
        ((ready.pair.pair_key, ready.pair.revision, ready.split) for ready in plan.pairs),
    )
    request.releases.mkdir(parents=True, exist_ok=True)
    point_to(request.releases.resolve().parent / LATEST, target)
    return Release(target, counts, plan.unusable, written.nearest, written.formats)


def newest_release(db: Database) -> Path | None:
    """The folder of the newest recorded release that is still there."""
    return next((Path(path) for path in release_paths(db) if Path(path).is_dir()), None)


def _named_target(request: ReleaseRequest) -> Path | None:
    if request.out is None:
        return None
    target = request.out.expanduser().resolve()
    if request.source is not None and target.is_relative_to(request.source.resolve()):
        raise TargetError(f"{target} lies among your scans, which are never written to", "name another folder")
    refuse_taken(target)
    return target


def _next_target(db: Database, request: ReleaseRequest) -> Path:
    """release-0001 and so on: one more than every release that is or was there, or is being written."""
    releases = request.releases.resolve()
    remove_unfinished(releases)
    present = [path.name for path in releases.iterdir()] if releases.is_dir() else []
    recorded = [Path(path).name for path in release_paths(db) if Path(path).parent == releases]
    numbers = [int(found[1]) for name in (*present, *recorded) if (found := _NUMBERED.fullmatch(name))]
    return releases / f"release-{max(numbers, default=0) + 1:04d}"


def _needed_bytes(plan: ReleasePlan, request: ReleaseRequest) -> int:
    copies = 2 + len(request.formats)
    texts = sum(4 * len(ready.question) + 4 * len(ready.answer) + PAIR_BYTES for ready in plan.pairs)
    files = {request.cache / (plan.pages[key].image_path or "") for key in plan.image_names}
    images = sum(file.stat().st_size for file in files if file.exists())
    return texts * copies + images * (2 if "parquet" in request.formats else 1)


def _write(
    folder: ReleaseFolder,
    plan: ReleasePlan,
    request: ReleaseRequest,
    settings: OutputSettings,
    advance: Advance,
) -> manifest.Choices:
    images = len(plan.image_names)
    steps = images + len(request.formats) + 1
    for done, image in enumerate(_brought(folder, plan, request, settings), 1):
        advance(done, steps, image)
    _write_records(folder, plan, request)
    left_out: dict[str, Mapping[str, int]] = {}
    for done, name in enumerate(request.formats, images + 1):
        left_out[name] = FORMATS[name](Outlet(name, plan, request.options, folder))
        advance(done, steps, name)
    validation = validate_release(folder.root, settings, decode=False)
    folder.write(
        card.NAME,
        [card.card(plan, settings, validation.distribution, request.formats, evidence=request.options.evidence)],
    )
    facts = facts_of(plan)
    folder.write(report.NAME, [report.report(plan, validation, facts, left_out)])
    samples = drawn_samples(plan, folder.root, settings.seed)
    folder.write(report_html.NAME, report_html.html_report(plan, validation, facts, left_out, samples))
    choices = manifest.Choices(settings, request.options, left_out, facts.leakage.nearest)
    folder.write(manifest.NAME, manifest.manifest_pieces(plan, choices, list(folder.files.values())))
    advance(steps, steps, manifest.NAME)
    return choices


def _write_records(folder: ReleaseFolder, plan: ReleasePlan, request: ReleaseRequest) -> None:
    shown = {"with_status": request.include == "all", "with_evidence": request.options.evidence}
    for split in shown_splits(Counter(ready.split for ready in plan.pairs)):
        folder.write(FILES[split], (json_line(seed_record(ready, **shown)) for ready in plan.of_split(split)))


def _brought(
    folder: ReleaseFolder, plan: ReleasePlan, request: ReleaseRequest, settings: OutputSettings
) -> Iterator[str]:
    """Bring every image into the folder, some at a time, with the crops of its page, and name each as it is done."""
    crops = _crops_by_page(plan)

    def bring(key: int) -> str:
        page = plan.pages[key]
        image = page_image(page, plan.image_names[key], request.cache, plan.scans, settings)
        _bring(folder, image)
        if key in crops:
            for name, content in cut(image_file(page, request.cache), crops[key]):
                folder.store(name, content)
        return image.name

    pool = ThreadPoolExecutor(COPIERS, thread_name_prefix="export")
    try:
        yield from pool.map(bring, sorted(plan.image_names))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _crops_by_page(plan: ReleasePlan) -> dict[int, list[tuple[str, tuple[Box, ...]]]]:
    found: dict[int, list[tuple[str, tuple[Box, ...]]]] = {}
    for ready in plan.pairs:
        if ready.crop:
            wanted = (ready.crop, ready.pair.evidence.boxes)
            found.setdefault(ready.pair.page.page_version_id, []).append(wanted)
    return found


def _bring(folder: ReleaseFolder, image: PageImage) -> None:
    bring = folder.link if image.link else folder.copy
    bring(image.name, image.file, image.sha256)
