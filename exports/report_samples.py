"""Pairs drawn by a seed, each with the piece of its page that holds the evidence, as a small picture in text."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw

from exports.plan import ReleasePlan
from exports.records import ReadyPair
from exports.splits import TRAIN
from review_db.records import Box

DRAWN = 12
HELD_OUT = 4
WIDEST, TALLEST = 640, 480  # pixels of a picture
QUALITY = 60
LEAST_WIDTH = 0.7  # of the page: a value without the name of its row cannot be judged
SHAPE = 1.6  # width to height of a picture, unless its boxes need more
MARGIN = 0.03
_INK = (214, 84, 0)


@dataclass(frozen=True, slots=True)
class Sample:
    """A drawn pair; `picture` is a data: URI, None for a pair without an image."""

    ready: ReadyPair
    picture: str | None
    width: int = 0
    height: int = 0


def drawn_samples(plan: ReleasePlan, folder: Path, seed: int) -> list[Sample]:
    """Twelve pairs, about a third of them from outside training, with pictures from the release's own images."""
    return [_sample(ready, folder) for ready in draw(plan.pairs, seed)]


def draw(pairs: Iterable[ReadyPair], seed: int) -> list[ReadyPair]:
    """The pairs of the sample: those whose hash with the seed is smallest, so that each has the same chance."""
    ranked = sorted(pairs, key=lambda ready: _rank(ready, seed))
    train = [ready for ready in ranked if ready.split == TRAIN]
    held = [ready for ready in ranked if ready.split != TRAIN]
    of_train = train[: DRAWN - min(len(held), HELD_OUT)]
    return of_train + held[: DRAWN - len(of_train)]


def _rank(ready: ReadyPair, seed: int) -> bytes:
    return hashlib.sha256(f"{seed}\n{ready.pair.pair_id}".encode()).digest()


def _sample(ready: ReadyPair, folder: Path) -> Sample:
    if ready.image is None:
        return Sample(ready, None)
    try:
        with Image.open(folder / ready.image) as page:
            picture = _cut(page, ready.pair.evidence.boxes)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return Sample(ready, None)  # the checks name an image that cannot be opened
    data = io.BytesIO()
    picture.save(data, "JPEG", quality=QUALITY)
    return Sample(ready, f"data:image/jpeg;base64,{base64.b64encode(data.getvalue()).decode()}", *picture.size)


def _cut(page: Image.Image, boxes: tuple[Box, ...]) -> Image.Image:
    """The part of the page around the boxes with the boxes drawn on it; the whole page where there are none."""
    width, height = page.size
    x0, y0, x1, y1 = shown_part(boxes, width / height)
    area = (int(x0 * width), int(y0 * height), max(int(x1 * width), 1), max(int(y1 * height), 1))
    part = _on_paper(page.crop(area))
    left, top = area[:2]
    part.thumbnail((WIDEST, TALLEST), Image.Resampling.LANCZOS)
    scale = part.width / max(area[2] - left, 1)
    pen = ImageDraw.Draw(part)
    for box in boxes:
        corners = (box[0] * width - left, box[1] * height - top, box[2] * width - left, box[3] * height - top)
        grown = zip(corners, (-2, -2, 2, 2), strict=True)
        pen.rectangle([corner * scale + more for corner, more in grown], outline=_INK, width=2)
    return part


def shown_part(boxes: Iterable[Box], aspect: float) -> Box:
    """The part of a page (width to height: `aspect`) to show, as fractions: all boxes, a margin, the text around."""
    listed = list(boxes)
    if not listed:
        return (0.0, 0.0, 1.0, 1.0)
    x0, x1 = _span(min(box[0] for box in listed), max(box[2] for box in listed), LEAST_WIDTH)
    y0, y1 = _span(min(box[1] for box in listed), max(box[3] for box in listed), (x1 - x0) * aspect / SHAPE)
    return (x0, y0, x1, y1)


def _span(low: float, high: float, least: float) -> tuple[float, float]:
    wanted = min(1.0, max(high - low + 2 * MARGIN, least))
    start = min(max(0.0, (low + high - wanted) / 2), 1.0 - wanted)
    return start, start + wanted


def _on_paper(image: Image.Image) -> Image.Image:
    """RGB; what is transparent turns white."""
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image.convert("RGB")
    layered = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layered.size, "white"), layered).convert("RGB")
