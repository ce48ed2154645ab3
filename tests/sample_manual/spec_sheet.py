"""The technical data of the sample vehicle as a hand-made HTML page, and the truth of its rows."""

from html import escape
from typing import Any, NamedTuple

PATH = "tarn-techspec.html"
TITLE = "Veldmar Tarn Tech Specs"


class SpecRow(NamedTuple):
    """A name and one value for both models or one each; a line feed is a line break inside the cell."""

    section: str
    name: str
    values: tuple[str, ...]


ROWS = (
    SpecRow(
        "Introduction",
        "Model code:",
        ("Saloon 4-door\nT118 (EU)\nT119 (US)", "Saloon 4-door\nT122 (EU)\nT123 (US)"),
    ),
    SpecRow("Introduction", "Production dates:", ("03/82 - 10/88", "09/84 - 06/89")),
    SpecRow("Introduction", "# cars produced:", ("41,806", "???")),
    SpecRow("Engine", "Engine:", ("V 18 E", "V 22 E")),
    SpecRow("Engine", "Engine type:", ("inline four, longitudinal, watercooled",)),
    SpecRow("Engine", "Displacement:", ("1776 cc", "2194 cc")),
    SpecRow("Engine", "Bore x stroke:", ("84.0 x 80.1 mm", "88.0 x 90.2 mm")),
    SpecRow("Engine", "Compression ratio:", ("9.2 : 1", "10.1 : 1 *")),
    SpecRow("Engine", "Firing order:", ("1-3-4-2",)),
    SpecRow("Engine", "Valve clearance (below 35 °C):", ("Intake 0.20-0.30 mm\nExhaust 0.30-0.40 mm",)),
    SpecRow("Engine", "Power:", ("74 kW (99 bhp) @ 5400 rpm", "103 kW (138 bhp) @ 5800 rpm *")),
    SpecRow("Engine", "Torque:", ("148 Nm (109 lb-ft) @ 3600 rpm", "196 Nm (145 lb-ft) @ 4200 rpm")),
    SpecRow("Engine", "Spark plugs:", ("Corvid K 6 R, gap 0.7 mm",)),
    SpecRow("Engine", "Ignition timing:", ("10° BTDC @ 850 rpm", "12° BTDC @ 800 rpm")),
    SpecRow("Transmission", "Gearbox:", ("Veldmar T4, 4-speed", "Veldmar T5, 5-speed")),
    SpecRow(
        "Transmission",
        "Gear ratios:",
        ("1st 3.64\n2nd 1.97\n3rd 1.32\n4th 1.00", "1st 3.72\n2nd 2.04\n3rd 1.34\n4th 1.00\n5th 0.81"),
    ),
    SpecRow("Transmission", "Final drive:", ("3.91 : 1", "3.64 : 1")),
    SpecRow("Transmission", "Clutch:", ("single dry plate, Ø 215 mm", "single dry plate, Ø 228 mm")),
    SpecRow("Chassis", "Front brakes:", ("256 mm disc", "280 mm vented disc")),
    SpecRow("Chassis", "Rear brakes:", ("228.6 mm drum", "258 mm disc")),
    SpecRow("Chassis", "Wheels:", ("5 1/2 J x 13", "6 J x 14")),
    SpecRow("Chassis", "Tyres:", ("175/70 R 13 82 T", "195/60 R 14 85 H **")),
    SpecRow("Chassis", "Wheelbase:", ("2480 mm",)),
    SpecRow("Chassis", "Length / width / height:", ("4265 / 1650 / 1395 mm",)),
    SpecRow("Chassis", "Curb weight:", ("1040 kg", "1165 kg")),
    SpecRow("Capacities & fluids", "Fuel tank:", ("52 litres (7 litres reserve)",)),
    SpecRow("Capacities & fluids", "Engine oil with filter:", ("4.25 litres SAE 15W40", "4.75 litres SAE 15W40")),
    SpecRow("Capacities & fluids", "Gearbox oil:", ("1.1 litres SAE 80", "1.25 litres SAE 80")),
    SpecRow("Capacities & fluids", "Coolant:", ("6.5 litres", "8.0 litres (8.4 litres with A/C)")),
    SpecRow("Capacities & fluids", "Brake / clutch fluid:", ("DOT 4",)),
)

FOOTNOTES = (
    "* From 09/86. Earlier engines: 9.6 : 1 and 99 kW (133 bhp).",
    "** Snow tyres 185/65 R 14 only, on 5 1/2 J wheels.",
)

HEAD = """<!DOCTYPE html>
<html>
<head>
<link rel="icon" type="image/png" sizes="32x32" href="favicon/favicon-32x32.png">
<link rel="manifest" href="favicon/site.webmanifest">
<meta http-equiv="Content-Type" content="text/html; charset=utf-8">
<title>Veldmar Service Manual - Tarn Tech Specs</title>
<link rel="stylesheet" href="style.css">
</head>
<body>
\t<h1>Veldmar Service Manual</h1>
    <div>Tarn 18 (V 18 E) and Tarn 22 (V 22 E)</div>
\t\t\t<h2>{title}</h2>
\t<a href="./index.html">[back to Main Index]</a><br>
            <table id="techTable">
"""
FOOT = """            </table>

            <div class="blockText" style="font-size: smaller;">
{footnotes}
            </div>
</body>
</html>
"""
CELL = """                <td{span}>
                <span class="tableCellA">{value}</span>
                </td>
"""


def html() -> str:
    """The page, with the loose markup that such pages have."""
    parts, section = [HEAD.format(title=TITLE)], ""
    for row in ROWS:
        if row.section != section:
            section = row.section
            parts.append(_section(section))
        parts.append(_row(row))
    notes = "\n".join(f"                <span>{escape(note)}</span><br>" for note in FOOTNOTES)
    return "".join([*parts, FOOT.format(footnotes=notes)])


def _section(name: str) -> str:
    empty = "                <td></td>\n" * 3
    return f"                <tr>\n                <td><h2>{escape(name)}</h2></td>\n{empty}                </tr>\n"


def _row(row: SpecRow) -> str:
    span = ' colspan="2"' if len(row.values) == 1 else ""
    cells = "".join(CELL.format(span=span, value=_broken(value)) for value in row.values)
    name = f'                <td style="vertical-align: top;">{escape(row.name)}</td>\n'
    return f"                <tr>\n{name}{cells}                <td></td>\n                </tr>\n"


def _broken(value: str) -> str:
    return "<br>".join(escape(line) for line in value.split("\n"))


def truth() -> dict[str, Any]:
    """The record of the sheet: section, name and values of every row."""
    return {
        "page": PATH,
        "source_type": "html_specs",
        "content_type": "specification",
        "section_id": "techspec",
        "title": TITLE,
        "facts": [],
        "rows": [{"section": row.section, "name": row.name, "values": list(row.values)} for row in ROWS],
        "footnotes": list(FOOTNOTES),
    }
