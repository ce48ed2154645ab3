"""Which pairs were compared with the others of their manual, and the vectors they were compared by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from review_db.connection import Database, immediate
from review_db.rows import stream

CHUNK = 500
_TEXTS = (
    "SELECT p.pair_key, p.pair_id, p.page_id, p.page_manual_id, r.question, r.answer, p.status, p.reason, p.revision "
    "FROM pairs p JOIN revisions r ON r.pair_key = p.pair_key AND r.revision = p.revision "
)
_STANDS = "p.status IN ('pending', 'approved') AND p.is_planted = 0 "


class Standing(NamedTuple):
    """A pair that is approved or waits for review, with its newest text."""

    pair_key: int
    pair_id: str
    page_id: str
    manual_id: int
    question: str
    answer: str
    status: str
    reason: str | None
    revision: int


def uncompared(db: Database, rules: Sequence[str]) -> list[Standing]:
    """Standing pairs whose present text was not compared by any of these rules, oldest first."""
    rows = stream(
        db,
        f"{_TEXTS}WHERE {_STANDS}AND NOT EXISTS (SELECT 1 FROM compared c WHERE c.pair_key = p.pair_key "
        f"AND c.revision = p.revision AND c.rules IN ({', '.join('?' * len(rules))})) ORDER BY p.pair_key",
        list(rules),
    )
    return [Standing(*row) for row in rows]


def standing_of(db: Database, manual_id: int) -> Iterator[Standing]:
    """Every standing pair of a manual, oldest first."""
    sql = f"{_TEXTS}WHERE {_STANDS}AND p.page_manual_id = ? ORDER BY p.pair_key"
    return (Standing(*row) for row in stream(db, sql, [manual_id]))


def texts_of(db: Database, pair_keys: Iterable[int]) -> dict[int, Standing]:
    """The pairs of these keys that stand."""
    keys = list(pair_keys)
    found = {}
    for start in range(0, len(keys), CHUNK):
        part = keys[start : start + CHUNK]
        sql = f"{_TEXTS}WHERE {_STANDS}AND p.pair_key IN ({', '.join('?' * len(part))})"
        found.update({row[0]: Standing(*row) for row in stream(db, sql, part)})
    return found


def set_aside_for(db: Database, pair_key: int) -> list[Standing]:
    """The pairs that were set aside as duplicates of this one."""
    rows = stream(
        db,
        f"{_TEXTS}JOIN duplicate_links l ON (l.pair_key = ?1 AND l.other_key = p.pair_key) "
        "OR (l.other_key = ?1 AND l.pair_key = p.pair_key) "
        "WHERE l.relation = 'duplicate' AND p.status = 'set_aside' AND p.reason = 'duplicate_of'",
        [pair_key],
    )
    return [Standing(*row) for row in rows]


def vectors_of(db: Database, manual_id: int, model: str) -> Iterator[tuple[int, bytes]]:
    """(pair_key, vector) of every compared standing pair of a manual, in no order: sorting them would take longest."""
    rows = stream(
        db,
        "SELECT c.pair_key, v.vector FROM vectors v CROSS JOIN compared c ON c.text_sha256 = v.text_sha256 "
        "CROSS JOIN pairs p ON p.pair_key = c.pair_key AND p.revision = c.revision "
        f"WHERE v.model = ? AND {_STANDS}AND p.page_manual_id = ?",
        [model, manual_id],
    )
    return ((row[0], row[1]) for row in rows)


def remember(db: Database, rows: Sequence[tuple[int, int, str, str]]) -> None:
    """Note (pair_key, revision, rules, sha256 of the text) of pairs that were compared."""
    with immediate(db):
        db.conn.executemany("INSERT OR REPLACE INTO compared VALUES (?, ?, ?, ?)", rows)


def forget(db: Database, pair_keys: Iterable[int]) -> None:
    """Have these pairs compared again."""
    with immediate(db):
        db.conn.executemany("DELETE FROM compared WHERE pair_key = ?", [(key,) for key in pair_keys])


def drop_outdated_links(db: Database, version: str) -> int:
    """Take back the links of pairs whose text, or the rules (`version|...`), have changed since; return how many.

    Pairs that older rules compared wait to be linked again by their questions' forms too.
    """
    older = "substr(c.rules, 1, length(?1) + 1) <> ?1 || '|'"
    changed = (
        "(SELECT c.pair_key FROM compared c JOIN pairs p ON p.pair_key = c.pair_key "
        f"WHERE p.revision <> c.revision OR {older})"
    )
    with immediate(db):
        cursor = db.conn.execute(
            f"DELETE FROM duplicate_links WHERE pair_key IN {changed} OR other_key IN {changed}", [version]
        )
        db.conn.execute(
            "UPDATE normal_forms SET linked = 0 WHERE linked = 1 "
            f"AND pair_key IN (SELECT c.pair_key FROM compared c WHERE {older})",
            [version],
        )
        return int(cursor.rowcount)
