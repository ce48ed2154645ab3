"""What one page of the sample is: where it goes, what it is called, how it is drawn and what it answers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.sample_manual.scan import Scanner
from tests.sample_manual.sheet import Sheet
from tests.sample_manual.truth import NotDrawn, Row, bare, fact, questions

SERVICE = (1200, 912)
ELECTRICAL = (1800, 1399)
PORTRAIT = (1240, 1754)


@dataclass(frozen=True)
class PageSpec:
    """One page; `path` is relative to the sample folder, `page_number` counts inside a PDF."""

    path: str
    source_type: str
    content_type: str
    section_id: str
    title: str
    draw: Callable[[Sheet], None]
    scanner: Scanner
    size: tuple[int, int] = SERVICE
    rows: tuple[Row, ...] = ()
    page_number: int | None = None


def drawn(page: PageSpec) -> Sheet:
    """The clean drawing of a page."""
    sheet = Sheet(*page.size)
    page.draw(sheet)
    return sheet


def page_truth(page: PageSpec, sheet: Sheet) -> dict[str, Any]:
    """The page's record of the truth file; raises NotDrawn when a text of it is not on the sheet."""
    _require(page.title, sheet)
    for row in page.rows:
        _require(f"{row.title} {row.page.replace('-', ' ')} {row.code[-3:]}", sheet)
    asked = questions(page.path, page.page_number)
    record: dict[str, Any] = {
        "page": page.path,
        "source_type": page.source_type,
        "content_type": page.content_type,
        "section_id": page.section_id,
        "title": page.title,
        "facts": [fact(ask, sheet, page.scanner) for ask in asked],
    }
    if page.page_number is not None:
        record["page_number"] = page.page_number
    if page.rows:
        record["index"] = [row._asdict() for row in page.rows]
    return record


def _require(text: str, sheet: Sheet) -> None:
    words = {bare(word.text) for word in sheet.words}
    missing = [token for token in text.split() if token not in "–—/-" and bare(token) not in words]
    if missing:
        raise NotDrawn(f"{text!r} is not on the page: {missing}")
