"""Full-text search over the newest question and answer of every pair."""

from __future__ import annotations

from review_db.connection import Database
from review_db.pairs import pairs_by_key
from review_db.records import Pair
from review_db.texts import match_expression

RANKED = 2000
"""The best of so many matches come first; a word that stands in more pairs than that tells little anyway."""


def search(db: Database, text: str, limit: int = 20) -> tuple[list[Pair], int]:
    """The best matches, the pair of this very id first, and how many match in all (counted up to RANKED)."""
    rows = db.conn.execute(
        f"SELECT rowid, rank FROM pair_texts WHERE pair_texts MATCH ? LIMIT {RANKED}", [match_expression(text)]
    ).fetchall()
    named = db.conn.execute("SELECT pair_key FROM pairs WHERE pair_id = ?", [text.strip()]).fetchall()
    best = [key for key, _ in sorted(rows, key=lambda row: (row[1], row[0]))]
    keys = dict.fromkeys([*(key for (key,) in named), *best])
    shown = _without_planted(db, list(keys)[: 2 * limit])[:limit]
    return pairs_by_key(db, shown), len(keys)


def _without_planted(db: Database, keys: list[int]) -> list[int]:
    marks = ", ".join("?" * len(keys))
    planted = db.conn.execute(f"SELECT pair_key FROM pairs WHERE is_planted = 1 AND pair_key IN ({marks})", keys)
    hidden = {key for (key,) in planted}
    return [key for key in keys if key not in hidden]
