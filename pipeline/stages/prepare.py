"""Prepare: makes every page ready to be read by people and engines: one upright image, its words, its place.

Inputs: files that the inventory found good. Unit: one page (an image file, a page of a PDF, an HTML spec sheet).
Outputs: one current version of each page in `pages`, the words of each image in `page_words`.

Rules:
- An image is decoded whole, turned upright by its EXIF tag, laid on white and made RGB. A plain JPEG or PNG is used
  where it lies; anything else gets a lossless copy in the cache. Of a file with several images the first is read.
- A PDF page is rendered once at `reading.dpi` (less where it would pass `reading.max_megapixels`) and kept in the
  cache; its identity is the file's sha256, the page number and the resolution: another renderer never changes it.
- All pages of a PDF get a row, damaged ones as unreadable, empty ones as blank.
- Words are read once for each image and reader. A PDF's own text fills in signs that the reader missed.
- A page that shows what an earlier page shows is a repeat: it names the earlier page in `duplicate_of` and will yield
  no pairs. Equal pixels tell it; or the same digits and nearly the same letters in the same picture; or a picture that
  looks the same wherever the two were read differently, as with a PDF beside the images that it was made of.
- An HTML sheet has no image and is not read here.
- A page keeps its id for ever. New content of its file makes a new version; undecided pairs that a model wrote for the
  old one are set aside as superseded.
- A render that was cleaned away is made again; words are not read again.

Failures: an image that cannot be decoded makes its file unreadable with the reason, and no page. An image that is not
blank but without any text is a page that says so. A file that changes during the run fails as a unit and is taken up
by the next run. The source folder is never written to.
"""

from __future__ import annotations

import stat
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline import pdf
from pipeline.images import ImageError, image_sha256, is_blank, thumbprint
from pipeline.ocr import READER, NothingReadError, PageReading, read_page
from pipeline.page_ids import free_page_id, manual_of, natural_key, page_id_of, sort_key
from pipeline.page_images import PageImage, image_of_file, image_of_pdf_page
from pipeline.repeats import SeenPages, seen_pages, stored_look
from pipeline.rereading import turned_by_hand
from pipeline.selection import Selection
from pipeline.settings import Settings
from pipeline.source_paths import real_path
from pipeline.stage import Stage, UnitError
from pipeline.workspace import Workspace
from review_db import files, pages, words
from review_db.connection import Database
from review_db.records import Page, SourceFile, Word
from review_db.statuses import FileStatus, PageStatus
from review_db.superseded import supersede_pending

NO_TEXT = "no text was found on this page, although it is not blank"


@dataclass(frozen=True, slots=True)
class PageUnit:
    """One page to prepare: its id, its file, its number in a PDF, and the page as it is known so far."""

    page_id: str
    file: SourceFile
    page_number: int | None
    identity: str
    known: Page | None


@dataclass(frozen=True, slots=True)
class PreparedPage:
    """A page as it was found; `reading` is None where its words were read before or there are none to read."""

    status: str
    reason: str | None = None
    image_sha256: str | None = None
    image_path: str | None = None
    size: tuple[int, int] | None = None
    reading: PageReading | None = None
    seconds: float = 0.0
    thumbprint: bytes | None = None


@dataclass(frozen=True, slots=True)
class UnreadableFile:
    """The file holds no page, for this reason."""

    reason: str


def stage(
    db: Database, workspace: Workspace, settings: Settings, selection: Selection
) -> Stage[PageUnit, PreparedPage | UnreadableFile]:
    """Return the stage over every page of the good files in the source folder."""
    task = _Prepare(workspace, settings)
    return Stage(
        name="prepare",
        select=lambda: task.units(db, selection),
        name_of=lambda unit: unit.page_id,
        fingerprint=task.fingerprint,
        work=task.prepared,
        save=task.save,
    )


@dataclass
class _Prepare:
    """One run of the stage: what it was told, and what it has seen since it began."""

    workspace: Workspace
    settings: Settings
    read_images: set[str] = field(default_factory=set)
    again: set[str] = field(default_factory=set)
    seen: SeenPages | None = None

    # ------------------------------------------------------------ select

    def units(self, db: Database, selection: Selection) -> Iterator[PageUnit]:
        """Yield every page of every good file in natural order; new pages get their ids here."""
        ids, taken = pages.page_ids_in_use(db), {page_id.lower() for page_id in pages.all_page_ids(db)}
        known = {page.page_id: page for page in pages.current_pages(db)}
        self.read_images = words.read_images(db, READER)
        self.again = self._due_again(db)
        for file in self._good_files(db):
            for number in _page_numbers(file):
                page_id = ids.get((file.path, number or 0)) or self._new_id(file, number, taken)
                taken.add(page_id.lower())
                if selection.matches(page_id, file.path):
                    yield PageUnit(page_id, file, number, self._identity(file, number), known.get(page_id))

    def _good_files(self, db: Database) -> list[SourceFile]:
        recorded = files.current_files(db, str(self.workspace.source))
        good = (file for file in recorded if file.status == FileStatus.OK)
        return sorted(good, key=lambda file: natural_key(file.path))

    def _new_id(self, file: SourceFile, number: int | None, taken: set[str]) -> str:
        wish = page_id_of(file.path, number, self.settings.classification.section_pattern)
        return free_page_id(wish, taken)

    def _identity(self, file: SourceFile, number: int | None) -> str:
        return f"{file.sha256}" if number is None else f"{file.sha256}#{number}@{self.settings.reading.dpi}"

    def _due_again(self, db: Database) -> set[str]:
        """Return the pages that lost their stored image, or the page that they repeat."""
        here = list(pages.current_pages(db, source_root=str(self.workspace.source)))
        originals = {page.page_id for page in here if page.duplicate_of is None}
        return {
            page.page_id
            for page in here
            if (page.image_path and not (self.workspace.cache / page.image_path).exists())
            or (page.duplicate_of and page.duplicate_of not in originals)
        }

    def fingerprint(self, unit: PageUnit) -> str:
        """Name what the outcome depends on: content, resolution, reader, the folder that holds the scan."""
        reader = "" if unit.file.kind == "html" else READER
        again = "again" if unit.page_id in self.again else ""
        return "|".join((unit.identity, reader, str(self.workspace.source), again))

    # ------------------------------------------------------------ work

    def prepared(self, unit: PageUnit) -> PreparedPage | UnreadableFile:
        """Make the page's image and read it; the database is not touched."""
        page = self._made(unit)
        self.again.discard(unit.page_id)
        return page

    def _made(self, unit: PageUnit) -> PreparedPage | UnreadableFile:
        if unit.file.kind == "html":
            return PreparedPage(PageStatus.OK, image_sha256=unit.file.sha256)
        scan, sha256 = real_path(self.workspace.source, unit.file.path), str(unit.file.sha256)
        cache, reading = self.workspace.cache, self.settings.reading
        _refuse_changed(scan, unit.file)
        try:
            if unit.page_number is None:
                return self._read(unit, image_of_file(scan, sha256, cache, reading), [])
            image = image_of_pdf_page(scan, sha256, unit.page_number, cache, reading)
            return self._read(unit, image, _printed_words(scan, unit.page_number))
        except (ImageError, pdf.PdfError) as error:
            if unit.page_number is None:
                return UnreadableFile(str(error))
            return PreparedPage(PageStatus.UNREADABLE, str(error))

    def _read(self, unit: PageUnit, image: PageImage, printed: list[Word]) -> PreparedPage:
        started = time.monotonic()
        page = PreparedPage(
            PageStatus.OK,
            reason=image.remark,
            image_sha256=self._sha256(unit, image),
            image_path=image.stored,
            size=image.pixels.size,
            thumbprint=thumbprint(image.pixels),
        )
        if is_blank(image.pixels):
            return replace(page, status=PageStatus.BLANK, reason="the page is blank")
        if page.image_sha256 in self.read_images:
            return page
        try:
            reading = read_page(image.pixels, printed, turned_by_hand(unit.known))
        except NothingReadError:
            reading = PageReading([], 0)
        return replace(page, reading=reading, seconds=time.monotonic() - started)

    def _sha256(self, unit: PageUnit, image: PageImage) -> str:
        """Return the image's sha256; that of a PDF page stays what it was, also when its render is made again."""
        if unit.known and unit.known.image_sha256 and unit.page_number and unit.page_id in self.again:
            return unit.known.image_sha256
        return image_sha256(image.pixels)

    # ------------------------------------------------------------ save

    def save(self, db: Database, unit: PageUnit, page: PreparedPage | UnreadableFile) -> None:
        """Store the page's version and words, or that its file is unreadable."""
        if isinstance(page, UnreadableFile):
            bad = replace(unit.file, status=FileStatus.UNREADABLE, reason=page.reason, page_count=None, manual=None)
            files.record_file(db, str(self.workspace.source), bad)
            return
        duplicate_of = None
        if page.image_sha256 and page.size and page.status == PageStatus.OK:
            if page.reading is not None:
                read, rotation = page.reading.words, page.reading.rotation
                words.save_words(db, page.image_sha256, READER, read, page.seconds, rotation)
                self.read_images.add(page.image_sha256)
            read = words.words_of_image(db, page.image_sha256)
            duplicate_of = self._original(db, unit, page)
            page = page if read or page.reason else replace(page, reason=NO_TEXT)
        self._save_version(db, unit, page, duplicate_of)
        if unit.known and unit.known.image_sha256 not in (None, page.image_sha256):
            supersede_pending(db, unit.page_id)

    def _save_version(self, db: Database, unit: PageUnit, page: PreparedPage, duplicate_of: str | None) -> None:
        pattern, source = self.settings.classification.section_pattern, unit.file.path
        manual = manual_of(source, pattern, self.workspace.source.name)
        pages.add_page_version(
            db,
            page_id=unit.page_id,
            manual=manual,
            source=source,
            page_number=unit.page_number,
            sort_key=sort_key(manual, source, unit.page_number),
            file_id=unit.file.file_id,
            identity=unit.identity,
            kind="html" if unit.file.kind == "html" else "image",
            image_sha256=page.image_sha256,
            image_path=page.image_path,
            width=page.size[0] if page.size else None,
            height=page.size[1] if page.size else None,
            status=page.status,
            reason=page.reason,
            duplicate_of=duplicate_of,
        )

    def _original(self, db: Database, unit: PageUnit, page: PreparedPage) -> str | None:
        """Return the earlier page that this one repeats, and remember it when it repeats none."""
        if self.seen is None:
            self.seen = seen_pages(db, str(self.workspace.source), self.workspace.cache)
        stored = self.workspace.cache / str(page.image_path)
        look = stored_look(db, str(page.image_sha256), page.size or (0, 0), stored)
        original = self.seen.original_of(unit.page_id, replace(look, thumbprint=lambda: page.thumbprint))
        if original is None:
            self.seen.add(unit.page_id, look)
        return original


def _page_numbers(file: SourceFile) -> list[int] | list[None]:
    return list(range(1, (file.page_count or 0) + 1)) if file.kind == "pdf" else [None]


def _refuse_changed(path: Path, file: SourceFile) -> None:
    """Raise UnitError when the file is no longer the one that the inventory saw."""
    try:
        facts = path.lstat()
    except OSError as error:
        raise UnitError("the file went away while the run was going on") from error
    if not stat.S_ISREG(facts.st_mode) or (facts.st_size, facts.st_mtime_ns) != (file.size, file.mtime_ns):
        raise UnitError("the file changed while the run was going on; the next run takes it up")


def _printed_words(path: Path, number: int) -> list[Word]:
    with suppress(pdf.PdfError):
        return pdf.text_layer(path, number)
    return []
