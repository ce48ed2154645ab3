"""The troubleshooting table of the sample's clutch: causes and corrections are paired by letter."""

from tests.sample_manual.layout import BODY, PITCH, page_head
from tests.sample_manual.page import PageSpec
from tests.sample_manual.scan import Scanner
from tests.sample_manual.sheet import Sheet

TROUBLES = (
    (
        "Clutch slips",
        (
            ("Drive plate worn below wear limit", "Replace drive plate 21 21 000"),
            (
                "Lining fouled with oil from crankshaft seal or from transmission",
                "Replace faulty seal and drive plate",
            ),
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
            ('Flywheel face scored deeper than 0.4 mm (0.016")', "Machine or replace flywheel 11 22 000"),
        ),
    ),
    (
        "Clutch does not release",
        (
            ("Air in hydraulic system", "Bleed clutch 21 00 006"),
            ("Drive plate runout* too great", "Straighten or replace drive plate 21 21 565"),
            (
                "Drive plate rusted on splines of input shaft after long storage",
                "Free drive plate, clean and grease splines",
            ),
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


PAGES = (
    PageSpec(
        "21 - Clutch/21-07.jpg",
        "service_manual",
        "troubleshooting",
        "21",
        "TROUBLESHOOTING CLUTCH",
        _draw_troubles,
        Scanner(2107, skew=0.5),
    ),
)
