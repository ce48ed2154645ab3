"""Warnings of the checks, as they stand on the newest text of each pair."""

from __future__ import annotations

from collections.abc import Sequence

from review_db.connection import Database
from review_db.records import Flag


def flags_of(db: Database, pair_keys: Sequence[int]) -> dict[int, tuple[Flag, ...]]:
    """Warnings on the newest revision of each pair."""
    found: dict[int, tuple[Flag, ...]] = {}
    for start in range(0, len(pair_keys), 500):
        some = pair_keys[start : start + 500]
        marks = ", ".join("?" * len(some))
        rows = db.conn.execute(
            "SELECT f.pair_key, f.flag, f.sentence FROM flags f JOIN pairs p USING (pair_key, revision) "
            f"WHERE f.pair_key IN ({marks}) ORDER BY f.pair_key, f.flag",
            list(some),
        )
        for key, name, sentence in rows:
            found[key] = (*found.get(key, ()), Flag(name, sentence))
    return found
