"""Links between pairs that say the same, or give one question two answers; nothing is merged or deleted."""

from __future__ import annotations

import json
from collections.abc import Sequence

from review_db.connection import Database, immediate, now


def link(db: Database, pair_key: int, other_key: int, relation: str, reasons: Sequence[str]) -> None:
    """Link two pairs, once; a later relation takes the place of an earlier one."""
    first, second = sorted((pair_key, other_key))
    with immediate(db):
        db.conn.execute(
            "INSERT INTO duplicate_links VALUES (?, ?, ?, ?, ?) ON CONFLICT (pair_key, other_key) "
            "DO UPDATE SET relation = excluded.relation, reasons = excluded.reasons",
            [first, second, relation, json.dumps(list(reasons), ensure_ascii=False), now()],
        )


def explained_links_of(db: Database, pair_key: int) -> list[tuple[str, str, list[str]]]:
    """(pair_id, relation, reasons) of every pair linked to this one, conflicts first."""
    rows = db.conn.execute(
        "SELECT p.pair_id, l.relation, l.reasons FROM (SELECT other_key AS k, relation, reasons FROM duplicate_links "
        "WHERE pair_key = ?1 UNION ALL SELECT pair_key, relation, reasons FROM duplicate_links WHERE other_key = ?1) l "
        "JOIN pairs p ON p.pair_key = l.k WHERE p.is_planted = 0 ORDER BY l.relation <> 'conflict', p.pair_key",
        [pair_key],
    )
    return [(pair_id, relation, json.loads(reasons)) for pair_id, relation, reasons in rows]


def links_of(db: Database, pair_key: int) -> list[tuple[str, str]]:
    """(pair_id, relation) of every pair linked to this one."""
    rows = db.conn.execute(
        "SELECT p.pair_id, l.relation FROM duplicate_links l JOIN pairs p ON p.pair_key = l.other_key "
        "WHERE l.pair_key = ?1 UNION ALL "
        "SELECT p.pair_id, l.relation FROM duplicate_links l JOIN pairs p ON p.pair_key = l.pair_key "
        "WHERE l.other_key = ?1 ORDER BY 1",
        [pair_key],
    )
    return [(row[0], row[1]) for row in rows]
