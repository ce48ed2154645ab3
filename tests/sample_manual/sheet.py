"""A page under the pen: draws words, rules and shapes, and remembers where every word stands."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PIL import Image, ImageChops, ImageDraw

from tests.sample_manual.ink import Box, Style, draw_word, space_width, word_width

Point = tuple[float, float]

SOFT_HYPHEN = "\u00ad"


@dataclass(frozen=True)
class DrawnWord:
    """One word as printed; a word that was divided at a line end has two boxes."""

    text: str
    boxes: tuple[Box, ...]


class Sheet:
    """A page in pixels of the finished scan, origin top left, drawn `scale` times larger."""

    def __init__(self, width: int, height: int, scale: int = 2) -> None:
        self.width, self.height, self.scale = width, height, scale
        self.image = Image.new("L", (width * scale, height * scale), 255)
        self.words: list[DrawnWord] = []
        self._draw = ImageDraw.Draw(self.image)

    def text(self, x: float, baseline: float, text: str, style: Style, anchor: str = "l") -> float:
        """Set one line and return where it ends; anchor l, m or r says what x is."""
        words = text.split(" ")
        width = line_width(words, style)
        x -= {"l": 0.0, "m": width / 2, "r": width}[anchor]
        for word in words:
            if word:
                box = draw_word(self.image, x, baseline, word, style, self.scale)
                self.words.append(DrawnWord(word, (box,)))
            x += word_width(word, style) + space_width(style)
        return x - space_width(style)

    def paragraph(self, x: float, y: float, width: float, text: str, style: Style, pitch: float) -> float:
        """Set a paragraph from the baseline y downwards and return the baseline after it."""
        for line, divided in broken_lines(text, width, style):
            first = len(self.words)
            self.text(x, y, line, style)
            if divided:
                self._join(first - 1, divided)
            y += pitch
        return y

    def _join(self, index: int, whole: str) -> None:
        """Two neighbouring pieces are one word that was divided at a line end."""
        head, tail = self.words[index : index + 2]
        self.words[index : index + 2] = [DrawnWord(whole, head.boxes + tail.boxes)]

    def line(self, points: Sequence[Point], width: float = 1, grey: int = 0, dash: float = 0) -> None:
        """A stroke through the points; `dash` is the length of dashes and gaps."""
        for start, end in pairwise(points):
            for a, b in dashes(start, end, dash) if dash else [(start, end)]:
                self._draw.line([self._at(a), self._at(b)], fill=grey, width=self._thick(width))

    def rect(self, box: Box, width: float = 1, fill: int | None = None, grey: int = 0) -> None:
        """A rectangle; width 0 draws no outline."""
        corners = [self._at(box[:2]), self._at(box[2:])]
        outline = grey if width else None
        self._draw.rectangle(corners, fill=fill, outline=outline, width=self._thick(width))

    def ellipse(self, box: Box, width: float = 1, fill: int | None = None, grey: int = 0) -> None:
        """An ellipse inside the box."""
        corners = [self._at(box[:2]), self._at(box[2:])]
        outline = grey if width else None
        self._draw.ellipse(corners, fill=fill, outline=outline, width=self._thick(width))

    def circle(self, x: float, y: float, r: float, width: float = 1, fill: int | None = None) -> None:
        """A circle about (x, y)."""
        self.ellipse((x - r, y - r, x + r, y + r), width, fill)

    def arc(self, box: Box, start: float, end: float, width: float = 1, grey: int = 0) -> None:
        """Part of an ellipse, degrees clockwise from three o'clock."""
        corners = [self._at(box[:2]), self._at(box[2:])]
        self._draw.arc(corners, start, end, fill=grey, width=self._thick(width))

    def polygon(self, points: Sequence[Point], fill: int | None = None, width: float = 1) -> None:
        """A closed outline, filled first when `fill` is given."""
        if fill is not None:
            self._draw.polygon([self._at(p) for p in points], fill=fill)
        if width:
            self.line([*points, points[0]], width)

    def hatch(self, points: Sequence[Point], gap: float = 5, slope: float = 1.0, width: float = 0.8) -> None:
        """Section lining inside a polygon."""
        left, top, right, bottom = _bounds(points)
        ink = self._ink(points)
        pen, height = ImageDraw.Draw(ink), bottom - top
        x = -height * abs(slope)
        while x < right - left + height * abs(slope):
            ends = [(x * self.scale, height * self.scale), ((x + slope * height) * self.scale, 0)]
            pen.line(ends, fill=255, width=self._thick(width))
            x += gap
        self._press(ink, points)

    def screen(self, points: Sequence[Point], gap: float = 3) -> None:
        """A printer's dot screen inside a polygon, as behind the boxes of a wiring diagram."""
        left, top, right, bottom = _bounds(points)
        ink = self._ink(points)
        pen, side = ImageDraw.Draw(ink), self._thick(gap * 0.36)
        for row in range(int((bottom - top) / gap) + 1):
            for column in range(int((right - left) / gap) + 1):
                x, y = (column + 0.5 * (row % 2)) * gap * self.scale, row * gap * self.scale
                pen.rectangle((x, y, x + side - 1, y + side - 1), fill=255)
        self._press(ink, points)

    def _ink(self, points: Sequence[Point]) -> Image.Image:
        """An empty plate as large as the polygon."""
        left, top, right, bottom = _bounds(points)
        return Image.new("L", (round((right - left) * self.scale) + 1, round((bottom - top) * self.scale) + 1), 0)

    def _press(self, ink: Image.Image, points: Sequence[Point]) -> None:
        """Print in black what the plate shows inside the polygon; what is there already stays."""
        left, top, _, _ = _bounds(points)
        mask = Image.new("L", ink.size, 0)
        inside = [((x - left) * self.scale, (y - top) * self.scale) for x, y in points]
        ImageDraw.Draw(mask).polygon(inside, fill=255)
        place = (round(left * self.scale), round(top * self.scale))
        self.image.paste(0, place, ImageChops.multiply(ink, mask))

    def paste(self, picture: Image.Image, x: float, y: float) -> None:
        """Put a picture drawn at the sheet's scale with its top left corner at (x, y)."""
        self.image.paste(picture, (round(x * self.scale), round(y * self.scale)))

    def _at(self, point: Sequence[float]) -> Point:
        return (point[0] * self.scale, point[1] * self.scale)

    def _thick(self, width: float) -> int:
        return max(1, round(width * self.scale))


def line_width(words: Sequence[str], style: Style) -> float:
    """Width of a line of words in page pixels."""
    return sum(word_width(word, style) for word in words) + space_width(style) * (len(words) - 1)


def broken_lines(text: str, width: float, style: Style) -> list[tuple[str, str]]:
    """The lines of a paragraph; a soft hyphen is a place where a word may be divided.

    The second member is the whole word whose rest starts that line, else empty.
    """
    lines: list[tuple[str, str]] = []
    line: list[str] = []
    carried = ""
    for word in text.split(" "):
        whole = word.replace(SOFT_HYPHEN, "")
        if not line or line_width([*line, whole], style) <= width:
            line.append(whole)
            continue
        head, _, tail = word.partition(SOFT_HYPHEN)
        if tail and line_width([*line, head + "-"], style) <= width:
            lines.append((" ".join([*line, head + "-"]), carried))
            line, carried = [tail], whole
        else:
            lines.append((" ".join(line), carried))
            line, carried = [whole], ""
    return [*lines, (" ".join(line), carried)]


def dashes(start: Point, end: Point, dash: float) -> list[tuple[Point, Point]]:
    """Cut a straight line into dashes of the given length with gaps of two thirds of it."""
    length = math.dist(start, end)
    step = dash * 5 / 3
    count = max(1, math.ceil(length / step))
    cuts = [(i * step / length, min(1.0, (i * step + dash) / length)) for i in range(count)] if length else []
    return [(_between(start, end, a), _between(start, end, b)) for a, b in cuts if a < 1]


def _bounds(points: Sequence[Point]) -> Box:
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return (min(xs), min(ys), max(xs), max(ys))


def _between(start: Point, end: Point, share: float) -> Point:
    return (start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)
