"""What a source file is, told by its content: kind, status, reason, pages."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pipeline import pdf
from pipeline.images import ImageHeader, image_header
from pipeline.settings import Reading
from pipeline.site_assets import is_site_asset
from pipeline.source_paths import opened
from review_db.statuses import FileStatus

IMAGE_SUFFIXES = (".jpg", ".jpeg", ".jpe", ".png", ".tif", ".tiff", ".webp", ".bmp", ".gif")
HTML_SUFFIXES = (".html", ".htm", ".xhtml")

_IMAGE_STARTS = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"II*\0", b"MM\0*", b"BM", b"GIF8")
_HEAD = 2048


@dataclass(frozen=True, slots=True)
class Facts:
    """A file's kind, sha256 (None when it could not be read), status, reason and number of pages."""

    kind: str
    sha256: str | None
    status: str
    reason: str | None = None
    page_count: int | None = None


def facts_of(path: Path, shown: str, reading: Reading) -> Facts:
    """Open a regular file and tell what it is; `shown` is its path below the source folder."""
    try:
        with opened(path) as file:
            head = file.read(_HEAD)
            file.seek(0)
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return Facts(_kind(shown, b""), None, FileStatus.UNREADABLE, "the file may not be read")
    return _judged(path, shown, head, sha256, reading)


def _judged(path: Path, shown: str, head: bytes, sha256: str, reading: Reading) -> Facts:
    kind = _kind(shown, head)
    if any(part.startswith(".") for part in PurePosixPath(shown).parts):
        return Facts(kind, sha256, FileStatus.IGNORED, "hidden")
    if is_site_asset(shown):
        return Facts(kind, sha256, FileStatus.IGNORED, "site_asset")
    if kind == "other":
        return Facts(kind, sha256, FileStatus.IGNORED, "unsupported")
    if not head:
        return Facts(kind, sha256, FileStatus.UNREADABLE, "the file is empty")
    judge = {"image": _image, "pdf": _pdf, "html": _html}[kind]
    status, reason, pages = judge(path, shown, reading)
    return Facts(kind, sha256, status, reason, pages)


def _kind(shown: str, head: bytes) -> str:
    """Tell the kind by content first, so that a scan under a wrong ending is not lost; then by its ending."""
    suffix = PurePosixPath(shown).suffix.lower()
    if head.startswith(_IMAGE_STARTS) or (head.startswith(b"RIFF") and head[8:12] == b"WEBP"):
        return "image"
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if suffix in IMAGE_SUFFIXES:
        return "image"
    if suffix in HTML_SUFFIXES or head.lstrip()[:14].lower().startswith((b"<!doctype html", b"<html")):
        return "html"
    return "pdf" if suffix == ".pdf" else "other"


Judgement = tuple[str, str | None, int | None]


def _image(path: Path, shown: str, reading: Reading) -> Judgement:
    header = image_header(path)
    if header is None:
        return (
            FileStatus.UNREADABLE,
            "not an image: its content is none of JPEG, PNG, TIFF, WebP, BMP or GIF",
            None,
        )
    if header.width * header.height > reading.max_megapixels * 1_000_000:
        return FileStatus.UNREADABLE, _too_large(header, reading.max_megapixels), None
    if is_site_asset(shown, (header.width, header.height)):
        return FileStatus.IGNORED, "site_asset", None
    return FileStatus.OK, None, 1


def _too_large(header: ImageHeader, most: int) -> str:
    return f"the image is larger than {most} megapixels ({header.width} x {header.height} pixels)"


def _pdf(path: Path, shown: str, reading: Reading) -> Judgement:
    try:
        return FileStatus.OK, None, pdf.page_count(path, most=reading.max_pdf_pages)
    except pdf.PdfError as error:
        return FileStatus.UNREADABLE, str(error), None


def _html(path: Path, shown: str, reading: Reading) -> Judgement:
    from pipeline.engines.html_text import LARGEST_BYTES, refusal
    from pipeline.engines.spec_sheets import is_spec_sheet

    with opened(path) as file:
        html = file.read(LARGEST_BYTES + 1)
    refused = refusal(html)
    if refused:
        return FileStatus.UNREADABLE, refused, None
    if is_spec_sheet(html):
        return FileStatus.OK, None, 1
    return FileStatus.IGNORED, "navigation_html", None
