"""Sets words in the one font that comes with Pillow, in the weights and slants of a printed manual."""

import math
from functools import lru_cache
from typing import NamedTuple

from PIL import Image, ImageDraw, ImageFont

Box = tuple[float, float, float, float]

# The font has no dashes, bullets or slashed O; these are drawn, as (left, top, right, bottom) bars in ems.
_BARS = {"–": (0.04, -0.31, 0.52, -0.24), "—": (0.02, -0.31, 0.92, -0.24)}
_ADVANCES = {"–": 0.56, "—": 0.94, "•": 0.42}
_DRAWN = frozenset("–—•Ø")


class Style(NamedTuple):
    """How a word looks; lengths are in pixels of the finished page, slant and squeeze are ratios."""

    size: float
    weight: float = 0.3
    slant: float = 0.0
    squeeze: float = 1.0
    tracking: float = 0.0
    grey: int = 0


@lru_cache(maxsize=64)
def _font(pixels: float) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(pixels)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise RuntimeError("the sample manual needs a Pillow with FreeType")
    return font


def space_width(style: Style) -> float:
    """Width of the gap between two words, in page pixels."""
    return (style.size * 0.27 + style.tracking) * style.squeeze


def word_width(word: str, style: Style) -> float:
    """Advance of a word in page pixels; the same for every drawing scale."""
    return sum(advance for _, advance in _pieces(word, style)) * style.squeeze


def _pieces(word: str, style: Style) -> list[tuple[str, float]]:
    """The runs that are drawn in one go, with their advances before squeezing."""
    if not style.tracking and not _DRAWN.intersection(word):
        return [(word, _measured(word, style.size))]
    return [(char, _char_advance(char, style) + style.tracking) for char in word]


def _char_advance(char: str, style: Style) -> float:
    if char in _ADVANCES:
        return _ADVANCES[char] * style.size
    return _measured("O" if char == "Ø" else char, style.size)


@lru_cache(maxsize=8192)
def _measured(run: str, size: float) -> float:
    # Measured large: the hinted widths of small sizes depend on the scale.
    return _font(200.0).getlength(run) * size / 200.0


def draw_word(image: Image.Image, x: float, baseline: float, word: str, style: Style, scale: float) -> Box:
    """Draw one word and return its inked box, both in page pixels; `image` is `scale` times larger."""
    if style.slant == 0 and style.squeeze == 1:
        return _draw_upright(image, x, baseline, word, style, scale)
    return _draw_transformed(image, x, baseline, word, style, scale)


def _draw_upright(image: Image.Image, x: float, baseline: float, word: str, style: Style, scale: float) -> Box:
    draw = ImageDraw.Draw(image)
    boxes = []
    for run, advance in _pieces(word, style):
        boxes.append(_draw_run(draw, x, baseline, run, style, scale))
        x += advance
    return enclosing(boxes)


def _draw_run(draw: ImageDraw.ImageDraw, x: float, y: float, run: str, style: Style, scale: float) -> Box:
    if run in _BARS:
        left, top, right, bottom = (edge * style.size for edge in _BARS[run])
        box = (x + left, y + top - style.weight / 2, x + right, y + bottom + style.weight / 2)
        draw.rectangle(scaled(box, scale), fill=style.grey)
        return box
    if run == "•":
        box = (x + 0.08 * style.size, y - 0.44 * style.size, x + 0.34 * style.size, y - 0.18 * style.size)
        draw.ellipse(scaled(box, scale), fill=style.grey)
        return box
    box = _print(draw, x, y, "O" if run == "Ø" else run, style, scale)
    if run == "Ø":
        ends = scaled((box[0], box[3], box[2], box[1]), scale)
        draw.line(ends, fill=style.grey, width=max(1, round(0.07 * style.size * scale)))
    return box


def _print(draw: ImageDraw.ImageDraw, x: float, y: float, letters: str, style: Style, scale: float) -> Box:
    """Weight is struck sideways in small steps: an outline all round would close the dots of the i."""
    font = _font(style.size * scale)
    steps = max(1, math.ceil(style.weight * scale))
    for step in range(steps + 1):
        place = ((x + style.weight * step / steps) * scale, y * scale)
        draw.text(place, letters, fill=style.grey, font=font, anchor="ls", stroke_width=style.weight * scale * 0.12)
    left, top, right, bottom = (e / scale for e in font.getbbox(letters, anchor="ls"))
    return (x + left, y + top, x + right + style.weight, y + bottom)


def _draw_transformed(image: Image.Image, x: float, y: float, word: str, style: Style, scale: float) -> Box:
    """Slanted and squeezed words are set upright on a mask of their own, which is then sheared."""
    pad = round(style.size * scale)
    plain = style._replace(slant=0.0, squeeze=1.0, grey=255)
    width = round(word_width(word, plain) * scale) + 2 * pad
    mask = Image.new("L", (width, 3 * pad), 0)
    _draw_upright(mask, pad / scale, 2 * pad / scale, word, plain, scale)
    shear, stretch = style.slant / style.squeeze, 1 / style.squeeze
    # Output pixel (u, v) comes from (stretch * (u - pad) + shear * (v - 2 pad) + pad, v).
    coefficients = (stretch, shear, pad - stretch * pad - shear * 2 * pad, 0, 1, 0)
    mask = mask.transform(mask.size, Image.Transform.AFFINE, coefficients, Image.Resampling.BICUBIC)
    left, top = round(x * scale) - pad, round(y * scale) - 2 * pad
    image.paste(style.grey, (left, top), mask)
    inked = mask.point(lambda value: 255 if value > 60 else 0).getbbox() or (0, 0, 1, 1)
    return (
        (left + inked[0]) / scale,
        (top + inked[1]) / scale,
        (left + inked[2]) / scale,
        (top + inked[3]) / scale,
    )


def scaled(box: Box, scale: float) -> Box:
    """The same box on the larger drawing."""
    return (box[0] * scale, box[1] * scale, box[2] * scale, box[3] * scale)


def enclosing(boxes: list[Box]) -> Box:
    """The smallest box around all of them."""
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return (min(lefts), min(tops), max(rights), max(bottoms))
