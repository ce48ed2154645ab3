"""The export view: look at what would leave, write it as a release, publish that on the Hub."""

from __future__ import annotations

import streamlit as st

from app import actions
from app.browser.component import table
from app.exporting import choices, contents, made, sending
from app.views.opening import open_or_explain
from app.workspace import workspace
from exports.errors import ExportError
from exports.preview import Preview, preview
from exports.settings import OutputSettings
from review_db import jobs, releases
from review_db.changes import state_of_pairs
from review_db.connection import Database

ACTIVE = ("queued", "running")
KINDS = ("export", sending.KIND)
POLL_SECONDS = 1.0
FRESH_SECONDS = 300.0  # after which the files of the scans are looked at again
SHOWN_JOBS = 3


def previewed(db: Database) -> Preview | ExportError:
    """What a release would hold now, or why there can be none; worked out again only when something has changed."""
    settings = OutputSettings.in_force(db)
    include = st.session_state.get("export_include", "approved")
    return _worked_out(str(workspace().database), state_of_pairs(db), repr(settings), include, db, settings)


@st.cache_data(ttl=FRESH_SECONDS, max_entries=8, show_spinner="Working out what would leave …")
def _worked_out(
    path: str, state: tuple[int, ...], chosen: str, include: str, _db: Database, _settings: OutputSettings
) -> Preview | ExportError:
    try:
        return preview(_db, workspace().cache, _settings, include=include)
    except ExportError as error:
        return error


def draw_choice(db: Database) -> bool:
    """The choices and what they come to; whether there is anything to write."""
    try:
        choices.draw_choices(OutputSettings.in_force(db))
    except ExportError as error:
        explain(error)
        return False
    found = previewed(db)
    if isinstance(found, ExportError):
        explain(found)
        return False
    contents.draw_contents(db, found)
    return True


def explain(error: ExportError) -> None:
    """What is wrong and what to do about it."""
    st.text(f"{error}.")
    st.text(error.hint)


def draw_releases() -> None:
    """Work under way, then what was written, then what the Hub said."""
    db = open_or_explain()
    actions.ensure_worker(db)
    recent = [job for job in jobs.recent(db) if job.kind in KINDS]
    exports = [job for job in recent if job.kind == "export"][:SHOWN_JOBS]
    unfinished = [job for job in exports if job.state != "done"]
    if unfinished:
        table(made.JOB_COLUMNS, [made.job_row(job) for job in unfinished], key="export_jobs")
    made.draw_made(db)
    was_active, is_active = st.session_state.get("export_active"), any(job.state in ACTIVE for job in recent)
    st.session_state["export_active"] = is_active
    if was_active is not None and was_active != is_active:
        st.rerun()


def draw_sent() -> None:
    """The newest publication."""
    sending.draw_result(open_or_explain())


database = open_or_explain()
every = POLL_SECONDS if st.session_state.get("export_active") else None
st.subheader("1. Choose what leaves, and look at it")
can_leave = draw_choice(database)
st.subheader("2. Write a release")
st.text("A folder of its own that never changes: training files, images, a report, a card, and how it was made.")
if can_leave:
    st.button("Write the release", type="primary", key="export_ask", on_click=choices.ask)
st.fragment(run_every=every)(draw_releases)()
st.subheader("3. Publish on the Hugging Face Hub")
if releases.newest_release(database):
    sending.draw_publishing(database)
    st.fragment(run_every=every)(draw_sent)()
else:
    st.text("Write a release first: then it can be published from here.")
