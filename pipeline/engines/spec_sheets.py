"""HTML specification sheets: tell them from navigation, read their rows, turn rows into pairs. No model is asked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, takewhile, zip_longest
from typing import TYPE_CHECKING

from pipeline.engines.html_text import cell_text, parsed, refusal, short_text
from review_db.records import CandidatePair, Word

if TYPE_CHECKING:
    from pipeline.engines.html_text import BeautifulSoup

FEWEST_ROWS = 5
MOST_PAIRS = 1_000
MOST_WORDS = 20_000
LONGEST_VALUE, LONGEST_NAME = 500, 120
"""Characters of a value or a name that is asked for; longer ones are running text in a cell."""

LONGEST_LIST = 5_000
"""Characters after which rows without a name are no longer added to the row above."""

LONGEST_NOTE = 400
_UNREADABLE = "\ufffd"
"""What stands for a letter that the page's charset does not know: such a value would be wrong."""

EMPTY_VALUES = re.compile(r"[\s?\-–—.…]*|n/?a|tba|tbd|unknown", re.IGNORECASE)


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
    """Whether this is a table of names and values; navigation (mostly links) and what may not be parsed is not."""
    if refusal(html):
        return False
    soup = parsed(html)
    cells = sum(1 for cell in soup.find_all(["td", "th"]) if cell_text(cell))
    linking = {id(link.find_parent(["td", "th"])) for link in soup.find_all("a") if link.find_parent(["td", "th"])}
    return sum(1 for _ in islice(_rows(soup), FEWEST_ROWS)) >= FEWEST_ROWS and len(linking) < 0.3 * cells


def read_spec_sheet(html: bytes) -> SpecSheet:
    """The sheet's title, rows and footnotes; empty for a page that is too large or too deep to be parsed."""
    if refusal(html):
        return SpecSheet("", (), (), ())
    soup = parsed(html)
    rows = tuple(_rows(soup))
    return SpecSheet(_title(soup), _columns(rows), rows, tuple(_footnotes(soup)))


def _rows(soup: BeautifulSoup) -> Iterator[SheetRow]:
    """Rows under their headings, each whole."""
    for section, rows in _sections(soup):
        nameless = list(takewhile(lambda row: not row[0], rows))
        label = " ".join(nameless[0][1:]).replace("\n", " ")[:LONGEST_NAME] if len(nameless) == 1 < len(rows) else ""
        if nameless and not label:
            columns = zip_longest(*(row[1:] for row in nameless), fillvalue="")
            yield SheetRow(section, section, tuple(filter(None, ("\n".join(filter(None, c)) for c in columns))))
        yield from _named_rows(section, rows[len(nameless) :], label)


def _sections(soup: BeautifulSoup) -> Iterator[tuple[str, list[list[str]]]]:
    """(heading, the rows below it as the texts of their cells); a heading is a name without values or colon."""
    section, rows = "", list[list[str]]()
    for row in soup.find_all("tr"):
        texts = [cell_text(cell) for cell in row.find_all(["td", "th"], recursive=False)]
        if not any(texts):
            continue
        name = texts[0].replace("\n", " ")[: LONGEST_NAME + 1]
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
            if len(last.values[0]) < LONGEST_LIST:
                last = replace(last, values=(f"{last.values[0]}\n{values[0]}", *last.values[1:]))
        elif not values:
            group = name
        else:
            group = "" if name.endswith(":") else group
            yield from (last,) if last else ()
            last = SheetRow(section, f"{group.rstrip(': ')} {name}" if group else name, values, label)
    yield from (last,) if last else ()


def _title(soup: BeautifulSoup) -> str:
    for heading in soup.find_all(["h1", "h2", "h3", "title"]):
        text = short_text(heading, LONGEST_NAME)
        if heading.name != "title" and heading.find_parent("table") is None and re.search(r"spec|data\b", text, re.I):
            return text
    title = soup.find("title")
    return short_text(title, LONGEST_NAME) if title else ""


def _columns(rows: tuple[SheetRow, ...]) -> tuple[str, ...]:
    """What tells the value columns apart: the first row whose values differ in words, by their first lines."""
    for row in rows[:4]:
        names = tuple(", ".join(value.split("\n")[:2]) for value in row.values)
        if len(names) > 1 and len(set(names)) == len(names) and all(map(_is_column_name, names)):
            return names
    return ()


def _is_column_name(name: str) -> bool:
    return len(name) <= LONGEST_NAME and re.search(r"[A-Za-z]{3}", name) is not None


def _footnotes(soup: BeautifulSoup) -> Iterator[str]:
    for node in soup.find_all(["p", "div", "span", "small", "li"]):
        if node.find(["p", "div", "span", "small", "li"]) is None:
            text = short_text(node, LONGEST_NOTE)
            if re.match(r"(\*+|†|‡|\d\))\s*\S", text):
                yield text


def pairs_from_sheet(sheet: SpecSheet) -> list[CandidatePair]:
    """One question for each value that is known: placeholders such as "???" are not asked for. At most MOST_PAIRS."""
    named = Counter(row.name for row in sheet.rows)
    pairs = (pair for row in sheet.rows for pair in _row_pairs(sheet, row, named[row.name] > 1))
    return list(islice(pairs, MOST_PAIRS))


def _row_pairs(sheet: SpecSheet, row: SheetRow, ambiguous: bool) -> Iterator[CandidatePair]:
    if len(row.name) > LONGEST_NAME:
        return
    product = re.sub(r"\b(tech(nical)?\.? ?)?(specs?|specifications?|data)\b.*", "", sheet.title, flags=re.I).strip(
        " -–"
    )
    verb, name = _asked_name(row, ambiguous)
    split = len(row.values) == len(sheet.columns) > 1 and len(set(row.values)) > 1
    for number, value in enumerate(row.values if split else ("\n".join(dict.fromkeys(row.values)),)):
        if len(value) > LONGEST_VALUE or EMPTY_VALUES.fullmatch(value) or "??" in value or _UNREADABLE in value:
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
    words = (Word(word, (0, 0, 0, 0), 1.0, number) for number, line in enumerate(lines) for word in line.split())
    return list(islice(words, MOST_WORDS))
