"""Mount the review screen: hand its envelopes to `handle`, and the replies to the browser."""

from __future__ import annotations

import hashlib
import uuid
from pathlib import Path
from typing import Any

import streamlit as st

from app import actions, assets, identity
from app.review.messages import handle
from app.workspace import review_database, workspace
from review_db.errors import ReviewDbError
from review_db.statuses import ContentType, QuestionType

KEY = "review"
ASKS = ("regenerate", "correct")
SCRIPT = Path(__file__).with_name("component.js").read_text(encoding="utf-8")

_component = st.components.v2.component("manualqa_review", html="<div></div>", js=SCRIPT)


@st.fragment
def review_screen() -> None:
    """Draw the screen; an envelope reruns this fragment alone, and its reply travels as the component's data."""
    _component(key=KEY, data=_data(), on_msg_change=_receive)


def _receive() -> None:
    message = getattr(st.session_state.get(KEY), "msg", None)
    if not isinstance(message, dict):
        return
    tab = str(message.get("tab", ""))[:64]
    reviewer = identity.login_name() or identity.clean_name(str(message.get("reviewer", "")))
    st.session_state["reviewer_name"] = reviewer
    st.session_state["review_reply"] = _answer(message, reviewer, tab)


def _answer(message: dict[str, Any], reviewer: str, tab: str) -> dict[str, Any]:
    try:
        reply = handle(review_database(), message, reviewer, tab)
        if _asks_for_work(message):
            actions.ensure_worker(review_database())
        return reply
    except ReviewDbError as error:  # the database could not be opened
        return {"n": message.get("n", 0), "tab": tab, "results": [], "error": f"{error}. {error.hint}"}


def _asks_for_work(message: dict[str, Any]) -> bool:
    """Whether a job was asked for, or is being watched: its worker may have died."""
    outbox = message.get("outbox")
    entries = outbox if isinstance(outbox, list) else []
    return bool(message.get("watch")) or any(isinstance(e, dict) and e.get("verdict") in ASKS for e in entries)


def _data() -> dict[str, Any]:
    return {
        "assets": assets.BASE,
        "workspace": hashlib.sha256(str(workspace().root).encode()).hexdigest()[:8],
        "session": st.session_state.setdefault("review_session", uuid.uuid4().hex),
        "identity": identity.login_name(),
        "named": identity.local_name(),
        "types": list(QuestionType),
        "kinds": list(ContentType),
        "paid": actions.asks_claude(),
        **st.session_state.get("review_reply", {}),
    }
