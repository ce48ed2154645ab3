"""The page images of a release: where each comes from, what it is called, and how it gets there.

Images are copied, never hard-linked: a release must not change when a scan, or a file of our cache, does. With
`relative`, a scan that is used in place becomes a relative symbolic link to it.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from exports.errors import ExportError
from exports.settings import OutputSettings
from review_db.exportable import ScanFile
from review_db.records import Page

FOLDER = "images"
LONGEST_STEM = 100
QUALITY = 90
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*")
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PageImage:
    """The image of one page version: its name in the release, its file, and that file's hash where it is known."""

    name: str
    file: Path
    sha256: str | None
    link: bool = False


def name_images(pages: Iterable[Page], settings: OutputSettings) -> dict[int, str]:
    """page_version_id -> images/<page_id>.<ext>, distinct on every file system.

    A page_id that is no safe file name, a name taken already (also one that differs in case only) and an older version
    of a page carry a piece of their image's hash.
    """
    names: dict[int, str] = {}
    taken: set[str] = set()
    newest_first = sorted(pages, key=lambda page: (page.page_id, -page.page_version_id))
    for page in newest_first:
        suffix = _suffix(page, settings)
        name = f"{FOLDER}/{page.page_id}{suffix}"
        if not _is_safe(page.page_id) or name.casefold() in taken:
            digest = hashlib.sha256(f"{page.page_id}\n{page.image_sha256}".encode()).hexdigest()[:8]
            stem = re.sub(r"[^A-Za-z0-9._+-]+", "_", page.page_id).strip("._+-")[:LONGEST_STEM]
            name = f"{FOLDER}/{stem or 'page'}-{digest}{suffix}"
        taken.add(name.casefold())
        names[page.page_version_id] = name
    return names


def _is_safe(page_id: str) -> bool:
    return bool(_SAFE.fullmatch(page_id)) and len(page_id) <= LONGEST_STEM and not _DEVICE.fullmatch(page_id)


def _suffix(page: Page, settings: OutputSettings) -> str:
    if _is_resized(page, settings):
        return ".jpg"
    suffix = Path(page.image_path or "").suffix.lower()
    return ".jpg" if suffix in ("", ".jpeg", ".jpe") else suffix


def _is_resized(page: Page, settings: OutputSettings) -> bool:
    long_edge = max(page.width or 0, page.height or 0)
    return settings.image_mode == "resize" and long_edge > settings.resize_long_edge


def why_unusable(page: Page, cache: Path, scan: ScanFile | None) -> str | None:
    """`image_missing` or `image_changed` where the page's image is not the one that was reviewed, else None.

    A scan used in place is read again only if its size or time differ from what the inventory saw.
    """
    if page.image_path is None:
        return "image_missing"
    file = image_file(page, cache)
    try:
        state = file.stat()
        if scan is None or (state.st_size, state.st_mtime_ns) == (scan.size, scan.mtime_ns):
            return None if os.access(file, os.R_OK) else "image_missing"
        return None if scan.sha256 in (None, sha256_of(file)) else "image_changed"
    except OSError:
        return "image_missing"


def image_file(page: Page, cache: Path) -> Path:
    """Where a page's upright image lies: a scan used in place, else a file of the cache."""
    return cache / (page.image_path or "")


def sha256_of(file: Path) -> str:
    """The sha256 of a file's bytes."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def page_image(
    page: Page, name: str, cache: Path, scans: Mapping[int, ScanFile], settings: OutputSettings
) -> PageImage:
    """What to put into the release for a page; a resized image is made in the cache if it is not there yet."""
    file, scan = image_file(page, cache), scans.get(page.page_version_id)
    if _is_resized(page, settings):
        return PageImage(name, _resized(page, file, cache, settings.resize_long_edge), None)
    return PageImage(name, file, scan.sha256 if scan else None, settings.image_mode == "relative" and scan is not None)


def _resized(page: Page, file: Path, cache: Path, long_edge: int) -> Path:
    made = cache / "resized" / f"{long_edge}-{QUALITY}" / f"{page.image_sha256}.jpg"
    if made.exists():
        return made
    made.parent.mkdir(parents=True, exist_ok=True)
    unfinished = made.with_name(f".{made.name}.{os.getpid()}")
    try:
        with Image.open(file) as image:
            image.load()
            upright = flattened(image)
    except (OSError, ValueError) as error:
        raise ExportError(
            f"the image of page {page.page_id} cannot be opened: {error}", "run `manualqa run`"
        ) from error
    upright.thumbnail((long_edge, long_edge), Image.Resampling.LANCZOS)
    upright.save(unfinished, "JPEG", quality=QUALITY)
    unfinished.replace(made)
    return made


def flattened(image: Image.Image) -> Image.Image:
    """Grey or RGB; what is transparent turns white, as on paper."""
    if image.mode == "L":
        return image.copy()
    if "A" in image.getbands() or "transparency" in image.info:
        layered = image.convert("RGBA")
        paper = Image.new("RGBA", layered.size, "white")
        return Image.alpha_composite(paper, layered).convert("RGB")
    return image.convert("RGB")
