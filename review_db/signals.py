"""The signals of each text's risk as the checks stored them, and those of the texts that people judged."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from review_db.connection import Database, immediate
from review_db.rows import stream

CHUNK = 500
Strengths = dict[str, float]


class Judged(NamedTuple):
    """A text that a person judged: its page, who wrote it, its signals, and what became of it."""

    page_id: str
    engine: str
    content_type: str | None
    strengths: Strengths
    relations: tuple[str, ...]
    is_faulty: bool
    is_rejected: bool


def save(db: Database, pair_key: int, revision: int, strengths: Mapping[str, float]) -> None:
    """Store the signals of a text in place of those stored before."""
    with immediate(db):
        db.conn.execute(
            "INSERT OR REPLACE INTO signals VALUES (?, ?, ?)", [pair_key, revision, json.dumps(dict(strengths))]
        )


def signals_of(db: Database, pair_keys: Sequence[int]) -> dict[int, Strengths]:
    """pair key -> signals of the newest text, of those that have any."""
    found: dict[int, Strengths] = {}
    for start in range(0, len(pair_keys), CHUNK):
        some = list(pair_keys[start : start + CHUNK])
        rows = stream(
            db,
            "SELECT s.pair_key, s.strengths FROM signals s JOIN pairs q USING (pair_key, revision) "
            f"WHERE s.pair_key IN ({', '.join('?' * len(some))})",
            some,
        )
        found.update((key, json.loads(strengths)) for key, strengths in rows)
    return found


def judged_texts(db: Database) -> Iterator[Judged]:
    """The text of each pair that the decision in force was made on; an edit that only moved boxes finds no fault.

    What a person wrote for a page is no test of the machine and is left out, and so are planted pairs.
    """
    rows = stream(
        db,
        "SELECT q.page_id, q.engine, p.content_type, s.strengths, "
        "(SELECT group_concat(DISTINCT relation) FROM duplicate_links l "
        "  WHERE l.pair_key = q.pair_key OR l.other_key = q.pair_key), "
        "d.verdict = 'reject' OR (d.verdict = 'edit' AND "
        "  (was.question, was.answer) IS NOT (became.question, became.answer)), d.verdict = 'reject' "
        "FROM pairs q JOIN decisions d ON d.seq = (SELECT MAX(x.seq) FROM decisions x WHERE x.pair_key = q.pair_key "
        "  AND x.verdict IN ('approve', 'edit', 'reject') "
        "  AND NOT EXISTS (SELECT 1 FROM decisions u WHERE u.undoes_seq = x.seq)) "
        "JOIN signals s ON s.pair_key = q.pair_key AND s.revision = d.from_revision "
        "JOIN revisions was ON was.pair_key = q.pair_key AND was.revision = d.from_revision "
        "JOIN revisions became ON became.pair_key = q.pair_key AND became.revision = d.to_revision "
        "JOIN current_pages p ON p.page_id = q.page_id "
        "WHERE q.decided_by IS NOT NULL AND q.is_planted = 0 AND was.author <> 'reviewer' ORDER BY q.pair_key",
    )
    for page_id, engine, content_type, strengths, relations, faulty, rejected in rows:
        kinds = tuple((relations or "").split(",")) if relations else ()
        yield Judged(page_id, engine, content_type, json.loads(strengths), kinds, bool(faulty), bool(rejected))
