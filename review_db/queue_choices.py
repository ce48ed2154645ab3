"""What a reviewer can queue by: the orders, the filters, and the walk along an index that each of them is."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any, NamedTuple

from review_db import assignments
from review_db.connection import Database
from review_db.texts import match_expression

DRAW = "(((q.pair_key * 2654435761 & 4294967295) * ((q.pair_key * 40503 & 65535) + 1) >> 12) & 4294967295)"
"""The expression of the index pairs_at_random: a fixed number below 2**32 for each pair."""
DECIDING = "('approve', 'edit', 'reject')"
RARE = 2000
"""Up to so many pairs of a filter are fetched and sorted; more than that are met often on the way along an order."""
RECENT_REGENERATIONS = 100


class Order(StrEnum):
    """In which order pairs come, and which pairs."""

    RISK = "risk"
    PAGE = "page"
    RANDOM = "random"
    FLAGGED = "flagged"
    REGENERATED = "regenerated"
    MINE = "mine"
    ASSIGNED = "assigned"
    SECOND = "second"


@dataclass(frozen=True, slots=True)
class Choice:
    """An order and filters that all must hold; `by` is who decided, `text` is what question and answer must contain."""

    order: str = Order.RISK
    manual: str | None = None
    section: str | None = None
    question_type: str | None = None
    engine: str | None = None
    flag: str | None = None
    by: str | None = None
    text: str | None = None


FILTERS = tuple(field.name for field in fields(Choice) if field.name != "order")


class Condition(NamedTuple):
    """SQL over pairs `q`, and its parameters."""

    sql: str
    values: tuple[Any, ...] = ()

    def and_(self, other: Condition) -> Condition:
        """Both must hold."""
        return Condition(f"{self.sql} AND {other.sql}", self.values + other.values)


class Walk(NamedTuple):
    """One way along the pairs: where they are read from, which, in what order.

    `by_page`: the other pairs of a page that is met come along with it. `leased`: pages of others are left out.
    """

    source: str
    condition: Condition
    order_by: str
    by_page: bool = True
    leased: bool = True
    along: Condition | None = None  # how the walk finds its pairs, beside the condition that they meet

    @property
    def whole(self) -> Condition:
        """All that holds of the pairs along this walk."""
        return self.along.and_(self.condition) if self.along else self.condition

    def rows(self, db: Database) -> Iterator[tuple[int, str, bool]]:
        """(pair_key, page_id, whether someone skipped it), read no further than is asked for."""
        sql, values = self.whole
        found = f"SELECT q.pair_key, q.page_id, q.skips > 0 FROM {self.source} WHERE {sql} ORDER BY {self.order_by}"
        yield from db.conn.execute(found, values)


WAITING = Condition("q.status = 'pending'")
_BY_RISK = "q.skips, q.risk DESC, q.pair_key"
_BY_PAGE = "q.skips, q.page_sort_key, q.page_id, q.pair_key"


def is_filtered(choice: Choice) -> bool:
    """Whether any filter is set."""
    return any(getattr(choice, name) for name in FILTERS)


def matching(choice: Choice) -> Condition:
    """Every filter of the choice; for decided pairs too."""
    found = Condition("1")
    for name, sql in _FILTER_SQL.items():
        value = getattr(choice, name)
        if value:
            found = found.and_(Condition(sql, (match_expression(value) if name == "text" else value,)))
    return found


_FILTER_SQL = {
    "manual": "q.page_manual_id = (SELECT manual_id FROM manuals WHERE name = ?)",
    "section": "q.page_section_id = ?",
    "question_type": "q.newest_type = ?",
    "engine": "q.engine = ?",
    "flag": "EXISTS (SELECT 1 FROM flags f WHERE f.pair_key = q.pair_key AND f.revision = q.revision AND f.flag = ?)",
    "by": "q.decided_by = ?",
    "text": "q.pair_key IN (SELECT rowid FROM pair_texts WHERE pair_texts MATCH ?)",
}


def walks(db: Database, choice: Choice, reviewer: str) -> list[Walk]:
    """The walks that together are a reviewer's queue under this choice, to be gone one after the other."""
    special = _SPECIAL.get(Order(choice.order))
    if special:
        return special(db, choice, reviewer)
    if choice.by:
        return _decided_by(choice)
    if choice.order == Order.RANDOM:
        return _at_random(db, choice, reviewer)
    return [_ordered(db, choice)]


def seed_of(reviewer: str) -> int:
    """Where on the ring of random numbers a reviewer begins: always at the same place."""
    return zlib.crc32(reviewer.encode())


# ------------------------------------------------------------------ pairs that wait


def _ordered(db: Database, choice: Choice) -> Walk:
    order_by = _BY_PAGE if choice.order == Order.PAGE else _BY_RISK
    condition = WAITING.and_(matching(choice))
    return _along_rare_filter(db, choice, condition, order_by) or Walk(
        f"pairs q INDEXED BY {_index_for(choice)}", condition, order_by
    )


def _along_rare_filter(db: Database, choice: Choice, condition: Condition, order_by: str) -> Walk | None:
    """Few pairs bear the filter: they are fetched by it and sorted."""
    for name, (counted, joined, along) in _SOURCES.items():
        value = getattr(choice, name)
        if not value:
            continue
        driver = Condition(along, (match_expression(value) if name == "text" else value,))
        found = db.conn.execute(
            f"SELECT count(*) FROM (SELECT 1 FROM {counted} WHERE {driver.sql} LIMIT {RARE + 1})", driver.values
        ).fetchone()[0]
        if found <= RARE:
            return Walk(counted + joined, condition, order_by, along=driver)
    return None


_PENDING = " AND q.status = 'pending'"
_SOURCES = {  # filter -> what is counted, what it is joined to, its condition
    "text": ("pair_texts t", " CROSS JOIN pairs q ON q.pair_key = t.rowid", "t.pair_texts MATCH ?"),
    "flag": (
        "flags f INDEXED BY flags_name",
        " CROSS JOIN pairs q ON q.pair_key = f.pair_key AND q.revision = f.revision",
        "f.flag = ?",
    ),
    "question_type": ("pairs q INDEXED BY pairs_of_type", "", "q.newest_type = ?" + _PENDING),
    "engine": ("pairs q INDEXED BY pairs_of_engine", "", "q.engine = ?" + _PENDING),
    "section": ("pairs q INDEXED BY pairs_of_section", "", "q.page_section_id = ?" + _PENDING),
    "manual": ("pairs q INDEXED BY pairs_of_manual", "", _FILTER_SQL["manual"] + _PENDING),
}


def _index_for(choice: Choice) -> str:
    """The index whose order is the wanted one, within one filter where there is such an index."""
    if choice.order == Order.PAGE:
        return "pairs_of_section_in_order" if choice.section else "pairs_in_order"
    named = {"section": "section", "question_type": "type", "engine": "engine", "manual": "manual"}
    return next((f"pairs_of_{short}" for name, short in named.items() if getattr(choice, name)), "pairs_queue")


def _at_random(db: Database, choice: Choice, reviewer: str) -> list[Walk]:
    """Round the ring from the reviewer's own place; skipped pairs last."""
    seed, condition = seed_of(reviewer), WAITING.and_(matching(choice))
    rare = _along_rare_filter(db, choice, condition, f"q.skips > 0, {DRAW} < {seed}, {DRAW}")
    if rare:
        return [rare]
    source = "pairs q INDEXED BY pairs_at_random"
    arcs = (f"q.skips = 0 AND {DRAW} >= {seed}", f"q.skips = 0 AND {DRAW} < {seed}", "q.skips > 0")
    return [Walk(source, condition, f"q.skips, {DRAW}", along=Condition(arc)) for arc in arcs]


def _regenerated(db: Database, choice: Choice, reviewer: str) -> list[Walk]:
    recent = (
        "(SELECT json_extract(payload_json, '$.page_id') AS page_id, max(job_id) AS job FROM (SELECT * FROM jobs "
        "INDEXED BY jobs_regenerated WHERE kind = 'regenerate' AND state = 'done' ORDER BY job_id DESC "
        f"LIMIT {RECENT_REGENERATIONS}) GROUP BY 1)"
    )
    source = f"{recent} r CROSS JOIN pairs q INDEXED BY pairs_waiting ON q.page_id = r.page_id"
    return [Walk(source, WAITING.and_(matching(choice)), "q.skips, r.job DESC, q.pair_key")]


def _assigned(db: Database, choice: Choice, reviewer: str) -> list[Walk]:
    """What is the reviewer's by assignment, then what is nobody's."""
    wanted = matching(choice)
    given = assignments.active(db)
    mine = [Choice(**each.filters) for each in given if each.reviewer == reviewer]
    found = [walk._replace(condition=walk.condition.and_(wanted)) for walk in (_ordered(db, each) for each in mine)]
    common = _ordered(db, replace(choice, order=Order.RISK, by=None))
    for each in given:
        taken = matching(Choice(**each.filters))
        common = common._replace(condition=common.condition.and_(Condition(f"NOT ({taken.sql})", taken.values)))
    return [*found, common]


# ------------------------------------------------------------------ pairs to look at again, one by one


def _decided_by(choice: Choice) -> list[Walk]:
    order_by = {
        Order.PAGE: "q.page_sort_key, q.page_id, q.pair_key",
        Order.RANDOM: DRAW,
    }.get(Order(choice.order), "q.risk DESC, q.pair_key")
    source = "pairs q INDEXED BY pairs_decided"
    return [Walk(source, matching(choice), order_by, by_page=False, leased=False)]


def _flagged(db: Database, choice: Choice, reviewer: str) -> list[Walk]:
    """Flagged pairs that wait, then those flagged after they were decided: deciding again settles a flag."""
    source, condition = "pairs q INDEXED BY pairs_flagged", Condition("q.flagged = 1").and_(matching(choice))
    since = (
        "(SELECT max(seq) FROM decisions d WHERE d.pair_key = q.pair_key AND d.verdict = 'flag') > "
        f"(SELECT max(seq) FROM decisions d WHERE d.pair_key = q.pair_key AND d.verdict IN {DECIDING})"
    )
    groups = ("q.status = 'pending'", f"q.status = 'approved' AND {since}", f"q.status = 'rejected' AND {since}")
    return [
        Walk(source, Condition(group).and_(condition), "q.risk DESC, q.pair_key", by_page=False, leased=number == 0)
        for number, group in enumerate(groups)
    ]


def _mine(db: Database, choice: Choice, reviewer: str) -> list[Walk]:
    source = "decisions d INDEXED BY decisions_reviewer CROSS JOIN pairs q ON q.pair_key = d.pair_key"
    mine = Condition(f"d.reviewer = ? AND d.verdict IN {DECIDING} AND q.decided_by = d.reviewer", (reviewer,))
    wanted = matching(replace(choice, by=None))
    return [Walk(source, mine.and_(wanted), "d.seq DESC", by_page=False, leased=False)]


def _second(db: Database, choice: Choice, reviewer: str) -> list[Walk]:
    """Pairs that others decided and this reviewer has not judged a second time, drawn at random."""
    theirs = Condition(
        "q.decided_by IS NOT NULL AND q.decided_by <> ? AND q.is_planted = 0 AND NOT EXISTS (SELECT 1 FROM "
        "second_opinions o WHERE o.pair_key = q.pair_key AND o.reviewer = ? AND o.withdrawn_at IS NULL)",
        (reviewer, reviewer),
    ).and_(matching(choice))
    source, seed = "pairs q INDEXED BY pairs_decided_at_random", seed_of(reviewer)
    arcs = (f"{DRAW} >= {seed}", f"{DRAW} < {seed}")
    return [Walk(source, theirs, DRAW, by_page=False, leased=False, along=Condition(arc)) for arc in arcs]


_SPECIAL: dict[Order, Callable[[Database, Choice, str], list[Walk]]] = {
    Order.REGENERATED: _regenerated,
    Order.ASSIGNED: _assigned,
    Order.FLAGGED: _flagged,
    Order.MINE: _mine,
    Order.SECOND: _second,
}
