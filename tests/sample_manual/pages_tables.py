"""Tables and plain text of the sample: tightening torques, brake specifications, an inspection sheet."""

from itertools import pairwise
from typing import NamedTuple

from tests.sample_manual.ink import Style
from tests.sample_manual.layout import BODY, HEAD, PITCH, page_head
from tests.sample_manual.page import PageSpec
from tests.sample_manual.scan import Scanner
from tests.sample_manual.sheet import Sheet

CELL = Style(13.2, 0.75, tracking=0.25)
GRID_HEAD = Style(15.4, 0.9, tracking=0.2)


class Torque(NamedTuple):
    """One row of the torque table; blank cells inherit from the row above."""

    code: str
    part: tuple[str, ...]
    type: str = ""
    screw: str = ""
    measure: str = ""
    unit: str = "Nm (ft. lbs.)"


NONE = ""
TORQUES: tuple[Torque | str, ...] = (
    "11 12 Cylinder head with cover",
    Torque(
        "1VA",
        ("Cylinder head bolts", "Wash, oil heads only, replace after second use"),
        "V 22 E",
        "M11",
        NONE,
        NONE,
    ),
    Torque("", ("Stage 1",), measure="30"),
    Torque("", ("Stage 2",), measure="50"),
    Torque("", ("Torque angle",), measure="90", unit="°"),
    Torque("", ("Torque",), "V 18 E/V 18 K", "M10", "65"),
    Torque("2VA", ("Cylinder head cover",), "All", "M6", "9"),
    Torque("3VA", ("Camshaft sprocket to camshaft",), "V 18 E/V 18 K", "M10", "48"),
    Torque("", (), "V 22 E", "M12", "60"),
    Torque("4VA", ("Camshaft bearing caps",), "All", "M7", "15"),
    Torque("", (), "", "M8", "22"),
    "11 13 Oil pan",
    Torque("1VA", ("Oil pan to crankcase", "Use new gasket"), "All", "M6 8.8", "10"),
    Torque("", (), "", "M6 10.9", "12"),
    Torque("", (), "", "M8 8.8", "23"),
    Torque("2VA", ("Oil drain plug",), "All", "M12x1.5", "33"),
)

GRID_X = (9, 575, 780, 900, 965, 1064)


def _draw_torques(sheet: Sheet) -> None:
    sheet.text(11, 50, "VND11-2.tab", Style(13, 0.1))
    sheet.text(161, 50, "12/03/86", Style(13, 0.1))
    sheet.rect((9, 68, 1064, 880), 3)
    y = _torque_head(sheet)
    for row in TORQUES:
        y = _torque_group(sheet, y, row) if isinstance(row, str) else _torque_row(sheet, y, row)
    for x in GRID_X[1:-1]:
        sheet.line([(x, 68), (x, y)], 2)


def _torque_head(sheet: Sheet) -> float:
    sheet.text(30, 92, "11 - 2", GRID_HEAD._replace(size=18))
    sheet.text(106, 92, "Engine", GRID_HEAD._replace(size=18))
    for (left, right), head in zip(pairwise(GRID_X[1:]), ("Type", "Screw", "Meas.", "Unit"), strict=True):
        sheet.text((left + right) / 2, 91, head, GRID_HEAD, "m")
    sheet.line([(9, 107), (1064, 107)], 2)
    return 107


def _torque_group(sheet: Sheet, y: float, name: str) -> float:
    sheet.rect((577, y + 2, 1062, y + 32), 0, 255)
    sheet.text(15, y + 19, name, GRID_HEAD)
    sheet.line([(9, y + 32), (1064, y + 32)], 2)
    return y + 32


def _torque_row(sheet: Sheet, y: float, row: Torque) -> float:
    height = 30 + 15 * max(0, len(row.part) - 1)
    sheet.text(30, y + 19, row.code, CELL)
    for i, line in enumerate(row.part):
        sheet.text(76, y + 19 + i * PITCH, line, CELL)
    sheet.text(581, y + 19, row.type, CELL)
    for (left, right), cell in zip(pairwise(GRID_X[2:]), (row.screw, row.measure, row.unit), strict=True):
        sheet.text((left + right) / 2, y + 19, cell, CELL, "m")
    sheet.line([(9, y + height), (1064, y + height)], 2)
    return y + height


BRAKES: tuple[tuple[str, str, str, str], ...] = (
    ("Front brakes", "", "", ""),
    ("Brake disc diameter", "mm (in.)", "256 (10.079)", "280 (11.024)"),
    ("Brake disc thickness, new", "mm (in.)", "12.7 (0.500)", "22.0 (0.866)"),
    ("Minimum thickness after grinding*", "mm (in.)", "11.1 (0.437)", "20.4 (0.803)"),
    ("Max. lateral runout, disc installed", "mm (in.)", "0.20 (0.008)", "0.15 (0.006)"),
    ("Max. difference in thickness", "mm (in.)", "0.02 (0.0008)", "0.02 (0.0008)"),
    ("Caliper piston diameter", "mm (in.)", "48 (1.890)", "54 (2.126)"),
    ("Pad thickness, wear limit**", "mm (in.)", "2.5 (0.098)", "3.0 (0.118)"),
    ("Rear brakes", "", "", ""),
    ("Brake drum / disc diameter", "mm (in.)", "228.6 (9.000)", "258 (10.157)"),
    ("Brake drum, max. diameter", "mm (in.)", "229.6 (9.039)", "–"),
    ("Max. out-of-round", "mm (in.)", "0.05 (0.002)", "–"),
    ("Hydraulics", "", "", ""),
    ("Master cylinder diameter", "mm (in.)", "20.64 (13/16)", "22.20 (7/8)"),
    ("Push rod play", "mm (in.)", "0.7 – 1.2", "0.7 – 1.2"),
    ("Low pressure test: pressure / time", "bar / min", "2 to 5 / 5", "2 to 5 / 5"),
    ("High pressure test: pressure / drop", "bar / %", "50 to 100 / 10", "50 to 100 / 10"),
    ("Brake fluid", "", "DOT 4", "DOT 4"),
    ("Brake fluid change", "", "every 2 years", "every 2 years"),
)


def _draw_brakes(sheet: Sheet) -> None:
    page_head(sheet, "34 – 9")
    sheet.text(600, 66, "SPECIFICATIONS – BRAKES", HEAD._replace(size=15), "m")
    sheet.line([(60, 86), (1140, 86)], 1.6)
    for x, head in ((600, "Unit"), (760, "Tarn 18"), (960, "Tarn 22")):
        sheet.text(x, 106, head, HEAD)
    sheet.line([(60, 116), (1140, 116)], 1.0)
    y = 140.0
    for name, unit, small, large in BRAKES:
        if not small:
            y += 8
            sheet.text(60, y, name, HEAD)
        else:
            end = sheet.text(84, y, name, BODY)
            _dotted(sheet, end + 8, 588, y)
            for x, cell in ((600, unit), (760, small), (960, large)):
                sheet.text(x, y, cell, BODY)
        y += 26
    sheet.line([(60, y - 12), (1140, y - 12)], 1.6)
    for i, note in enumerate(
        (
            "* Minimum thickness is stamped on the brake disc hub. Grind both sides evenly.",
            "** Warning lamp comes on. Replace all pads of an axle – see 34 11 000.",
        )
    ):
        sheet.text(60, y + 22 + i * 18, note, BODY)


def _dotted(sheet: Sheet, x: float, end: float, y: float) -> None:
    while x < end:
        sheet.rect((x, y - 1.6, x + 1.5, y - 0.1), 0, 0)
        x += 7.6


JOBS_LEFT = (
    "_ENGINE COMPARTMENT",
    "Change engine oil and oil filter with engine at operating temperature.",
    "Check valve clearance, adjusting if necessary 11 34 004.",
    "Check coolant level and antifreeze protection: -30 °C (-22 °F).",
    'Check V-belts for cracks. Deflection under thumb pressure: 5 to 10 mm (0.2 to 0.4").',
    'Replace spark plugs. Electrode gap 0.7 + 0.1 mm (0.028 + 0.004").',
    "Check idle speed: 800 ± 50 rpm. CO content: 1.0 ± 0.5 % by volume.",
    "Clean ground connection of battery and check acid level.",
)
JOBS_RIGHT = (
    "_CHASSIS",
    "Check oil level in manual transmission and final drive.",
    "Check steering gear and joints for tightness and play.",
    "Check thickness of brake pads without removing wheels (wear limit – see 34 - 9).",
    "Check parking brake: it must hold at the 6th notch.",
    "Correct tire pressures, spare wheel included: 2.0 bar (29 psi) front, 2.2 bar (32 psi) rear.",
    "_BODY",
    "Grease hood lock, door hinges and door stops.",
    "Check seat belts and their buckles.",
    "_Caution:",
    "Never start a road test before the brake pedal has been pumped several times.",
)


def _draw_inspection(sheet: Sheet) -> None:
    page_head(sheet, "00 – 4")
    sheet.text(60, 84, "00 00 110", HEAD)
    sheet.text(150, 84, "INSPECTION I", HEAD)
    intro = "After 15,000 km (9,000 miles) or once a year, whichever comes first. Working time: 24 units."
    sheet.paragraph(60, 112, 1000, intro, BODY, PITCH)
    _jobs(sheet, 60, 150, JOBS_LEFT)
    _jobs(sheet, 640, 150, JOBS_RIGHT)
    sheet.line([(606, 140), (606, 560)], 1.0)


def _jobs(sheet: Sheet, x: float, y: float, jobs: tuple[str, ...]) -> None:
    for job in jobs:
        if job.startswith("_"):
            sheet.text(x, y + 4, job[1:], HEAD)
            y += 26
            continue
        sheet.text(x, y, "•", BODY)
        y = sheet.paragraph(x + 16, y, 500, job, BODY._replace(weight=0.2), PITCH) + 9


PAGES = (
    PageSpec(
        "00 - Maintenance/00-04.jpg",
        "service_manual",
        "text",
        "00",
        "00 00 110 INSPECTION I",
        _draw_inspection,
        Scanner(4, skew=-0.4),
    ),
    PageSpec(
        "00 - Torque Specs/11-02.jpg",
        "service_manual",
        "specification",
        "11",
        "11 - 2 Engine / 11 12 Cylinder head with cover / 11 13 Oil pan",
        _draw_torques,
        Scanner(1102, skew=0.15, noise=2.5, specks=6, frame=False, dpi=200),
    ),
    PageSpec(
        "34 - Brakes/34-09.jpg",
        "service_manual",
        "specification",
        "34",
        "SPECIFICATIONS – BRAKES",
        _draw_brakes,
        Scanner(3409, skew=-0.6, blur=0.7, noise=6.0),
    ),
)
