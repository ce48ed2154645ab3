"""Pairs from index pages: on which page a job stands and under which code, and where a component sits."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz

from pipeline.engines.offline.asking import Asked, asked
from pipeline.engines.offline.layout import Line, Row, rows_of
from review_db.records import IndexRow, Word

_LEADERS = re.compile(r"(?:\s*[.…·]){2,}\s*|\s+[.·]\s*$|(?<=[a-z])\.\s*$")
_FIGURE = re.compile(r"^\d{3,4}\s?-\s?\d{1,2}\s?-\s?\d{1,2}$")


def index_pairs(lines: Sequence[Line], entries: Sequence[IndexRow], section: str) -> list[Asked]:
    """The pairs of index rows; `section` names the index in a question ("section 21 Clutch")."""
    located = location_pairs(lines)
    if located:
        return located
    rows = rows_of(lines)
    paragraphs = any(re.match(r"para(?:graph|\.)", line.text, re.I) for line in lines)
    pairs: list[Asked] = []
    for entry in entries:
        if len(re.findall(r"[^\W\d_]", entry.title)) >= 3:
            pairs.extend(_entry_pairs(entry, rows, section, paragraphs))
    return pairs


def _paragraph(page: str, words: Sequence[Word]) -> str:
    """The paragraph number that stands right before a page number in the row; empty when there is none."""
    texts = [word.text.strip(".") for word in words]
    if not page or texts.count(page) != 1 or texts.index(page) == 0:
        return ""
    before = texts[texts.index(page) - 1]
    return before if re.fullmatch(r"\d{1,2}-\d{1,3}[a-z]{0,2}", before) else ""


def _entry_pairs(entry: IndexRow, rows: Sequence[Row], section: str, paragraphs: bool) -> Iterator[Asked]:
    words, title = _source(entry, rows), re.sub(r"\s+", " ", entry.title).strip(" .")
    within = f" in {section}" if section else ""
    code = f" ({entry.code})" if entry.code else ""
    if entry.page:
        reference = not entry.page[0].isdigit() and " " in entry.page
        asks = "Which reference does the index give for" if reference else "On which page is"
        yield from _found(
            f'{asks} "{title}"{code}{within}{"" if reference else " found"}',
            _printed(entry.page, words),
            words,
            3,
        )
    paragraph = _paragraph(entry.page, words)
    if paragraph and not entry.code and paragraphs:
        yield from _found(f'Which paragraph covers "{title}"{within}', paragraph, words, 4)
    if entry.code:
        yield from _found(f'Which code does "{title}" have{within}', entry.code, words, 4)


def _printed(page: str, words: Sequence[Word]) -> str:
    """A page reference with the space before its letter, where one is printed ("11-61 b")."""
    lettered = re.match(r"^(.*\d)([a-z])$", page)
    if lettered is None:
        return page
    spaced = f"{lettered.group(1)} {lettered.group(2)}"
    return spaced if re.search(rf"{re.escape(spaced)}$", " ".join(word.text for word in words).rstrip(" .")) else page


def _source(entry: IndexRow, rows: Sequence[Row]) -> list[Word]:
    """The words of the row that prints an entry: the best match of its title among rows with its page."""
    wanted = f"{entry.title} {entry.page}".lower()
    best = max(rows, key=lambda row: fuzz.token_set_ratio(wanted, row.text.lower()), default=None)
    return [word for line in best.lines for word in line.words] if best else []


def location_pairs(lines: Sequence[Line]) -> list[Asked]:
    """The pairs of a component location chart: component, place and figure, joined by leader dots."""
    rows = rows_of(lines)
    figures = [line for line in lines if _FIGURE.match(line.text)]
    if len(figures) < 5:
        return []
    edge = _place_edge(rows, min(line.box[0] for line in figures))
    if edge is None:
        return []
    return [item for entry in _places(rows, edge) for item in _place_pairs(*entry)]


def _place_edge(rows: Sequence[Row], right: float) -> float | None:
    """Where the column of places begins: the commonest left edge of second cells."""
    edges = [round(row.lines[1].box[0], 2) for row in rows if len(row.lines) >= 3 and row.lines[1].box[0] < right]
    return max(set(edges), key=edges.count) if len(edges) >= 3 else None


def _places(rows: Sequence[Row], edge: float) -> list[tuple[str, str, str, list[Word]]]:
    """(component, place, figure, words) of each entry; an entry ends with its figure."""
    entries: list[tuple[str, str, str, list[Word]]] = []
    first = next(number for number, row in enumerate(rows) if any(_FIGURE.match(line.text) for line in row.lines))
    name, place = "", ""
    words: list[Word] = []
    for row in rows[first:]:
        left, right, figure = _cells(row, edge)
        if left and place:
            entries.append((name, place, "", words))
            name, place, words = "", "", []
        name, place = f"{name} {left}".strip(), f"{place} {right}".strip()
        words = [*words, *(word for line in row.lines for word in line.words)]
        if figure:
            entries.append((name, place, figure, words))
            name, place, words = "", "", []
    return entries


def _cells(row: Row, edge: float) -> tuple[str, str, str]:
    """Component, place and figure of one row; leader dots removed."""
    name, place, figure = "", "", ""
    for line in row.lines:
        if _FIGURE.match(line.text):
            figure = re.sub(r"\s", "", line.text)
        elif line.box[0] >= edge - 0.015:
            place = f"{place} {_LEADERS.sub(' ', line.text).strip(' .')}".strip()
        else:
            left, _, right = _split_leaders(line.text)
            name, place = f"{name} {left}".strip(), f"{place} {right}".strip()
    return name, place, figure


def _split_leaders(text: str) -> tuple[str, str, str]:
    parts = re.split(r"(?:\s*[.…·]){2,}\s*", text, maxsplit=1)
    return _LEADERS.sub("", parts[0]).strip(" ."), "", parts[1].strip(" .") if len(parts) > 1 else ""


def _place_pairs(name: str, place: str, figure: str, words: list[Word]) -> Iterator[Asked]:
    if not re.search(r"[a-z]{3}", name) or not re.search(r"[a-z]{2}", place) or len(name.split()) > 8:
        return
    component = name[:1].upper() + name[1:]
    yield from _found(f'Where is the component "{component}" located', place, words, 1, "component")
    if figure:
        yield from _found(f'Which page and figure show the component "{component}"', figure, words, 3)


def _found(question: str, answer: str, words: Sequence[Word], rank: int, kind: str = "navigation") -> Iterator[Asked]:
    item = asked(question, answer, kind, words, rank)
    if item is not None:
        yield item
