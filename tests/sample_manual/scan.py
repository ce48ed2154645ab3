"""Turns a clean drawing into what a photocopier and a scanner make of it, and says where things went."""

import math
import random
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from tests.sample_manual.ink import Box
from tests.sample_manual.sheet import Sheet


class Scanner(NamedTuple):
    """One pass through the copier: degrees counter-clockwise, grey levels and JPEG quality."""

    seed: int
    skew: float = 0.3
    blur: float = 0.5
    contrast: float = 1.9
    threshold: int = 138
    paper: int = 250
    shade: int = 14
    noise: float = 4.0
    specks: int = 40
    frame: bool = True
    quality: int = 72
    tint: tuple[float, float, float] | None = (1.0, 0.996, 0.985)
    dpi: int = 300


def scan(sheet: Sheet, scanner: Scanner) -> Image.Image:
    """The finished page: turned, copied with hard contrast, unevenly lit, speckled and noisy."""
    page = sheet.image.rotate(scanner.skew, Image.Resampling.BICUBIC, fillcolor=255)
    page = page.resize((sheet.width, sheet.height), Image.Resampling.BOX)
    _dirty(page, scanner)
    page = page.filter(ImageFilter.GaussianBlur(scanner.blur))
    page = page.point(_copier_curve(scanner))
    page = _lit(page, scanner)
    if scanner.tint is None:
        return page
    return Image.merge("RGB", [page.point(lambda v, f=factor: round(v * f)) for factor in scanner.tint])


def _copier_curve(scanner: Scanner) -> list[int]:
    """Photocopies have hardly any grey: steepen the tones about the threshold."""
    steep = [scanner.threshold + (value - scanner.threshold) * scanner.contrast for value in range(256)]
    return [round(min(scanner.paper, max(18, value))) for value in steep]


def _dirty(page: Image.Image, scanner: Scanner) -> None:
    """Dust on the glass and the dark line of the paper's edge."""
    rng, draw = random.Random(scanner.seed), ImageDraw.Draw(page)
    width, height = page.size
    for _ in range(scanner.specks):
        x, y, wide, high = rng.randrange(width), rng.randrange(height), rng.randrange(3), rng.randrange(2)
        draw.rectangle((x, y, x + wide, y + high), fill=rng.randrange(0, 100))
    if scanner.frame:
        _paper_edge(draw, rng, width, height)


def _paper_edge(draw: ImageDraw.ImageDraw, rng: random.Random, width: int, height: int) -> None:
    y = height - rng.randrange(2, 6)
    for x in range(0, width, 8):
        if rng.random() < 0.8:
            draw.line((x, y, x + 8, y), fill=rng.randrange(0, 90), width=rng.choice((1, 1, 2)))
    x = rng.randrange(1, 4)
    draw.line((x, height * rng.random() * 0.3, x, height), fill=40, width=1)


def _lit(page: Image.Image, scanner: Scanner) -> Image.Image:
    """Darken towards one corner and add grain; integers only, so that every machine agrees."""
    width, height = page.size
    rng = random.Random(scanner.seed + 1)
    grains = [np.frombuffer(rng.randbytes(width * height), np.uint8).astype(np.int32) for _ in range(3)]
    grain = (np.sum(grains, axis=0, dtype=np.int32) - 382).reshape(height, width)  # standard deviation 128
    strength = round(scanner.noise * 512)
    across, down = np.arange(width, dtype=np.int32), np.arange(height, dtype=np.int32)
    if rng.random() < 0.5:
        across = across[::-1]
    slope = (across * 700 // width)[None, :] + (down * 300 // height)[:, None]
    levels = np.asarray(page, dtype=np.int32)
    lit = levels - slope * scanner.shade // 1000 * levels // 255 + (grain * strength) // 65536
    return Image.fromarray(np.clip(lit, 0, 255).astype(np.uint8))


def placed(box: Box, sheet: Sheet, scanner: Scanner) -> Box:
    """Where a box of the drawing lies on the finished page, as fractions."""
    angle = math.radians(scanner.skew)
    centre_x, centre_y = sheet.width / 2, sheet.height / 2
    xs, ys = [], []
    for x, y in ((box[0], box[1]), (box[2], box[1]), (box[0], box[3]), (box[2], box[3])):
        right, below = x - centre_x, y - centre_y
        xs.append((centre_x + right * math.cos(angle) + below * math.sin(angle)) / sheet.width)
        ys.append((centre_y - right * math.sin(angle) + below * math.cos(angle)) / sheet.height)
    return (min(xs), min(ys), max(xs), max(ys))
