"""Rows of the command line's listings, streamed; their keys are a contract (see README.md, "Listings")."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from review_db import index_links
from review_db.connection import Database
from review_db.index_entries import codes_of_title
from review_db.rows import boxes_from

Row = dict[str, Any]


def _rows(db: Database, sql: str, parameters: Sequence[object] = ()) -> Iterator[Row]:
    cursor = db.conn.execute(sql, parameters)
    names = [column[0] for column in cursor.description]
    for row in cursor:
        yield dict(zip(names, row, strict=True))


def files(db: Database, source_root: str | None) -> Iterator[Row]:
    """One row for each entry of the source folder."""
    condition = "source_root = ? AND " if source_root else ""
    return _rows(
        db,
        "SELECT path, kind, sha256, status, reason, IFNULL(page_count, 0) AS pages, duplicate_of, size FROM files "
        f"WHERE {condition}is_current = 1 AND status <> 'gone' ORDER BY path",
        [source_root] if source_root else [],
    )


def pages(db: Database) -> Iterator[Row]:
    """One row for each page, in manual order."""
    rows = _rows(
        db,
        "SELECT page_id, manual, source, page_number, width, height, image_sha256 AS sha256, section_id, "
        "section_name, source_type, content_type, is_index, confidence, status, reason, duplicate_of, title, "
        "printed_page, language, IFNULL(rotation, 0) AS rotation, origin FROM current_pages ORDER BY sort_key, page_id",
    )
    listed = index_links.codes_by_page(index_links.linked_entries(db))
    return (row | {"is_index": bool(row["is_index"]), "codes": _codes(row, listed)} for row in rows)


def _codes(row: Row, listed: dict[str, list[str]]) -> list[str]:
    """The repair codes of a page: those in its title, then those under which an index names it."""
    own = [] if row["is_index"] else codes_of_title(row["title"])
    return list(dict.fromkeys([*own, *listed.get(row["page_id"], ())]))


def pairs(db: Database) -> Iterator[Row]:
    """One row for each pair with its evidence, flags and links; planted pairs are never listed."""
    rows = _rows(
        db,
        "SELECT v.pair_id, v.page_id, v.source, v.question, v.answer, v.question_type, v.status, v.reason, "
        "v.revision, v.author, v.engine, v.model, v.verdict, v.quote, v.boxes, v.unsupported, v.risk, "
        "(SELECT reject_risk FROM pairs q WHERE q.pair_key = v.pair_key) AS reject_risk, v.flagged, "
        "v.decided_by, (SELECT json_group_array(flag) FROM flags f WHERE f.pair_key = v.pair_key "
        "AND f.revision = v.revision) AS flags, (SELECT json_group_array(json_object('pair_id', o.pair_id, "
        "'relation', l.relation)) FROM (SELECT other_key AS k, relation FROM duplicate_links "
        "WHERE pair_key = v.pair_key "
        "UNION ALL SELECT pair_key, relation FROM duplicate_links WHERE other_key = v.pair_key) l "
        "JOIN pairs o ON o.pair_key = l.k) AS duplicates "
        "FROM current_pairs v JOIN pages p USING (page_id) WHERE v.is_planted = 0 "
        "ORDER BY p.sort_key, p.page_id, v.pair_key",
    )
    return map(_pair_row, rows)


def _pair_row(row: Row) -> Row:
    evidence = {
        "verdict": row.pop("verdict") or "not_checkable",
        "quote": row.pop("quote"),
        "boxes": [list(box) for box in boxes_from(row.pop("boxes"))],
        "unsupported": json.loads(row.pop("unsupported") or "[]"),
    }
    flags, duplicates = json.loads(row.pop("flags")), json.loads(row.pop("duplicates"))
    risk, reject_risk = row.pop("risk"), row.pop("reject_risk")
    flagged, decided_by = bool(row.pop("flagged")), row.pop("decided_by")
    return row | {
        "evidence": evidence,
        "flags": flags,
        "risk": round(risk, 4),
        "reject_risk": round(reject_risk, 4),
        "duplicates": duplicates,
        "flagged": flagged,
        "decided_by": decided_by,
    }


def index(db: Database) -> Iterator[Row]:
    """One row for each entry of the index pages, in printed order, with the pages it names or that they are missing."""
    return (entry._asdict() | {"found_on": list(entry.found_on)} for entry in index_links.linked_entries(db))


def calls(db: Database) -> Iterator[Row]:
    """One row for each paid request; `saved_usd` is what the service's prompt cache saved of it."""
    return _rows(
        db,
        "SELECT request_hash, page_id, engine, model, state, http_status, request_id, input_tokens, output_tokens, "
        "reserved_usd, cost_usd, purpose, attempt, sent_at, cache_write_tokens, cache_read_tokens, saved_usd, "
        "batch_id AS batch FROM calls ORDER BY call_id",
    )


def events(db: Database) -> Iterator[Row]:
    """One row for each accepted decision, in the order in which they were stored."""
    return _rows(
        db,
        "SELECT d.seq, d.decision_id, p.pair_id, d.verdict, d.reviewer, d.from_revision, d.to_revision, d.reason, "
        "d.comment, d.at FROM decisions d JOIN pairs p USING (pair_key) WHERE p.is_planted = 0 ORDER BY d.seq",
    )


def words(db: Database, page_id: str | None = None) -> Iterator[Row]:
    """One row for each word, in reading order, page by page."""
    rows = db.conn.execute(
        "SELECT p.page_id, w.words_json FROM current_pages p JOIN page_words w ON w.image_sha256 = p.image_sha256 "
        + ("WHERE p.page_id = ? " if page_id else "")
        + "ORDER BY p.sort_key, p.page_id",
        [page_id] if page_id else [],
    )
    for page, packed in rows:
        for text, x0, y0, x1, y1, confidence, line in json.loads(packed):
            yield {
                "page_id": page,
                "text": text,
                "box": [x0, y0, x1, y1],
                "confidence": confidence,
                "line": line,
            }


def releases(db: Database) -> Iterator[Row]:
    """One row for each release, oldest first; counts, options of the export and where it was published."""
    rows = db.conn.execute("SELECT path, counts_json, published_to, created_at FROM releases ORDER BY release_id")
    for path, counts_json, published_to, created_at in rows:
        counts = json.loads(counts_json)
        shown = {name: counts.get(name, 0) for name in ("pairs", "train", "validation", "test", "pages", "images")}
        made = {"include": counts.get("include", ""), "formats": counts.get("formats", [])}
        yield {**shown, **made, "published_to": published_to, "created_at": created_at, "path": path}
