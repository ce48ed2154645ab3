"""Which pairs a reviewer may decide at once: those of a filter, but none with a doubt that needs a look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from review_db.connection import Database
from review_db.statuses import VALUE_WARNINGS

NOT_SUPPORTED = "not_supported"
VALUE_WARNED = "value_warned"
CONFLICT = "conflict"
FLAGGED = "flagged"
KEPT_OUT = (NOT_SUPPORTED, VALUE_WARNED, CONFLICT, FLAGGED)


@dataclass(frozen=True, slots=True)
class BulkFilter:
    """What the pairs have in common; None stands for anything. `section` is id and name as the pages view says them."""

    page_id: str | None = None
    section: str | None = None
    question_type: str | None = None
    engine: str | None = None
    warning: str | None = None
    risk_below: float | None = None
    aside_reason: str | None = None


class Plan(NamedTuple):
    """(pair_key, revision) of the pairs that can be decided at once, and how many stay out and why."""

    ready: list[tuple[int, int]]
    kept_out: dict[str, int]


_SECTION = "trim(section_id || ' ' || section_name)"
_DOUBT = f"""CASE
    WHEN IFNULL(c.verdict, '') <> 'supported' THEN '{NOT_SUPPORTED}'
    WHEN EXISTS (SELECT 1 FROM flags f WHERE f.pair_key = q.pair_key AND f.revision = q.revision
                 AND f.flag IN ({", ".join(f"'{name}'" for name in VALUE_WARNINGS)})) THEN '{VALUE_WARNED}'
    WHEN EXISTS (SELECT 1 FROM duplicate_links l WHERE l.relation = 'conflict'
                 AND (l.pair_key = q.pair_key OR l.other_key = q.pair_key)) THEN '{CONFLICT}'
    WHEN q.flagged = 1 THEN '{FLAGGED}' END"""
_PAIRS = """FROM pairs q JOIN revisions r ON r.pair_key = q.pair_key AND r.revision = q.revision
    LEFT JOIN checks c ON c.pair_key = q.pair_key AND c.revision = q.revision WHERE q.is_planted = 0 AND """


def pairs_to_decide(db: Database, wanted: BulkFilter) -> Plan:
    """The undecided pairs of a filter, split into those that may be decided at once and those that may not."""
    condition, parameters = _condition(wanted)
    rows = db.conn.execute(
        f"SELECT q.pair_key, q.revision, {_DOUBT} {_PAIRS} q.status = 'pending' AND {condition} ORDER BY q.pair_key",
        parameters,
    ).fetchall()
    doubts = [doubt for _, _, doubt in rows]
    ready = [(key, revision) for key, revision, doubt in rows if doubt is None]
    return Plan(ready, {doubt: doubts.count(doubt) for doubt in KEPT_OUT if doubt in doubts})


def pairs_to_restore(db: Database, wanted: BulkFilter) -> Plan:
    """The pairs of a filter that were set aside, for the filter's reason or for any."""
    condition, parameters = _condition(wanted)
    rows = db.conn.execute(
        f"SELECT q.pair_key, q.revision {_PAIRS} q.status = 'set_aside' AND {condition} ORDER BY q.pair_key",
        parameters,
    )
    return Plan([(key, revision) for key, revision in rows], {})


def still_ready(db: Database, pair_keys: Sequence[int]) -> set[int]:
    """Those of the pairs about which there is still no doubt."""
    marks = ", ".join("?" * len(pair_keys))
    rows = db.conn.execute(f"SELECT q.pair_key {_PAIRS} q.pair_key IN ({marks}) AND {_DOUBT} IS NULL", list(pair_keys))
    return {row[0] for row in rows}


def _condition(wanted: BulkFilter) -> tuple[str, list[object]]:
    tests = {
        "q.page_id = ?": wanted.page_id,
        f"q.page_id IN (SELECT page_id FROM current_pages WHERE {_SECTION} = ?)": wanted.section,
        "r.question_type = ?": wanted.question_type,
        "q.engine = ?": wanted.engine,
        "EXISTS (SELECT 1 FROM flags w WHERE w.pair_key = q.pair_key AND w.revision = q.revision AND w.flag = ?)": (
            wanted.warning
        ),
        "q.risk < ?": wanted.risk_below,
        "q.reason = ?": wanted.aside_reason,
    }
    used = {test: value for test, value in tests.items() if value is not None}
    return " AND ".join(["1", *used]), list(used.values())


def choices(db: Database, *, aside: bool) -> dict[str, list[str]]:
    """Field of the filter -> the values that occur among undecided pairs, or among those set aside."""
    status = "set_aside" if aside else "pending"
    flags = "JOIN flags w ON w.pair_key = q.pair_key AND w.revision = q.revision"
    asked = {
        "question_type": ("r.question_type", "JOIN revisions r ON r.pair_key = q.pair_key AND r.revision = q.revision"),
        "engine": ("q.engine", ""),
        "warning": ("w.flag", flags),
        "aside_reason": ("q.reason", ""),
    }
    found = {field: _values(db, column, join, status) for field, (column, join) in asked.items()}
    sections = db.conn.execute(
        f"SELECT {_SECTION} AS section FROM current_pages WHERE page_id IN "
        "(SELECT page_id FROM pairs WHERE status = ? AND is_planted = 0) GROUP BY section ORDER BY min(sort_key)",
        [status],
    )
    return found | {"section": [row[0] for row in sections if row[0]]}


def _values(db: Database, column: str, join: str, status: str) -> list[str]:
    rows = db.conn.execute(
        f"SELECT DISTINCT {column} FROM pairs q {join} WHERE q.status = ? AND q.is_planted = 0 "
        f"AND {column} IS NOT NULL ORDER BY 1",
        [status],
    )
    return [row[0] for row in rows]
