"""Index pages: repair codes with titles and the pages that cover them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from review_db.connection import Database, immediate
from review_db.printed_pages import book_part, named_numbers, spellings
from review_db.records import IndexRow, Page

_CODE = re.compile(r"(?<!\d)\d{2} \d{2} \d{3}(?!\d)")


def replace_index(db: Database, page_version_id: int, section_id: str, rows: Sequence[IndexRow], engine: str) -> None:
    """Make `rows` the current reading of an index page, in printed order; earlier readings stay."""
    with immediate(db):
        db.conn.execute("UPDATE index_entries SET is_current = 0 WHERE page_version_id = ?", [page_version_id])
        db.conn.executemany(
            "INSERT INTO index_entries (page_version_id, position, section_id, code, title, page, engine) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            [[page_version_id, i, section_id, r.code, r.title, r.page, engine] for i, r in enumerate(rows)],
        )


# ---------------------------------------------------------------- from a page to its entries


def codes_covering(db: Database, page: Page) -> list[IndexRow]:
    """The index rows that name this page's printed number, then those of the codes that its title bears.

    A page that goes on with the job of the page before it bears that job's code in its title, though the index names
    only the page where the job begins. Rows of the index in the page's own folder or PDF come alone; those of another
    folder of the same section count only where that folder has no page of this number itself.
    """
    by_number = _naming(db, page)
    by_code = _bearing(db, page, codes_of_title(page.title))
    return list(dict.fromkeys(IndexRow(code, title, named) for code, title, named, *_ in [*by_number, *by_code]))


def codes_of_title(title: str | None) -> list[str]:
    """The full repair codes that stand in a page's title."""
    return list(dict.fromkeys(_CODE.findall(title or "")))


_Found = tuple[str, str, str, str, str, int | None]
"""Code, title, page, section of an entry; source and number of its index page."""


def _naming(db: Database, page: Page) -> list[_Found]:
    if page.is_index:
        return []
    is_wide = (page.width or 0) > (page.height or 0)
    numbers = (
        [page.printed_page] if page.printed_page else named_numbers(page.source, page.page_number, is_wide=is_wide)
    )
    rows = _entries(db, page, "e.page", [way for number in numbers for way in spellings(number)])
    part = book_part(page.source, page.page_number)
    own = [row for row in rows if book_part(row[4], row[5]) == part]
    return own or [row for row in rows if _may_name(row, page) and not _is_in_own_book(db, row)]


def _bearing(db: Database, page: Page, codes: Sequence[str]) -> list[_Found]:
    rows = _entries(db, page, "e.code", codes) if not page.is_index else []
    return [row for row in rows if row[3] == page.section_id]


def _entries(db: Database, page: Page, column: str, values: Sequence[str]) -> list[_Found]:
    marks = ", ".join("?" * len(values))
    return db.conn.execute(
        "SELECT e.code, e.title, e.page, e.section_id, p.source, p.page_number FROM index_entries e "
        "JOIN page_versions v USING (page_version_id) JOIN pages p USING (page_id) JOIN manuals m USING (manual_id) "
        f"WHERE {column} IN ({marks}) AND e.is_current = 1 AND v.is_current = 1 AND m.name = ? "
        "ORDER BY p.sort_key, page_version_id, position",
        [*values, page.manual],
    ).fetchall()


def _may_name(row: _Found, page: Page) -> bool:
    """Whether a row of another folder's index may name the page: in one section, else by a number with its group."""
    return row[3] == page.section_id if row[3] else "-" in row[2]


def _is_in_own_book(db: Database, row: _Found) -> bool:
    """Whether the folder or PDF of a row's index has a page of this number, which then is the one it names."""
    numbers = spellings(row[2])
    marks = ", ".join("?" * len(numbers))
    sources = db.conn.execute(
        "SELECT p.source, p.page_number FROM page_classes k JOIN page_versions v USING (page_version_id) "
        f"JOIN pages p USING (page_id) WHERE k.printed_page IN ({marks}) AND v.is_current = 1 AND NOT k.is_index",
        numbers,
    )
    return any(book_part(*source) == book_part(row[4], row[5]) for source in sources)
