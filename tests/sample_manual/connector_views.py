"""The connector page of the sample's electrical manual: faces with numbered cavities and a terminal table."""

from itertools import pairwise

from tests.sample_manual import circuits as c
from tests.sample_manual.ink import Style
from tests.sample_manual.sheet import Sheet

CELL = Style(18, 0.4, tracking=0.6)
HEAD = Style(17.5, 0.9, tracking=1.0)
FACE = Style(19, 0.9, tracking=1.4)
CAVITY = Style(12.5, 0.5)
DRAWING = Style(14, 0.2, tracking=1.0)

TERMINALS = (
    ("1", ".75 BK/WT", "Ignition Signal (TD)"),
    ("2", ".5 GN/YL", "Idle Contact"),
    ("3", ".5 GY/BK", "Full Load Contact"),
    ("4", "–", "Not Used"),
    ("5", "1.5 BR", "Ground (G104)"),
    ("6", ".5 BR/OR", "Sensor Ground"),
    ("7", ".75 WT/YL", "Air Flow Signal"),
    ("8", "–", "Not Used"),
    ("9", ".75 RD/BU", "Main Relay Supply"),
    ("10", ".5 BR/RD", "Coolant Temperature Sensor"),
    ("11", "–", "Not Used"),
    ("12", ".75 BR/BK", "Injectors 1 and 3"),
    ("13", ".75 BR/GN", "Injectors 2 and 4"),
    ("14", ".5 BK/VI", "Speed Signal"),
)


def draw_connectors(sheet: Sheet) -> None:
    """The whole page."""
    c.page_title(sheet, "CONNECTOR VIEWS   8500-2", right=True)
    _control_unit(sheet)
    _table(sheet)
    sheet.line([(60, 860), (760, 858)], 4)
    sheet.line([(780, 150), (780, 1320)], 4)
    _relay(sheet)
    _idle_valve(sheet)


def _name(sheet: Sheet, x: float, y: float, face: str, name: str) -> None:
    sheet.text(x, y, face, FACE, "m")
    c.label(sheet, x, y + 32, name, "m")


def _control_unit(sheet: Sheet) -> None:
    """Two rows of seven cavities, numbered from the right as seen from the wires."""
    sheet.text(420, 216, "V260014.02", DRAWING, "m")
    sheet.rect((120, 290, 720, 480), 2.6)
    sheet.rect((136, 306, 704, 464), 1.4)
    sheet.polygon([(340, 290), (352, 262), (488, 262), (500, 290)], 255, 2.4)
    for side in (120, 720):
        sheet.rect((side - 22, 350, side + 22, 420), 2.2, 255)
    for i in range(14):
        x, y = 656 - (i % 7) * 79, 346 if i < 7 else 426
        sheet.rect((x - 25, y - 25, x + 25, y + 25), 2.0, 255)
        sheet.rect((x - 17, y - 17, x + 17, y + 17), 1.2)
        sheet.text(x, y + 5, str(i + 1), CAVITY, "m")
    _name(sheet, 420, 540, "Wiring Face", "ENGINE CONTROL UNIT\n(C210)")
    sheet.text(420, 650, "Behind glove box, LH side", CELL, "m")
    sheet.text(420, 690, "WARNING: Do not disconnect C210", HEAD, "m")
    sheet.text(420, 716, "with ignition switched on.", HEAD, "m")


def _table(sheet: Sheet) -> None:
    sheet.text(1240, 200, "TERMINALS OF C210 (ENGINE CONTROL UNIT)", HEAD._replace(size=20), "m")
    columns, top = (830, 990, 1190, 1680), 240
    for (left, right), head in zip(pairwise(columns), ("TERMINAL", "WIRE", "CIRCUIT"), strict=True):
        sheet.text((left + right) / 2, top + 32, head, HEAD, "m")
    y = top + 50.0
    sheet.line([(columns[0], y), (columns[-1], y)], 2.4)
    for terminal, wire, circuit in TERMINALS:
        sheet.text(910, y + 27, terminal, CELL, "m")
        sheet.text(1020, y + 27, wire, CELL)
        sheet.text(1220, y + 27, circuit, CELL)
        y += 34
    y += 10
    for x in columns:
        sheet.line([(x, top), (x, y)], 2.4)
    for edge in (top, y):
        sheet.line([(columns[0], edge), (columns[-1], edge)], 2.8)


def _relay(sheet: Sheet) -> None:
    sheet.text(420, 920, "V080011", DRAWING, "m")
    sheet.rect((310, 950, 530, 1130), 2.4)
    for pin, (x0, y0, x1, y1) in (
        ("30", (400, 966, 440, 982)),
        ("86", (340, 1010, 356, 1056)),
        ("85", (484, 1010, 500, 1056)),
        ("87", (400, 1096, 440, 1112)),
    ):
        sheet.rect((x0, y0, x1, y1), 1.8, 255)
        sheet.text(
            (x0 + x1) / 2 + (34 if x1 - x0 > 20 else 0),
            (y0 + y1) / 2 + (6 if x1 - x0 > 20 else 42),
            pin,
            CELL,
            "m",
        )
    _name(sheet, 420, 1178, "Mating Face", "FUEL PUMP RELAY")


def _idle_valve(sheet: Sheet) -> None:
    sheet.text(1240, 920, "V030007.01", DRAWING, "m")
    sheet.rect((1120, 990, 1360, 1110), 2.4)
    sheet.arc((1130, 1000, 1180, 1100), 90, 270, 2)
    sheet.arc((1300, 1000, 1350, 1100), 270, 90, 2)
    sheet.line([(1155, 1000), (1325, 1000)], 2)
    sheet.line([(1155, 1100), (1325, 1100)], 2)
    for i in range(3):
        x = 1180 + i * 60
        sheet.circle(x, 1050, 17, 2.2, 255)
        sheet.circle(x, 1050, 9, 1.4)
        sheet.line([(x, 1032), (x, 970)], 1.2)
        sheet.text(x, 962, str(i + 1), CELL, "m")
    _name(sheet, 1240, 1160, "Wiring Face", "IDLE SPEED VALVE")
    sheet.text(1240, 1230, "Resistance 1 to 2: 18 to 22 ohms", CELL, "m")
