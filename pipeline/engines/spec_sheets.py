"""HTML specification sheets: tell them from navigation, read their rows, turn rows into pairs. No model is asked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile, zip_longest
from typing import TYPE_CHECKING

from review_db.records import CandidatePair, Word

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

LARGEST_BYTES = 5_000_000
MOST_TAGS = 60_000
DEEPEST_NESTING = 400
FEWEST_ROWS = 5
EMPTY_VALUES = re.compile(r"[\s?\-–—.…]*|n/?a|tba|tbd|unknown", re.IGNORECASE)
_TAG = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_XML_DECLARATION = re.compile(rb"^\s*<\?xml[^>]{0,200}>")
_WIDE_CHARSET = re.compile(rb"(<meta[^>]{0,200}charset=[\"']?)utf-?(?:16|32)(?:[bl]e)?", re.IGNORECASE)
"""A declaration that could not be read if it were true."""

_VOID = {b"br", b"img", b"hr", b"meta", b"link", b"input", b"col", b"wbr", b"source", b"area", b"base", b"embed"}
_SELF_CLOSING = _VOID | {b"p", b"li", b"td", b"tr", b"th", b"dt", b"dd", b"option"}


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: the heading above it, its name, and its values from left to right (line breaks as newlines)."""

    section: str
    name: str
    values: tuple[str, ...]
    label: str = ""
    """What the section says of its values, e.g. which part number stands where."""


@dataclass(frozen=True, slots=True)
class SpecSheet:
    """A sheet: the product it describes, what tells its value columns apart, its rows and footnotes."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[SheetRow, ...]
    footnotes: tuple[str, ...]


def is_spec_sheet(html: bytes) -> bool:
    """Whether this is a table of names and values; navigation (mostly links) and anything too large or deep is not."""
    if _too_heavy(html) or b"<table" not in html[:LARGEST_BYTES].lower():
        return False
    soup = _parsed(html)
    cells = [cell for cell in soup.find_all(["td", "th"]) if cell.get_text(strip=True)]
    linking = sum(1 for cell in cells if cell.find("a"))
    return len(read_spec_sheet(html).rows) >= FEWEST_ROWS and linking < 0.3 * len(cells)


def read_spec_sheet(html: bytes) -> SpecSheet:
    """The sheet's title, rows and footnotes; empty for a page that is too large or too deep to be parsed."""
    if _too_heavy(html):
        return SpecSheet("", (), (), ())
    soup = _parsed(html)
    rows = tuple(_rows(soup))
    return SpecSheet(_title(soup), _columns(rows), rows, tuple(_footnotes(soup)))


def _too_heavy(html: bytes) -> bool:
    """Judged before parsing, in one pass over the tags."""
    if len(html) > LARGEST_BYTES:
        return True
    depth = deepest = 0
    for number, tag in enumerate(_TAG.finditer(html)):
        if number > MOST_TAGS:
            return True
        if tag[2].lower() in _SELF_CLOSING:
            continue
        depth = max(0, depth - 1) if tag[1] else depth + 1
        deepest = max(deepest, depth)
    return deepest > DEEPEST_NESTING


def _parsed(html: bytes) -> BeautifulSoup:
    from bs4 import BeautifulSoup

    plain = _XML_DECLARATION.sub(b"", html.replace(b"\x00", b""))
    wide = html.startswith((b"\xff\xfe", b"\xfe\xff"))
    return BeautifulSoup(html if wide else _WIDE_CHARSET.sub(rb"\1utf-8", plain), "lxml")


def _rows(soup: BeautifulSoup) -> Iterator[SheetRow]:
    """Rows under their headings, each whole."""
    for section, rows in _sections(soup):
        nameless = list(takewhile(lambda row: not row[0], rows))
        label = " ".join(nameless[0][1:]).replace("\n", " ") if len(nameless) == 1 < len(rows) else ""
        if nameless and not label:
            columns = zip_longest(*(row[1:] for row in nameless), fillvalue="")
            yield SheetRow(section, section, tuple(filter(None, ("\n".join(filter(None, c)) for c in columns))))
        yield from _named_rows(section, rows[len(nameless) :], label)


def _sections(soup: BeautifulSoup) -> Iterator[tuple[str, list[list[str]]]]:
    """(heading, the rows below it as the texts of their cells); a heading is a name without values or colon."""
    section, rows = "", list[list[str]]()
    for row in soup.find_all("tr"):
        texts = [_cell_text(cell) for cell in row.find_all(["td", "th"], recursive=False)]
        if not any(texts):
            continue
        name = texts[0].replace("\n", " ")
        if name and not any(texts[1:]) and not name.endswith(":"):
            yield section, rows
            section, rows = name, []
        else:
            rows.append([name, *texts[1:]])
    yield section, rows


def _named_rows(section: str, rows: Sequence[Sequence[str]], label: str) -> Iterator[SheetRow]:
    """A row without a name goes on with the one above; a name without values names the rows below that lack a colon."""
    group, last = "", None
    for name, *cells in rows:
        values = tuple(filter(None, cells))
        if not name and last:
            last = replace(last, values=(f"{last.values[0]}\n{values[0]}", *last.values[1:]))
        elif not values:
            group = name
        else:
            group = "" if name.endswith(":") else group
            yield from (last,) if last else ()
            last = SheetRow(section, f"{group.rstrip(': ')} {name}" if group else name, values, label)
    yield from (last,) if last else ()


def _cell_text(cell: Tag) -> str:
    """The text of a cell; a <br> starts a new line, other white space is one space."""
    parts = [" ".join(part.split()) for part in _with_breaks(cell).split("\n")]
    return "\n".join(part for part in parts if part)


def _with_breaks(cell: Tag) -> str:
    pieces = []
    for node in cell.descendants:
        name = getattr(node, "name", None)
        if name == "br":
            pieces.append("\n")
        elif name is None and getattr(node, "parent", cell).name not in ("script", "style"):
            pieces.append(re.sub(r"\s+", " ", str(node)))
    return "".join(pieces)


def _title(soup: BeautifulSoup) -> str:
    for heading in soup.find_all(["h1", "h2", "h3", "title"]):
        text = " ".join(heading.get_text(" ").split())
        if heading.name != "title" and heading.find_parent("table") is None and re.search(r"spec|data\b", text, re.I):
            return text
    title = soup.find("title")
    return " ".join(title.get_text(" ").split()) if title else ""


def _columns(rows: tuple[SheetRow, ...]) -> tuple[str, ...]:
    """What tells the value columns apart: the first row whose values differ in words, by their first lines."""
    for row in rows[:4]:
        names = tuple(", ".join(value.split("\n")[:2]) for value in row.values)
        if len(names) > 1 and len(set(names)) == len(names) and all(re.search(r"[A-Za-z]{3}", name) for name in names):
            return names
    return ()


def _footnotes(soup: BeautifulSoup) -> Iterator[str]:
    for node in soup.find_all(["p", "div", "span", "small", "li"]):
        text = " ".join(node.get_text(" ").split())
        if re.match(r"(\*+|†|‡|\d\))\s*\S", text) and node.find(["p", "div", "span", "small", "li"]) is None:
            yield text


def pairs_from_sheet(sheet: SpecSheet) -> list[CandidatePair]:
    """One question for each value that is known: placeholders such as "???" are not asked for."""
    return [pair for row in sheet.rows for pair in _row_pairs(sheet, row)]


def _row_pairs(sheet: SpecSheet, row: SheetRow) -> Iterator[CandidatePair]:
    product = re.sub(r"\b(tech(nical)?\.? ?)?(specs?|specifications?|data)\b.*", "", sheet.title, flags=re.I).strip(
        " -–"
    )
    verb, name = _asked_name(row, [other.name for other in sheet.rows].count(row.name) > 1)
    split = len(row.values) == len(sheet.columns) > 1 and len(set(row.values)) > 1
    for number, value in enumerate(row.values if split else ("\n".join(dict.fromkeys(row.values)),)):
        if EMPTY_VALUES.fullmatch(value) or "??" in value:
            continue
        which = (
            f", {sheet.columns[number]}" if split and not value.startswith(sheet.columns[number].split(",")[0]) else ""
        )
        answer = re.sub(r"\s*,?\n", ", ", value)
        question = f"What {verb} the {name} of the {product or 'vehicle'}{which}?"
        yield CandidatePair(question, answer, "factual", quote=f"{row.name} {answer}")


def _asked_name(row: SheetRow, ambiguous: bool) -> tuple[str, str]:
    """(is or are, the name as it stands inside a question); with its heading where the sheet has the name twice."""
    name = row.name.replace("# cars", "number of cars").rstrip(": ").strip()
    plain = name.split("(")[0].strip().lower()
    verb = "are" if re.search(r"[^su]s$", plain) and not plain.startswith("number") else "is"
    parts = row.label.count(" / ")  # a label such as "Bosch part # / BMW part #" is of values with as many parts
    label = row.label if parts and row.values[0].split("\n")[0].count(" / ") == parts else ""
    notes = [note for note in (row.section if ambiguous else "", label) if note]
    words = [word.lower() if re.fullmatch(r"[A-Z][a-z]+[,:/]?", word) else word for word in name.split(" ")]
    return verb, " ".join(words) + (f" ({', '.join(notes)})" if notes else "")


def sheet_words(sheet: SpecSheet) -> list[Word]:
    """The sheet as words in reading order, one line for each row and none with a place on an image."""
    lines = [sheet.title]
    section = ""
    for row in sheet.rows:
        if row.section != section:
            section = row.section
            lines.append(section)
        lines.append(" ".join([row.name, *(value.replace("\n", ", ") for value in row.values)]))
    lines += sheet.footnotes
    return [Word(word, (0, 0, 0, 0), 1.0, number) for number, line in enumerate(lines) for word in line.split()]
