"""The cells of an index page: repair codes, titles and page references, cut out of the recognised lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pipeline.engines.offline.layout import Line, is_turned, letter_width, union
from pipeline.engines.offline.sections import digits_in_pages, tidy_page
from review_db.records import Box, Word

CODE, SHORT, DOTS, PAGE, TEXT = "code", "short", "dots", "page", "text"
"""Kinds of a cell: full repair code, last group of a shortened one, dots in place of it, page reference, title."""

_DASH = r"\s?[-–—·]\s?"
_PAGE_BODY = (
    rf"(?:[A-Z]{{1,2}}{_DASH})?\d{{1,4}}(?:{_DASH}\d{{1,4}}){{0,2}}(?:\s?[./]\s?\d{{1,2}})?(?:\s?[A-Za-z]|[a-z]{{2}})?"
    r"|[ivxl]{1,6}"
    r"|(?:see|siehe|s\.|vedi|voir)\s+(?:group|gr\.?|gruppe|gruppo|groupe|section|chapter|page)\s*\w+"
)
_LEADER = re.compile(r"(?:\s*[.…·_]){2,}\s*|\s[.…·]$|,{2,}")
_LEADER_WORD = re.compile(r"^[.…·_,]+$")
_ENDS_LED = re.compile(r"[.…·_]{3,}$")
_PAGE_CELL = re.compile(rf"^[.…·\s_,]*({_PAGE_BODY})[.\s]*$", re.IGNORECASE)
_BROKEN_PAGE = re.compile(r"^[.…·\s_,]*(\d{1,4})\s*[-–—·.]$")
_LED_PAGE = re.compile(rf"^(?P<title>.*?[^\W_].*?)(?:\s*[.…·_,]){{2,}}\s*(?P<page>{_PAGE_BODY})$", re.IGNORECASE)
_FULL_CODE = re.compile(r"^\W?(\d{2})\s?(\d{2})\s?(\d{3})$")
_DOTTED_CODE = re.compile(r"^\W?(\d{2})\s?(\d{2})\s*[.…·][\s.…·]*$")


class Cell(NamedTuple):
    """One cell: its kind, its text (codes spaced, pages tidy, titles without leader dots) and where it stands.

    `led` tells that leader dots stood behind a title.
    """

    kind: str
    text: str
    box: Box
    led: bool = False

    @property
    def middle(self) -> float:
        """Vertical centre as a fraction of the page height."""
        return (self.box[1] + self.box[3]) / 2


def cells_of(lines: Sequence[Line]) -> list[Cell]:
    """Cut every line into cells; a column of digits that was read as one turned line becomes one cell a digit."""
    cells: list[Cell] = []
    letter = letter_width(lines)
    for line in lines:
        if is_turned(line, letter):
            cells += _digits_of(line)
        else:
            cells += _cut(line)
    return cells


def page_columns(cells: Sequence[Cell]) -> list[tuple[float, float]]:
    """(x0, x1) of each column of page references, left to right; neighbours without titles between are one."""
    spans: list[list[Cell]] = []
    for page in sorted((cell for cell in cells if cell.kind == PAGE), key=lambda cell: cell.box[0]):
        if spans and page.box[0] <= max(cell.box[2] for cell in spans[-1]) + 0.01:
            spans[-1].append(page)
        else:
            spans.append([page])
    most = max((len(span) for span in spans), default=0)
    columns: list[tuple[float, float]] = []
    for span in spans:
        x0, x1 = min(cell.box[0] for cell in span), max(cell.box[2] for cell in span)
        if len(span) < max(1, 0.25 * most):
            continue
        between = [cell for cell in cells if cell.kind == TEXT and columns and columns[-1][1] < cell.box[0] < x0]
        if columns and len(between) < 0.3 * len(span):
            columns[-1] = (x0, x1)
        elif _has_titles(cells, columns[-1][1] if columns else 0.0, x0):
            columns.append((x0, x1))
    return columns


def _has_titles(cells: Sequence[Cell], x0: float, x1: float) -> bool:
    return any(cell.kind == TEXT and x0 <= cell.box[0] < x1 for cell in cells)


def _digits_of(line: Line) -> list[Cell]:
    """Short page numbers below each other look like one line set downwards; other turned text is no index entry."""
    digits = line.text.replace(" ", "")
    if not digits.isdigit():
        return []
    x0, y0, x1, y1 = line.box
    step = (y1 - y0) / len(digits)
    return [Cell(PAGE, digit, (x0, y0 + n * step, x1, y0 + (n + 1) * step)) for n, digit in enumerate(digits)]


def _cut(line: Line) -> list[Cell]:
    words = list(line.words)
    cells = []
    code = _leading_code(words)
    if code:
        cell, taken = code
        cells.append(cell)
        words = words[taken:]
    if not words:
        return cells
    page = _trailing_page(words)
    if page:
        cell, taken = page
        words = words[: len(words) - taken]
        cells.append(cell)
    return cells + _text_cells(words)


def _leading_code(words: Sequence[Word]) -> tuple[Cell, int] | None:
    """The longest run of leading words that is a repair code, and how many words it takes."""
    for taken in range(min(6, len(words)), 0, -1):
        text = " ".join(word.text for word in words[:taken])
        full, dotted = _FULL_CODE.match(text), _DOTTED_CODE.match(text)
        if full:
            return Cell(CODE, " ".join(full.groups()), _box(words[:taken])), taken
        if dotted:
            return Cell(CODE, f"{dotted.group(1)} {dotted.group(2)} ...", _box(words[:taken])), taken
    first = words[0].text
    if re.fullmatch(r"\d{3}", first) and (len(words) == 1 or words[1].text[0].isupper()):
        return Cell(SHORT, first, _box(words[:1])), 1
    if re.fullmatch(r"\.\s?\.\s?\.", " ".join(word.text for word in words)):
        return Cell(DOTS, "...", _box(words)), len(words)
    return None


def _trailing_page(words: Sequence[Word]) -> tuple[Cell, int] | None:
    """A page reference that is the whole line, or that ends it behind leader dots or as "12-34"."""
    text = digits_in_pages(" ".join(word.text for word in words))
    whole = _PAGE_CELL.match(text)
    if whole:
        return Cell(PAGE, _tidy(whole.group(1)), _box(words)), len(words)
    broken = _BROKEN_PAGE.match(text)
    if broken:
        return Cell(PAGE, f"{broken.group(1)}-", _box(words)), len(words)
    led = _LED_PAGE.match(text)
    if led:
        taken = _words_behind(words, led.group("page"))
        return Cell(PAGE, _tidy(led.group("page")), _box(words[-taken:])), taken
    last = re.fullmatch(r"[.…·]*(\d{1,4}[-–—]\d{1,4}(?:\.\d{1,2})?[A-Za-z]?)", words[-1].text)
    if last and len(words) > 1:
        return Cell(PAGE, _tidy(last.group(1)), words[-1].box), 1
    return None


def _words_behind(words: Sequence[Word], tail: str) -> int:
    """How many of the last words hold `tail`; at least one."""
    length, wanted = 0, len(tail.replace(" ", ""))
    for taken, word in enumerate(reversed(words), start=1):
        length += len(word.text)
        if length >= wanted:
            return taken
    return len(words)


def _tidy(page: str) -> str:
    return tidy_page(re.sub(r"\s*·\s*", "-", page))


def _text_cells(words: Sequence[Word]) -> list[Cell]:
    """Title words; leader dots between words part two columns of text."""
    cells: list[Cell] = []
    start = 0
    for place, word in enumerate(words):
        dotted = _LEADER_WORD.match(word.text) is not None or _ENDS_LED.search(word.text) is not None
        more = place + 1 < len(words) and _LEADER_WORD.match(words[place + 1].text) is not None
        if place + 1 == len(words) or (dotted and not more and place > start):
            cells += _text_cell(words[start : place + 1])
            start = place + 1
    return cells


def _text_cell(words: Sequence[Word]) -> list[Cell]:
    raw = " ".join(word.text for word in words)
    title = re.sub(r"\s+", " ", _LEADER.sub(" ", raw)).strip(" .…·_,").removesuffix(" .:")
    if not any(letter.isalpha() for letter in title):
        return []
    led = _LEADER.search(raw) is not None or raw.endswith(".")
    return [Cell(TEXT, title + "," * raw.endswith(",") * (not led), _box(words), led)]


def _box(words: Iterable[Word]) -> Box:
    return union(word.box for word in words)
