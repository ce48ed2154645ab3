"""Everything that happened to a pair, oldest first."""

from __future__ import annotations

from review_db.connection import Database


def history_of(db: Database, pair_id: str) -> list[dict[str, object]]:
    """Revisions and decisions of a pair as rows of kind, at, by, revision, verdict, reason, comment, texts."""
    rows = db.conn.execute(
        "SELECT 'revision' AS kind, r.created_at AS at, r.author_name AS by, r.revision, NULL AS verdict, "
        "NULL AS reason, NULL AS comment, r.question, r.answer FROM revisions r JOIN pairs p USING (pair_key) "
        "WHERE p.pair_id = ?1 UNION ALL "
        "SELECT 'decision', d.at, d.reviewer, d.to_revision, d.verdict, d.reason, d.comment, NULL, NULL "
        "FROM decisions d JOIN pairs p USING (pair_key) WHERE p.pair_id = ?1 ORDER BY at, kind DESC",
        [pair_id],
    )
    names = [column[0] for column in rows.description]
    return [dict(zip(names, row, strict=True)) for row in rows]
