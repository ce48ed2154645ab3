"""How many rows of the corpus's specification sheets are read with the right name and values.

The rows are told by a second, naive reader (the standard library's parser, cell by cell), so that a row which the
product's reader drops or misplaces shows.
"""

from html.parser import HTMLParser
from pathlib import Path

from pipeline.engines.spec_sheets import is_spec_sheet, pairs_from_sheet, read_spec_sheet
from tests.accept.rows import WordsByPage

GOAL = 0.98


class Cells(HTMLParser):
    """Every row of every table as the texts of its cells."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._in_cell = False

    def handle_starttag(self, tag, attrs):
        if tag == "tr":
            self.rows.append([])
        elif tag == "td" and self.rows:
            self.rows[-1].append("")
            self._in_cell = True
        elif tag == "h2" and self.rows and len(self.rows[-1]) > 1:
            self.rows.append([""])  # a heading begins a row of its own, also where the row above was not closed
        elif tag == "br" and self._in_cell:
            self.rows[-1][-1] += " "

    def handle_endtag(self, tag):
        self._in_cell = self._in_cell and tag not in ("td", "tr", "table")

    def handle_data(self, data):
        if self._in_cell:
            self.rows[-1][-1] += data


def plain(text: str) -> str:
    """The text without white space and commas, which stand for line breaks in answers."""
    return "".join(text.replace(",", "").split())


def rows(corpus: Path, words_by_page: WordsByPage) -> list[tuple[str, float, float]]:
    """One row of the table for each sheet."""
    sheets = sorted((corpus / "data_src").rglob("*-techspec.html"))
    return [(f"rows of {sheet.name} read with the right name and values", share_read(sheet), GOAL) for sheet in sheets]


def share_read(file: Path) -> float:
    """The share of rows with values whose name and values stand in one row that was read."""
    html = file.read_bytes()
    if not is_spec_sheet(html):
        return 0.0
    parser = Cells()
    parser.feed(html.decode("utf-8"))
    sheet = read_spec_sheet(html)
    read = [(plain(row.name), plain("".join(row.values))) for row in sheet.rows]
    read += [(plain(row.section), plain(row.label)) for row in sheet.rows if row.label]
    wanted, name = [], ""
    for cells in parser.rows:
        values = [plain(cell) for cell in cells[1:] if plain(cell)]
        name = plain(cells[0]) if cells and plain(cells[0]) else name
        if values:
            wanted.append((name, values))
    found = [
        any(name in known and all(value in text for value in values) for known, text in read) for name, values in wanted
    ]
    assert pairs_from_sheet(sheet)
    return sum(found) / len(found)
