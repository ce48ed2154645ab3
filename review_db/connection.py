"""Open the review database: pragmas, migrations, write transactions and checkpoints."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from review_db import checkpoints, migrations
from review_db.database import Database
from review_db.errors import DamagedDatabaseError, ReviewDbError

__all__ = ["Database", "abandon", "immediate", "now", "open_review_db"]

BUSY_SECONDS = 10.0
ATTEMPTS = 3


def now() -> str:
    """The present UTC time in ISO 8601, to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def open_review_db(path: Path, *, migrate: bool = True) -> Database:
    """Open (and create or migrate) the database at `path` for this thread.

    Raises NewerDatabaseError for a database of a later version, DamagedDatabaseError for a file that is none,
    ReviewDbError where the folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        db = _connect(path)
        if migrate:
            migrations.apply(db, path)
    except sqlite3.DatabaseError as error:
        raise _explained(error, path) from error
    except OSError as error:
        raise ReviewDbError(
            f"cannot write to {path.parent}: {error.strerror}", "choose another folder with --workspace DIR"
        ) from error
    return db


def _connect(path: Path) -> Database:
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")  # an acknowledged decision outlives a power cut too
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
    if checkpoints.has_wal_reset_bug(sqlite3.sqlite_version_info):
        connection.execute("PRAGMA wal_autocheckpoint = 0")
    return Database(connection)


def _explained(error: sqlite3.DatabaseError, path: Path) -> ReviewDbError:
    text = str(error)
    if "not a database" in text or "malformed" in text:
        return DamagedDatabaseError(
            f"{path} is damaged or no database: {text}",
            "run `manualqa doctor`, then `manualqa restore FILE` with a file from review_db/backups",
        )
    if "readonly" in text or "unable to open" in text:
        return ReviewDbError(f"cannot write to {path}: {text}", "check the folder's permissions and free space")
    return ReviewDbError(f"{path}: {text}", "run `manualqa doctor`")


@contextmanager
def immediate(db: Database) -> Iterator[None]:
    """One write transaction that holds the write lock from its first line; inside another it joins that one.

    A deferred BEGIN that reads before it writes fails at once under load, whatever the busy timeout (SQLite's
    BUSY_SNAPSHOT), hence IMMEDIATE. Raises ReviewDbError when the lock stays taken through every attempt.
    """
    if db.conn.in_transaction:
        yield
        return
    try:
        _begin(db)  # guarded too: Ctrl-C while it waits for the lock is raised when it has it
        yield
        db.conn.commit()
    except BaseException:
        abandon(db)
        raise
    checkpoints.keep_wal_small(db.conn)


def abandon(db: Database) -> None:
    """Take back what was not committed and let go of the write lock, if this connection holds it."""
    if db.conn.in_transaction:
        db.conn.rollback()


def _begin(db: Database) -> None:
    for attempt in range(ATTEMPTS):
        try:
            db.conn.execute("BEGIN IMMEDIATE")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) and "busy" not in str(error):
                raise
            time.sleep(0.05 * 2**attempt)
    raise ReviewDbError(
        f"the database was busy for {ATTEMPTS * BUSY_SECONDS:.0f} seconds",
        "another program holds it; close it, then try again: nothing was lost",
    )
