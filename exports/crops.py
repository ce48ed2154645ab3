"""Cut the evidence of a pair out of its page, as a second image that shows what the answer rests on."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from PIL import Image

from exports.errors import ExportError
from exports.images import QUALITY, flattened
from review_db.records import Box, ExportablePair

FOLDER = "crops"
MARGIN = 0.03  # of the page on every side: the words around the evidence say what it is about
SMALLEST_SIDE = 28  # pixels: one patch of a vision model


def crop_name(image: str, pair: ExportablePair) -> str | None:
    """crops/<page image's name>-qNN.jpg, or None where the evidence has no place on the page."""
    if not any(_has_area(box) for box in pair.evidence.boxes):
        return None
    tail = re.sub(r"[^A-Za-z0-9._-]+", "_", pair.pair_id.removeprefix(pair.page.page_id))
    return f"{FOLDER}/{PurePosixPath(image).stem}{tail}.jpg"


def _has_area(box: Box) -> bool:
    return box[2] > box[0] and box[3] > box[1]


def cut(page_image: Path, wanted: Iterable[tuple[str, Iterable[Box]]]) -> Iterator[tuple[str, bytes]]:
    """(name, JPEG) for each (name, boxes); the page is opened once. Raises ExportError where it cannot be."""
    try:
        with Image.open(page_image) as opened:
            opened.load()
            page = flattened(opened)
    except (OSError, ValueError) as error:
        raise ExportError(f"{page_image.name} cannot be opened: {error}", "run `manualqa run`") from error
    for name, boxes in wanted:
        content = io.BytesIO()
        page.crop(_around([box for box in boxes if _has_area(box)], page.size)).save(content, "JPEG", quality=QUALITY)
        yield name, content.getvalue()


def _around(boxes: list[Box], size: tuple[int, int]) -> tuple[int, int, int, int]:
    """The rectangle in pixels that holds all boxes and a margin, inside the page."""
    low = [max(0.0, min(box[side] for box in boxes) - MARGIN) for side in (0, 1)]
    high = [min(1.0, max(box[side] for box in boxes) + MARGIN) for side in (2, 3)]
    starts = [min(int(low[side] * size[side]), max(0, size[side] - SMALLEST_SIDE)) for side in (0, 1)]
    ends = [min(size[side], max(round(high[side] * size[side]), starts[side] + SMALLEST_SIDE)) for side in (0, 1)]
    return starts[0], starts[1], ends[0], ends[1]
