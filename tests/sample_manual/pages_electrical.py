"""The electrical troubleshooting manual of the sample: cover, blank page, fuse chart, wiring, connectors."""

from tests.sample_manual import circuits as c
from tests.sample_manual.connector_views import draw_connectors
from tests.sample_manual.ink import Style
from tests.sample_manual.page import ELECTRICAL, PageSpec
from tests.sample_manual.scan import Scanner
from tests.sample_manual.sheet import Sheet

FOLDER = "1987 Tarn Electrical Troubleshooting Manual"
COVER = Style(82, 5.5, squeeze=0.93, tracking=4)
CHART = Style(16.5, 0.3, tracking=0.3)
CHART_HEAD = Style(17.5, 1.3, tracking=0.9)


def _draw_cover(sheet: Sheet) -> None:
    x, y = 1550, 270
    for r, fill in ((78, 0), (72, 255), (66, 0), (44, 255)):
        sheet.circle(x, y, r, 0, fill)
    sheet.polygon([(x - 40, y + 20), (x - 14, y - 24), (x + 4, y + 4), (x + 16, y - 12), (x + 40, y + 20)], 0, 0)
    for i, word in enumerate(("1987", "VELDMAR Tarn", "Electrical", "Troubleshooting", "Manual")):
        sheet.text(766, 570 + i * 127, word, COVER)
    for i in range(6):
        sheet.line([(760, 476 + i * 127), (1650, 476 + i * 127)], 8)
    sheet.text(766, 1205, "Veldmar Motor Works, Ltd.", Style(38, 0.8, squeeze=0.92))
    sheet.text(766, 1252, "Service Department, Ostrand", Style(38, 0.8, squeeze=0.92))


def _draw_nothing(sheet: Sheet) -> None:
    """The back of the cover."""


LEFT_FUSES = (
    ("1", "7.5A", ("High Beam, LH; High Beam Indicator.",)),
    ("2", "7.5A", ("High Beam, RH.",)),
    ("3", "15A", ("Auxiliary Fan, First Speed.",)),
    ("4", "15A", ("Lights: Turn/Hazard (also fuse 15);", "Flasher Relay.")),
    ("5", "30A", ("Wiper/Washer; Intermittent Wiper Relay.",)),
    ("6", "7.5A", ("Stop Lights; Cruise Control;", "Map Light; Glove Box Light.")),
    ("7", "15A", ("Horn; Horn Relay.",)),
    ("8", "20A", ("Rear Defogger (also fuse 13).",)),
    ("9", "15A", ("Engine Control Unit (also fuse 11).",)),
    (
        "10",
        "7.5A",
        ("Back Up Lights; Gauges/Indicators;", "Tachometer; Seatbelt Warning", "   (also fuse 14)."),
    ),
)
RIGHT_FUSES = (
    ("11", "10A", ("Fuel Pump Relay; Fuel Pump;", "Oxygen Sensor Heater.")),
    ("12", "7.5A", ("Radio/Antenna; Clock (also fuse 14).",)),
    ("13", "7.5A", ("Lights: Dash; Rear Fog Light Switch.",)),
    ("14", "7.5A", ("Interior Lights; Trunk Light;", "Central Locking;", "Radio Memory.")),
    ("15", "15A", ("Hazard Switch (also fuse 4).",)),
    ("16", "25A", ("Power Windows, Rear.",)),
    ("17", "30A", ("Sunroof; Heated Seats.",)),
    ("18", "30A", ("Auxiliary Fan, Second Speed.",)),
    ("19", "–", ("Not Used.",)),
    ("20", "7.5A", ("Fog Lights; Fog Light Relay.",)),
)


def _draw_fuses(sheet: Sheet) -> None:
    c.page_title(sheet, "POWER DISTRIBUTION   0670-1", right=True)
    sheet.screen([(1280, 104), (1530, 104), (1530, 138), (1280, 138)], 5)
    sheet.text(1405, 128, "FUSE DATA CHART", c.TITLE._replace(size=24), "m")
    _fuse_table(sheet, 72, LEFT_FUSES)
    bottom = _fuse_table(sheet, 900, RIGHT_FUSES)
    sheet.rect((900, bottom, 1680, bottom + 62), 2.2)
    for x in (1250, 1340):
        sheet.line([(x, bottom), (x, bottom + 62)], 1.6)
    sheet.text(1075, bottom + 27, "FRONT WINDOWS", CHART_HEAD, "m")
    sheet.text(1075, bottom + 50, "CIRCUIT BREAKER", CHART_HEAD, "m")
    sheet.text(1295, bottom + 38, "20A", CHART, "m")
    sheet.text(1510, bottom + 38, "Power Windows, Front", CHART, "m")


def _fuse_table(sheet: Sheet, x: float, fuses: tuple[tuple[str, str, tuple[str, ...]], ...]) -> float:
    columns = (x, x + 160, x + 350, x + 780)
    y = 284.0
    for cx, lines in ((columns[0] + 80, ("FUSE", "NO.")), (columns[1] + 95, ("SIZE/", "COLOR"))):
        for i, line in enumerate(lines):
            sheet.text(cx, 246 + i * 22, line, CHART_HEAD, "m")
    sheet.text(columns[2] + 20, 268, "CIRCUIT NAME", CHART_HEAD)
    sheet.line([(x, y), (columns[-1], y)], 1.8)
    for number, size, circuits in fuses:
        sheet.text(columns[0] + 80, y + 24, number, CHART, "m")
        sheet.text(columns[1] + 95, y + 24, size, CHART, "m")
        for i, line in enumerate(circuits):
            indent = 16 if line.startswith(" ") else 0
            sheet.text(columns[2] + 20 + indent, y + 24 + i * 22, line.strip(), CHART)
        y += 34 + 22 * (len(circuits) - 1)
        sheet.line([(x, y), (columns[-1], y)], 1.6)
    for column in columns:
        sheet.line([(column, 220), (column, y)], 2.0)
    sheet.line([(x, 220), (columns[-1], 220)], 2.6)
    return y


def _draw_wiring(sheet: Sheet) -> None:
    c.page_title(sheet, "6313-0   STOP LIGHTS/BACK UP LIGHTS", right=False)
    c.device(sheet, (160, 190, 1640, 290))
    c.label(sheet, 1640, 180, "POWER DISTRIBUTION BOX", "r")
    c.black_tag(sheet, 480, 178, "HOT AT ALL TIMES")
    c.black_tag(sheet, 1250, 178, "HOT IN RUN OR START")
    _stop_feed(sheet)
    _stop_lights(sheet)
    _back_up_feed(sheet)
    _back_up_lights(sheet)


def _stop_feed(sheet: Sheet) -> None:
    c.wire(sheet, [(480, 274), (480, 344)])
    c.fuse(sheet, 480, 212, "FUSE 6", "7.5 AMP")
    c.wire_name(sheet, 480, 322, "1.5 VI/YL")
    c.connector(sheet, 480, 350, "14", "C101")
    c.wire(sheet, [(480, 362), (480, 436)])
    c.wire_name(sheet, 480, 402, ".75 VI/YL")
    c.terminal(sheet, 480, 436, "2")
    c.device(sheet, (430, 450, 540, 560), dashed=False)
    c.switch(sheet, 480, 450, 560)
    c.label(sheet, 556, 486, "STOP LIGHT\nSWITCH")
    c.label(sheet, 556, 546, "CLOSED WITH\nPEDAL DEPRESSED", underline=False)
    c.wire(sheet, [(480, 574), (480, 650)])
    c.terminal(sheet, 480, 574, "1")
    c.wire_name(sheet, 480, 626, ".75 BK/RD")


def _stop_lights(sheet: Sheet) -> None:
    c.wire(sheet, [(480, 650), (200, 650), (200, 872)])
    c.wire_name(sheet, 372, 640, ".75 BK/RD")
    c.wire(sheet, [(480, 650), (760, 650), (760, 872)])
    c.wire(sheet, [(480, 650), (480, 872)])
    c.wire(sheet, [(760, 650), (960, 650), (960, 716)])
    sheet.text(850, 640, ".5 BK/RD", c.WIRE, "m")
    sheet.text(618, 640, ".75 BK/RD", c.WIRE, "m")
    c.splice(sheet, 480, 650, "S230")
    c.terminal(sheet, 960, 716, "7")
    c.device(sheet, (910, 730, 1010, 830))
    c.label(sheet, 962, 858, "CRUISE\nCONTROL\nUNIT", "m")
    c.label(sheet, 962, 934, "PAGE 6571-0", "m", underline=False)
    for x, pin, name in (
        (200, "3", "LH STOP\nLIGHT"),
        (480, "5", "HIGH MOUNTED\nSTOP LIGHT"),
        (760, "8", "RH STOP\nLIGHT"),
    ):
        c.connector(sheet, x, 780, pin, "C207")
        c.wire_name(sheet, x, 846, ".75 BK/RD")
        c.lamp(sheet, x, 905)
        c.label(sheet, x + 46, 902, name)
        c.wire(sheet, [(x - 10, 935), (x - 10, 1090)], tracer=False)
        c.wire_name(sheet, x - 10, 1020, ".75 BR")
    c.wire(sheet, [(190, 1090), (750, 1090)], tracer=False)
    c.splice(sheet, 470, 1090, "S312")
    c.wire(sheet, [(470, 1090), (470, 1210)], tracer=False)
    c.wire_name(sheet, 470, 1160, "1.5 BR")
    c.ground(sheet, 470, 1215, "G302")


def _back_up_feed(sheet: Sheet) -> None:
    c.wire(sheet, [(1250, 274), (1250, 344)])
    c.fuse(sheet, 1250, 212, "FUSE 10", "7.5 AMP")
    c.wire_name(sheet, 1250, 322, "1 GN/BU")
    c.connector(sheet, 1250, 350, "9", "C103")
    c.wire(sheet, [(1250, 362), (1250, 436)])
    c.wire_name(sheet, 1250, 402, ".75 GN/BU")
    c.terminal(sheet, 1250, 436, "1")
    c.device(sheet, (1200, 450, 1310, 560), dashed=False)
    c.switch(sheet, 1250, 450, 560)
    c.label(sheet, 1326, 486, "BACK UP LIGHT\nSWITCH")
    c.label(sheet, 1326, 546, "CLOSED IN REVERSE", underline=False)
    c.wire(sheet, [(1250, 574), (1250, 720)])
    c.terminal(sheet, 1250, 574, "2")
    c.wire_name(sheet, 1250, 650, "1 BU/YL")


def _back_up_lights(sheet: Sheet) -> None:
    c.wire(sheet, [(1250, 720), (1120, 720), (1120, 992)])
    c.wire(sheet, [(1250, 720), (1440, 720), (1440, 992)])
    c.wire(sheet, [(1440, 720), (1600, 720), (1600, 786)])
    c.splice(sheet, 1250, 720, "S245")
    sheet.text(1526, 710, ".5 BU/YL", c.WIRE, "m")
    c.terminal(sheet, 1600, 786, "11")
    c.device(sheet, (1550, 800, 1650, 900))
    c.label(sheet, 1600, 930, "ON-BOARD\nCOMPUTER", "m")
    c.label(sheet, 1600, 984, "PAGE 6581-0", "m", underline=False)
    for x, pin, name in ((1120, "2", "LH BACK UP\nLIGHT"), (1440, "6", "RH BACK UP\nLIGHT")):
        c.connector(sheet, x, 880, pin, "C208")
        c.wire_name(sheet, x, 962, ".75 BU/YL")
        c.lamp(sheet, x, 1025)
        c.label(sheet, x + 46, 1040, name)
        c.wire(sheet, [(x - 10, 1055), (x - 10, 1150)], tracer=False)
        c.wire_name(sheet, x - 10, 1116, ".75 BR")
    c.wire(sheet, [(1110, 1150), (1430, 1150)], tracer=False)
    c.splice(sheet, 1270, 1150, "S318")
    c.wire(sheet, [(1270, 1150), (1270, 1250)], tracer=False)
    c.wire_name(sheet, 1270, 1212, "1.5 BR")
    c.ground(sheet, 1270, 1255, "G303")


ROUGH = Scanner(0, noise=3.6, specks=60, quality=62, tint=None, frame=False, shade=10)

PAGES = (
    PageSpec(
        f"{FOLDER}/00-00-cover.jpg",
        "electrical_manual",
        "cover",
        "",
        "1987 VELDMAR Tarn Electrical Troubleshooting Manual",
        _draw_cover,
        ROUGH._replace(seed=8700, skew=0.55, noise=3.0),
        ELECTRICAL,
    ),
    PageSpec(
        f"{FOLDER}/00-01.jpg",
        "electrical_manual",
        "blank",
        "",
        "",
        _draw_nothing,
        ROUGH._replace(seed=8701, specks=25, noise=3.0, shade=24),
        ELECTRICAL,
    ),
    PageSpec(
        f"{FOLDER}/0670-01.jpg",
        "electrical_manual",
        "fuse_chart",
        "",
        "POWER DISTRIBUTION 0670-1 FUSE DATA CHART",
        _draw_fuses,
        ROUGH._replace(seed=8706, skew=-0.2, blur=0.7, threshold=150),
        ELECTRICAL,
    ),
    PageSpec(
        f"{FOLDER}/6313-00.jpg",
        "electrical_manual",
        "wiring",
        "",
        "6313-0 STOP LIGHTS/BACK UP LIGHTS",
        _draw_wiring,
        ROUGH._replace(seed=8763, skew=0.3, blur=0.85, noise=7.0, threshold=150),
        ELECTRICAL,
    ),
    PageSpec(
        f"{FOLDER}/8500-02.jpg",
        "electrical_manual",
        "pinout",
        "",
        "CONNECTOR VIEWS 8500-2",
        draw_connectors,
        ROUGH._replace(seed=8785, skew=-0.35, blur=0.9, noise=6.0),
        ELECTRICAL,
    ),
)
