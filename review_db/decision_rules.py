"""What every decision must be before it is looked at: a known verdict, a reviewer, texts that a file can store."""

from __future__ import annotations

from review_db.drawn_boxes import fault_of
from review_db.errors import DecisionRefusedError
from review_db.records import DecisionRequest
from review_db.statuses import Verdict

LONGEST_TEXT = 20_000


def refuse_malformed(request: DecisionRequest) -> None:
    """Raise DecisionRefusedError (bad_verdict, reviewer_missing, bad_text, bad_boxes) unless the request is sound."""
    if request.verdict not in list(Verdict):
        raise DecisionRefusedError("bad_verdict", f"{request.verdict!r} is none of {', '.join(Verdict)}")
    if not request.reviewer.strip():
        raise DecisionRefusedError("reviewer_missing", "a decision needs the reviewer's name")
    for text in (request.question, request.answer, request.comment, request.reason, request.reviewer):
        if text is not None:
            _refuse_bad_text(text)
    if request.boxes is not None:
        _refuse_bad_boxes(request)


def _refuse_bad_text(text: str) -> None:
    if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
        raise DecisionRefusedError("bad_text", "the text holds characters that no file can store")
    if len(text) > LONGEST_TEXT:
        raise DecisionRefusedError("bad_text", f"the text is longer than {LONGEST_TEXT} characters")


def _refuse_bad_boxes(request: DecisionRequest) -> None:
    fault = fault_of(request.boxes or ())
    if request.verdict not in (Verdict.APPROVE, Verdict.EDIT):
        fault = "evidence is drawn with an approval or an edit"
    if fault:
        raise DecisionRefusedError("bad_boxes", fault)
