"""The app's script: which views there are, and the look that they share."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app import identity

FOLDER = Path(__file__).resolve().parent

st.set_page_config(page_title="ManualQA", page_icon=str(FOLDER / "icon.png"), layout="wide")
st.logo(str(FOLDER / "icon.png"), size="large")
st.html("<style>.stMainBlockContainer{padding:4.6rem 2rem 2rem}</style>")
identity.login_name()

view = st.navigation(
    [
        st.Page(FOLDER / "views" / "review.py", title="Review", icon=":material/fact_check:", default=True),
        st.Page(FOLDER / "views" / "pages.py", title="Pages", icon=":material/auto_stories:"),
        st.Page(FOLDER / "views" / "run.py", title="Run", icon=":material/document_scanner:"),
        st.Page(FOLDER / "views" / "bulk.py", title="Bulk", icon=":material/done_all:"),
        st.Page(FOLDER / "views" / "quality.py", title="Quality", icon=":material/query_stats:"),
        st.Page(FOLDER / "views" / "export.py", title="Export", icon=":material/output:"),
        st.Page(FOLDER / "views" / "jobs.py", title="Jobs", icon=":material/pending_actions:"),
    ],
    position="top",
)
view.run()
