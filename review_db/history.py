"""Everything that happened to a pair, oldest first, and why pairs of a page were rejected."""

from __future__ import annotations

from review_db.connection import Database


def history_of(db: Database, pair_id: str) -> list[dict[str, object]]:
    """Revisions and decisions of a pair as rows of kind, at, by, revision, verdict, reason, comment, texts.

    A revision also has author (model, reviewer or import), question_type and `drawn`, how many boxes its reviewer
    drew; a decision has seq, and undoes: the seq of the one it takes back. A machine row says that no person did it:
    its verdict is set_aside with the reason, or pending where the pair came back (reason restored: a person wished it).
    """
    rows = db.conn.execute(
        "SELECT 'revision' AS kind, r.created_at AS at, r.author_name AS by, r.revision AS revision, NULL AS verdict, "
        "NULL AS reason, NULL AS comment, r.question, r.answer, r.author, r.question_type, "
        "CASE WHEN r.author = 'reviewer' THEN IFNULL(json_array_length(r.hint_boxes), 0) ELSE 0 END AS drawn, "
        "NULL AS seq, NULL AS undoes FROM revisions r JOIN pairs p USING (pair_key) "
        "WHERE p.pair_id = ?1 UNION ALL "
        "SELECT 'decision', d.at, d.reviewer, d.to_revision, d.verdict, d.reason, d.comment, NULL, NULL, NULL, NULL, "
        "NULL, d.seq, d.undoes_seq "
        "FROM decisions d JOIN pairs p USING (pair_key) WHERE p.pair_id = ?1 UNION ALL "
        "SELECT 'machine', e.at, NULL, NULL, e.status, e.reason, NULL, NULL, NULL, NULL, NULL, NULL, e.seq, NULL "
        "FROM machine_events e JOIN pairs p USING (pair_key) WHERE p.pair_id = ?1 AND "
        "(e.status = 'set_aside' OR e.seq > (SELECT min(seq) FROM machine_events o WHERE o.pair_key = e.pair_key)) "
        "ORDER BY at, kind DESC, revision, seq",
        [pair_id],
    )
    names = [column[0] for column in rows.description]
    return [dict(zip(names, row, strict=True)) for row in rows]


def first_text(db: Database, pair_key: int) -> tuple[str, str, str, str]:
    """(question, answer, question type, author) as the pair was first written."""
    row = db.conn.execute(
        "SELECT question, answer, question_type, author FROM revisions WHERE pair_key = ? AND revision = 1", [pair_key]
    ).fetchone()
    return row[0], row[1], row[2], row[3]


def rejections_of_page(db: Database, page_id: str) -> list[tuple[str, str, str]]:
    """(question, answer, why) of every pair of the page whose rejection is in force."""
    rows = db.conn.execute(
        "SELECT v.question, v.answer, (SELECT group_concat(word, ': ') FROM (SELECT d.reason AS word UNION ALL "
        "SELECT d.comment) WHERE word <> '') FROM current_pairs v JOIN decisions d ON d.seq = "
        "(SELECT max(seq) FROM decisions r WHERE r.pair_key = v.pair_key AND r.verdict = 'reject' "
        "AND NOT EXISTS (SELECT 1 FROM decisions u WHERE u.undoes_seq = r.seq)) "
        "WHERE v.page_id = ? AND v.status = 'rejected' AND v.is_planted = 0 ORDER BY v.pair_key",
        [page_id],
    )
    return [(question, answer, why or "") for question, answer, why in rows]
