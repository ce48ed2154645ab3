"""The two pages of the sample's scanned PDF: gearbox overhaul, with decimal commas."""

from tests.sample_manual import pictures as pic
from tests.sample_manual.ink import Style
from tests.sample_manual.layout import Mark, draw_mark, grid
from tests.sample_manual.page import PORTRAIT, PageSpec
from tests.sample_manual.photo import Photo
from tests.sample_manual.scan import Scanner
from tests.sample_manual.sheet import Sheet

PATH = "Tarn T5 Gearbox Overhaul.pdf"
TEXT = Style(20, 0.3, tracking=0.35)
BOLD = Style(20.5, 1.0, tracking=0.6)
TITLE = Style(32, 2.0, tracking=1.4)
PITCH = 27.0

STEPS = (
    "Drain oil while the gearbox is warm. Remove bell housing with clutch release 21 51 000.",
    "Stand gearbox on assembly stand 23 0 100 with the output flange facing up.",
    "Lock output flange (1) with holder 23 0 020 and unscrew collar nut (2). Discard the nut.",
    "Drive out spring pin of selector rod. Take out detent plunger and spring.",
    "Unscrew 10 housing bolts (3) and heat the bearing seat to 80 °C.",
    "Pull off rear housing with puller 33 1 110. Collect the shims, they are selected to 0,05 mm.",
)
TOOLS = (
    ("23 0 020", "Holder for output flange"),
    ("23 0 100", "Assembly stand"),
    ("23 1 300", "Sleeve for ball bearing"),
    ("33 1 110", "Puller, two-legged"),
)


def _head(sheet: Sheet, number: str) -> None:
    sheet.text(120, 90, "VELDMAR Service Information 23/87", TEXT)
    sheet.text(1120, 90, number, BOLD, "r")
    sheet.line([(120, 106), (1120, 106)], 2)


def _photograph(sheet: Sheet, photo: Photo, x: float, y: float, marks: tuple[Mark, ...]) -> None:
    sheet.paste(photo.developed(), x, y)
    for mark in marks:
        draw_mark(sheet, mark, x, y)


def _draw_dismantling(sheet: Sheet) -> None:
    _head(sheet, "1")
    sheet.text(120, 178, "T5 GEARBOX – OVERHAUL", TITLE)
    sheet.text(120, 226, "Dismantling", BOLD)
    photo = Photo(231, 50, 620, 430, sheet.scale)
    pic.gearbox_case(photo)
    marks = (Mark("1", 200, 60, (250, 68)), Mark("2", 420, 36, (318, 30)), Mark("3", 540, 110, (462, 166)))
    _photograph(sheet, photo, 310, 260, marks)
    sheet.text(620, 724, "Fig. 1  Gearbox on assembly stand", TEXT._replace(slant=0.2), "m")
    y = 792.0
    for number, step in enumerate(STEPS, start=1):
        sheet.text(120, y, f"{number}.", BOLD)
        y = sheet.paragraph(168, y, 940, step, TEXT, PITCH) + 12
    sheet.rect((120, y + 4, 1120, y + 116), 2.2)
    sheet.text(620, y + 38, "WARNING", BOLD._replace(tracking=2), "m")
    warning = "Hot housing parts cause burns. Wear protective gloves when heating the bearing seat above 60 °C."
    sheet.paragraph(144, y + 70, 950, warning, TEXT, PITCH)
    note = "Note: Keep needle rollers of each gear together, they are matched in sets of 22."
    y = sheet.paragraph(120, y + 160, 1000, note, TEXT, PITCH)
    sheet.text(120, y + 40, "Special tools", BOLD)
    for i, (tool, name) in enumerate(TOOLS):
        sheet.text(120, y + 80 + i * PITCH, tool, TEXT)
        sheet.text(250, y + 80 + i * PITCH, name, TEXT)


LIMITS = (
    ("Axial play of main shaft", "0,05 – 0,12", "–"),
    ("Axial play of 1st to 4th gear", "0,15 – 0,35", "0,45"),
    ("Synchro ring clearance", "1,0 – 1,3", "0,8"),
    ("Runout of main shaft", "0,02", "0,05"),
    ("Selector fork play in sleeve", "0,10 – 0,30", "0,60"),
)
TORQUES = (
    ("Collar nut, output flange", "M 20 x 1,5", "160 + 10"),
    ("Housing bolts", "M 8", "25"),
    ("Oil filler and drain plug", "M 18 x 1,5", "50 + 10"),
)


def _draw_checking(sheet: Sheet) -> None:
    _head(sheet, "2")
    sheet.text(120, 166, "Checking main shaft", BOLD)
    photo = Photo(232, 230, 860, 330, sheet.scale)
    pic.main_shaft(photo)
    marks = (
        Mark("1", 110, 40, (140, 122)),
        Mark("2", 290, 36, (258, 104)),
        Mark("3", 430, 304, (466, 240)),
        Mark("4", 650, 36, (614, 104)),
        Mark("5", 800, 50, (752, 112)),
    )
    _photograph(sheet, photo, 190, 200, marks)
    legend = "(1) 1st gear, (2) 2nd gear, (3) synchro sleeve, (4) 4th gear, (5) ball bearing"
    sheet.text(620, 572, legend, TEXT, "m")
    y = _table(sheet, 650, "Clearances in mm", ("Measurement", "New", "Wear limit"), LIMITS)
    y = _table(sheet, y + 70, "Tightening torques", ("Part", "Thread", "Nm"), TORQUES)
    last = (
        "Press on ball bearing (5) with sleeve 23 1 300 only. "
        "Fill gearbox with 1,25 liters of SAE 80 oil – see 00 00 110."
    )
    sheet.paragraph(120, y + 70, 1000, last, TEXT, PITCH)


def _table(
    sheet: Sheet, y: float, name: str, heads: tuple[str, str, str], rows: tuple[tuple[str, str, str], ...]
) -> float:
    sheet.text(120, y, name, BOLD)
    top, columns = y + 18, (120, 640, 880, 1120)
    for x, head in zip(columns, heads, strict=False):
        sheet.text(x + 16, top + 28, head, BOLD)
    for i, row in enumerate(rows):
        for x, cell in zip(columns, row, strict=False):
            sheet.text(x + 16, top + 70 + i * 42, cell, TEXT)
    lines = tuple(top + i * 42 for i in range(len(rows) + 2))
    grid(sheet, columns, lines, 1.8)
    return lines[-1]


SCANNED = Scanner(0, noise=3.4, specks=50, quality=62, tint=None, dpi=150, frame=False, shade=20)

PAGES = (
    PageSpec(
        PATH,
        "service_manual",
        "procedure",
        "",
        "T5 GEARBOX – OVERHAUL",
        _draw_dismantling,
        SCANNED._replace(seed=231, skew=0.4),
        PORTRAIT,
        page_number=1,
    ),
    PageSpec(
        PATH,
        "service_manual",
        "specification",
        "",
        "Checking main shaft",
        _draw_checking,
        SCANNED._replace(seed=232, skew=-0.5),
        PORTRAIT,
        page_number=2,
    ),
)
