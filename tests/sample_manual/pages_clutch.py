"""Section 21 of the sample: index, two procedure pages and the troubleshooting table of the clutch."""

from tests.sample_manual import pictures as pic
from tests.sample_manual.ink import Style
from tests.sample_manual.layout import (
    BODY,
    HEAD,
    PITCH,
    TITLE,
    Mark,
    Panel,
    draw_panel,
    footnote,
    index_list,
    page_head,
)
from tests.sample_manual.page import PageSpec
from tests.sample_manual.scan import Scanner
from tests.sample_manual.sheet import Sheet
from tests.sample_manual.truth import Row

FOLDER = "21 - Clutch"

INDEX = (
    Row("21 00 006", "Clutch - bleed", "21-5"),
    Row("21 11 000", "Clutch housing - remove and install", "21-1"),
    Row("21 21 000", "Clutch disc - remove and install", "21-3"),
    Row("21 21 565", "Drive plate - check for runout", "21-4"),
    Row("21 21 580", "Pilot bearing in crankshaft - replace", "21-4"),
    Row("21 51 000", "Clutch release - remove and install / replace", "21-4a"),
    Row("21 52 000", "Clutch master cylinder - remove and install", "21-5a"),
    Row("21 52 010", "Clutch slave cylinder - remove and install", "21-5"),
    Row("21 52 512", "Clutch slave cylinder - overhaul (cylinder removed)", "21-5"),
    Row("", "Clutch - troubleshoot", "21-7"),
)

REMOVING = (
    Panel(
        0,
        38,
        (
            "Remove transmission 23 00 020.",
            "Lock flywheel with holder 11 4 270.",
            "Slacken bolts (1) one turn at a time, work\u00ading crosswise.",
        ),
        pic.pressure_plate,
        "415 21 031",
        (Mark("1", 96, 30, (121, 44)), Mark("11 4 270", 60, 196, (214, 178))),
        ("21 21 000", "REMOVING AND INSTALLING CLUTCH DISC", ""),
    ),
    Panel(
        0,
        256,
        (
            "Centre drive plate with mandrel 21 4 130.",
            "Take off clutch cover (2) together with drive plate (3).",
            "_Important!",
            "Do not let drive plate drop: the lining is brittle.",
        ),
        pic.cover_and_mandrel,
        "415 21 032",
        (
            Mark("2", 118, 22, (118, 52)),
            Mark("3", 196, 24, (190, 60)),
            Mark("21 4 130", 226, 150, (240, 116)),
        ),
    ),
    Panel(
        0,
        472,
        (
            "Measure thickness of drive plate at the rivets with a vernier caliper.",
            'New\t8.4 ± 0.3 mm (0.331 ± 0.012")',
            'Wear limit\t6.2 mm (0.244")',
        ),
        pic.lining_gage,
        "415 21 033",
    ),
    Panel(
        0,
        690,
        (
            "Turn pilot bearing (4) by hand. If it feels rough or is noisy, replace it 21 21 580.",
            "Check centering sleeves (5) for damage.",
        ),
        pic.pilot_bearing,
        "415 21 034",
        (Mark("4", 214, 40, (156, 96)), Mark("5", 40, 176, (76, 132))),
    ),
    Panel(
        1,
        38,
        (
            "_Installation:",
            "Clean friction face of flywheel with solvent V 15 only.",
            "Long end of hub (H) faces transmission.",
        ),
        pic.drive_plate,
        "415 21 035",
        (Mark("H", 196, 48, (188, 92)),),
    ),
    Panel(
        1,
        256,
        (
            "Rub a very thin film of Longlife grease LG 2 on splines of input shaft (6).",
            "Note: Surplus grease is thrown on the lining and makes the clutch slip.",
        ),
        pic.input_shaft,
        "415 21 036",
        (Mark("6", 186, 40, (176, 96)),),
    ),
    Panel(
        1,
        472,
        (
            "Tighten bolts crosswise in three stages, turning the mandrel to keep it free.",
            "Tightening torque:",
            "M 8 – 8.8\t24 ± 2 Nm (18 ± 1.5 ft. lbs.)",
            "M 8 – 10.9\t34 ± 2 Nm (25 ± 1.5 ft. lbs.)",
        ),
        pic.plate_bolts,
        "415 21 037",
    ),
)


def _draw_index(sheet: Sheet) -> None:
    sheet.text(588, 26, "28", Style(25, 1.6), "m")
    sheet.text(310, 646, "21", TITLE)
    sheet.text(404, 646, "Clutch", TITLE)
    short = tuple(row.code in ("21 21 565", "21 21 580", "21 52 010", "21 52 512") for row in INDEX)
    index_list(sheet, 746, INDEX, short)


def _draw_removing(sheet: Sheet) -> None:
    page_head(sheet, "21 – 3")
    for panel in REMOVING:
        draw_panel(sheet, panel)
    _asbestos_warning(sheet)


def _asbestos_warning(sheet: Sheet) -> None:
    sheet.rect((704, 722, 1184, 822), 1.8)
    sheet.text(944, 744, "WARNING", HEAD._replace(size=16, tracking=2), "m")
    text = (
        "Clutch dust may contain asbestos. Never blow out the clutch housing with compressed air. "
        "Take up dust with vacuum cleaner 00 9 310 and wear a breathing mask."
    )
    sheet.paragraph(718, 766, 454, text, BODY, PITCH)


SLAVE = (
    Panel(
        0,
        38,
        (
            "Draw off brake fluid from reservoir down to the hose connection.",
            "Disconnect line (1) and close it with a plug.",
            "Unscrew nuts (2) and pull out slave cylinder (3).",
            "_Installation:",
            "Tightening torque: 22 ± 3 Nm (16 ± 2 ft. lbs.).",
            "Bleed clutch 21 00 006.",
        ),
        pic.slave_cylinder,
        "415 21 051",
        (Mark("1", 236, 24, (264, 44)), Mark("2", 92, 180, (130, 142)), Mark("3", 218, 150, (192, 104))),
        ("21 52 010", "REMOVING AND INSTALLING CLUTCH SLAVE CYLINDER", ""),
    ),
    Panel(
        0,
        256,
        (
            "Use repair kit:",
            "(1) dust boot, (2) push rod, (3) lock ring, (4) piston, (5) cup seal, (6) spring and (7) bleeder screw.",
        ),
        pic.repair_kit,
        "22 21 052",
        (
            Mark("1", 24, 130, (28, 100)),
            Mark("2", 66, 64, (70, 96)),
            Mark("3", 100, 160, (107, 126)),
            Mark("4", 138, 84, (138, 108)),
            Mark("5", 164, 176, (172, 146)),
            Mark("6", 250, 112, (232, 136)),
            Mark("7", 184, 44, (208, 58)),
        ),
        ("21 52 512", "OVERHAULING CLUTCH SLAVE CYLINDER", "– Cylinder Removed –"),
    ),
    Panel(
        0,
        472,
        (
            "Clean all parts in methylated spirit and dry with compressed air.",
            'Bore may be honed up to 20.70 mm (0.815").',
            "_Important!",
            "Fit cup seal (5) with its lip facing the spring (6). Coat piston with brake cylinder paste.",
        ),
        pic.cylinder_bore,
        "22 21 053",
    ),
)


BLEEDING = (
    Panel(
        1,
        38,
        (
            "1. Fill reservoir with DOT 4 brake fluid up to the MAX mark.",
            "2. Push a hose on bleeder screw (7) and hang its free end in a jar (8) half full of brake fluid.",
            "3. Have a second person pump the pedal 10 times and hold it down.",
            "4. Open bleeder screw half a turn until no more bubbles rise.",
            "5. Close bleeder screw, then release pedal. Tightening torque: 8 Nm (6 ft. lbs.).",
        ),
        pic.bleeding,
        "415 21 054",
        (Mark("7", 58, 22, (96, 34)), Mark("8", 150, 160, (192, 150))),
        ("21 00 006", "BLEEDING CLUTCH", ""),
    ),
    Panel(
        1,
        290,
        (
            "6. Measure travel S of push rod with pedal fully depressed.",
            'Travel S\t14.5 to 16.0 mm (0.571 to 0.630")',
            "If travel is too short, bleed once more or check master cylinder.",
        ),
        pic.pedal_travel,
        "22 21 055",
        (Mark("S", 103, 172),),
    ),
    Panel(
        1,
        540,
        (
            "CAUTION",
            "Brake fluid dissolves paint. Rinse off splashes with plenty of water at once.",
            "Never reuse fluid that has been drawn off.",
        ),
    ),
)


def _draw_slave(sheet: Sheet) -> None:
    page_head(sheet, "21 – 5")
    for panel in (*SLAVE, *BLEEDING):
        draw_panel(sheet, panel)
    footnote(sheet, 1, "* See Specifications")


PAGES = (
    PageSpec(
        f"{FOLDER}/21-00-index-a.jpg",
        "service_manual",
        "index",
        "21",
        "21 Clutch",
        _draw_index,
        Scanner(2100, skew=-0.3),
        rows=INDEX,
    ),
    PageSpec(
        f"{FOLDER}/21-03.jpg",
        "service_manual",
        "procedure",
        "21",
        "21 21 000 REMOVING AND INSTALLING CLUTCH DISC",
        _draw_removing,
        Scanner(2103, skew=0.35),
    ),
    PageSpec(
        f"{FOLDER}/21-05.jpg",
        "service_manual",
        "procedure",
        "21",
        "21 52 010 REMOVING AND INSTALLING CLUTCH SLAVE CYLINDER / 21 52 512 OVERHAULING CLUTCH SLAVE CYLINDER"
        " / 21 00 006 BLEEDING CLUTCH",
        _draw_slave,
        Scanner(2105, skew=-0.45, threshold=112, blur=0.65),
    ),
)
