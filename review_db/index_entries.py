"""Index pages: repair codes with titles and the pages that cover them."""

from __future__ import annotations

from collections.abc import Sequence

from review_db.connection import Database, immediate
from review_db.records import IndexRow


def replace_index(db: Database, page_version_id: int, section_id: str, rows: Sequence[IndexRow], engine: str) -> None:
    """Make `rows` the current reading of an index page, in printed order; earlier readings stay."""
    with immediate(db):
        db.conn.execute("UPDATE index_entries SET is_current = 0 WHERE page_version_id = ?", [page_version_id])
        db.conn.executemany(
            "INSERT INTO index_entries (page_version_id, position, section_id, code, title, page, engine) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            [[page_version_id, i, section_id, r.code, r.title, r.page, engine] for i, r in enumerate(rows)],
        )


def codes_covering(db: Database, manual: str, section_id: str, printed_page: str | None) -> list[IndexRow]:
    """The index rows of a section of a manual that name this printed page."""
    if not printed_page:
        return []
    rows = db.conn.execute(
        "SELECT e.code, e.title, e.page FROM index_entries e JOIN page_versions v USING (page_version_id) "
        "JOIN pages p USING (page_id) JOIN manuals m USING (manual_id) WHERE m.name = ? AND e.section_id = ? "
        "AND e.page = ? AND e.is_current = 1 ORDER BY page_version_id, position",
        [manual, section_id, printed_page],
    )
    return [IndexRow(*row) for row in rows]
