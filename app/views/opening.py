"""Open the database for a view, or say in plain words why that cannot be done and stop."""

from __future__ import annotations

import streamlit as st

from app.workspace import review_database
from review_db.connection import Database
from review_db.errors import ReviewDbError


def open_or_explain() -> Database:
    """This thread's database; an error a person can mend ends the script with its message and hint."""
    try:
        return review_database()
    except ReviewDbError as error:
        st.error("The review database cannot be opened.")
        st.text(str(error))
        st.text(error.hint)
        st.stop()
