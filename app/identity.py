"""Who is at the browser: a name the reviewer gives on their own machine, the login's identity on a shared one."""

from __future__ import annotations

import tomllib
from pathlib import Path
from urllib.parse import unquote

import streamlit as st

SECRETS = (
    Path(__file__).resolve().parent / ".streamlit" / "secrets.toml",
    Path.home() / ".streamlit" / "secrets.toml",
)
NAME_COOKIE = "manualqa_reviewer"
LONGEST_NAME = 60


def login_configured() -> bool:
    """Whether a login ([auth] in Streamlit's secrets) is set up; only then may others reach the server."""
    return any("auth" in tomllib.loads(path.read_text(encoding="utf-8")) for path in SECRETS if path.is_file())


def login_name() -> str | None:
    """The logged-in person's name, None in local mode. Stops the script at a login button until someone is."""
    if not login_configured():
        return None
    if not st.user.is_logged_in:
        st.title("ManualQA")
        st.button("Log in", on_click=st.login, type="primary")
        st.stop()
    return str(st.user.get("email") or st.user.get("sub"))


def local_name() -> str:
    """The name given in this browser (address, this visit, or an earlier one); empty when none was given yet."""
    given = st.query_params.get("reviewer") or st.session_state.get("reviewer_name")
    return clean_name(given or unquote(st.context.cookies.get(NAME_COOKIE, "")))


def requester() -> str:
    """Who asks for a job: the login, else the local name, else plainly nobody in particular."""
    return login_name() or local_name() or "local user"


def clean_name(name: str) -> str:
    """A reviewer's name without control characters and of bounded length."""
    printable = "".join(c if c.isprintable() else " " for c in name)
    return " ".join(printable.split())[:LONGEST_NAME]
