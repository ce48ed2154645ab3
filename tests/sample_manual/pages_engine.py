"""Section 11 of the sample: index, a procedure page and its continuation, which has no title."""

from tests.sample_manual import pictures_engine as pic
from tests.sample_manual.ink import Style
from tests.sample_manual.layout import (
    BODY,
    FIGURE_X,
    PITCH,
    SMALL,
    TITLE,
    Mark,
    Panel,
    draw_panel,
    footnote,
    grid,
    index_list,
    page_head,
)
from tests.sample_manual.page import PageSpec
from tests.sample_manual.scan import Scanner
from tests.sample_manual.sheet import Sheet
from tests.sample_manual.truth import Row

FOLDER = "11 - Engine"

INDEX = (
    Row("11 00 039", "Compression of all cylinders - check", "11-10"),
    Row("11 00 050", "Engine - remove and install", "11-11"),
    Row("11 12 000", "Cylinder head cover - remove and install", "11-12"),
    Row("11 12 085", "Cylinder head bolts - retighten", "11-12"),
    Row("11 12 100", "Cylinder head - remove and install", "11-12a"),
    Row("11 12 719", "Cylinder head sealing face - grind (cylinder head disassembled)", "11-12b"),
    Row("11 13 020", "Oil pan - remove and install", "11-14"),
    Row("11 14 120", "Timing case cover - remove and install/seal", "11-13"),
    Row("11 14 141", "Radial oil seal in timing case cover - replace", "11-15"),
    Row("11 21 000", "Crankshaft - remove and install", "11-16"),
    Row("11 21 531", "Main bearing shells - replace (engine disassembled)", "11-16a"),
    Row("11 22 000", "Flywheel - remove and install", "11-17"),
    Row("11 31 005", "Timing chain - remove and install", "11-13"),
    Row("11 34 004", "Valve clearance - check and adjust", "11-12"),
    Row("11 41 000", "Oil pump - remove and install (oil pan removed)", "11-20"),
    Row("11 41 015", "Oil pump - disassemble", "11-20a"),
    Row("11 42 020", "Oil filter housing - reseal", "11-21"),
    Row("", "Engine - troubleshoot", "11-30"),
)

VALVES = (
    Panel(
        0,
        38,
        (
            "Coolant temperature below 35 °C (95 °F).",
            "Remove cylinder head cover 11 12 000.",
            "Turn crankshaft clockwise until notch (1) on vibration damper lines up with pointer (2).",
        ),
        pic.damper_mark,
        "408 11 012",
        (Mark("1", 226, 60, (158, 54)), Mark("2", 108, 24, (150, 28))),
        ("11 34 004", "CHECKING AND ADJUSTING VALVE CLEARANCE", "– Engine Cold –"),
    ),
    Panel(
        0,
        256,
        (
            "Push feeler gage 11 3 070 between cam (3) and follower (4).",
            "Valve clearance:",
            'Intake\t0.25 ± 0.05 mm (0.010 ± 0.002")',
            'Exhaust\t0.35 ± 0.05 mm (0.014 ± 0.002")',
        ),
        pic.cam_and_feeler,
        "408 11 013",
        (
            Mark("3", 70, 34, (124, 44)),
            Mark("4", 60, 176, (124, 152)),
            Mark("11 3 070", 216, 178, (220, 136)),
        ),
    ),
    Panel(
        0,
        472,
        (
            "Check in firing order 1 – 3 – 4 – 2.",
            "Turn adjusting disc (5) with pliers 11 3 080 and lift it out. Discs come in steps of 0.05 mm.",
            "Note: The marked side of the disc faces the follower.",
        ),
        pic.firing_order,
        "408 11 014",
        (Mark("5", 150, 24, (106, 104)),),
    ),
    Panel(
        1,
        38,
        (
            "Slacken each bolt by 1/4 turn, then tighten in order 1 to 10.",
            "Stage 1\t30 Nm (22 ft. lbs.)",
            "Stage 2\t50 Nm (37 ft. lbs.)",
            "Wait\t20 minutes",
            "Stage 3\tturn 90 ± 5° with angle gage 11 2 110",
        ),
        pic.head_bolt_wrench,
        "408 11 015",
        (Mark("11 2 110", 56, 60, (104, 90)),),
        ("11 12 085", "RETIGHTENING CYLINDER HEAD BOLTS", ""),
    ),
    Panel(
        1,
        472,
        (
            "_Important!",
            "Bolts may be used twice only. Mark each bolt with a centre punch whenever it is tightened.",
            "Do not oil the threads. Oil in the bores can crack the crankcase.",
        ),
    ),
)

OVERLAP = (("4", "1"), ("2", "3"), ("1", "4"), ("3", "2"))

CHAIN = (
    Panel(
        0,
        38,
        (
            "Hold camshaft sprocket (1) with wrench 11 5 190 and unscrew bolt (2).",
            "_Installation:",
            "Tightening torque: 60 ± 4 Nm (44 ± 3 ft. lbs.).",
        ),
        pic.sprocket,
        "408 11 021",
        (Mark("1", 40, 44, (94, 70)), Mark("2", 200, 168, (158, 112)), Mark("11 5 190", 226, 36, (236, 76))),
    ),
    Panel(
        0,
        256,
        (
            "Press back chain tensioner (3) and secure it with a pin (4) of 3 mm dia.",
            "Unscrew bolts and take out guide rail (5).",
            "Note: Do not turn engine while tensioner is pinned, the chain would jump.",
        ),
        pic.tensioner,
        "408 11 022",
        (Mark("3", 166, 170, (166, 130)), Mark("4", 180, 26, (130, 56)), Mark("5", 36, 116, (86, 120))),
    ),
    Panel(
        0,
        472,
        (
            "_Installation:",
            "With piston of cylinder 1 in T.D.C., mark (A) on sprocket must face mark (B) on crankcase.",
            "Turn crankshaft twice and check marks again.",
        ),
        pic.chain_marks,
        "408 11 023",
        (Mark("A", 214, 96, (152, 102)), Mark("B", 92, 50, (148, 80))),
    ),
    Panel(
        0,
        690,
        (
            "Lay chain on a flat bench and pull it straight.",
            'Max. length of 16 links: 154.5 mm (6.083"). Replace chain and sprockets together.',
        ),
        pic.chain_length,
        "08 11 024",
    ),
    Panel(
        1,
        38,
        (
            "Remove all traces of old sealant with scraper 00 4 150.",
            "Lay a bead of sealing com\u00adpound S 40, 2 mm thick, around sealing face.",
            "Fill corners (arrows) with more compound.",
            "Fit cover within 10 minutes.",
        ),
        pic.cover_bead,
        "408 11 025",
    ),
    Panel(
        1,
        256,
        (
            "Replace O-ring (6) of oil filter housing.",
            "Tighten bolts evenly. Tightening torque: 22 Nm (16 ft. lbs.).",
            "Fill in engine oil. Filling capacity with filter change: 4.75 liters (5.0 US qts.).",
            "Run engine and check for leaks – see 11 42 020.",
        ),
        pic.oil_filter,
        "408 11 026",
        (Mark("6", 52, 130, (96, 90)),),
    ),
    Panel(
        1,
        472,
        (
            "WARNING",
            "Used engine oil harms the skin. Wear gloves and wash off splashes with soap and water.",
        ),
    ),
)


def _draw_index(sheet: Sheet) -> None:
    sheet.text(583, 28, "4", Style(25, 1.6), "m")
    sheet.text(306, 147, "11", TITLE)
    sheet.text(400, 147, "Engine", TITLE)
    sheet.text(385, 251, "VELDMAR Tarn 22 – Engine V 22 E", BODY)
    short = tuple(i > 0 and row.code[:5] == INDEX[i - 1].code[:5] != "" for i, row in enumerate(INDEX))
    index_list(sheet, 281, INDEX, short)
    sheet.line([(7, 6), (1192, 4), (1194, 904)], 2)


def _draw_valves(sheet: Sheet) -> None:
    page_head(sheet, "11 – 12")
    for panel in VALVES:
        draw_panel(sheet, panel)
    _overlap_table(sheet, 315, 580)
    _bolt_order(sheet, FIGURE_X[1] + 6, 280)


def _bolt_order(sheet: Sheet, x: float, y: float) -> None:
    """The order of tightening, drawn on the outline of the cylinder head."""
    outline = [(x, y + 8), (x + 20, y), (x + 262, y), (x + 270, y + 20), (x + 270, y + 132), (x, y + 140)]
    sheet.hatch(outline, 4, 0.9, 0.6)
    sheet.polygon(outline, None, 1.6)
    inner = [(x + 12, y + 44), (x + 258, y + 44), (x + 258, y + 98), (x + 12, y + 98)]
    sheet.polygon(inner, 255, 1.2)
    for i in range(4):
        sheet.circle(x + 47 + i * 59, y + 71, 23, 1.2, 255)
        sheet.circle(x + 47 + i * 59, y + 71, 19, 0.6, 255)
    for i, number in enumerate((8, 4, 1, 5, 9, 7, 3, 2, 6, 10)):
        column, row = i % 5, i // 5
        sheet.circle(x + 20 + column * 58, y + 24 + row * 92, 12.5, 1.2, 255)
        sheet.text(x + 20 + column * 58, y + 30 + row * 92, str(number), BODY._replace(size=16), "m")
    sheet.text(x + 262, y + 164, "08 11 016", SMALL, "r")


def _overlap_table(sheet: Sheet, x: float, y: float) -> None:
    """Which valves can be measured while those of another cylinder overlap."""
    rows = [y + 34 + i * 20 for i in range(len(OVERLAP) + 1)]
    grid(sheet, (x, x + 120, x + 240), (y, *rows), 1.0)
    for column, head in ((0, ("Valves overlap", "in cylinder")), (120, ("Adjust valves", "of cylinder"))):
        for i, line in enumerate(head):
            sheet.text(x + column + 60, y + 14 + i * PITCH, line, BODY, "m")
    for (overlapping, adjusted), row in zip(OVERLAP, rows, strict=False):
        sheet.text(x + 60, row + 14.5, overlapping, BODY, "m")
        sheet.text(x + 180, row + 14.5, adjusted, BODY, "m")


def _draw_chain(sheet: Sheet) -> None:
    page_head(sheet, "11 – 13")
    for panel in CHAIN:
        draw_panel(sheet, panel)
    footnote(sheet, 1, "* See Specifications")


PAGES = (
    PageSpec(
        f"{FOLDER}/11-00-index-a.jpg",
        "service_manual",
        "index",
        "11",
        "11 Engine / VELDMAR Tarn 22 – Engine V 22 E",
        _draw_index,
        Scanner(1100, skew=0.25),
        rows=INDEX,
    ),
    PageSpec(
        f"{FOLDER}/11-12.jpg",
        "service_manual",
        "procedure",
        "11",
        "11 34 004 CHECKING AND ADJUSTING VALVE CLEARANCE / 11 12 085 RETIGHTENING CYLINDER HEAD BOLTS",
        _draw_valves,
        Scanner(1112, skew=-0.25),
    ),
    PageSpec(
        f"{FOLDER}/11-13.jpg",
        "service_manual",
        "procedure",
        "11",
        "",
        _draw_chain,
        Scanner(1113, skew=0.8, blur=0.75, noise=6.0, quality=60),
    ),
)
