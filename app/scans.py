"""Page images by signed address: the path comes only from the database, the right to see it from the signature.

An address holds for its day and the days beside it, stays the same all day (so the browser's cache works) and
changes with the image.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from PIL import Image, ImageOps
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response

from app.signing import is_signature, signature
from app.workspace import review_database, workspace
from review_db import pages
from review_db.errors import ReviewDbError
from review_db.records import Page

DAY_SECONDS = 86_400
CACHE = "private, max-age=86400, immutable"
THUMBNAIL_PIXELS = 360
LARGEST_PIXELS = 80_000_000
SIGNATURES = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"GIF8": "image/gif",
    b"RIFF": "image/webp",
    b"BM": "image/bmp",
}


def scan_address(page: Page, kind: str = "scan") -> str | None:
    """The signed address of a page's image ("scan") or its small copy ("thumbnail"); None for a text page."""
    if page.image_path is None or page.image_sha256 is None:
        return None
    version, day = page.image_sha256[:16], _today()
    signed = signature("scan", page.page_id, version, day)
    return f"/{kind}/{quote(page.page_id)}?v={version}&t={day}.{signed}"


async def scan(request: Request) -> Response:
    """The image of a page as it is stored; 403 without a valid signature, 404 for what is not there."""
    return await run_in_threadpool(_answer, request, _full_size)


async def thumbnail(request: Request) -> Response:
    """A small JPEG of a page's image, made once; the same rights as the scan."""
    return await run_in_threadpool(_answer, request, _small)


def _answer(request: Request, answer: Callable[[Path, str], Response]) -> Response:
    page_id, version = request.path_params["page_id"], request.query_params.get("v", "")
    if not _is_signed(page_id, version, request.query_params.get("t", "")):
        return PlainTextResponse("This address has expired: reload the page.\n", status_code=403)
    try:
        page = pages.page_by_id(review_database(), page_id)
    except ReviewDbError as error:
        return PlainTextResponse(f"{error}\n", status_code=404)
    if page.image_path is None or page.image_sha256 is None or not page.image_sha256.startswith(version):
        return PlainTextResponse("The page has changed: reload it.\n", status_code=404)
    file = workspace().image_file(page.image_path)
    if not file.is_file():
        return PlainTextResponse("The image file is gone: run the pipeline again.\n", status_code=404)
    return answer(file, page.image_sha256)


def _full_size(file: Path, _image_sha256: str) -> Response:
    media_type = _media_type(file)
    if media_type is None:
        return PlainTextResponse("No browser shows this kind of image.\n", status_code=415)
    return FileResponse(file, media_type=media_type, headers={"Cache-Control": CACHE})


def _small(file: Path, image_sha256: str) -> Response:
    small = workspace().cache / "thumbnails" / f"{image_sha256}.jpg"
    if not small.is_file():
        _shrink(file, small)
    return FileResponse(small, media_type="image/jpeg", headers={"Cache-Control": CACHE})


def _shrink(file: Path, small: Path) -> None:
    small.parent.mkdir(parents=True, exist_ok=True)
    unfinished = small.with_suffix(f".{os.getpid()}-{time.monotonic_ns()}")
    with Image.open(file) as image:
        if image.width * image.height > LARGEST_PIXELS:
            raise ValueError(f"{file.name} is larger than {LARGEST_PIXELS} pixels")
        image.draft("RGB", (THUMBNAIL_PIXELS * 2, THUMBNAIL_PIXELS * 2))
        copy = ImageOps.contain(image.convert("RGB"), (THUMBNAIL_PIXELS, THUMBNAIL_PIXELS))
        copy.save(unfinished, "JPEG", quality=80)
    unfinished.replace(small)


def _media_type(file: Path) -> str | None:
    with file.open("rb") as opened:
        start = opened.read(12)
    return next((kind for signature, kind in SIGNATURES.items() if start.startswith(signature)), None)


def _today() -> int:
    return int(time.time() // DAY_SECONDS)


def _is_signed(page_id: str, version: str, token: str) -> bool:
    day_text, _, given = token.partition(".")
    if not day_text.isdecimal() or abs(int(day_text) - _today()) > 1:
        return False
    return is_signature(given, "scan", page_id, version, int(day_text))
