"""Answer an envelope wherever it came in: the reply, and a worker where work was asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app import actions
from app.review.messages import handle
from app.workspace import review_database
from review_db.errors import ReviewDbError

ASKS = ("regenerate", "correct")
LONGEST_TAB = 64


def answer(message: Mapping[str, Any], reviewer: str) -> dict[str, Any]:
    """The reply to an envelope of this reviewer; every failure becomes its `error`."""
    tab = str(message.get("tab", ""))[:LONGEST_TAB]
    try:
        db = review_database()
        reply = handle(db, message, reviewer, tab)
        if _asks_for_work(message):
            actions.ensure_worker(db)
        return reply
    except ReviewDbError as error:  # the database could not be opened
        return {"n": message.get("n", 0), "tab": tab, "results": [], "error": f"{error}. {error.hint}"}


def _asks_for_work(message: Mapping[str, Any]) -> bool:
    """Whether a job was asked for, or is being watched: its worker may have died."""
    outbox = message.get("outbox")
    entries = outbox if isinstance(outbox, list) else []
    return bool(message.get("watch")) or any(isinstance(e, dict) and e.get("verdict") in ASKS for e in entries)
