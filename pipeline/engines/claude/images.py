"""Page images at the size at which the service reads them, so that boxes in a reply are boxes on our page."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from pipeline.engines.claude.views import WHOLE, View, pixels_of

STANDARD_TIER = re.compile(r"claude-(3|haiku-4|(sonnet|opus)-4(-[0-6])?(-\d{8})?$)")
MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}
LARGEST_BYTES = 7_000_000  # 10 MB as base64 is the service's limit for one image
JPEG_QUALITY = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class SentImage(View):
    """An image as it is sent; its width and height in pixels are the frame of the boxes that come back."""

    media_type: str
    data: str


def limits_of(model: str) -> tuple[int, int]:
    """(longest edge in pixels, most tokens) that a model reads without shrinking (vision guide, 2026-09)."""
    return (1568, 1568) if STANDARD_TIER.match(model) else (2576, 4784)


def upright_size(file: Path, quarter_turns: int = 0) -> tuple[int, int]:
    """Width and height in pixels of a page image as a reader would turn it. Raises OSError."""
    with Image.open(file) as image:
        return image.size if quarter_turns % 2 == 0 else (image.height, image.width)


def sent_images(file: Path, views: Sequence[View], quarter_turns: int = 0) -> tuple[SentImage, ...]:
    """The views of a page as they are sent. Raises OSError and ValueError for an image that cannot be read."""
    with Image.open(file) as image:
        if len(views) == 1 and _fits_as_it_is(image, file, views[0], quarter_turns):
            return (_packed(file.read_bytes(), MEDIA_TYPES[image.format or ""], views[0]),)
        if len(views) == 1:
            size = (views[0].width, views[0].height)
            image.draft("RGB", size if quarter_turns % 2 == 0 else size[::-1])
        upright = image.convert("RGB")
    if quarter_turns % 4:
        upright = upright.rotate(-90 * quarter_turns, expand=True)
    return tuple(_drawn(upright, view) for view in views)


def _fits_as_it_is(image: Image.Image, file: Path, view: View, quarter_turns: int) -> bool:
    whole = view.frame == WHOLE and image.size == (view.width, view.height) and quarter_turns % 4 == 0
    return whole and image.format in MEDIA_TYPES and file.stat().st_size <= LARGEST_BYTES


def _drawn(page: Image.Image, view: View) -> SentImage:
    cut = page if view.frame == WHOLE else page.crop(pixels_of(view.frame, page.size))
    buffer = io.BytesIO()
    cut.resize((view.width, view.height), Image.Resampling.LANCZOS).save(buffer, "JPEG", quality=JPEG_QUALITY)
    return _packed(buffer.getvalue(), "image/jpeg", view)


def _packed(data: bytes, media_type: str, view: View) -> SentImage:
    return SentImage(
        width=view.width,
        height=view.height,
        frame=view.frame,
        media_type=media_type,
        data=base64.b64encode(data).decode(),
    )
