"""Symbols of the wiring diagrams: wires with tracers, fuses, connectors, splices, lamps, switches, grounds."""

import math
from collections.abc import Sequence
from itertools import pairwise

from tests.sample_manual.ink import Style, space_width, word_width
from tests.sample_manual.sheet import Point, Sheet, line_width

LABEL = Style(16, 0.9, squeeze=0.84, tracking=1.1)
WIRE = Style(15.5, 0.7, squeeze=0.84, tracking=0.9)
SMALL = Style(13.5, 0.9, squeeze=0.84, tracking=0.9)
TITLE = Style(30, 2.2, squeeze=0.93, tracking=2.0)
LINE = 21.0


def page_title(sheet: Sheet, text: str, right: bool) -> None:
    """The running title with its rule; odd pages carry it at the right."""
    sheet.line([(50, 10), (1740, 9)], 1.6)
    if right:
        sheet.text(1676, 79, text, TITLE, "r")
    else:
        sheet.text(112, 79, text, TITLE)
    sheet.line([(72, 92), (1682, 92)], 3.4)


def label(sheet: Sheet, x: float, y: float, text: str, anchor: str = "l", underline: bool = True) -> float:
    """A name of one or more lines, underlined line by line; returns the baseline after it."""
    for line in text.split("\n"):
        sheet.text(x, y, line, LABEL, anchor)
        if underline:
            width = line_width(line.split(" "), LABEL)
            left = x - {"l": 0.0, "m": width / 2, "r": width}[anchor]
            sheet.line([(left - 2, y + 4), (left + width + 2, y + 4)], 1.6)
        y += LINE + (3 if underline else 0)
    return y


def wire_name(sheet: Sheet, x: float, y: float, text: str) -> None:
    """Size and colours of a wire, to the left of x."""
    sheet.text(x - 12, y, text, WIRE, "r")


def wire(sheet: Sheet, points: Sequence[Point], tracer: bool = True) -> None:
    """A heavy conductor; the white ticks of its tracer run all along."""
    sheet.line(points, 8)
    for x, y in points[1:-1]:
        sheet.circle(x, y, 4, 0, 0)
    if not tracer:
        return
    for start, end in pairwise(points):
        length = math.dist(start, end)
        for i in range(int(length // 34)):
            share = (17 + i * 34) / length
            x, y = start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
            sheet.line(
                [(x - 2.6, y - 9), (x + 2.6, y + 9)] if start[0] == end[0] else [(x - 9, y - 2.6), (x + 9, y + 2.6)],
                2.6,
                255,
            )


def device(sheet: Sheet, box: tuple[float, float, float, float], dashed: bool = True) -> None:
    """A component: screened box, dashed when only a part of it is shown."""
    x0, y0, x1, y1 = box
    corners = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
    sheet.polygon(corners, 255, 0)
    sheet.screen(corners, 4)
    sheet.line([*corners, corners[0]], 2.6, dash=11 if dashed else 0)


def paper(sheet: Sheet, x: float, y: float, text: str, style: Style = LABEL) -> None:
    """A label inside a screened box, on a patch of white."""
    width = line_width(text.split(" "), style)
    sheet.rect((x - 3, y - 15, x + width + 3, y + 4), 0, 255)
    sheet.text(x, y, text, style)


def fuse(sheet: Sheet, x: float, top: float, name: str, rating: str) -> None:
    """A fuse from top to 60 below, named at its right."""
    sheet.circle(x, top, 4, 0, 0)
    sheet.line([(x, top), (x, top + 12)], 2)
    sheet.arc((x - 8, top + 10, x + 8, top + 30), 270, 90, 2.4)
    sheet.arc((x - 8, top + 29, x + 8, top + 49), 90, 270, 2.4)
    sheet.line([(x, top + 48), (x, top + 60)], 2)
    sheet.circle(x, top + 60, 4, 0, 0)
    paper(sheet, x + 18, top + 26, name)
    sheet.line([(x + 17, top + 30), (x + 18 + line_width(name.split(" "), LABEL), top + 30)], 1.6)
    paper(sheet, x + 18, top + 48, rating, SMALL)


def connector(sheet: Sheet, x: float, y: float, pin: str, name: str = "") -> None:
    """An in-line connector: pin number left, connector number right."""
    sheet.rect((x - 9, y - 7, x + 9, y + 7), 0, 255)
    for dy in (-4, 5):
        sheet.arc((x - 12, y + dy - 6, x + 12, y + dy + 12), 200, 340, 3)
    sheet.text(x - 18, y + 7, pin, LABEL, "r")
    if name:
        label(sheet, x + 20, y + 7, name)


def terminal(sheet: Sheet, x: float, y: float, pin: str) -> None:
    """A terminal of a component, with its number to the left."""
    sheet.line([(x, y), (x - 9, y + 10)], 3)
    sheet.line([(x, y), (x + 9, y + 10)], 3)
    sheet.text(x - 16, y + 4, pin, LABEL, "r")


def splice(sheet: Sheet, x: float, y: float, name: str) -> None:
    """A joint of wires."""
    sheet.circle(x, y, 9, 0, 0)
    label(sheet, x + 16, y + 24, name)


def lamp(sheet: Sheet, x: float, y: float) -> None:
    """A bulb, seen as a screened circle with its filament."""
    rim = [(x + 30 * math.cos(a / 8), y + 30 * math.sin(a / 8)) for a in range(51)]
    sheet.polygon(rim, 255, 0)
    sheet.screen(rim, 4)
    sheet.line([*rim, rim[0]], 2.6, dash=9)
    sheet.line([(x, y - 30), (x, y - 12)], 1.8)
    sheet.arc((x - 10, y - 14, x + 10, y + 12), 180, 0, 2.4)
    sheet.line([(x - 10, y - 1), (x - 10, y + 30)], 1.8)


def ground(sheet: Sheet, x: float, y: float, name: str) -> None:
    """A ground point."""
    sheet.circle(x, y, 10, 0, 0)
    for i, half in enumerate((16, 10, 4)):
        sheet.line([(x - half, y + 16 + i * 6), (x + half, y + 16 + i * 6)], 2.4)
    label(sheet, x + 24, y + 6, name)


def switch(sheet: Sheet, x: float, top: float, bottom: float) -> None:
    """An open contact between top and bottom."""
    sheet.line([(x, top), (x, top + 26)], 2)
    sheet.circle(x, top + 26, 5, 0, 0)
    sheet.line([(x, bottom), (x, bottom - 26)], 2)
    sheet.circle(x, bottom - 26, 5, 0, 0)
    sheet.line([(x, bottom - 26), (x + 22, top + 30)], 3)


def black_tag(sheet: Sheet, x: float, y: float, text: str) -> None:
    """White letters on black: when the circuit is hot."""
    style = LABEL._replace(grey=255)
    half = sum(word_width(w, style) + space_width(style) for w in text.split(" ")) / 2 + 8
    sheet.rect((x - half, y - 19, x + half, y + 8), 0, 0)
    sheet.text(x, y, text, style, "m")
