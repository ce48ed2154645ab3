"""Page images at the size at which the service reads them, so that boxes in a reply are boxes on our page."""

from __future__ import annotations

import base64
import io
import math
import re
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

STANDARD_TIER = re.compile(r"claude-(3|haiku-4|(sonnet|opus)-4(-[0-6])?(-\d{8})?$)")
MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp", "GIF": "image/gif"}
LARGEST_BYTES = 7_000_000  # 10 MB as base64 is the service's limit for one image
JPEG_QUALITY = 90


@dataclass(frozen=True, slots=True)
class SentImage:
    """An image as it is sent; width and height in pixels are the frame of the boxes that come back."""

    media_type: str
    data: str
    width: int
    height: int


def limits_of(model: str) -> tuple[int, int]:
    """(longest edge in pixels, most tokens) that a model reads without shrinking (vision guide, 2026-09)."""
    return (1568, 1568) if STANDARD_TIER.match(model) else (2576, 4784)


def fitted(width: int, height: int, limits: tuple[int, int]) -> tuple[int, int]:
    """The largest size of the same shape that the service does not shrink: its own documented rule."""

    def fits(w: int, h: int) -> bool:
        across, down = math.ceil(w / 28), math.ceil(h / 28)
        return max(across, down) * 28 <= limits[0] and across * down <= limits[1]

    if fits(width, height):
        return width, height
    long, short = max(width, height), min(width, height)
    low, high = 1, long
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if fits(middle, max(1, round(middle * short / long))) else (low, middle - 1)
    other = max(1, round(low * short / long))
    return (low, other) if width >= height else (other, low)


def sent_image(file: Path, limits: tuple[int, int], quarter_turns: int = 0) -> SentImage:
    """The page image as it is sent: its own bytes where they fit, else shrunk once and stored as JPEG."""
    with Image.open(file) as image:
        size = fitted(image.width, image.height, limits)
        if (
            size == image.size
            and not quarter_turns
            and image.format in MEDIA_TYPES
            and file.stat().st_size <= LARGEST_BYTES
        ):
            return _packed(file.read_bytes(), MEDIA_TYPES[image.format], size)
        image.draft("RGB", size)
        shrunk = image.convert("RGB").resize(size, Image.Resampling.LANCZOS)
    if quarter_turns:
        shrunk = shrunk.rotate(-90 * quarter_turns, expand=True)
    buffer = io.BytesIO()
    shrunk.save(buffer, "JPEG", quality=JPEG_QUALITY)
    return _packed(buffer.getvalue(), "image/jpeg", shrunk.size)


def _packed(data: bytes, media_type: str, size: tuple[int, int]) -> SentImage:
    return SentImage(media_type, base64.b64encode(data).decode(), *size)
