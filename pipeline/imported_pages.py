"""Pages of an imported dataset: known ones found again by their pixels, new ones made."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipeline.images import ImageError, image_sha256
from pipeline.imported_records import Record, RecordError, image_file
from pipeline.page_ids import free_page_id, manual_of, page_id_of, sort_key
from pipeline.page_images import image_of_file
from pipeline.settings import Settings
from pipeline.site_assets import is_site_asset
from pipeline.source_paths import opened
from pipeline.workspace import Workspace
from review_db import files, pages
from review_db.connection import Database
from review_db.records import Page
from review_db.statuses import PageStatus

SITE_ASSET = "site_asset"
ORIGIN = "import"

_PAGE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")
_PLAIN_FOLDERS = ("data_src", "images", "src", "source", "scans")


@dataclass(frozen=True, slots=True)
class ImportedImage:
    """An image of the dataset: its pixels' sha256; where it is stored and its size, for one that no page shows yet."""

    shown: str
    sha256: str
    is_asset: bool
    stored: str = ""
    width: int = 0
    height: int = 0


class ImageReader:
    """Opens each image of the dataset once; reads the database when it is made, never again."""

    def __init__(self, db: Database, workspace: Workspace, settings: Settings, images: Path) -> None:
        self._images, self._cache, self._reading = images, workspace.cache, settings.reading
        self._known_files = _images_of_known_files(db, workspace)
        self._seen: dict[str, ImportedImage | RecordError] = {}

    def image(self, shown: str) -> ImportedImage:
        """What the image that a record names shows. Raises RecordError with the reason for one that is refused."""
        if shown not in self._seen:
            try:
                self._seen[shown] = self._opened(shown)
            except RecordError as error:
                self._seen[shown] = error
        found = self._seen[shown]
        if isinstance(found, RecordError):
            raise found
        return found

    def _opened(self, shown: str) -> ImportedImage:
        path = image_file(self._images, shown)
        try:
            with opened(path) as file:
                file_sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            if file_sha256 in self._known_files:
                return ImportedImage(shown, self._known_files[file_sha256], is_asset=False)
            image = image_of_file(path, file_sha256, self._cache, self._reading)
        except (ImageError, OSError) as error:
            raise RecordError(f"{shown[:80]}: {error}") from error
        size = image.pixels.size
        return ImportedImage(shown, image_sha256(image.pixels), is_site_asset(shown, size), image.stored, *size)


def _images_of_known_files(db: Database, workspace: Workspace) -> dict[str, str]:
    """File sha256 -> image sha256 of the scans that are pages, so that they need not be decoded again."""
    shown = {
        page.source: page.image_sha256
        for page in pages.current_pages(db)
        if page.origin != ORIGIN and page.page_number is None and page.kind == "image"
    }
    scans = files.current_files(db, str(workspace.source))
    return {file.sha256: sha for file in scans if file.sha256 and (sha := shown.get(file.path))}


class PageBook:
    """Finds the page of a record or makes it; to be used inside the transaction that stores the record."""

    def __init__(self, db: Database, settings: Settings, images: Path, *, keep_ids: bool = False) -> None:
        self._db, self._images, self._keep_ids = db, images, keep_ids
        self._pattern = settings.classification.section_pattern
        self._ids = pages.all_page_ids(db)
        self._taken = {page_id.lower() for page_id in self._ids}
        self._by_image = pages.pages_by_image(db)
        self._by_source = {page.source: page.page_id for page in pages.current_pages(db) if page.origin == ORIGIN}
        self._pages: dict[str, Page] = {}
        self._new: set[str] = set()

    def page_of_image(self, record: Record, image: ImportedImage) -> Page:
        """The first page that shows this image, else a new one named by the metadata or by its path.

        Where ids are kept, the page of the record's own id is meant, also beside another of the same dataset that shows
        the same; a page that was here before stands for both.
        """
        known = self._by_image.get(image.sha256, [])
        if self._keep_ids and record.page_id in known:
            return self._page(record.page_id)
        if known and not (self._keep_ids and record.page_id not in self._ids and self._new.issuperset(known)):
            return self._page(known[0])
        # Another image under a name that was imported before is a new version of that page.
        page_id = self._by_source.get(image.shown) or self._new_id(record.page_id, image.shown)
        made = self._made(record, page_id, image.shown, image)
        self._by_image[image.sha256] = [*known, made.page_id]
        return made

    def page_of_text(self, record: Record) -> Page:
        """The text page that the metadata name; raises RecordError where they name none."""
        wish = record.page_id
        if not wish:
            raise RecordError("no image, and no metadata.page_id that names a text page")
        if wish in self._by_source:
            return self._page(self._by_source[wish])
        if wish in self._ids and self._page(wish).kind != "image":
            return self._page(wish)
        return self._made(record, self._new_id(wish, wish), wish, None)

    def _new_id(self, wish: str, source: str) -> str:
        """The id that is wished for, or one that follows from the path; never one that is taken."""
        if _PAGE_ID.fullmatch(wish) and wish.lower() not in self._taken:
            return wish
        return free_page_id(page_id_of(source, None, self._pattern), self._taken)

    def _page(self, page_id: str) -> Page:
        if page_id not in self._pages:
            self._pages[page_id] = pages.page_by_id(self._db, page_id)
        return self._pages[page_id]

    def _made(self, record: Record, page_id: str, source: str, image: ImportedImage | None) -> Page:
        manual = manual_of(_below_plain_folders(source), self._pattern, self._images.name)
        is_asset = image is not None and image.is_asset and not self._keep_ids
        version = pages.add_page_version(
            self._db,
            page_id=page_id,
            manual=manual,
            source=source,
            page_number=None,
            sort_key=sort_key(manual, source, None),
            file_id=None,
            identity=image.sha256 if image else f"text {source}",
            kind="image" if image else "text",
            image_sha256=image.sha256 if image else None,
            image_path=image.stored if image else None,
            width=image.width if image else None,
            height=image.height if image else None,
            status=PageStatus.SKIPPED if is_asset else PageStatus.OK,
            reason=SITE_ASSET if is_asset else None,
            origin=ORIGIN,
        )
        pages.save_class(self._db, version, record.page_class)
        self._ids.add(page_id)
        self._new.add(page_id)
        self._taken.add(page_id.lower())
        self._by_source[source] = page_id
        self._pages.pop(page_id, None)
        return self._page(page_id)


def _below_plain_folders(source: str) -> str:
    """The path without leading folders that say nothing: images/, data_src/."""
    place = PurePosixPath(source)
    while len(place.parts) > 1 and place.parts[0].lower() in _PLAIN_FOLDERS:
        place = PurePosixPath(*place.parts[1:])
    return place.as_posix()
