"""Releases that were written, and which pairs in which revision and split each of them holds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

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
