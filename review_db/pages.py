"""Pages, their versions, what engines say they are and what reviewers correct."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from review_db.connection import Database, immediate, now
from review_db.errors import UnknownPageError
from review_db.files import manual_id
from review_db.records import Page, PageClass
from review_db.rows import PAGE_COLUMNS, page_from, stream

LONGEST_PAIR_NUMBER = 6  # digits


def page_by_id(db: Database, page_id: str) -> Page:
    """The page as it stands. Raises UnknownPageError."""
    row = db.conn.execute(f"SELECT {PAGE_COLUMNS} FROM current_pages WHERE page_id = ?", [page_id]).fetchone()
    if row is None:
        raise UnknownPageError(f"there is no page {page_id!r}", "`manualqa pages` lists them")
    return page_from(row)


def existing_pages(db: Database, page_ids: Sequence[str]) -> list[Page]:
    """Those of these pages that there are."""
    marks = ", ".join("?" * len(page_ids))
    rows = db.conn.execute(f"SELECT {PAGE_COLUMNS} FROM current_pages WHERE page_id IN ({marks})", list(page_ids))
    return [page_from(row) for row in rows]


def current_pages(
    db: Database,
    *,
    source_root: str | None = None,
    section_glob: str | None = None,
    page_id: str | None = None,
    status: str | None = None,
) -> Iterator[Page]:
    """Pages in manual order; `section_glob` matches any folder of the source path, as GLOB of SQLite does.

    With `source_root` only pages whose file lies in that folder and is not gone, set aside as sample or replaced.
    """
    conditions, parameters = _conditions(source_root, section_glob, page_id, status)
    rows = stream(
        db,
        f"SELECT {PAGE_COLUMNS} FROM current_pages WHERE {conditions} ORDER BY sort_key, page_id",
        parameters,
    )
    return map(page_from, rows)


def _conditions(
    source_root: str | None, section_glob: str | None, page_id: str | None, status: str | None
) -> tuple[str, list[object]]:
    conditions, parameters = ["1"], list[object]()
    if source_root is not None:
        conditions.append(
            "file_id IN (SELECT file_id FROM files WHERE source_root = ? AND is_current = 1 AND status = 'ok')"
        )
        parameters.append(source_root)
    if section_glob is not None:
        conditions.append("(source GLOB ? OR source GLOB ?)")
        parameters += [f"{section_glob}/*", f"*/{section_glob}/*"]
    for column, value in (("page_id", page_id), ("status", status)):
        if value is not None:
            conditions.append(f"{column} = ?")
            parameters.append(value)
    return " AND ".join(conditions), parameters


def page_before(db: Database, page: Page) -> Page | None:
    """The page that stands before this one in the same manual and folder or PDF, or None."""
    row = db.conn.execute(
        f"SELECT {PAGE_COLUMNS} FROM current_pages WHERE manual = ? AND (sort_key, page_id) < (?, ?) "
        "AND status = 'ok' ORDER BY sort_key DESC, page_id DESC LIMIT 1",
        [page.manual, page.sort_key, page.page_id],
    ).fetchone()
    return page_from(row) if row else None


def page_after(db: Database, page: Page) -> Page | None:
    """The page that follows this one in the same manual, or None."""
    row = db.conn.execute(
        f"SELECT {PAGE_COLUMNS} FROM current_pages WHERE manual = ? AND (sort_key, page_id) > (?, ?) "
        "AND status = 'ok' ORDER BY sort_key, page_id LIMIT 1",
        [page.manual, page.sort_key, page.page_id],
    ).fetchone()
    return page_from(row) if row else None


def page_ids_in_use(db: Database) -> dict[tuple[str, int], str]:
    """(source, page number or 0) -> page_id of every scanned page ever seen."""
    rows = stream(db, "SELECT source, IFNULL(page_number, 0), page_id FROM pages WHERE origin = 'scan'")
    return {(source, number): page_id for source, number, page_id in rows}


def all_page_ids(db: Database) -> set[str]:
    """Every page_id that is taken."""
    return {row[0] for row in stream(db, "SELECT page_id FROM pages")}


def pages_by_image(db: Database) -> dict[str, list[str]]:
    """Image sha256 -> ids of the pages that show it, first seen first."""
    found: dict[str, list[str]] = {}
    rows = stream(
        db,
        "SELECT image_sha256, page_id FROM page_versions WHERE is_current = 1 AND image_sha256 IS NOT NULL "
        "ORDER BY page_version_id",
    )
    for sha256, page_id in rows:
        found.setdefault(sha256, []).append(page_id)
    return found


def add_page_version(
    db: Database,
    *,
    page_id: str,
    manual: str,
    source: str,
    page_number: int | None,
    sort_key: str,
    file_id: int | None,
    identity: str,
    kind: str,
    image_sha256: str | None,
    image_path: str | None,
    width: int | None,
    height: int | None,
    status: str,
    reason: str | None = None,
    duplicate_of: str | None = None,
    origin: str = "scan",
) -> int:
    """Make this the page's current version and return its key; a known identity only becomes current again."""
    with immediate(db):
        db.conn.execute(
            "INSERT OR IGNORE INTO pages (page_id, manual_id, source, page_number, origin, sort_key) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            [page_id, manual_id(db, manual), source, page_number, origin, sort_key],
        )
        db.conn.execute("UPDATE page_versions SET is_current = 0 WHERE page_id = ? AND is_current = 1", [page_id])
        facts = (
            page_id,
            file_id,
            identity,
            kind,
            image_sha256,
            image_path,
            width,
            height,
            status,
            reason,
            duplicate_of,
        )
        row = db.conn.execute(
            "INSERT INTO page_versions (page_id, file_id, identity, kind, image_sha256, image_path, width, "
            "height, status, reason, duplicate_of, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (page_id, identity) DO UPDATE SET is_current = 1, file_id = excluded.file_id, "
            "image_path = excluded.image_path, status = excluded.status, reason = excluded.reason, "
            "duplicate_of = excluded.duplicate_of RETURNING page_version_id",
            [*facts, now()],
        ).fetchone()
    return int(row[0])


def save_class(db: Database, page_version_id: int, page_class: PageClass) -> None:
    """Append what an engine says of a page; the newest is in force, below a reviewer's corrections."""
    k = page_class
    with immediate(db):
        db.conn.execute(
            "INSERT INTO page_classes (page_version_id, engine, source_type, content_type, is_index, confidence, "
            "section_id, section_name, title, printed_page, nothing_to_ask, reason, language, created_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                page_version_id,
                k.engine,
                k.source_type,
                k.content_type,
                k.is_index,
                k.confidence,
                k.section_id,
                k.section_name,
                k.title,
                k.printed_page,
                k.nothing_to_ask,
                k.reason,
                k.language,
                now(),
            ],
        )


def mark_duplicate(db: Database, page_version_id: int, duplicate_of: str | None) -> None:
    """Link a repeated page to the page it repeats, or take the link back."""
    with immediate(db):
        db.conn.execute(
            "UPDATE page_versions SET duplicate_of = ? WHERE page_version_id = ?",
            [duplicate_of, page_version_id],
        )


def reserve_pair_number(db: Database, page_id: str, pair_id: str) -> None:
    """Let the next new pair of a page get this id, if it is one of the page's form and not passed yet."""
    number = pair_id.removeprefix(f"{page_id}-q")
    if number != pair_id and number.isdecimal() and len(number) <= LONGEST_PAIR_NUMBER:
        db.conn.execute(
            "UPDATE pages SET next_pair_number = max(next_pair_number, ?) WHERE page_id = ?", [int(number), page_id]
        )
