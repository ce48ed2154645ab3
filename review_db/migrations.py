"""Bring a database to the present schema: numbered SQL files, applied once each, never edited afterwards."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from review_db import backups
from review_db.database import Database, Migrations
from review_db.errors import NewerDatabaseError

SCHEMA = Path(__file__).parent / "schema"
NAME = "review_db"


def _step(sql_file: Path) -> Callable[[Database], None]:
    def apply_file(db: Database) -> None:
        for statement in _statements(sql_file.read_text(encoding="utf-8")):
            db.execute(statement)

    return apply_file


def _statements(script: str) -> list[str]:
    """The statements of a script, triggers whole; executescript would commit, and a step would not be atomic."""
    statements, lines = [], []
    for line in script.splitlines():
        lines.append(line.split("--")[0].rstrip())
        if lines[-1].endswith(";") and sqlite3.complete_statement("\n".join(lines)):
            statements.append("\n".join(lines))
            lines = []
    return [statement for statement in statements if statement.strip()]


def _registered() -> Migrations:
    steps = Migrations(NAME)
    for sql_file in sorted(SCHEMA.glob("*.sql")):
        steps(name=sql_file.stem)(_step(sql_file))
    return steps


def apply(db: Database, path: Path) -> None:
    """Apply what is pending; an existing database is backed up first. Raises NewerDatabaseError."""
    steps = _registered()
    applied = {migration.name for migration in steps.applied(db)} if _has_history(db) else set()
    _refuse_newer(db, steps, path)
    if not steps.pending(db):
        return
    if applied:
        backups.backup(db, path.parent / "backups", f"before-{steps.pending(db)[-1].name}")
    _apply_alone(db, steps)


def _apply_alone(db: Database, steps: Migrations) -> None:
    """Two processes may open a new database at once: the second waits here and finds nothing pending."""
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        steps.apply(db)
    except BaseException:
        db.conn.rollback()
        raise
    db.conn.commit()


def _has_history(db: Database) -> bool:
    return "_sqlite_migrations" in db.table_names()


def _refuse_newer(db: Database, steps: Migrations, path: Path) -> None:
    if not _has_history(db):
        return
    known = {sql_file.stem for sql_file in SCHEMA.glob("*.sql")}
    rows = db.query("SELECT name FROM _sqlite_migrations WHERE migration_set = ?", [NAME])
    newer = sorted({row["name"] for row in rows} - known)
    if newer:
        raise NewerDatabaseError(
            f"{path} was written by a newer version of ManualQA (schema step {newer[-1]})",
            "update ManualQA, or open another workspace with --workspace DIR; the file was not touched",
        )
