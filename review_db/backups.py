"""Whole copies of the database, made while it is in use."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from review_db.database import Database
from review_db.errors import DamagedDatabaseError, ReviewDbError

KEPT = 10


def backup(db: Database, folder: Path, label: str) -> Path:
    """Write a complete copy to `folder` as review-LABEL-N.sqlite and keep the newest ten of that label."""
    folder.mkdir(parents=True, exist_ok=True)
    earlier = sorted(folder.glob(f"review-{label}-*.sqlite"))
    number = int(earlier[-1].stem.rsplit("-", 1)[1]) + 1 if earlier else 1
    target = folder / f"review-{label}-{number:04d}.sqlite"
    unfinished = target.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    copy = sqlite3.connect(unfinished)
    try:
        db.conn.backup(copy)
    finally:
        copy.close()
    unfinished.rename(target)
    for old in earlier[: max(0, len(earlier) + 1 - KEPT)]:
        old.unlink()
    return target


def restore(backup_file: Path, database: Path) -> None:
    """Put `backup_file` in the place of `database`, after checking it; the present file is kept beside it.

    Raises DamagedDatabaseError when the backup does not pass its integrity check, ReviewDbError when it is missing.
    """
    if not backup_file.is_file():
        raise ReviewDbError(f"there is no file {backup_file}", "`manualqa backup` prints where it writes")
    problems = integrity_problems(backup_file)
    if problems:
        raise DamagedDatabaseError(f"{backup_file} is damaged: {problems[0]}", "try an older backup")
    replaced = database.with_name(database.name + ".replaced")
    for suffix in ("", "-wal", "-shm"):
        present = database.with_name(database.name + suffix)
        if present.exists():
            present.replace(replaced.with_name(replaced.name + suffix))
    source, target = sqlite3.connect(backup_file), sqlite3.connect(database)
    try:
        source.backup(target)
    finally:
        source.close()
        target.close()


def integrity_problems(database: Path) -> list[str]:
    """What SQLite's integrity and foreign-key checks say of a file; empty when all is well."""
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        problems = [row[0] for row in connection.execute("PRAGMA integrity_check(20)") if row[0] != "ok"]
        problems += [
            f"row {row[1]} of {row[0]} refers to a missing {row[2]}"
            for row in connection.execute("PRAGMA foreign_key_check")
        ]
        return problems
    except sqlite3.DatabaseError as error:
        return [str(error)]
    finally:
        connection.close()
