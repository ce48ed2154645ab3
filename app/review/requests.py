"""What a reviewer asks for beside decisions: a page's regeneration, its correction, a pair put back, work shared out.

A request travels in the outbox like a decision, with its own uid; sent again it changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from app import corrections
from app.review import sharing
from review_db import jobs, pages, pairs, reviewers
from review_db.connection import Database, immediate
from review_db.errors import ReviewDbError
from review_db.records import Page
from review_db.statuses import RejectReason

Message = Mapping[str, Any]
LONGEST_FEEDBACK = 2000


def is_request(entry: Message) -> bool:
    """Whether an entry of the outbox is a request and no decision."""
    return entry.get("verdict") in _HANDLERS


def answer(db: Database, entry: Message, reviewer: str) -> dict[str, Any]:
    """Do what one request asks for, and the result as the browser gets it; a refusal says why."""
    result = {"uid": str(entry.get("uid")), "request": str(entry.get("verdict"))}
    if not reviewer:
        return result | {"ok": False, "why": "reviewer_missing", "message": "Give your name first."}
    try:
        with immediate(db):
            reviewers.remember(db, reviewer)
            return result | {"ok": True} | _HANDLERS[str(entry["verdict"])](db, entry, reviewer)
    except ReviewDbError as error:
        return result | {"ok": False, "why": "refused", "message": f"{error}. {error.hint}".strip()}


def _regenerate(db: Database, entry: Message, reviewer: str) -> dict[str, Any]:
    """Queue one job for a page, once for each uid, after the corrections that came along."""
    page = pages.page_by_id(db, _text(entry, "page"))
    uid = _text(entry, "uid")
    known = jobs.job_of_request(db, uid)
    if known is not None:
        return {"page": page.page_id, "job": known, "again": True}
    _store_corrections(db, page, entry, reviewer)
    reason = _text(entry, "reason")
    payload: dict[str, object] = {
        "page_id": page.page_id,
        "reason": reason if reason in list(RejectReason) else None,
        "feedback": _text(entry, "comment", LONGEST_FEEDBACK) or None,
        "uid": uid,
    }
    return {"page": page.page_id, "job": jobs.ask(db, "regenerate", payload, reviewer), "again": False}


def _correct(db: Database, entry: Message, reviewer: str) -> dict[str, Any]:
    page = pages.page_by_id(db, _text(entry, "page"))
    _store_corrections(db, page, entry, reviewer)
    return {"page": page.page_id, "reads": corrections.ask_to_read_again(db, page.page_id, reviewer)}


def _restore(db: Database, entry: Message, reviewer: str) -> dict[str, Any]:
    pair = pairs.pair_by_id(db, _text(entry, "pair"))
    restored = pairs.restore(db, [pair.pair_key], pairs.RESTORED)
    return {"page": pair.page_id, "pair": pair.pair_id, "again": not restored}


def _store_corrections(db: Database, page: Page, entry: Message, reviewer: str) -> None:
    """Append the corrections that differ from what the page already is; unknown fields and values are left out."""
    given = entry.get("corrections")
    fields = given if isinstance(given, Mapping) else {}
    corrections.store(db, page.page_id, {str(field): _text(fields, field) for field in fields}, reviewer)


def _text(entry: Message, name: str, longest: int = corrections.LONGEST_NAME) -> str:
    """A text as every file can store it: no lone surrogates, no NUL, of bounded length."""
    value = entry.get(name)
    if not isinstance(value, str):
        return ""
    return value.encode("utf-8", "replace").decode().replace("\x00", "").strip()[:longest]


_HANDLERS: dict[str, Callable[[Database, Message, str], dict[str, Any]]] = {
    "regenerate": _regenerate,
    "correct": _correct,
    "restore": _restore,
    "assign": sharing.assign,
    "unassign": sharing.unassign,
}
