"""Index pages: their words become rows of full repair code, title and page as printed.

A page reference column ends a panel; an index set in several columns has several panels, read one after the other.
Inside a panel a row with a code or a page begins or ends an entry, and what stands between runs on or is a group
that heads the rows below it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from pipeline.checks.levelling import levelling_of
from pipeline.engines.offline.index_cells import CODE, DOTS, SHORT, TEXT, Cell, cells_of, page_columns
from pipeline.engines.offline.layout import lines_of
from review_db.records import Box, IndexRow, Word

_HEADER = re.compile(
    r"^(?:page|pages|page-figure|para\.?|paragraph|seite|inhalt|pagina|pag\.?|coordinate|paragrafo|components?"
    r"|contents|index|indice|inhaltsverzeichnis|sommario|titel|title|subject)$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Row:
    """Cells of one panel at one height."""

    middle: float
    texts: list[Cell] = field(default_factory=list)
    code: Cell | None = None
    pages: list[Cell] = field(default_factory=list)

    @property
    def left(self) -> float:
        return self.texts[0].box[0] if self.texts else 1.0

    @property
    def right(self) -> float:
        return self.texts[-1].box[2] if self.texts else 0.0

    @property
    def title(self) -> str:
        return " ".join(cell.text for cell in self.texts)


@dataclass(frozen=True, slots=True)
class _Entry:
    """An index entry as found: code cell, title, page ("" where none was read)."""

    code: Cell | None
    title: str
    page: str
    led: bool


@dataclass(frozen=True, slots=True)
class _ReadPanel:
    """The entries that end in one page column, and the place of that column on the page."""

    column: Box
    rows: int
    entries: list[_Entry]


@dataclass(slots=True)
class _Panel:
    """Usual row height, where full title lines end, where a second column of text starts (1 where there is none)."""

    pitch: float
    edge: float
    second: float


def read_index(words: Sequence[Word], section_id: str) -> list[IndexRow]:
    """All entries of an index page in reading order.

    `code` is full ("21 21 565" for a printed 565 under 21 21 000), "31 33 ..." where printed with dots, or empty;
    `page` is as printed without stray spaces, and empty where none is printed or it could not be read.
    """
    entries = [entry for panel in _panels(words) for entry in panel.entries]
    pages = _one_dash([entry.page for entry in entries], section_id)
    codes = _full_codes([entry.code for entry in entries])
    return [IndexRow(code, entry.title, page) for entry, code, page in zip(entries, codes, pages, strict=True)]


def unread_columns(words: Sequence[Word]) -> list[Box]:
    """The page columns of an index page in which numbers are missing; none on any other page.

    A column of an index has three page references or more ("12-3", or any behind leader dots) in one row of four.
    """
    return [panel.column for panel in _panels(words) if _lacks_pages(panel)]


def _lacks_pages(panel: _ReadPanel) -> bool:
    sure = sum("-" in entry.page or (entry.led and bool(entry.page)) for entry in panel.entries)
    return sure >= 3 and sure >= panel.rows / 4 and any(not entry.page for entry in panel.entries)


def _panels(words: Sequence[Word]) -> list[_ReadPanel]:
    cells = cells_of(lines_of(levelling_of(words).level(words)))
    panels: list[_ReadPanel] = []
    left = 0.0
    for x0, x1 in page_columns(cells):
        rows = _rows([cell for cell in cells if left <= (cell.box[0] + cell.box[2]) / 2 <= x1], x0)
        marked = [row.middle for row in rows if row.code or row.pages] or [0.0]
        panels.append(_ReadPanel((x0, min(marked), x1, max(marked)), len(rows), _entries(rows)))
        left = x1
    return panels


def _pitch(cells: Sequence[Cell]) -> float:
    """Usual height of a cell as a fraction of the page height."""
    heights = sorted(cell.box[3] - cell.box[1] for cell in cells)
    return heights[len(heights) // 2] if heights else 0.02


def _rows(panel: Sequence[Cell], page_column: float) -> list[_Row]:
    """Cluster a panel's cells by height, top to bottom; numbers left of the page column are no pages."""
    rows: list[_Row] = []
    reach = 0.5 * _pitch(panel)
    for cell in sorted(panel, key=lambda cell: cell.middle):
        if not rows or cell.middle - rows[-1].middle > reach:
            rows.append(_Row(cell.middle))
        _place(rows[-1], cell, page_column)
    return [row for row in rows if row.texts or row.pages]


def _place(row: _Row, cell: Cell, page_column: float) -> None:
    if cell.kind in (CODE, SHORT, DOTS):
        row.code = row.code or cell
    elif cell.kind == TEXT:
        row.texts = sorted([*row.texts, cell], key=lambda text: text.box[0])
    elif cell.box[2] > page_column or cell.text.endswith("-"):
        row.pages = sorted([*row.pages, cell], key=lambda page: page.box[0])


def _entries(rows: Sequence[_Row]) -> list[_Entry]:
    """Entries of one panel; a row without code and page before the first or after the last entry is none."""
    headers = [place for place, row in enumerate(rows) if _is_header(row)]
    rows = [row for row in rows[max(headers, default=-1) + 1 :] if row.code or any(map(_is_word, row.texts))]
    marked = [place for place, row in enumerate(rows) if row.code or row.pages]
    if not marked:
        return []
    panel = _panel(rows)
    start = marked[0]
    while start and marked[0] - start < 3 and _belongs(rows[start - 1], rows[start], panel):
        start -= 1
    entries: list[_Entry] = []
    pending: list[_Row] = []
    group: _Row | None = None
    for row in rows[start : marked[-1] + 1]:
        if pending and not _runs_on(pending[-1], row, panel):
            group = _close(pending, row, entries, group, panel)
            pending = []
        if not pending and entries and _trails(row):
            entries[-1] = replace(entries[-1], title=f"{entries[-1].title} {row.title}")
            continue
        pending.append(row)
        if row.pages:
            group = _close(pending, row, entries, group, panel)
            pending = []
    return entries


def _is_header(row: _Row) -> bool:
    return not row.pages and not row.code and any(_HEADER.match(cell.text) for cell in row.texts)


def _is_word(cell: Cell) -> bool:
    """A single letter heads a part of an alphabetical index, it is no entry."""
    return len(cell.text) > 2


def _panel(rows: Sequence[_Row]) -> _Panel:
    steps = sorted(below.middle - above.middle for above, below in pairwise(rows))
    seconds = sorted(row.texts[1].box[0] for row in rows if len(row.texts) > 1)
    second = seconds[len(seconds) // 2] - 0.02 if len(seconds) >= max(3, 0.4 * len(rows)) else 1.0
    return _Panel(
        pitch=steps[len(steps) // 2] if steps else 0.02,
        edge=max((row.right for row in rows if not row.pages), default=1.0) - 0.03,
        second=second,
    )


def _belongs(above: _Row, below: _Row, panel: _Panel) -> bool:
    return _runs_on(above, below, panel) or (
        above.title.endswith(":") and below.middle - above.middle < 2 * panel.pitch
    )


def _runs_on(above: _Row, below: _Row, panel: _Panel) -> bool:
    """Whether the title in `above`, which has no page, goes on in `below`."""
    if below.code or not above.texts or below.middle - above.middle > 1.7 * panel.pitch:
        return False
    if not below.texts:
        return not above.pages
    if panel.second < 1.0:
        alone = len(above.texts) == 1 and above.left < panel.second and not above.texts[0].led
        return below.left >= panel.second or alone
    if above.texts[-1].led or above.title.endswith(":"):
        return False
    wrapped = above.title.endswith(("-", "–", "—", ",", "/", "(")) or above.title.count("(") > above.title.count(")")
    return wrapped or _starts_low(below) or (above.right >= panel.edge and len(above.title) > 30)


def _starts_low(row: _Row) -> bool:
    return row.title[:1].islower() or row.title.startswith("(")


def _trails(row: _Row) -> bool:
    """A rest of the entry above: neither code nor page of its own, and no capital to begin with."""
    return not row.code and not row.pages and bool(row.texts) and _starts_low(row)


def _close(
    pending: Sequence[_Row], following: _Row, entries: list[_Entry], group: _Row | None, panel: _Panel
) -> _Row | None:
    """Add the pending rows to `entries` as one entry, or return them as the group that heads what follows."""
    first, last = pending[0], pending[-1]
    if group and not _is_child(first, group, entries):
        group = None
    page = _page_of(last)
    if page is None and not any(row.code for row in pending):
        if last.title.endswith(":") or _is_deeper(following, first):
            return replace(first, texts=[cell for row in pending for cell in row.texts])
        if sum(letter.islower() for letter in last.title) < 3:
            return group
    title = " ".join(_title_of(row, panel) for row in pending if row.texts)
    if group:
        title = f"{group.title.rstrip(': ')}: {title.lstrip('-–— ')}"
    led = any(cell.led for row in pending for cell in row.texts)
    entries.append(_Entry(next((row.code for row in pending if row.code), None), title.strip(), page or "", led))
    return group


def _is_deeper(row: _Row, above: _Row) -> bool:
    return bool(row.texts) and (row.left > above.left + 0.006 or row.title.startswith(("-", "–", "—")))


def _is_child(row: _Row, group: _Row, entries: Sequence[_Entry]) -> bool:
    """Rows set deeper belong to the group; one at its depth does only where the group has no entry yet."""
    if row.code:
        return False
    heading = group.title.rstrip(": ")
    return _is_deeper(row, group) or not (entries and entries[-1].title.startswith(heading))


def _page_of(row: _Row) -> str | None:
    """The row's last page reference; "34-" and "2" beside each other are one; None without a page column cell."""
    if not row.pages:
        return None
    text = row.pages[-1].text
    if len(row.pages) > 1 and row.pages[-2].text.endswith("-"):
        text = row.pages[-2].text + text
    return "" if text.endswith("-") else text


def _title_of(row: _Row, panel: _Panel) -> str:
    """The row's words left of a second text column (which tells where the thing is, not what it is)."""
    return " ".join(cell.text for cell in row.texts if cell.box[0] < panel.second)


def _one_dash(pages: Sequence[str], section_id: str) -> list[str]:
    """Read "21.4" as "21-4" where 21 is the section or stands with a dash elsewhere on the page, and so "0. 4".

    Such a first half alone is a page whose second half was not read.
    """
    dashed = {page.partition("-")[0] for page in pages if "-" in page}
    return [_dashed(page, dashed, section_id) if dashed else page for page in pages]


def _dashed(page: str, dashed: Collection[str], section_id: str) -> str:
    first, _, second = (part.strip() for part in page.partition("."))
    if first in {*dashed, section_id} or re.search(r"\.\s|\s\.", page):
        return f"{first}-{second}" if second else ""
    return page


def _full_codes(cells: Sequence[Cell | None]) -> list[str]:
    """Complete each shortened code with the main and sub group printed above it; "" where nothing stands above."""
    codes = []
    prefix = ""
    for cell in cells:
        if cell is not None and cell.kind == CODE:
            prefix = cell.text[:5]
            codes.append(cell.text)
        else:
            codes.append(f"{prefix} {cell.text}" if cell is not None and prefix else "")
    return codes
