"""Decisions on many pairs at once: ordinary decisions in short transactions, resumable, with one way back for all.

A bulk stores first which pairs, at which revision, a person agreed to; then each step decides a few of them, so that
no other reviewer waits for more than one step. What changed in between is refused by the rules of every decision.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from review_db import pairs, reviewers
from review_db.bulk_filters import BulkFilter, still_ready
from review_db.connection import Database, immediate, now
from review_db.decisions import apply_decisions
from review_db.errors import ReviewDbError
from review_db.records import DecisionRequest, Finding
from review_db.statuses import PairStatus, Verdict

RESTORE = "restore"
OUTCOMES = ("waiting", "done", "refused", "undone", "kept")
AT_ONCE = 10
ROWS_AT_ONCE = 1000
SHORTEST_PAUSE_SECONDS = 0.005


@dataclass(frozen=True, slots=True)
class Bulk:
    """One wish for many pairs and how far it is: `waiting` to be done, `done` and in force, `refused` because they
    changed, `undone`, and `kept` at its undoing because a person acted on them since."""

    number: int
    bulk_id: str
    action: str
    reviewer: str
    filter: dict[str, object]
    reason: str | None
    created_at: str
    undone_at: str | None
    waiting: int = 0
    done: int = 0
    refused: int = 0
    undone: int = 0
    kept: int = 0

    @property
    def total(self) -> int:
        """All its pairs."""
        return self.waiting + self.done + self.refused + self.undone + self.kept

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to do: every pair decided, or every decision that could be taken back."""
        return self.done == 0 if self.undone_at else self.waiting == 0


def begin(
    db: Database,
    bulk_id: str,
    action: str,
    reviewer: str,
    chosen: Sequence[tuple[int, int]],
    wanted: BulkFilter,
    reason: str | None = None,
) -> None:
    """Store what a person agreed to: the action on these (pair_key, revision). A known bulk_id changes nothing."""
    with immediate(db):
        reviewers.remember(db, reviewer)
        fields = {name: value for name, value in asdict(wanted).items() if value is not None}
        db.conn.execute(
            "INSERT OR IGNORE INTO bulks (bulk_id, action, reviewer, filter_json, reason, created_at) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            [bulk_id, action, reviewer, json.dumps(fields, ensure_ascii=False), reason, now()],
        )
    for start in range(0, len(chosen), ROWS_AT_ONCE):
        rows = [(bulk_id, *each) for each in chosen[start : start + ROWS_AT_ONCE]]
        with immediate(db):
            db.conn.executemany(
                "INSERT OR IGNORE INTO bulk_pairs (bulk_id, pair_key, revision, before) "
                "SELECT ?1, ?2, ?3, reason FROM pairs WHERE pair_key = ?2",
                rows,
            )


def carried_out(db: Database, bulk_id: str) -> Iterator[Bulk]:
    """Do a bulk, or take it back where that was asked for, step by step; gives how it stands after each.

    Between two steps the write lock is free for as long as the last one took: others come in.
    """
    while not (standing := bulk_by_id(db, bulk_id)).is_over:
        started = time.monotonic()
        with immediate(db):
            _undo_some(db, standing) if standing.undone_at else _do_some(db, standing)
        time.sleep(max(SHORTEST_PAUSE_SECONDS, time.monotonic() - started))
        yield bulk_by_id(db, bulk_id)


def begin_undo(db: Database, bulk_id: str, reviewer: str) -> None:
    """Ask for a bulk to be taken back; what it has not done it leaves. Raises ReviewDbError for another's."""
    with immediate(db):
        bulk = bulk_by_id(db, bulk_id)
        if bulk.reviewer != reviewer:
            raise ReviewDbError(f"bulk {bulk.number} is {bulk.reviewer}'s", "each takes back their own")
        db.conn.execute("UPDATE bulks SET undone_at = ? WHERE bulk_id = ? AND undone_at IS NULL", [now(), bulk_id])
        db.conn.execute(
            "UPDATE bulk_pairs SET outcome = 'refused' WHERE bulk_id = ? AND outcome = 'waiting'", [bulk_id]
        )


def bulk_by_id(db: Database, bulk_id: str) -> Bulk:
    """One bulk as it stands. Raises ReviewDbError."""
    found = _bulks(db, "WHERE bulk_id = ?", [bulk_id])
    if not found:
        raise ReviewDbError(f"there is no bulk {bulk_id!r}", "the bulk view lists them")
    return found[0]


def recent(db: Database, limit: int = 10) -> list[Bulk]:
    """The newest bulks, newest first."""
    return _bulks(db, "ORDER BY number DESC LIMIT ?", [limit])


def _bulks(db: Database, which: str, parameters: Sequence[object]) -> list[Bulk]:
    rows = db.conn.execute(
        f"SELECT number, bulk_id, action, reviewer, filter_json, reason, created_at, undone_at FROM bulks {which}",
        parameters,
    ).fetchall()
    return [_bulk(row, _outcomes(db, row[1])) for row in rows]


def _bulk(row: Sequence[Any], counts: dict[str, int]) -> Bulk:
    number, bulk_id, action, reviewer, wanted, reason, created_at, undone_at = row
    waiting, done, refused, undone, kept = (counts.get(outcome, 0) for outcome in OUTCOMES)
    head = (number, bulk_id, action, reviewer, json.loads(wanted), reason, created_at, undone_at)
    return Bulk(*head, waiting, done, refused, undone, kept)


def _outcomes(db: Database, bulk_id: str) -> dict[str, int]:
    rows = db.conn.execute("SELECT outcome, count(*) FROM bulk_pairs WHERE bulk_id = ? GROUP BY outcome", [bulk_id])
    return dict(rows.fetchall())


# ------------------------------------------------------------------ steps, each within one transaction


def _some(db: Database, bulk: Bulk, outcome: str) -> list[tuple[int, str, int, str | None]]:
    return db.conn.execute(
        "SELECT b.pair_key, p.pair_id, b.revision, b.before FROM bulk_pairs b JOIN pairs p USING (pair_key) "
        "WHERE b.bulk_id = ? AND b.outcome = ? ORDER BY b.pair_key LIMIT ?",
        [bulk.bulk_id, outcome, AT_ONCE],
    ).fetchall()


def _note(db: Database, bulk: Bulk, pair_key: int, outcome: str) -> None:
    db.conn.execute(
        "UPDATE bulk_pairs SET outcome = ? WHERE bulk_id = ? AND pair_key = ?", [outcome, bulk.bulk_id, pair_key]
    )


def _do_some(db: Database, bulk: Bulk) -> None:
    chosen = _some(db, bulk, "waiting")
    ready = {row[0] for row in chosen} if bulk.action == RESTORE else still_ready(db, [row[0] for row in chosen])
    for key, pair_id, revision, _ in chosen:
        is_done = key in ready and (
            pairs.restore(db, [key], pairs.RESTORED) == 1
            if bulk.action == RESTORE
            else _decided(db, bulk, key, pair_id, revision)
        )
        _note(db, bulk, key, "done" if is_done else "refused")


def _decided(db: Database, bulk: Bulk, pair_key: int, pair_id: str, revision: int) -> bool:
    request = DecisionRequest(
        f"{bulk.bulk_id}:{pair_key}",
        bulk.action,
        bulk.reviewer,
        pair_id=pair_id,
        revision=revision,
        reason=bulk.reason,
        comment=f"bulk {bulk.number}",
    )
    return apply_decisions(db, [request], _unasked)[0].ok


def _undo_some(db: Database, bulk: Bulk) -> None:
    for key, pair_id, _, before in _some(db, bulk, "done"):
        back = _aside_again(db, key, before) if bulk.action == RESTORE else _undecided(db, bulk, key, pair_id)
        _note(db, bulk, key, "undone" if back else "kept")


def _undecided(db: Database, bulk: Bulk, pair_key: int, pair_id: str) -> bool:
    """Take the bulk's decision back where it is still the last thing that a person did with the pair."""
    last = db.conn.execute(
        "SELECT decision_id FROM decisions d WHERE pair_key = ? AND verdict <> 'undo' AND NOT EXISTS "
        "(SELECT 1 FROM decisions u WHERE u.undoes_seq = d.seq) ORDER BY seq DESC LIMIT 1",
        [pair_key],
    ).fetchone()
    decision_id = f"{bulk.bulk_id}:{pair_key}"
    if last is None or last[0] != decision_id:
        return False
    comment = f"bulk {bulk.number} taken back"
    undo = DecisionRequest(f"{decision_id}:undo", Verdict.UNDO, bulk.reviewer, pair_id=pair_id, comment=comment)
    return apply_decisions(db, [undo], _unasked)[0].ok


def _aside_again(db: Database, pair_key: int, before: str | None) -> bool:
    """Set a pair aside as it was, unless a person or a later machine event gave it another status since."""
    row = db.conn.execute("SELECT status, reason, decided_by FROM pairs WHERE pair_key = ?", [pair_key]).fetchone()
    if row != (PairStatus.PENDING, pairs.RESTORED, None):
        return False
    pairs.set_machine_status(db, pair_key, PairStatus.SET_ASIDE, before)
    return True


def _unasked(*_: object) -> Finding:
    raise AssertionError("a bulk brings no new text, so nothing is checked")
