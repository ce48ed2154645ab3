"""Releases that were written, and which pairs in which revision and split each of them holds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from review_db.connection import Database, immediate, now
from review_db.rows import stream


def record_release(
    db: Database,
    path: str,
    manifest_sha256: str,
    counts: Mapping[str, object],
    pairs: Iterable[tuple[int, int, str]],
) -> int:
    """Record a finished release folder with its (pair_key, revision, split) rows and return its key."""
    with immediate(db):
        release_id = db.conn.execute(
            "INSERT INTO releases (path, manifest_sha256, counts_json, created_at) VALUES (?, ?, ?, ?) "
            "RETURNING release_id",
            [path, manifest_sha256, json.dumps(counts, sort_keys=True, ensure_ascii=False), now()],
        ).fetchone()[0]
        db.conn.executemany(
            "INSERT INTO release_pairs (release_id, pair_key, revision, split) VALUES (?, ?, ?, ?)",
            ((release_id, *row) for row in pairs),
        )
    return int(release_id)


@dataclass(frozen=True, slots=True)
class RecordedRelease:
    """A release as it was recorded; `added`, `removed` and `reworded` count pairs against the one `before` it."""

    release_id: int
    path: str
    counts: Mapping[str, Any]
    created_at: str
    before: int | None
    added: int
    removed: int
    reworded: int


def recorded_releases(db: Database, limit: int) -> list[RecordedRelease]:
    """The newest releases, newest first."""
    rows = db.conn.execute(
        "SELECT release_id, path, counts_json, created_at, "
        "(SELECT max(release_id) FROM releases o WHERE o.release_id < r.release_id) "
        "FROM releases r ORDER BY release_id DESC LIMIT ?",
        [limit],
    )
    return [
        RecordedRelease(release_id, path, json.loads(counts), created_at, before, *_difference(db, release_id, before))
        for release_id, path, counts, created_at, before in rows.fetchall()
    ]


def _difference(db: Database, release_id: int, before: int | None) -> tuple[int, int, int]:
    """(pairs that are new in it, that are gone, that have another text) against an earlier release."""
    rows = db.conn.execute(
        "SELECT IFNULL(sum(o.pair_key IS NULL), 0), IFNULL(sum(o.revision IS NOT NULL AND o.revision != n.revision), 0)"
        " FROM release_pairs n LEFT JOIN release_pairs o ON o.release_id = ? AND o.pair_key = n.pair_key "
        "WHERE n.release_id = ?",
        [before, release_id],
    ).fetchone()
    gone = db.conn.execute(
        "SELECT count(*) FROM release_pairs o WHERE o.release_id = ? AND NOT EXISTS "
        "(SELECT 1 FROM release_pairs n WHERE n.release_id = ? AND n.pair_key = o.pair_key)",
        [before, release_id],
    ).fetchone()
    return int(rows[0]), int(gone[0]), int(rows[1])


def release_paths(db: Database) -> list[str]:
    """Folders of all recorded releases, newest first; some may have been moved away since."""
    return [row[0] for row in stream(db, "SELECT path FROM releases ORDER BY release_id DESC")]


def newest_release(db: Database) -> str | None:
    """The folder of the newest recorded release, or None before the first."""
    return next(iter(release_paths(db)), None)


def earlier_splits(db: Database) -> dict[str, set[str]]:
    """page_id -> every split that a release has ever held its pairs in."""
    found: dict[str, set[str]] = {}
    rows = stream(
        db,
        "SELECT DISTINCT q.page_id, r.split FROM release_pairs r JOIN pairs q USING (pair_key) ORDER BY 1, 2",
    )
    for page_id, split in rows:
        found.setdefault(page_id, set()).add(split)
    return found
