"""In how many images a page is shown: whole, and in enlarged parts beside it where its small print would be lost."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from review_db.records import Box, Word

WHOLE: Box = (0.0, 0.0, 1.0, 1.0)
GRIDS = ((1, 2), (2, 1), (2, 2), (2, 3), (3, 2), (3, 3))
"""Parts across and down, the fewest first."""

OVERLAP = 0.08
"""How far a part reaches over its borders, as a share of its own side: a label on a border is whole in one of them."""

OVERVIEW_LIMITS = (1568, 1568)
"""Longest edge and most tokens of the whole page where parts of it are shown too: it only tells what lies where."""

SMALL_PRINT_SHARE = 0.1
FEWEST_WORDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """An image of a page or of a part of it: width and height in pixels, `frame` in fractions of the upright page."""

    width: int
    height: int
    frame: Box = WHOLE

    def on_page(self, box: Box) -> Box:
        """A box in fractions of this image as fractions of the page."""
        x0, y0, x1, y1 = self.frame
        across, down = x1 - x0, y1 - y0
        return x0 + box[0] * across, y0 + box[1] * down, x0 + box[2] * across, y0 + box[3] * down


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


def small_print(words: Sequence[Word], size: tuple[int, int], quarter_turns: int = 0) -> float | None:
    """Pixels that a line of the page's small print is high: one word in ten is no higher.

    None for a page with too few words to tell. `size` is the page's in pixels, in the frame of the words; on a page
    that must be turned by an odd number of quarters lines run upwards in that frame.
    """
    side = 0 if quarter_turns % 2 else 1
    heights = sorted((word.box[side + 2] - word.box[side]) * size[side] for word in words if len(word.text) > 1)
    return heights[int(SMALL_PRINT_SHARE * len(heights))] if len(heights) >= FEWEST_WORDS else None


def views_of(
    size: tuple[int, int],
    limits: tuple[int, int],
    print_pixels: float | None,
    smallest_pixels: float,
    bears: Callable[[Sequence[View]], bool] = lambda views: True,
) -> tuple[View, ...]:
    """The whole page alone where its small print stays `smallest_pixels` high, else the page and enlarged parts.

    `size` is the upright page's and `print_pixels` its small print's, in pixels of the scan. Parts are as few as make
    the print legible, or as the scan's own resolution allows; where `bears` refuses that many, the most it does not.
    """
    whole = View(width=(shown := fitted(*size, limits))[0], height=shown[1])
    if print_pixels is None or shown == size or print_pixels * shown[0] / size[0] >= smallest_pixels:
        return (whole,)
    overview = fitted(*size, min(limits, OVERVIEW_LIMITS))
    best: tuple[View, ...] = (whole,)
    for grid in GRIDS:
        parts = tuple(_part(size, limits, frame) for frame in _frames(*grid))
        views = (View(width=overview[0], height=overview[1]), *parts)
        if not bears(views):
            continue
        if _scale(parts, size) > _scale(best[-1:], size):
            best = views
        if print_pixels * _scale(parts, size) >= smallest_pixels or _scale(parts, size) >= 1:
            break
    return best


def _frames(across: int, down: int) -> Iterator[Box]:
    for row in range(down):
        for column in range(across):
            x0, x1 = _reach(column, across)
            y0, y1 = _reach(row, down)
            yield x0, y0, x1, y1


def _reach(place: int, of: int) -> tuple[float, float]:
    over = OVERLAP if of > 1 else 0.0
    return max(0.0, (place - over) / of), min(1.0, (place + 1 + over) / of)


def _part(size: tuple[int, int], limits: tuple[int, int], frame: Box) -> View:
    x0, y0, x1, y1 = pixels_of(frame, size)
    width, height = fitted(x1 - x0, y1 - y0, limits)
    return View(width=width, height=height, frame=(x0 / size[0], y0 / size[1], x1 / size[0], y1 / size[1]))


def pixels_of(frame: Box, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """A frame in whole pixels of a page of this size, at least one wide and high."""
    x0, y0 = (min(round(frame[i] * size[i]), size[i] - 1) for i in (0, 1))
    return x0, y0, max(x0 + 1, round(frame[2] * size[0])), max(y0 + 1, round(frame[3] * size[1]))


def _scale(views: Sequence[View], size: tuple[int, int]) -> float:
    """How much of the scan's resolution the smallest of these views keeps."""
    return min(view.width / ((view.frame[2] - view.frame[0]) * size[0]) for view in views)
