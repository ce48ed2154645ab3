"""Keep the write-ahead log small, safely on SQLite versions with the WAL-reset bug too.

SQLite 3.7.0 to 3.51.2 (but not 3.50.7 and 3.44.6) can lose committed writes when one connection resets the log
while another writes (https://sqlite.org/wal.html#walresetbug). There, automatic checkpoints are off and one owner
at a time, under a file lock, does a TRUNCATE checkpoint, which holds the writer's lock as well.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows has no flock; SQLite's own locks then are the only guard
    fcntl = None  # type: ignore[assignment]

WAL_BYTES = 4 * 1024 * 1024
PATIENCE_MS = 50


def has_wal_reset_bug(version: tuple[int, ...]) -> bool:
    """Whether this SQLite version can lose a write when the log is reset."""
    if version >= (3, 51, 3):
        return False
    return not ((3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45))


def keep_wal_small(connection: sqlite3.Connection) -> None:
    """Checkpoint when the log has outgrown its size and nobody else is at it; never waits long, never raises."""
    path = _database_path(connection)
    if path is None or _size(path.with_name(path.name + "-wal")) < WAL_BYTES:
        return
    with _ownership(path) as owned:
        if owned:
            _truncate(connection)


def _truncate(connection: sqlite3.Connection) -> None:
    patience = connection.execute("PRAGMA busy_timeout").fetchone()[0]
    connection.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")
    with contextlib.suppress(sqlite3.OperationalError):  # a reader is in the way: the next commit tries again
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    connection.execute(f"PRAGMA busy_timeout = {patience}")


def _database_path(connection: sqlite3.Connection) -> Path | None:
    row = connection.execute("PRAGMA database_list").fetchone()
    return Path(row[2]) if row and row[2] else None


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


@contextlib.contextmanager
def _ownership(path: Path) -> Iterator[bool]:
    if fcntl is None:
        yield True
        return
    with path.with_name(path.name + ".checkpoint").open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True
