"""What a second reviewer thinks of a decided pair without having seen the decision; the decision itself stays."""

from __future__ import annotations

from dataclasses import dataclass

from review_db import reviewers
from review_db.connection import Database, immediate, now
from review_db.errors import DecisionRefusedError
from review_db.pairs import pair_by_id
from review_db.records import DecisionRequest, Pair
from review_db.statuses import PairStatus, Verdict

STATUS_OF = {
    Verdict.APPROVE: PairStatus.APPROVED,
    Verdict.EDIT: PairStatus.APPROVED,
    Verdict.REJECT: PairStatus.REJECTED,
}


@dataclass(frozen=True, slots=True)
class Opinion:
    """The second verdict beside the first; they agree when both would keep the text as it is, or neither would."""

    pair_id: str
    verdict: str
    first_by: str
    first_status: str
    first_reason: str | None
    agrees: bool


def is_open(db: Database, pair: Pair, reviewer: str) -> bool:
    """Whether this reviewer may judge the pair a second time: another decided it, and they have not judged it yet."""
    return bool(reviewer and pair.decided_by) and pair.decided_by != reviewer and not _standing(db, pair, reviewer)


def record(db: Database, request: DecisionRequest) -> Opinion:
    """Store a second verdict, once for each decision_id; an `undo` takes the reviewer's own opinion back.

    Raises DecisionRefusedError (stale_revision, bad_verdict, not_open) and UnknownPairError.
    """
    with immediate(db):
        pair = pair_by_id(db, request.pair_id or "")
        known = _by_decision(db, request.decision_id)
        if known:
            return known
        if request.verdict == Verdict.UNDO:
            return _withdrawn(db, pair, request.reviewer)
        if request.verdict not in STATUS_OF:
            raise DecisionRefusedError("bad_verdict", f"{request.verdict!r} is no second opinion")
        if not is_open(db, pair, request.reviewer):
            raise DecisionRefusedError("not_open", "this pair does not wait for your second opinion")
        if request.revision != pair.revision:
            raise DecisionRefusedError("stale_revision", "the text has changed since it was shown")
        _insert(db, pair, request)
    return _opinion(pair.pair_id, request.verdict, pair.decided_by or "", pair.status, pair.reason)


def _opinion(pair_id: str, verdict: str, first_by: str, first_status: str, first_reason: str | None) -> Opinion:
    agrees = verdict != Verdict.EDIT and STATUS_OF[Verdict(verdict)] == first_status
    return Opinion(pair_id, verdict, first_by, first_status, first_reason, agrees)


def _standing(db: Database, pair: Pair, reviewer: str) -> int | None:
    row = db.conn.execute(
        "SELECT opinion_id FROM second_opinions WHERE pair_key = ? AND reviewer = ? AND withdrawn_at IS NULL",
        [pair.pair_key, reviewer],
    ).fetchone()
    return int(row[0]) if row else None


def _by_decision(db: Database, decision_id: str) -> Opinion | None:
    row = db.conn.execute(
        "SELECT p.pair_id, o.verdict, o.first_by, o.first_status, o.first_reason FROM second_opinions o "
        "JOIN pairs p USING (pair_key) WHERE o.decision_id = ?",
        [decision_id],
    ).fetchone()
    return _opinion(*row) if row else None


def _withdrawn(db: Database, pair: Pair, reviewer: str) -> Opinion:
    """The opinion taken back; one that was never stored, or is back already, is no error when undone again."""
    opinion_id = _standing(db, pair, reviewer)
    db.conn.execute("UPDATE second_opinions SET withdrawn_at = ? WHERE opinion_id = ?", [now(), opinion_id])
    return Opinion(pair.pair_id, Verdict.UNDO, pair.decided_by or "", pair.status, pair.reason, True)


def _insert(db: Database, pair: Pair, request: DecisionRequest) -> None:
    reviewers.remember(db, request.reviewer)
    edited = request.verdict == Verdict.EDIT
    values = [
        request.decision_id, pair.pair_key, request.reviewer, pair.revision, request.verdict,
        request.question if edited else None, request.answer if edited else None, request.reason, request.comment,
        pair.decided_by, pair.status, pair.reason, request.shown_ms, now(),
    ]  # fmt: skip
    db.conn.execute(
        "INSERT INTO second_opinions (decision_id, pair_key, reviewer, revision, verdict, question, answer, reason, "
        f"comment, first_by, first_status, first_reason, shown_ms, at) VALUES ({', '.join('?' * len(values))})",
        values,
    )
