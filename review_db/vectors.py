"""Vectors of texts, kept so that no text is turned into one twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from review_db.connection import Database, immediate
from review_db.rows import stream

CHUNK = 500


def stored(db: Database, model: str, names: Iterable[str]) -> set[str]:
    """Those of the sha256 of texts for which a vector of the model is stored."""
    wanted = list(names)
    found: set[str] = set()
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        marks = ", ".join("?" * len(part))
        sql = f"SELECT text_sha256 FROM vectors WHERE model = ? AND text_sha256 IN ({marks})"
        found.update(row[0] for row in stream(db, sql, [model, *part]))
    return found


def store(db: Database, model: str, made: Mapping[str, bytes]) -> None:
    """Store vectors (float32, length 1) by the sha256 of their texts."""
    with immediate(db):
        db.conn.executemany(
            "INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", [(name, model, blob) for name, blob in made.items()]
        )


def vectors_by_name(db: Database, model: str, names: Iterable[str]) -> dict[str, bytes]:
    """sha256 of a text -> its vector, of those that are stored."""
    wanted = list(names)
    found: dict[str, bytes] = {}
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        marks = ", ".join("?" * len(part))
        sql = f"SELECT text_sha256, vector FROM vectors WHERE model = ? AND text_sha256 IN ({marks})"
        found.update(stream(db, sql, [model, *part]))
    return found
