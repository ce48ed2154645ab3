"""Section 21 of the sample: index, two procedure pages and the troubleshooting table of the clutch."""

from tests.sample_manual import pictures as pic
from tests.sample_manual.ink import Style
from tests.sample_manual.layout import (
    BODY,
    HEAD,
    PITCH,
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
from tests.sample_manual.truth import Ask, Row

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
        (Mark("2", 118, 22, (118, 52)), Mark("3", 196, 24, (190, 60)), Mark("21 4 130", 226, 150, (240, 116))),
    ),
    Panel(
        0,
        472,
        (
            "Measure thickness of drive plate at the rivets with a vernier caliper.",
            "New\t8.4 ± 0.3 mm (0.331 ± 0.012\")",
            "Wear limit\t6.2 mm (0.244\")",
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
    sheet.text(588, 26, "28", Style(25, 0.9), "m")
    sheet.text(310, 646, "21", Style(50, 1.9))
    sheet.text(404, 646, "Clutch", Style(50, 1.9, tracking=0.5))
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


def _slave_panels() -> tuple[Panel, ...]:
    return (
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
                "Bore may be honed up to 20.70 mm (0.815\").",
                "_Important!",
                "Fit cup seal (5) with its lip facing the spring (6). Coat piston with brake cylinder paste.",
            ),
            pic.cylinder_bore,
            "22 21 053",
        ),
    )


def _bleed_panels() -> tuple[Panel, ...]:
    return (
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
                "Travel S\t14.5 to 16.0 mm (0.571 to 0.630\")",
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
    for panel in (*_slave_panels(), *_bleed_panels()):
        draw_panel(sheet, panel)
    footnote(sheet, 1, "* See Specifications")


TROUBLES = (
    (
        "Clutch slips",
        (
            ("Drive plate worn below wear limit", "Replace drive plate 21 21 000"),
            ("Lining fouled with oil from crankshaft seal or from transmission", "Replace faulty seal and drive plate"),
            ("Cover springs weak after overheating", "Replace clutch cover 21 21 000"),
            ("Release lever binds on its pivot", "Grease pivot with LG 2"),
        ),
    ),
    (
        "Clutch judders when moving off",
        (
            ("Lining fouled with grease from splines", "Replace drive plate, use less grease"),
            ("Pressure plate distorted", "Replace clutch cover 21 21 000"),
            ("Engine mounts soft or torn", "Replace engine mounts 22 11 004"),
            ("Flywheel face scored deeper than 0.4 mm (0.016\")", "Machine or replace flywheel 11 22 000"),
        ),
    ),
    (
        "Clutch does not release",
        (
            ("Air in hydraulic system", "Bleed clutch 21 00 006"),
            ("Drive plate runout* too great", "Straighten or replace drive plate 21 21 565"),
            ("Drive plate rusted on splines of input shaft after long storage", "Free drive plate, clean and grease splines"),
            ("Pilot bearing seized", "Replace pilot bearing 21 21 580"),
            ("Cup seal in slave cylinder leaks", "Overhaul slave cylinder 21 52 512"),
        ),
    ),
    (
        "Noise with pedal depressed",
        (
            ("Release bearing dry or worn", "Replace clutch release 21 51 000"),
            ("Diaphragm fingers uneven", "Replace clutch cover 21 21 000"),
        ),
    ),
)


def _draw_troubles(sheet: Sheet) -> None:
    page_head(sheet, "21 – 7")
    sheet.text(611, 62, "TROUBLESHOOTING CLUTCH", BODY._replace(weight=0.42, tracking=0.6), "m")
    sheet.line([(51, 88), (1168, 87)], 1.4)
    for x, head in ((51, "Condition"), (425, "Cause"), (798, "Correction")):
        sheet.text(x, 109, head, BODY)
    sheet.line([(51, 118), (1168, 117)], 1.2)
    y = 138.0
    for condition, pairs in TROUBLES:
        y = _trouble(sheet, y, condition, pairs)
        sheet.line([(51, y - 8), (1168, y - 8)], 1.2)
        y += 12
    for x in (409, 781):
        sheet.line([(x, 88), (x, y - 20)], 1.4)
    sheet.text(428, 896, "* See Specifications", BODY)


def _trouble(sheet: Sheet, y: float, condition: str, pairs: tuple[tuple[str, str], ...]) -> float:
    """Causes and corrections are paired by letter; a long cause pushes the next letter down."""
    sheet.text(51, y, condition, BODY)
    for letter, (cause, correction) in zip("abcdefg", pairs, strict=False):
        for x in (425, 798):
            sheet.text(x, y, f"{letter})", BODY)
        below_cause = sheet.paragraph(447, y, 318, cause, BODY, PITCH)
        below_correction = sheet.paragraph(821, y, 340, correction, BODY, PITCH)
        y = max(below_cause, below_correction)
    return y + 4


INDEX_ASKS = (
    Ask("Which repair code covers bleeding the clutch?", "21 00 006", "code", "21 00 006 Clutch — bleed"),
    Ask("What is the repair code for checking the drive plate for runout?", "21 21 565", "code", "21 21 000 ... 565 Drive plate — check for runout"),
    Ask(
        "On which page is clutch disc removal and installation?",
        "21-3",
        "crossref",
        "21 21 000 Clutch disc — remove and install 21 - 3",
    ),
    Ask(
        "On which page is the clutch release described?",
        "21-4a",
        "crossref",
        "21 51 000 Clutch release — remove and install / replace 21 - 4a",
    ),
    Ask("On which page is clutch troubleshooting?", "21-7", "crossref", "Clutch — troubleshoot 21 - 7"),
)

REMOVING_ASKS = (
    Ask("Which holder locks the flywheel?", "11 4 270", "tool", "Lock flywheel with holder 11 4 270."),
    Ask("How are the clutch cover bolts (1) slackened?", "one turn at a time, working crosswise", "step", "Slacken bolts (1) one turn at a time, working crosswise."),
    Ask("Which mandrel centres the drive plate?", "21 4 130", "tool", "Centre drive plate with mandrel 21 4 130."),
    Ask("What is item (3) in the clutch cover picture?", "drive plate", "callout", "together with drive plate (3)."),
    Ask("Why must the drive plate not be dropped?", "the lining is brittle", "safety", "Do not let drive plate drop: the lining is brittle."),
    Ask("What is the wear limit of the drive plate thickness?", "6.2 mm (0.244\")", "spec", "Wear limit 6.2 mm (0.244\")"),
    Ask("What is the thickness of a new drive plate?", "8.4 ± 0.3 mm (0.331 ± 0.012\")", "spec", "New 8.4 ± 0.3 mm (0.331 ± 0.012\")"),
    Ask("Which repair code covers replacing the pilot bearing?", "21 21 580", "crossref", "If it feels rough or is noisy, replace it 21 21 580."),
    Ask("Which way does the long end of the hub (H) face?", "transmission", "step", "Long end of hub (H) faces transmission."),
    Ask("What is put on the splines of the input shaft?", "a very thin film of Longlife grease LG 2", "step", "Rub a very thin film of Longlife grease LG 2 on splines of input shaft (6)."),
    Ask("What is the tightening torque of the M 8 – 10.9 cover bolts?", "34 ± 2 Nm (25 ± 1.5 ft. lbs.)", "spec", "M 8 – 10.9 34 ± 2 Nm (25 ± 1.5 ft. lbs.)"),
    Ask("What must never be done with clutch dust?", "Never blow out the clutch housing with compressed air", "safety", "Never blow out the clutch housing with compressed air."),
)

SLAVE_ASKS = (
    Ask("What is item (3) on the clutch housing?", "slave cylinder", "callout", "pull out slave cylinder (3)."),
    Ask("What is the tightening torque of the slave cylinder nuts?", "22 ± 3 Nm (16 ± 2 ft. lbs.)", "spec", "Tightening torque: 22 ± 3 Nm (16 ± 2 ft. lbs.)."),
    Ask("What is item (4) in the slave cylinder repair kit?", "piston", "callout", "(4) piston,"),
    Ask("What is item (7) in the slave cylinder repair kit?", "bleeder screw", "callout", "(7) bleeder screw."),
    Ask("Up to which diameter may the cylinder bore be honed?", "20.70 mm (0.815\")", "spec", "Bore may be honed up to 20.70 mm (0.815\")."),
    Ask("Which way does the lip of the cup seal (5) face?", "facing the spring (6)", "step", "Fit cup seal (5) with its lip facing the spring (6)."),
    Ask("Which brake fluid is filled into the reservoir?", "DOT 4 brake fluid", "spec", "Fill reservoir with DOT 4 brake fluid up to the MAX mark."),
    Ask("How many times is the pedal pumped when bleeding the clutch?", "10 times", "step", "pump the pedal 10 times and hold it down."),
    Ask("How far is the bleeder screw opened?", "half a turn", "step", "Open bleeder screw half a turn until no more bubbles rise."),
    Ask("What is the travel S of the push rod?", "14.5 to 16.0 mm (0.571 to 0.630\")", "inspection", "Travel S 14.5 to 16.0 mm (0.571 to 0.630\")"),
    Ask("What does brake fluid do to paint?", "dissolves paint", "safety", "Brake fluid dissolves paint."),
)

TROUBLE_ASKS = (
    Ask("What corrects a drive plate worn below the wear limit?", "Replace drive plate 21 21 000", "inspection", "Drive plate worn below wear limit Replace drive plate 21 21 000"),
    Ask("What is done when the cover springs are weak after overheating?", "Replace clutch cover 21 21 000", "inspection", "Cover springs weak after overheating Replace clutch cover 21 21 000"),
    Ask("What is cause b) of clutch judder when moving off?", "Pressure plate distorted", "inspection", "Clutch judders when moving off ... Pressure plate distorted"),
    Ask("From which depth of scoring is the flywheel machined or replaced?", "0.4 mm (0.016\")", "spec", "Flywheel face scored deeper than 0.4 mm (0.016\")"),
    Ask("What is the correction for air in the hydraulic system?", "Bleed clutch 21 00 006", "inspection", "Air in hydraulic system Bleed clutch 21 00 006"),
    Ask("Which repair code covers overhauling the slave cylinder?", "21 52 512", "crossref", "Overhaul slave cylinder 21 52 512"),
    Ask("What is the correction when the pilot bearing has seized?", "Replace pilot bearing 21 21 580", "inspection", "Pilot bearing seized ... Replace pilot bearing 21 21 580"),
)

PAGES = (
    PageSpec(f"{FOLDER}/21-00-index-a.jpg", "service_manual", "index", "21", "21 Clutch", _draw_index, Scanner(2100, skew=-0.3), asks=INDEX_ASKS, index=INDEX),
    PageSpec(f"{FOLDER}/21-03.jpg", "service_manual", "procedure", "21", "21 21 000 REMOVING AND INSTALLING CLUTCH DISC", _draw_removing, Scanner(2103, skew=0.35), asks=REMOVING_ASKS),
    PageSpec(f"{FOLDER}/21-05.jpg", "service_manual", "procedure", "21", "21 52 010 REMOVING AND INSTALLING CLUTCH SLAVE CYLINDER / 21 52 512 OVERHAULING CLUTCH SLAVE CYLINDER / 21 00 006 BLEEDING CLUTCH", _draw_slave, Scanner(2105, skew=-0.45), asks=SLAVE_ASKS),
    PageSpec(f"{FOLDER}/21-07.jpg", "service_manual", "troubleshooting", "21", "TROUBLESHOOTING CLUTCH", _draw_troubles, Scanner(2107, skew=0.5), asks=TROUBLE_ASKS),
)
