"""What an export reads: pairs that may leave, what stays behind and why, and which pages belong together."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from review_db.connection import Database, immediate
from review_db.records import Evidence, ExportablePair, Page
from review_db.rows import PAGE_COLUMNS, boxes_from, page_from, stream

INCLUDED: Mapping[str, tuple[str, ...]] = {"approved": ("approved",), "all": ("approved", "pending")}
"""The statuses that each word of `--include` lets through."""

Links = dict[int, list[tuple[str, str]]]


class ScanFile(NamedTuple):
    """A scan that is used in place, as the inventory last saw it."""

    sha256: str | None
    size: int
    mtime_ns: int


class SuspectedText(NamedTuple):
    """One end of a link: the page and the newest text of its pair."""

    page_id: str
    question: str
    answer: str


@contextmanager
def one_moment(db: Database) -> Iterator[None]:
    """Let every read inside see the same state of the database, whatever others write meanwhile.

    Reads only: a transaction that reads before it writes would fail under load. Keep it short, since the log cannot
    be emptied while it is open.
    """
    if db.conn.in_transaction:
        yield
        return
    db.conn.execute("BEGIN")
    try:
        yield
    finally:
        db.conn.rollback()


def exportable_pairs(db: Database, *, include: str = "approved") -> Iterator[ExportablePair]:
    """Approved pairs, or with `all` pending ones too, oldest first; planted pairs never.

    Each carries the version of the page it was decided on, with the corrections of today, and its evidence without
    the single tokens.
    """
    statuses = INCLUDED[include]
    pages, links = _pages(db, statuses), _links(db)
    for row in stream(db, _PAIRS.format(marks=_marks(statuses)), statuses):
        yield _pair_from(row, pages, links)


_DECIDED = "verdict IN ('approve', 'edit', 'reject')"
_PAIRS = f"""
SELECT q.pair_key, q.pair_id, q.revision, r.question, r.answer, r.question_type, q.status, q.reason, q.engine,
       q.model, g.prompt_sha256, q.page_version_id, c.verdict, c.quote, c.boxes, c.unsupported,
       IFNULL(d.reviewer, q.decided_by), d.at, d.seq, d.verdict, q.run_id,
       o.question, o.answer, o.question_type, CASE WHEN r.author = 'reviewer' THEN r.hint_boxes END
FROM pairs q
JOIN revisions r ON r.pair_key = q.pair_key AND r.revision = q.revision
JOIN revisions o ON o.pair_key = q.pair_key AND o.revision = 1
LEFT JOIN generation_runs g ON g.run_id = q.run_id
LEFT JOIN checks c ON c.pair_key = q.pair_key AND c.revision = q.revision
LEFT JOIN decisions d ON d.seq = (
    SELECT MAX(x.seq) FROM decisions x WHERE x.pair_key = q.pair_key AND x.{_DECIDED}
    AND NOT EXISTS (SELECT 1 FROM decisions u WHERE u.undoes_seq = x.seq))
WHERE q.status IN ({{marks}}) AND q.is_planted = 0
ORDER BY q.pair_key
"""


def _pair_from(row: tuple[Any, ...], pages: Mapping[int, Page], links: Links) -> ExportablePair:
    found = (pages[row[11]], _evidence(*row[12:16]))
    first = row[21:24]
    changed = (None if first == row[3:6] else first, boxes_from(row[24]))
    return ExportablePair(*row[:11] + found + row[16:21] + (tuple(links.get(row[0], ())),) + changed)


def _evidence(verdict: str | None, quote: str | None, boxes: str | None, unsupported: str | None) -> Evidence:
    if verdict is None:
        return Evidence("not_checkable")
    return Evidence(verdict, quote, boxes_from(boxes), tuple(json.loads(unsupported or "[]")))


def _marks(values: tuple[str, ...]) -> str:
    return ", ".join("?" * len(values))


def _corrected(field: str, otherwise: str) -> str:
    return (
        f"COALESCE((SELECT value FROM page_corrections c WHERE c.page_id = p.page_id AND field = '{field}' "
        f"ORDER BY correction_id DESC LIMIT 1), {otherwise})"
    )


_PAGES = f"""
SELECT {PAGE_COLUMNS} FROM (
    SELECT p.page_id, p.source, p.page_number, p.origin, p.sort_key, m.name AS manual, v.page_version_id, v.kind,
           v.image_sha256, v.image_path, v.width, v.height, v.status, v.reason, v.duplicate_of,
           {_corrected("section_id", "k.section_id, ''")} AS section_id,
           {_corrected("section_name", "k.section_name, ''")} AS section_name,
           {_corrected("source_type", "k.source_type")} AS source_type,
           {_corrected("content_type", "k.content_type")} AS content_type,
           CAST({_corrected("rotation", "NULL")} AS INTEGER) AS rotation,
           IFNULL(k.is_index, 0) AS is_index, k.confidence, k.title, k.printed_page, k.language,
           CAST({_corrected("nothing_to_ask", "k.nothing_to_ask, 0")} AS INTEGER) AS nothing_to_ask
    FROM page_versions v
    JOIN pages p USING (page_id)
    JOIN manuals m USING (manual_id)
    LEFT JOIN page_classes k ON k.class_id =
         (SELECT MAX(class_id) FROM page_classes x WHERE x.page_version_id = v.page_version_id)
    WHERE v.page_version_id IN (SELECT page_version_id FROM pairs WHERE status IN ({{marks}})))
"""


def _pages(db: Database, statuses: tuple[str, ...]) -> dict[int, Page]:
    """Page versions that exportable pairs stand on, replaced ones too: decisions stay with what was shown."""
    rows = stream(db, _PAGES.format(marks=_marks(statuses)), statuses)
    return {page.page_version_id: page for page in map(page_from, rows)}


def _links(db: Database) -> Links:
    found: Links = {}
    rows = stream(
        db,
        "SELECT l.pair_key, a.pair_id, l.other_key, b.pair_id, l.relation FROM duplicate_links l "
        "JOIN pairs a ON a.pair_key = l.pair_key JOIN pairs b ON b.pair_key = l.other_key "
        "ORDER BY l.pair_key, l.other_key",
    )
    for key, pair_id, other_key, other_id, relation in rows:
        found.setdefault(key, []).append((other_id, relation))
        found.setdefault(other_key, []).append((pair_id, relation))
    return found


def scans_in_place(db: Database) -> dict[int, ScanFile]:
    """page_version_id -> source file, for pages whose image is the user's own file."""
    rows = stream(
        db,
        "SELECT v.page_version_id, f.sha256, f.size, f.mtime_ns FROM page_versions v JOIN files f USING (file_id) "
        "WHERE v.kind = 'image' AND substr(v.image_path, 1, 1) = '/'",
    )
    return {row[0]: ScanFile(*row[1:]) for row in rows}


def left_out(db: Database) -> dict[str, int]:
    """How many pairs are not approved, by reason: pending, rejected:REASON, set_aside:REASON, planted."""
    rows = stream(
        db,
        "SELECT CASE WHEN is_planted THEN 'planted' WHEN status = 'pending' THEN 'pending' "
        "WHEN reason LIKE 'duplicate\\_of%' ESCAPE '\\' THEN status || ':duplicate_of' "
        "ELSE status || ':' || IFNULL(reason, 'no reason') END AS why, count(*) "
        "FROM pairs WHERE status <> 'approved' OR is_planted = 1 GROUP BY why ORDER BY why",
    )
    return dict(rows)


def group_edges(db: Database) -> Iterator[tuple[str, str]]:
    """Pairs of page_ids that may not stand in different splits.

    They show the same or nearly the same image, or hold pairs linked as duplicate or conflict that both may still be
    exported. Whether a suspected link joins pages depends on its texts: `suspected_texts`.
    """
    rows = stream(
        db,
        "SELECT DISTINCT v.page_id, f.page_id FROM page_versions v JOIN "
        "(SELECT image_sha256, MIN(page_id) AS page_id FROM page_versions WHERE image_sha256 IS NOT NULL "
        "GROUP BY image_sha256 HAVING count(DISTINCT page_id) > 1) f USING (image_sha256) "
        "WHERE v.page_id <> f.page_id "
        "UNION SELECT page_id, duplicate_of FROM page_versions WHERE duplicate_of IS NOT NULL "
        "UNION SELECT from_page_id, to_page_id FROM page_links WHERE relation = 'near_image' "
        "UNION SELECT a.page_id, b.page_id FROM duplicate_links l JOIN pairs a ON a.pair_key = l.pair_key "
        "JOIN pairs b ON b.pair_key = l.other_key WHERE l.relation IN ('duplicate', 'conflict') "
        "AND a.page_id <> b.page_id AND a.status IN ('approved', 'pending') AND b.status IN ('approved', 'pending') "
        "AND a.is_planted = 0 AND b.is_planted = 0 ORDER BY 1, 2",
    )
    return ((row[0], row[1]) for row in rows)


def suspected_texts(db: Database) -> list[tuple[SuspectedText, SuspectedText]]:
    """Both ends of every suspected link between pairs of different pages that may still be exported."""
    rows = stream(
        db,
        "SELECT a.page_id, r.question, r.answer, b.page_id, s.question, s.answer FROM duplicate_links l "
        "JOIN pairs a ON a.pair_key = l.pair_key JOIN pairs b ON b.pair_key = l.other_key "
        "JOIN revisions r ON r.pair_key = a.pair_key AND r.revision = a.revision "
        "JOIN revisions s ON s.pair_key = b.pair_key AND s.revision = b.revision "
        "WHERE l.relation = 'suspected' AND a.page_id <> b.page_id AND a.is_planted = 0 AND b.is_planted = 0 "
        "AND a.status IN ('approved', 'pending') AND b.status IN ('approved', 'pending') ORDER BY 1, 4, l.pair_key",
    )
    return [(SuspectedText(*row[:3]), SuspectedText(*row[3:])) for row in rows]


def split_groups(db: Database) -> dict[str, tuple[str, str]]:
    """page_id -> (group_id, split) of every page that was ever put in a split."""
    return {row[0]: (row[1], row[2]) for row in stream(db, "SELECT page_id, group_id, split FROM split_groups")}


def save_groups(db: Database, groups: Mapping[str, tuple[str, str]]) -> None:
    """Store page_id -> (group_id, split); a page that is known keeps its row but for what changed."""
    with immediate(db):
        db.conn.executemany(
            "INSERT INTO split_groups (page_id, group_id, split) VALUES (?, ?, ?) ON CONFLICT (page_id) "
            "DO UPDATE SET group_id = excluded.group_id, split = excluded.split",
            [(page_id, group_id, split) for page_id, (group_id, split) in sorted(groups.items())],
        )
