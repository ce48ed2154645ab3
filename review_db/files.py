"""Source files: one current row for each entry of a source folder, older contents kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from review_db.connection import Database, immediate, now
from review_db.records import SourceFile
from review_db.rows import FILE_COLUMNS, file_from, stream

FACTS = "kind, sha256, size, mtime_ns, status, reason, duplicate_of, page_count"


def current_files(db: Database, source_root: str) -> Iterator[SourceFile]:
    """Every entry of the folder as last seen, by path; vanished ones have status gone."""
    rows = stream(
        db,
        f"SELECT {FILE_COLUMNS} FROM files f LEFT JOIN manuals m USING (manual_id) "
        "WHERE source_root = ? AND is_current = 1 ORDER BY path",
        [source_root],
    )
    return map(file_from, rows)


def manual_id(db: Database, name: str) -> int:
    """The key of the manual of this name, made on first use."""
    with immediate(db):
        db.conn.execute("INSERT OR IGNORE INTO manuals (name) VALUES (?)", [name])
        return int(db.conn.execute("SELECT manual_id FROM manuals WHERE name = ?", [name]).fetchone()[0])


def record_file(db: Database, source_root: str, file: SourceFile) -> int:
    """Store what is known of a file and return its file_id; the same content again only updates its status."""
    with immediate(db):
        row = db.conn.execute(
            "SELECT file_id, sha256 FROM files WHERE source_root = ? AND path = ? AND is_current = 1",
            [source_root, file.path],
        ).fetchone()
        if row and row[1] == file.sha256:
            _update(db, row[0], file)
            return int(row[0])
        if row:
            db.conn.execute("UPDATE files SET is_current = 0 WHERE file_id = ?", [row[0]])
        return _insert(db, source_root, file)


def _values(db: Database, file: SourceFile) -> list[object]:
    manual = manual_id(db, file.manual) if file.manual else None
    return [
        file.kind,
        file.sha256,
        file.size,
        file.mtime_ns,
        file.status,
        file.reason,
        file.duplicate_of,
        file.page_count,
        manual,
    ]


def _update(db: Database, file_id: int, file: SourceFile) -> None:
    columns = [*FACTS.split(", "), "manual_id"]
    assignments = ", ".join(f"{column} = ?" for column in columns)
    db.conn.execute(f"UPDATE files SET {assignments} WHERE file_id = ?", [*_values(db, file), file_id])


def _insert(db: Database, source_root: str, file: SourceFile) -> int:
    cursor = db.conn.execute(
        f"INSERT INTO files ({FACTS}, manual_id, path, source_root, first_seen) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [*_values(db, file), file.path, source_root, now()],
    )
    return int(cursor.lastrowid or 0)


def set_status(db: Database, file_id: int, status: str, reason: str | None) -> None:
    """Say what became of a file when it was opened for its pages."""
    with immediate(db):
        db.conn.execute("UPDATE files SET status = ?, reason = ? WHERE file_id = ?", [status, reason, file_id])


def set_page_count(db: Database, file_id: int, page_count: int) -> None:
    """Store how many pages a file was found to have."""
    with immediate(db):
        db.conn.execute("UPDATE files SET page_count = ? WHERE file_id = ?", [page_count, file_id])


def mark_gone(db: Database, source_root: str, paths: Iterable[str]) -> None:
    """Mark files that are no longer in the folder; their rows, pages and decisions stay."""
    with immediate(db):
        db.conn.executemany(
            "UPDATE files SET status = 'gone', reason = 'no longer in the source folder' "
            "WHERE source_root = ? AND path = ? AND is_current = 1",
            [[source_root, path] for path in paths],
        )
