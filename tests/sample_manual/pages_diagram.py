"""The exploded view of the sample's oil pump, with its legend."""

import math

from tests.sample_manual.ink import Style
from tests.sample_manual.layout import BODY, HEAD, PITCH, page_head
from tests.sample_manual.page import PageSpec
from tests.sample_manual.scan import Scanner
from tests.sample_manual.sheet import Point, Sheet

LEGEND = (
    ("1", "Sprocket nut, left-hand thread", "25 Nm (18 ft. lbs.)"),
    ("2", "Sprocket", ""),
    ("3", "Woodruff key", ""),
    ("4", "Pump housing", ""),
    ("5", "Inner rotor with shaft", ""),
    ("6", "Outer rotor", ""),
    ("7", "Pump cover", ""),
    ("8", "Bolt M 6 x 25", "10 Nm (7 ft. lbs.)"),
    ("9", "Relief valve piston", ""),
    ("10", "Spring", 'free length 46.8 mm (1.843")'),
    ("11", "Sealing ring*", ""),
    ("12", "Plug", "40 Nm (30 ft. lbs.)"),
    ("13", "Suction pipe with strainer", ""),
)
NUMBER = Style(17, 0.8)

# The parts hang on an axis that runs down from the upper left; 1 along it is one pixel.
ORIGIN, AXIS = (130.0, 250.0), (0.93, 0.37)


def _along(distance: float, up: float = 0.0) -> Point:
    return (ORIGIN[0] + AXIS[0] * distance, ORIGIN[1] + AXIS[1] * distance - up)


def _draw(sheet: Sheet) -> None:
    page_head(sheet, "11 – 20a")
    sheet.text(600, 70, "OIL PUMP – EXPLODED VIEW", HEAD._replace(size=15), "m")
    sheet.line([_along(-30), _along(560)], 0.8, dash=9)
    sheet.line([_along(190, -86), _along(520, -86)], 0.8, dash=9)
    _nut_and_sprocket(sheet)
    _housing(sheet)
    _rotors(sheet)
    _cover(sheet)
    _relief_valve(sheet)
    _strainer(sheet)
    _numbers(sheet)
    _legend(sheet)


def _flat(sheet: Sheet, centre: Point, r: float, thick: float, fill: int = 255) -> None:
    """A flat round part seen at a slant: an ellipse and the edge behind it."""
    x, y = centre
    back = (x + AXIS[0] * thick, y + AXIS[1] * thick)
    sheet.ellipse((back[0] - r * 0.42, back[1] - r, back[0] + r * 0.42, back[1] + r), 1.4, fill)
    band = [(x, y - r), (back[0], back[1] - r), (back[0], back[1] + r), (x, y + r)]
    sheet.polygon(band, fill, 0)
    sheet.line([band[0], band[1]], 1.4)
    sheet.line([band[2], band[3]], 1.4)
    sheet.ellipse((x - r * 0.42, y - r, x + r * 0.42, y + r), 1.4, fill)


def _hub(sheet: Sheet, centre: Point, r: float) -> None:
    x, y = centre
    sheet.ellipse((x - r * 0.42, y - r, x + r * 0.42, y + r), 1.2, 255)
    sheet.arc((x - r * 0.3, y - r * 0.8, x + r * 0.5, y + r * 0.8), 100, 260, 2.4)


def _teeth(sheet: Sheet, centre: Point, r: float, count: int) -> None:
    x, y = centre
    rim = []
    for i in range(count * 4):
        reach = r * (1.0 if i % 4 in (0, 1) else 0.87)
        angle = 2 * math.pi * i / (count * 4)
        rim.append((x + 0.42 * reach * math.cos(angle), y + reach * math.sin(angle)))
    shadow = [(px + 9, py + 4) for px, py in rim]
    sheet.polygon(shadow, 255, 1.2)
    sheet.hatch(shadow, 3.2, 0.7, 0.9)
    sheet.polygon(rim, 255, 1.4)


def _nut_and_sprocket(sheet: Sheet) -> None:
    x, y = _along(0)
    corners = [(x + 8 * math.cos(math.radians(60 * i)), y + 16 * math.sin(math.radians(60 * i))) for i in range(6)]
    sheet.polygon([(px + 10, py + 4) for px, py in corners], 255, 1.3)
    sheet.polygon(corners, 255, 1.3)
    _hub(sheet, (x, y), 9)
    _teeth(sheet, _along(70), 62, 26)
    _hub(sheet, _along(70), 42)
    _hub(sheet, _along(70), 14)
    sheet.rect((_along(112)[0] - 8, _along(112)[1] - 4, _along(112)[0] + 8, _along(112)[1] + 4), 1.3, 255)


def _housing(sheet: Sheet) -> None:
    x, y = _along(185)
    body = [
        (x - 26, y - 96),
        (x + 46, y - 70),
        (x + 62, y + 30),
        (x + 46, y + 128),
        (x - 20, y + 116),
        (x - 40, y + 6),
    ]
    sheet.polygon(body, 255, 1.8)
    rim = [
        (x + 46, y - 70),
        (x + 62, y + 30),
        (x + 46, y + 128),
        (x + 32, y + 124),
        (x + 46, y + 30),
        (x + 32, y - 75),
    ]
    sheet.hatch(rim, 3.4, 0.8, 0.9)
    sheet.polygon(rim, None, 1.2)
    sheet.screen([(x - 26, y - 90), (x - 8, y - 84), (x - 14, y + 110), (x - 20, y + 110), (x - 38, y + 6)], 3)
    _hub(sheet, (x + 2, y), 46)
    _hub(sheet, (x + 2, y), 18)
    for dx, dy in ((-14, -74), (30, -58), (34, 106), (-8, 100)):
        sheet.ellipse((x + dx - 4, y + dy - 7, x + dx + 4, y + dy + 7), 1.2, 255)


def _rotors(sheet: Sheet) -> None:
    _teeth(sheet, _along(285), 34, 8)
    sheet.line([_along(262, 6), _along(316, 6)], 1.4)
    sheet.line([_along(262, -6), _along(316, -6)], 1.4)
    _hub(sheet, _along(262), 6)
    _flat(sheet, _along(352), 52, 18)
    _teeth(sheet, _along(352), 40, 9)
    x, y = _along(352)
    sheet.ellipse((x - 13, y - 31, x + 13, y + 31), 1.3, 255)


def _cover(sheet: Sheet) -> None:
    _flat(sheet, _along(438), 74, 12)
    x, y = _along(438)
    sheet.ellipse((x - 16, y - 38, x + 16, y + 38), 1.0)
    sheet.screen([(x - 12, y - 30), (x + 12, y - 30), (x + 12, y - 6), (x - 12, y - 6)], 3)
    for turn in (40, 130, 220, 310):
        dx, dy = 0.42 * 62 * math.cos(math.radians(turn)), 62 * math.sin(math.radians(turn))
        sheet.ellipse((x + dx - 3, y + dy - 6, x + dx + 3, y + dy + 6), 1.1, 255)
    for up in (52, -52):
        _bolt(sheet, _along(505, up))


def _bolt(sheet: Sheet, at: Point) -> None:
    x, y = at
    sheet.polygon([(x, y - 4), (x + 34, y + 9), (x + 34, y + 17), (x, y + 4)], 255, 1.2)
    for i in range(7):
        sheet.line([(x + 3 + i * 3.4, y - 3 + i * 1.35), (x + 1 + i * 3.4, y + 5 + i * 1.35)], 0.8)
    sheet.polygon([(x + 34, y + 2), (x + 46, y + 7), (x + 46, y + 25), (x + 34, y + 22)], 255, 1.3)


def _relief_valve(sheet: Sheet) -> None:
    """Piston, spring, sealing ring and plug in front of the bore at the foot of the housing."""
    start = _along(262, -86)
    end = (start[0] + 44, start[1] + 17)
    sheet.ellipse((end[0] - 6, end[1] - 13, end[0] + 6, end[1] + 13), 1.3, 255)
    sheet.polygon(
        [(start[0], start[1] - 13), (end[0], end[1] - 13), (end[0], end[1] + 13), (start[0], start[1] + 13)],
        255,
        0,
    )
    for side in (-13, 13):
        sheet.line([(start[0], start[1] + side), (end[0], end[1] + side)], 1.3)
    _hub(sheet, start, 13)
    for i in range(8):
        x, y = _along(330 + i * 9, -86)
        sheet.ellipse((x - 5, y - 13, x + 6, y + 13), 1.5)
    x, y = _along(425, -86)
    sheet.ellipse((x - 6, y - 14, x + 6, y + 14), 1.4, 255)
    sheet.ellipse((x - 3, y - 8, x + 3, y + 8), 1.2, 255)
    x, y = _along(465, -86)
    sheet.polygon([(x, y - 10), (x + 26, y), (x + 26, y + 20), (x, y + 10)], 255, 1.3)
    for i in range(6):
        sheet.line([(x + 2 + i * 4, y - 9 + i * 1.5), (x + 1 + i * 4, y + 10 + i * 1.6)], 0.8)
    _flat(sheet, (x + 26, y + 10), 19, 9)


def _strainer(sheet: Sheet) -> None:
    x, y = 300, 640
    for width, grey in ((17, 0), (13, 255)):
        sheet.line([(262, 470), (256, 540), (276, 592), (300, 632)], width, grey)
    sheet.ellipse((248, 458, 276, 476), 1.3, 255)
    sheet.ellipse((x - 66, y - 12, x + 66, y + 44), 1.6, 255)
    sheet.ellipse((x - 66, y - 24, x + 66, y + 30), 1.6, 255)
    mesh = [(x + 52 * math.cos(a / 10), y + 3 + 19 * math.sin(a / 10)) for a in range(63)]
    sheet.hatch(mesh, 5, 1.0, 0.7)
    sheet.hatch(mesh, 5, -1.0, 0.7)
    sheet.polygon(mesh, None, 1.2)
    for width, grey in ((17, 0), (13, 255)):
        sheet.line([(276, 592), (296, 626)], width, grey)


def _numbers(sheet: Sheet) -> None:
    places = (
        ("1", 118, 186, _along(4, 12)),
        ("2", 206, 170, _along(72, 54)),
        ("3", 258, 222, _along(112, 4)),
        ("4", 330, 178, _along(196, 60)),
        ("5", 392, 262, _along(285, 26)),
        ("6", 474, 282, _along(356, 44)),
        ("7", 562, 320, _along(442, 62)),
        ("8", 672, 366, (642, 388)),
        ("9", 366, 490, _along(282, -96)),
        ("10", 452, 524, _along(362, -98)),
        ("11", 528, 552, _along(425, -98)),
        ("12", 604, 576, _along(490, -100)),
        ("13", 190, 566, (258, 552)),
    )
    for number, x, y, to in places:
        sheet.line([(x, y), to], 1.0)
        sheet.circle(x, y, 12.5, 1.2, 255)
        sheet.text(x, y + 6, number, NUMBER, "m")


def _legend(sheet: Sheet) -> None:
    y = 560.0
    for number, name, value in LEGEND:
        sheet.text(730, y, number, BODY)
        end = sheet.text(762, y, name, BODY)
        if value:
            sheet.text(max(end + 18, 960), y, value, BODY)
        y += 20
    sheet.text(730, y + 14, "* Always replace", BODY)
    sheet.paragraph(730, y + 40, 420, "Note: Turn outer rotor so that its mark faces the cover.", BODY, PITCH)
    sheet.text(80, 880, "08 11 061", Style(11.6, 0.2, tracking=0.7))


PAGES = (
    PageSpec(
        "11 - Engine/11-20a.jpg",
        "service_manual",
        "diagram",
        "11",
        "OIL PUMP – EXPLODED VIEW",
        _draw,
        Scanner(1120, skew=0.3),
    ),
)
