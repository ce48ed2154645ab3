"""Which pairs ask the same question up to notation, looked up by a hash, and which of them a run has to look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from review_db.connection import Database, immediate
from review_db.rows import stream

CHUNK = 500
REASON = "duplicate_of"
_COMPARED = (
    f"p.is_planted = 0 AND (p.status IN ('pending', 'approved') OR (p.status = 'set_aside' AND p.reason = '{REASON}'))"
)


class Asked(NamedTuple):
    """A pair that stands, or was set aside as a duplicate, with its newest text and its question's hash."""

    pair_key: int
    pair_id: str
    page_id: str
    manual_id: int
    question: str
    answer: str
    status: str
    reason: str | None
    question_sha256: str


def without_form(db: Database, rules: str) -> Iterator[tuple[int, int, str]]:
    """(pair_key, revision, question) of the pairs to compare whose present text has no form by these rules."""
    sql = (
        "SELECT p.pair_key, p.revision, r.question FROM pairs p "
        "JOIN revisions r ON r.pair_key = p.pair_key AND r.revision = p.revision "
        f"WHERE {_COMPARED} AND NOT EXISTS (SELECT 1 FROM normal_forms n WHERE n.pair_key = p.pair_key "
        "AND n.revision = p.revision AND n.rules = ?)"
    )
    return ((row[0], row[1], row[2]) for row in stream(db, sql, [rules]))


def store(db: Database, rules: str, forms: Sequence[tuple[int, int, str]]) -> None:
    """Keep (pair_key, revision, hash of the question's form); such a pair waits to be linked."""
    with immediate(db):
        db.conn.executemany(
            "INSERT OR REPLACE INTO normal_forms (pair_key, revision, rules, question_sha256) VALUES (?, ?, ?, ?)",
            [(key, revision, rules, digest) for key, revision, digest in forms],
        )


def forget_absent(db: Database) -> None:
    """Pairs that were rejected or set aside for another reason wait to be linked again, should they come back."""
    with immediate(db):
        db.conn.execute(
            "UPDATE normal_forms SET linked = 0 WHERE linked = 1 AND pair_key IN (SELECT p.pair_key FROM pairs p "
            f"WHERE (p.status IN ('rejected', 'set_aside') OR p.is_planted = 1) AND NOT ({_COMPARED}))"
        )


def to_look_at(db: Database) -> list[int]:
    """Keys of pairs whose question a run looks at: new or back, a twin that may leave, one whose twin has gone."""
    sql = (
        f"SELECT p.pair_key FROM normal_forms n CROSS JOIN pairs p USING (pair_key) WHERE n.linked = 0 AND {_COMPARED} "
        "UNION SELECT p.pair_key FROM duplicate_links l CROSS JOIN pairs p ON p.pair_key IN (l.pair_key, l.other_key) "
        "CROSS JOIN pairs o ON o.pair_key IN (l.pair_key, l.other_key) AND o.pair_key <> p.pair_key "
        "WHERE l.relation = 'duplicate' AND p.status = 'pending' AND o.status IN ('pending', 'approved') "
        f"UNION SELECT p.pair_key FROM pairs p WHERE p.status = 'set_aside' AND p.reason = '{REASON}' "
        "AND NOT EXISTS (SELECT 1 FROM duplicate_links l JOIN pairs o ON o.pair_key = l.other_key "
        "WHERE l.pair_key = p.pair_key AND l.relation = 'duplicate' AND o.status <> 'set_aside') "
        "AND NOT EXISTS (SELECT 1 FROM duplicate_links l JOIN pairs o ON o.pair_key = l.pair_key "
        "WHERE l.other_key = p.pair_key AND l.relation = 'duplicate' AND o.status <> 'set_aside')"
    )
    return [row[0] for row in stream(db, sql)]


def asking_the_same(db: Database, pair_keys: Iterable[int]) -> list[Asked]:
    """These pairs and all that ask the same question of the same manual, oldest first."""
    keys, found = list(pair_keys), {}
    for start in range(0, len(keys), CHUNK):
        part = keys[start : start + CHUNK]
        sql = (
            "SELECT DISTINCT p.pair_key, p.pair_id, p.page_id, p.page_manual_id, r.question, r.answer, p.status, "
            "p.reason, n.question_sha256 FROM normal_forms m CROSS JOIN pairs f ON f.pair_key = m.pair_key "
            "CROSS JOIN normal_forms n ON n.question_sha256 = m.question_sha256 "
            "CROSS JOIN pairs p ON p.pair_key = n.pair_key AND p.page_manual_id = f.page_manual_id "
            "CROSS JOIN revisions r ON r.pair_key = p.pair_key AND r.revision = p.revision "
            f"WHERE m.pair_key IN ({', '.join('?' * len(part))}) AND n.revision = p.revision AND {_COMPARED}"
        )
        found.update({row[0]: Asked(*row) for row in stream(db, sql, part)})
    return [found[key] for key in sorted(found)]


def mark_linked(db: Database, pair_keys: Iterable[int]) -> None:
    """Note that these pairs were compared; part of a larger transaction."""
    db.conn.executemany("UPDATE normal_forms SET linked = 1 WHERE pair_key = ?", [(key,) for key in pair_keys])
