"""Mount the review screen: answer the envelopes that come through it, and hand it the right to a line of its own."""

from __future__ import annotations

import hashlib
import uuid
from pathlib import Path
from typing import Any

import streamlit as st

from app import actions, assets, identity
from app.review import line
from app.review.answering import answer
from app.workspace import workspace
from review_db.statuses import ContentType, QuestionType

KEY = "review"
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
    reviewer = identity.login_name() or identity.clean_name(str(message.get("reviewer", "")))
    st.session_state["reviewer_name"] = reviewer
    st.session_state["review_reply"] = answer(message, reviewer)


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
        "ticket": line.ticket(identity.login_name()),
        "reply": st.session_state.get("review_reply"),  # below one key: Streamlit looks into each of the first level
    }
