"""How many pairs each order, filter and assignment would bring; read when a person looks, never per pair."""

from __future__ import annotations

from dataclasses import replace

from review_db import assignments
from review_db.connection import Database
from review_db.queue_choices import FILTERS, Choice, Order, walks


def left(db: Database, choice: Choice, reviewer: str) -> int:
    """How many pairs this choice still has for the reviewer."""
    return sum(_length(db, walk.source, walk.whole) for walk in walks(db, choice, reviewer))


def by_order(db: Database, choice: Choice, reviewer: str) -> dict[str, int]:
    """The same for every order, with the filters of the choice."""
    waiting = left(db, replace(choice, order=Order.RISK), reviewer)
    same = dict.fromkeys((Order.RISK, Order.PAGE, Order.RANDOM), waiting)
    others = [order for order in Order if order not in same]
    counts = same | {order: left(db, replace(choice, order=order), reviewer) for order in others}
    return {str(order): count for order, count in counts.items()}


def facets(db: Database) -> dict[str, list[tuple[str, str, int]]]:
    """For each filter its values, what they are called, and how many pairs wait there (of `by`: were decided)."""
    return {
        name: [(str(value), str(label), count) for value, label, count in db.conn.execute(sql)]
        for name, sql in _FACETS.items()
    }


_SECTION_NAME = (
    "(SELECT k.section_name FROM page_classes k JOIN page_versions v USING (page_version_id) "
    "JOIN pairs x USING (page_version_id) WHERE x.page_section_id = q.page_section_id "
    "AND k.section_name <> '' LIMIT 1)"
)
_FACETS = {
    "section": f"SELECT page_section_id, IFNULL({_SECTION_NAME}, ''), n FROM (SELECT page_section_id, count(*) AS n "
    "FROM pairs INDEXED BY pairs_of_section WHERE status = 'pending' GROUP BY 1) q ORDER BY 1",
    "question_type": "SELECT newest_type, '', count(*) FROM pairs INDEXED BY pairs_of_type WHERE status = 'pending' "
    "GROUP BY 1 ORDER BY 3 DESC",
    "engine": "SELECT engine, '', count(*) FROM pairs INDEXED BY pairs_of_engine WHERE status = 'pending' "
    "GROUP BY 1 ORDER BY 3 DESC",
    "flag": "SELECT f.flag, '', count(*) FROM flags f JOIN pairs q USING (pair_key, revision) "
    "WHERE q.status = 'pending' GROUP BY 1 ORDER BY 3 DESC",
    "manual": "SELECT m.name, '', n FROM (SELECT page_manual_id, count(*) AS n FROM pairs INDEXED BY pairs_of_manual "
    "WHERE status = 'pending' GROUP BY 1) JOIN manuals m ON m.manual_id = page_manual_id ORDER BY 1",
    "by": "SELECT decided_by, '', count(*) FROM pairs INDEXED BY pairs_decided WHERE decided_by IS NOT NULL "
    "GROUP BY 1 ORDER BY 3 DESC",
}


def loads(db: Database) -> list[tuple[assignments.Assignment, int]]:
    """Every assignment in force with the pairs that wait in it."""
    return [
        (each, left(db, Choice(**each.filters), each.reviewer))
        for each in assignments.active(db)
        if set(each.filters) <= set(FILTERS)
    ]


def _length(db: Database, source: str, condition: tuple[str, tuple[object, ...]]) -> int:
    sql, values = condition
    return int(db.conn.execute(f"SELECT count(DISTINCT q.pair_key) FROM {source} WHERE {sql}", values).fetchone()[0])
