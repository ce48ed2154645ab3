"""Workshop photographs: shaded metal shapes on a dark bench, as a photocopier leaves them."""

import math
import random
from collections.abc import Sequence

from PIL import Image, ImageChops, ImageDraw, ImageFilter

Point = tuple[float, float]

WIDTH, HEIGHT = 280, 212


class Photo:
    """One picture in its own coordinates (280 by 212 unless told), drawn at the sheet's scale."""

    def __init__(self, seed: int, backdrop: int = 60, width: int = WIDTH, height: int = HEIGHT, scale: int = 2) -> None:
        self.width, self.height, self.scale = width, height, scale
        self.rng = random.Random(seed)
        self.image = Image.new("L", (width * scale, height * scale), backdrop)
        self._pen = ImageDraw.Draw(self.image)

    def clutter(self, count: int = 14, dark: int = 25, light: int = 210) -> None:
        """Out-of-focus hoses, brackets and shadows behind the subject."""
        for _ in range(count):
            x, y = self.rng.uniform(-20, self.width), self.rng.uniform(-20, self.height)
            dx, dy = self.rng.uniform(-150, 150), self.rng.uniform(-90, 90)
            grey = self.rng.randrange(dark, light)
            if self.rng.random() < 0.5:
                bend = (x + dx * 0.5 - dy * 0.4, y + dy * 0.5 + dx * 0.4)
                self.tube(curve((x, y), bend, (x + dx, y + dy)), self.rng.uniform(3, 11), grey)
            else:
                self.casting([(x, y), (x + dx, y + dy * 0.3), (x + dx * 0.9, y + dy + 30), (x + 8, y + 40)], grey)
        self.image.paste(self.image.filter(ImageFilter.GaussianBlur(1.2 * self.scale)))

    def fade(self, top: int, bottom: int) -> None:
        """Replace the backdrop by a slope of grey from top to bottom."""
        slope = Image.linear_gradient("L").resize(self.image.size)
        self.image.paste(slope.point(lambda v: round(top + (bottom - top) * v / 255)))

    def casting(self, points: Sequence[Point], grey: int = 150, relief: float = 1.5) -> None:
        """A flat cast face with a lit upper left edge and a shadow at the lower right."""
        for shift, tone in ((relief * 1.6, max(0, grey - 110)), (-relief, min(255, grey + 90)), (0, grey)):
            self._pen.polygon([self._at((x + shift, y + shift)) for x, y in points], fill=tone)
        mask = Image.new("L", self.image.size, 0)
        ImageDraw.Draw(mask).polygon([self._at(p) for p in points], fill=110)
        shine = Image.linear_gradient("L").rotate(self.rng.choice((0, 40, 130, 180))).resize(self.image.size)
        self.image.paste(ImageChops.blend(self.image, shine, 0.55), (0, 0), mask)
        self._pen.line([self._at(p) for p in (*points, points[0])], fill=max(0, grey - 120), width=self.scale)

    def tube(self, points: Sequence[Point], r: float, grey: int = 150) -> None:
        """A round bar, pipe or hose through the points, lit from the upper left."""
        steps = 7
        for step in range(steps):
            share = step / (steps - 1)
            inner = r * (1 - 0.85 * share)
            tone = round(max(0, grey - 120) + (min(255, grey + 100) - max(0, grey - 120)) * share**1.3)
            shift = -r * 0.45 * share
            shifted = [(x + shift * 0.7, y + shift) for x, y in points]
            self._pen.line([self._at(p) for p in shifted], fill=tone, width=max(1, round(2 * inner * self.scale)))
            for p in shifted[1:-1]:
                self._oval(*p, inner, inner, tone)

    def disc(
        self, x: float, y: float, rx: float, ry: float, grey: int = 165, depth: float = 5, gleam: float = 70
    ) -> None:
        """A turned disc seen at a slant, with the fan of light of machined metal."""
        self._oval(x, y + depth, rx, ry, max(0, grey - 120))
        self._oval(x, y + depth / 2, rx, ry, max(0, grey - 60))
        box = self._box(x, y, rx, ry)
        for start in range(0, 360, 5):
            light = gleam * math.cos(math.radians(2 * (start - 35)))
            self._pen.pieslice(box, start, start + 6, fill=round(min(255, max(0, grey + light))))
        self.ring(x, y, rx, ry, max(0, grey - 130))

    def ring(self, x: float, y: float, rx: float, ry: float, grey: int = 20, width: float = 1.2) -> None:
        """An ellipse outline."""
        self._pen.ellipse(self._box(x, y, rx, ry), outline=grey, width=max(1, round(width * self.scale)))

    def hole(self, x: float, y: float, rx: float, ry: float | None = None) -> None:
        """A dark bore with a lit lower lip."""
        ry = rx if ry is None else ry
        self._oval(x + 0.8, y + 0.9, rx + 0.6, ry + 0.6, 225)
        self._oval(x, y, rx, ry, 12)

    def bolt(self, x: float, y: float, r: float, turn: float = 12) -> None:
        """A hexagon head on its washer."""
        self._oval(x + 1, y + 1.4, r * 1.35, r * 1.35, 25)
        self._oval(x, y, r * 1.3, r * 1.3, 130)
        corners = [self._corner(x, y, r, turn + 60 * i) for i in range(6)]
        for i, tone in enumerate((90, 50, 60, 150, 230, 190)):
            self._pen.polygon([self._at(p) for p in (corners[i], corners[(i + 1) % 6], (x, y))], fill=tone)
        self._oval(x, y, r * 0.72, r * 0.72, 205)
        self._oval(x + 0.3, y + 0.4, r * 0.5, r * 0.5, 175)

    def gear(self, x: float, y: float, r: float, teeth: int, squash: float = 1.0, grey: int = 160) -> None:
        """A toothed wheel."""
        outline = []
        for i in range(teeth * 4):
            reach = r if i % 4 in (0, 1) else r * 0.86
            angle = 2 * math.pi * i / (teeth * 4)
            outline.append((x + reach * math.cos(angle), y + reach * squash * math.sin(angle)))
        self._pen.polygon([self._at((px + 2, py + 3)) for px, py in outline], fill=20)
        self._pen.polygon([self._at(p) for p in outline], fill=grey)
        self._pen.line([self._at(p) for p in (*outline, outline[0])], fill=25, width=self.scale)
        self.disc(x, y, r * 0.7, r * 0.7 * squash, grey, 2)

    def spring(self, start: Point, end: Point, r: float, turns: int, grey: int = 190) -> None:
        """A coil spring between two points."""
        length = math.dist(start, end)
        along = ((end[0] - start[0]) / length, (end[1] - start[1]) / length)
        across = (-along[1], along[0])
        path = []
        for i in range(turns * 12 + 1):
            run, swing = length * i / (turns * 12), r * math.sin(2 * math.pi * i / 12)
            path.append((start[0] + along[0] * run + across[0] * swing, start[1] + along[1] * run + across[1] * swing))
        for width, tone, shift in ((3.4, 15, 0.7), (2.4, grey, 0.0), (0.9, 250, -0.5)):
            points = [self._at((x + shift, y + shift)) for x, y in path]
            self._pen.line(points, fill=tone, width=max(1, round(width * self.scale)), joint="curve")

    def dial(self, x: float, y: float, r: float) -> None:
        """A dial gage with its scale, pointer and plunger."""
        self.tube([(x, y + r), (x, y + r * 1.9)], r * 0.14, 150)
        self._oval(x, y, r * 1.12, r * 1.12, 30)
        self._oval(x, y, r, r, 246)
        for i in range(50):
            inner = 0.82 if i % 5 else 0.72
            self._pen.line(
                [self._at(self._corner(x, y, r * k, 7.2 * i)) for k in (inner, 0.94)],
                fill=0,
                width=self.scale,
            )
        self._pen.line([self._at((x, y)), self._at(self._corner(x, y, r * 0.8, -70))], fill=0, width=self.scale)
        self._oval(x, y, r * 0.09, r * 0.09, 0)

    def arrow(self, x: float, y: float, degrees: float, size: float = 22) -> None:
        """The fat white arrow of the workshop manuals; its tip is at (x, y)."""
        shape = (
            (0, 0),
            (-0.62, -0.5),
            (-0.62, -0.22),
            (-1.25, -0.22),
            (-1.25, 0.22),
            (-0.62, 0.22),
            (-0.62, 0.5),
        )
        cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
        points = [(x + size * (a * cos - b * sin), y + size * (a * sin + b * cos)) for a, b in shape]
        self._pen.polygon([self._at(p) for p in points], fill=255)
        self._pen.line([self._at(p) for p in (*points, points[0])], fill=0, width=self.scale)

    def line(self, points: Sequence[Point], grey: int = 20, width: float = 1) -> None:
        """A plain stroke."""
        self._pen.line([self._at(p) for p in points], fill=grey, width=max(1, round(width * self.scale)))

    def developed(self, contrast: float = 1.7, grain: int = 46) -> Image.Image:
        """The print: slightly soft, hard in contrast, grainy."""
        soft = self.image.filter(ImageFilter.GaussianBlur(0.5 * self.scale))
        size = (self.width, self.height)
        noise = Image.frombytes("L", size, self.rng.randbytes(self.width * self.height)).resize(soft.size)
        noise = noise.point(lambda v: 128 + round((v - 128) * grain / 128))
        grainy = ImageChops.add(soft, noise, scale=1, offset=-128)
        return grainy.point(lambda v: round(min(255, max(0, 118 + (v - 118) * contrast))))

    def _oval(self, x: float, y: float, rx: float, ry: float, grey: int) -> None:
        self._pen.ellipse(self._box(x, y, rx, ry), fill=grey)

    def _box(self, x: float, y: float, rx: float, ry: float) -> tuple[float, float, float, float]:
        s = self.scale
        return ((x - rx) * s, (y - ry) * s, (x + rx) * s, (y + ry) * s)

    def _corner(self, x: float, y: float, r: float, degrees: float) -> Point:
        return (x + r * math.cos(math.radians(degrees)), y + r * math.sin(math.radians(degrees)))

    def _at(self, point: Point) -> Point:
        return (point[0] * self.scale, point[1] * self.scale)


def curve(start: Point, bend: Point, end: Point, count: int = 10) -> list[Point]:
    """Points along the bow from start to end that is pulled towards bend."""
    path = []
    for i in range(count + 1):
        t = i / count
        a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
        path.append((a * start[0] + b * bend[0] + c * end[0], a * start[1] + b * bend[1] + c * end[1]))
    return path
