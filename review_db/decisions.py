"""What reviewers decide: append-only, bound to the revision that was on the screen, safe to send twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from review_db import reviewers
from review_db.connection import Database, immediate, now
from review_db.decision_rules import refuse_malformed
from review_db.decision_status import settle_status
from review_db.drawn_boxes import drawn_boxes
from review_db.errors import DecisionRefusedError, ReviewDbError, UnknownPageError, UnknownPairError
from review_db.pages import page_by_id
from review_db.pairs import add_candidates, add_revision, pair_by_id, save_finding
from review_db.records import Box, CandidatePair, DecisionRequest, DecisionResult, Finding, Page, Pair, Word
from review_db.statuses import QuestionType, RejectReason, Verdict
from review_db.texts import index_text
from review_db.words import words_of

Check = Callable[[Page, Sequence[Word], str, str, str], Finding]
"""(page, its words, question, answer, question type) -> what the checks say of a text that is new."""

CHECKER_OF_EDITS = "at decision"
DECIDING = (Verdict.APPROVE, Verdict.EDIT, Verdict.REJECT)


class _Event(NamedTuple):
    from_revision: int
    to_revision: int
    reason: str | None = None
    comment: str | None = None
    undoes_seq: int | None = None


def apply_decisions(db: Database, requests: Sequence[DecisionRequest], check: Check) -> list[DecisionResult]:
    """Store decisions in one transaction, each accepted or refused on its own; results stand in request order.

    A decision_id that is known answers ok and changes nothing. Refusals carry one of the codes bad_verdict,
    unknown_pair, unknown_page, stale_revision, already_decided, nothing_to_undo, empty_text, bad_text,
    bad_question_type, bad_boxes, pair_exists, reviewer_missing.
    """
    with immediate(db):
        return [_answer(db, request, check) for request in requests]


def _answer(db: Database, request: DecisionRequest, check: Check) -> DecisionResult:
    try:
        return _repeated(db, request) or _decide(db, request, check)
    except DecisionRefusedError as refusal:
        return DecisionResult(
            request.decision_id,
            False,
            request.pair_id,
            error=refusal.code,
            message=str(refusal),
            theirs=_pair_or_none(db, request.pair_id),
        )


def _repeated(db: Database, request: DecisionRequest) -> DecisionResult | None:
    row = db.conn.execute(
        "SELECT d.seq, p.pair_id, p.revision, p.status FROM decisions d JOIN pairs p USING (pair_key) "
        "WHERE d.decision_id = ?",
        [request.decision_id],
    ).fetchone()
    if row is None:
        return None
    return DecisionResult(request.decision_id, True, row[1], True, seq=row[0], revision=row[2], status=row[3])


def _pair_or_none(db: Database, pair_id: str | None) -> Pair | None:
    try:
        return pair_by_id(db, pair_id) if pair_id else None
    except ReviewDbError:
        return None


def _decide(db: Database, request: DecisionRequest, check: Check) -> DecisionResult:
    refuse_malformed(request)
    reviewers.remember(db, request.reviewer)
    pair = _new_pair(db, request, check) if request.pair_id is None else _known_pair(db, request.pair_id)
    if request.pair_id is not None:
        _refuse_stale(request, pair)
    event = _HANDLERS[Verdict(request.verdict)](db, request, pair, check)
    seq = _append(db, request, pair.pair_key, event)
    settle_status(db, pair.pair_key)
    after = pair_by_id(db, pair.pair_id)
    return DecisionResult(
        request.decision_id, True, pair.pair_id, seq=seq, revision=after.revision, status=after.status
    )


def _known_pair(db: Database, pair_id: str) -> Pair:
    try:
        return pair_by_id(db, pair_id)
    except UnknownPairError as error:
        raise DecisionRefusedError("unknown_pair", str(error)) from error


def _refuse_stale(request: DecisionRequest, pair: Pair) -> None:
    if request.verdict in (Verdict.UNDO, Verdict.FLAG, Verdict.UNFLAG) and request.revision is None:
        return
    if request.revision != pair.revision:
        raise DecisionRefusedError(
            "stale_revision",
            f"the text has changed: it is at revision {pair.revision}, you saw {request.revision}",
        )
    if request.verdict in DECIDING and pair.decided_by and not request.redecide:
        raise DecisionRefusedError("already_decided", f"{pair.status} by {pair.decided_by}")


def _new_pair(db: Database, request: DecisionRequest, check: Check) -> Pair:
    """A pair that the reviewer wrote for a page; the decision that follows approves it."""
    if request.page_id is None or request.verdict not in (Verdict.APPROVE, Verdict.EDIT):
        raise DecisionRefusedError("unknown_pair", "a decision names a pair, or a page with a question and an answer")
    try:
        page = page_by_id(db, request.page_id)
    except UnknownPageError as error:
        raise DecisionRefusedError("unknown_page", str(error)) from error
    text = _text(db, request, page, None)
    ((key, is_new),) = add_candidates(
        db, page, None, "reviewer", [text], author="reviewer", author_name=request.reviewer
    )
    pair = _pair_of_key(db, key)
    if not is_new:
        raise DecisionRefusedError("pair_exists", f"the page has this pair already: {pair.pair_id}, {pair.status}")
    save_finding(db, key, 1, _finding(db, pair, text, check), CHECKER_OF_EDITS)
    return pair


def _pair_of_key(db: Database, pair_key: int) -> Pair:
    pair_id = db.conn.execute("SELECT pair_id FROM pairs WHERE pair_key = ?", [pair_key]).fetchone()[0]
    return pair_by_id(db, pair_id)


def _text(db: Database, request: DecisionRequest, page: Page, pair: Pair | None) -> CandidatePair:
    """The text that the decision asks for; evidence drawn earlier stays with a pair until it is drawn anew."""
    question = request.question if request.question is not None else (pair.question if pair else "")
    answer = request.answer if request.answer is not None else (pair.answer if pair else "")
    kind = request.question_type or (pair.question_type if pair else QuestionType.FACTUAL)
    if not question.strip() or not answer.strip():
        raise DecisionRefusedError("empty_text", "a question and an answer are needed")
    if kind not in list(QuestionType):
        raise DecisionRefusedError("bad_question_type", f"{kind!r} is none of {', '.join(QuestionType)}")
    if request.boxes and page.image_path is None:
        raise DecisionRefusedError("bad_boxes", f"{page.page_id} has no image to draw on")
    boxes = request.boxes if request.boxes is not None else _drawn(db, pair)
    return CandidatePair(question.strip(), answer.strip(), kind, boxes=boxes)


def _drawn(db: Database, pair: Pair | None) -> tuple[Box, ...]:
    return drawn_boxes(db, pair.pair_key, pair.revision) if pair else ()


def _finding(db: Database, pair: Pair, text: CandidatePair, check: Check) -> Finding:
    page = page_by_id(db, pair.page_id)
    return check(page, words_of(db, page), text.question, text.answer, text.question_type)


def _approve(db: Database, request: DecisionRequest, pair: Pair, check: Check) -> _Event:
    if _brings_text(request):
        return _edit(db, request, pair, check)
    return _Event(pair.revision, pair.revision, comment=request.comment)


def _brings_text(request: DecisionRequest) -> bool:
    """Whether the decision says what question, answer or evidence shall be."""
    return any(given is not None for given in (request.question, request.answer, request.boxes))


def _edit(db: Database, request: DecisionRequest, pair: Pair, check: Check) -> _Event:
    text = _text(db, request, page_by_id(db, pair.page_id), pair)
    before = CandidatePair(pair.question, pair.answer, pair.question_type, boxes=_drawn(db, pair))
    if text == before:
        return _Event(pair.revision, pair.revision, comment=request.comment)
    revision = pair.revision + 1
    add_revision(db, pair.pair_key, revision, text, "reviewer", request.reviewer)
    save_finding(db, pair.pair_key, revision, _finding(db, pair, text, check), CHECKER_OF_EDITS)
    return _Event(pair.revision, revision, comment=request.comment)


def _reject(db: Database, request: DecisionRequest, pair: Pair, check: Check) -> _Event:
    reason, comment = reject_reason(request.reason, request.comment)
    return _Event(pair.revision, pair.revision, reason, comment)


def reject_reason(reason: str | None, comment: str | None) -> tuple[str | None, str | None]:
    """A reason by its name or its key 1 to 9; any other text becomes the comment of `other`."""
    if reason is None or not reason.strip():
        return (RejectReason.OTHER, comment) if comment else (None, comment)
    names = list(RejectReason)
    if reason in names:
        return reason, comment
    if reason.isdecimal() and 1 <= int(reason) <= len(names):
        return names[int(reason) - 1], comment
    return RejectReason.OTHER, "; ".join(text for text in (reason.strip(), comment) if text)


def _skip(db: Database, request: DecisionRequest, pair: Pair, check: Check) -> _Event:
    db.conn.execute("UPDATE pairs SET skips = skips + 1 WHERE pair_key = ?", [pair.pair_key])
    return _Event(pair.revision, pair.revision, request.reason, request.comment)


def _flag(db: Database, request: DecisionRequest, pair: Pair, check: Check) -> _Event:
    raised = request.verdict == Verdict.FLAG
    db.conn.execute("UPDATE pairs SET flagged = ? WHERE pair_key = ?", [raised, pair.pair_key])
    return _Event(pair.revision, pair.revision, request.reason, request.comment)


def _undo(db: Database, request: DecisionRequest, pair: Pair, check: Check) -> _Event:
    row = db.conn.execute(
        "SELECT seq, verdict, from_revision, to_revision, reviewer FROM decisions d WHERE pair_key = ? "
        "AND verdict <> 'undo' AND NOT EXISTS (SELECT 1 FROM decisions u WHERE u.undoes_seq = d.seq) "
        "ORDER BY seq DESC LIMIT 1",
        [pair.pair_key],
    ).fetchone()
    if row is None or row[4] != request.reviewer:
        raise DecisionRefusedError("nothing_to_undo", f"{request.reviewer} has made no decision here that still stands")
    seq, verdict, before, after, _ = row
    if verdict == Verdict.SKIP:
        db.conn.execute("UPDATE pairs SET skips = max(0, skips - 1) WHERE pair_key = ?", [pair.pair_key])
    if verdict in (Verdict.FLAG, Verdict.UNFLAG):
        db.conn.execute("UPDATE pairs SET flagged = ? WHERE pair_key = ?", [verdict == Verdict.UNFLAG, pair.pair_key])
    revision = _text_brought_back(db, pair, before) if before != after else pair.revision
    return _Event(pair.revision, revision, undoes_seq=seq)


def _text_brought_back(db: Database, pair: Pair, revision: int) -> int:
    """The earlier text becomes the newest revision, by its own author: texts are appended, never taken away."""
    newest = pair.revision + 1
    for table in ("revisions", "checks", "flags", "signals"):
        _copy_row(db, table, pair.pair_key, revision, newest)
    question, answer = db.conn.execute(
        "UPDATE revisions SET created_at = ? WHERE pair_key = ? AND revision = ? RETURNING question, answer",
        [now(), pair.pair_key, newest],
    ).fetchone()
    index_text(db, pair.pair_key, newest, question, answer)
    db.conn.execute("UPDATE pairs SET revision = ? WHERE pair_key = ?", [newest, pair.pair_key])
    return newest


def _copy_row(db: Database, table: str, pair_key: int, revision: int, newest: int) -> None:
    columns = [
        row[1] for row in db.conn.execute(f"PRAGMA table_info({table})") if row[1] not in ("pair_key", "revision")
    ]
    kept = ", ".join(columns)
    db.conn.execute(
        f"INSERT INTO {table} (pair_key, revision, {kept}) SELECT pair_key, ?, {kept} FROM {table} "
        "WHERE pair_key = ? AND revision = ?",
        [newest, pair_key, revision],
    )


_HANDLERS: dict[Verdict, Callable[[Database, DecisionRequest, Pair, Check], _Event]] = {
    Verdict.APPROVE: _approve,
    Verdict.EDIT: _edit,
    Verdict.REJECT: _reject,
    Verdict.SKIP: _skip,
    Verdict.FLAG: _flag,
    Verdict.UNFLAG: _flag,
    Verdict.UNDO: _undo,
}


def _append(db: Database, request: DecisionRequest, pair_key: int, event: _Event) -> int:
    cursor = db.conn.execute(
        "INSERT INTO decisions (decision_id, pair_key, verdict, reviewer, from_revision, to_revision, reason, "
        "comment, undoes_seq, shown_ms, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            request.decision_id,
            pair_key,
            _verdict_of(request),
            request.reviewer,
            event.from_revision,
            event.to_revision,
            event.reason,
            event.comment,
            event.undoes_seq,
            request.shown_ms,
            now(),
        ],
    )
    return int(cursor.lastrowid or 0)


def _verdict_of(request: DecisionRequest) -> str:
    """An approval that brings a text or evidence is an edit."""
    return Verdict.EDIT if request.verdict == Verdict.APPROVE and _brings_text(request) else request.verdict
