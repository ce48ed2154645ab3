"""Take question-answer pairs from a JSONL dataset, then read and check them like any other."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import PipelineError
from pipeline.images import ImageError, decode_image
from pipeline.imported_pages import ORIGIN, SITE_ASSET, ImageReader, ImportedImage, PageBook
from pipeline.imported_records import ENGINE, Record, RecordError, record_from
from pipeline.progress import Progress
from pipeline.selection import Selection
from pipeline.settings import Settings
from pipeline.stage import Stage, UnitError, run_stage
from pipeline.workspace import Workspace
from review_db import jobs
from review_db.connection import Database, immediate
from review_db.pages import current_pages, reserve_pair_number
from review_db.pairs import add_candidates
from review_db.records import CandidatePair, Page, Word
from review_db.statuses import PageStatus, PairStatus
from review_db.words import has_words, save_words

ROWS_AT_ONCE = 500  # of one transaction: much faster than single rows, and short enough not to hold reviewers up
JOB = "import_checks"


@dataclass(slots=True)
class ImportSummary:
    """What became of the records: pairs that were there already, new ones, those set aside, lines refused and why."""

    matched: int = 0
    new: int = 0
    set_aside: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)
    keys: dict[str, int] = field(default_factory=dict)
    """qa_id as the record names it -> pair_key, where ids are kept."""


class _Row(NamedTuple):
    number: int
    record: Record
    image: ImportedImage | None


@dataclass(frozen=True, slots=True)
class Records:
    """Lines to import: what they are called, how many they are, the folder that their image paths start from.

    With `keep_ids` they come from a release: pages and pairs get the ids that the records name, where these are free,
    and nothing counts as a site asset.
    """

    name: str
    count: int
    lines: Iterable[tuple[int, bytes]]
    images: Path
    keep_ids: bool = False


def import_records(
    db: Database,
    workspace: Workspace,
    settings: Settings,
    file: Path,
    images_dir: Path,
    progress: Progress,
    later: bool = False,
) -> ImportSummary:
    """Store the pairs of `file`, then read their pages and check them; with `later` a job waits to do so.

    A page is known by its pixels and made where it is new; pairs on site assets are set aside. A line that cannot be
    taken is refused with its reason and the others go on. The same file again changes nothing. Raises PipelineError
    when the file cannot be read.
    """
    records = Records(file.name, _line_count(file), _lines(file), images_dir)
    summary = store_records(db, workspace, settings, records, progress)
    check_new(db, workspace, settings, summary, progress, later=later)
    return summary


def store_records(
    db: Database, workspace: Workspace, settings: Settings, records: Records, progress: Progress
) -> ImportSummary:
    """Store the pairs and their pages; nothing is read or checked yet."""
    summary = ImportSummary()
    reader = ImageReader(db, workspace, settings, records.images)
    book = PageBook(db, settings, records.images, keep_ids=records.keep_ids)
    lines = iter(records.lines)
    with progress.stage("import", records.count) as bar:
        while batch := list(islice(lines, ROWS_AT_ONCE)):
            rows = list(_rows(batch, reader, summary))
            with immediate(db):
                for row in rows:
                    _store(db, book, row, records, summary)
            for _ in batch:
                bar.advance(records.name)
    summary.refused.sort()
    return summary


def check_new(
    db: Database, workspace: Workspace, settings: Settings, summary: ImportSummary, progress: Progress, *, later: bool
) -> None:
    """Read the new pages and check the new pairs, now or by a job that waits."""
    if later and summary.new:
        jobs.ask(db, JOB, {}, requested_by=ENGINE, starts_alone=False)
    elif not later:
        read_and_check(db, workspace, settings, progress)


def _line_count(file: Path) -> int:
    return sum(1 for _ in _lines(file))


def _lines(file: Path) -> Iterator[tuple[int, bytes]]:
    """(line number from 1, line) of every line that is not empty."""
    try:
        with file.open("rb") as lines:
            yield from ((number, line) for number, line in enumerate(lines, 1) if line.strip())
    except OSError as error:
        raise PipelineError(
            f"cannot read {file}: {error.strerror}", "manualqa import FILE.jsonl --images DIR"
        ) from error


def _rows(batch: Iterable[tuple[int, bytes]], reader: ImageReader, summary: ImportSummary) -> Iterator[_Row]:
    """Read and decode before the transaction begins, so that it is short."""
    for number, line in batch:
        try:
            record = record_from(line)
            yield _Row(number, record, reader.image(record.image) if record.image is not None else None)
        except RecordError as error:
            summary.refused.append((number, str(error)))


def _store(db: Database, book: PageBook, row: _Row, records: Records, summary: ImportSummary) -> None:
    record, image = row.record, row.image
    try:
        page = book.page_of_image(record, image) if image else book.page_of_text(record)
    except RecordError as error:
        summary.refused.append((row.number, str(error)))
        return
    aside = not records.keep_ids and (page.reason == SITE_ASSET or (image is not None and image.is_asset))
    if records.keep_ids:
        reserve_pair_number(db, page.page_id, record.qa_id)
    ((key, is_new),) = add_candidates(
        db,
        page,
        None,
        ENGINE,
        [CandidatePair(record.question, record.answer, record.question_type)],
        author=ENGINE,
        author_name=records.name,
        import_metadata=[record.metadata_json],
        status=PairStatus.SET_ASIDE if aside else PairStatus.PENDING,
        reason=SITE_ASSET if aside else None,
    )
    if records.keep_ids:
        summary.keys[record.qa_id] = key
    if not is_new:
        summary.matched += 1
    elif aside:
        summary.set_aside += 1
    else:
        summary.new += 1


# ---------------------------------------------------------------- words and checks


def read_and_check(db: Database, workspace: Workspace, settings: Settings, progress: Progress) -> None:
    """Read the imported pages that were not read yet, then check, link and rate all pairs that are new."""
    from pipeline.stages import check, dedupe, prioritise

    everything = Selection()
    run_stage(_reading(db, workspace, settings), db, progress)
    run_stage(check.stage(db, workspace, settings, everything), db, progress)
    dedupe.run(db, workspace, settings, everything, progress)
    prioritise.run(db, workspace, settings, everything, progress)


@dataclass(frozen=True, slots=True)
class _Reading:
    words: list[Word]
    rotation: int
    seconds: float


def _reading(db: Database, workspace: Workspace, settings: Settings) -> Stage[Page, _Reading]:
    """The stage that reads each imported image once, known by its pixels."""
    from pipeline.ocr import READER

    def save(db: Database, page: Page, reading: _Reading) -> None:
        save_words(db, str(page.image_sha256), READER, reading.words, reading.seconds, reading.rotation)

    return Stage(
        name="read-imported",
        select=lambda: _unread(db, READER),
        name_of=lambda page: page.page_id,
        fingerprint=lambda page: f"{READER}|{page.image_sha256}",
        work=lambda page: _read(workspace.cache / str(page.image_path), settings),
        save=save,
    )


def _unread(db: Database, reader: str) -> list[Page]:
    imported = (page for page in current_pages(db, status=PageStatus.OK) if page.origin == ORIGIN)
    images = {page.image_sha256: page for page in imported if page.image_sha256}
    return [page for sha256, page in images.items() if sha256 and not has_words(db, sha256, reader)]


def _read(path: Path, settings: Settings) -> _Reading:
    from pipeline.ocr import NothingReadError, PageReading, read_page

    started = time.monotonic()
    try:
        image = decode_image(path, max_megapixels=settings.reading.max_megapixels)
    except (ImageError, OSError) as error:
        raise UnitError(f"the imported image cannot be read any more: {error}") from error
    try:
        reading = read_page(image)
    except NothingReadError:
        reading = PageReading([], 0)
    return _Reading(list(reading.words), reading.rotation, time.monotonic() - started)
