"""The run view: add scans, see what reading them would cost, start it and watch."""

from __future__ import annotations

import streamlit as st

from app import identity, job_list, runs
from app.actions import ensure_worker
from app.browser.component import table
from app.uploads import KINDS
from app.views.opening import open_or_explain
from review_db import jobs
from review_db.connection import Database
from review_db.records import Job

POLL_SECONDS = 1.0
SHOWN_JOBS = 4
SHOWN_KINDS = ("run", "estimate")


def draw_upload(db: Database) -> None:
    """Files and the folder that they go to; afterwards what became of each."""
    st.subheader("1. Add scans")
    st.text(f"They are stored in {runs.source_folder(db)} and read by the next run. No file is ever overwritten.")
    with st.form("upload", clear_on_submit=True):
        st.file_uploader(
            "JPEG, PNG, TIFF, PDF or HTML files",
            type=sorted(ending[1:] for ending in KINDS),
            accept_multiple_files=True,
            key="run_files",
        )
        st.selectbox(
            "Folder (a section like “21 - Clutch”, or a manual's name)",
            runs.sections(db),
            index=None,
            accept_new_options=True,
            placeholder="Choose one, type a new name, or leave it empty",
            key="run_folder",
        )
        st.form_submit_button("Add to the source folder", on_click=_add)
    for sentence in st.session_state.get("run_added", []):
        st.text(sentence)


def _add() -> None:
    uploaded = [(each.name, each) for each in st.session_state["run_files"] or []]
    folder = st.session_state["run_folder"] or ""
    said = runs.add_scans(open_or_explain(), folder, uploaded) if uploaded else ["Choose files first."]
    st.session_state["run_added"] = said


def draw_choice(db: Database) -> None:
    """Sections, their estimate, and once it is there the reader, the budget and the start."""
    st.subheader("2. Read them")
    st.multiselect("Sections", runs.sections(db), key="run_sections", placeholder="Everything in the source folder")
    estimate = runs.newest_estimate(db, _sections())
    waits = estimate is not None and estimate.state in runs.ACTIVE
    done = estimate if estimate is not None and estimate.state == "done" else None
    st.button(
        "Work out what it takes",
        key="run_estimate",
        type="secondary" if done else "primary",
        disabled=waits or runs.active_run(db) is not None,
        on_click=_estimate,
    )
    if estimate is not None and estimate.state == "failed":
        st.text(estimate.message or "the estimate failed")
    if done:
        draw_estimate(db, done)
    may_start = runs.may_start(db, _sections())
    st.button("Start the run", key="run_start", type="primary", disabled=not may_start, on_click=_start)
    if not may_start:
        st.text(_why_not(db, waits=waits))


def draw_estimate(db: Database, estimate: Job) -> None:
    """What each reader would take, and the choice between those that can be used here."""
    table(runs.ESTIMATE_COLUMNS, runs.estimate_rows(estimate), key="run_estimates")
    if not runs.pages_due(estimate):
        st.text("Every page is read already: a run would only look for new and changed files.")
    usable = runs.usable_engines(estimate)
    suggested = usable.index(runs.suggested_engine(estimate))
    st.radio("Who reads", usable, index=suggested, format_func=runs.ENGINES.__getitem__, key="run_engine")
    if "claude" not in usable:
        st.text("Claude can be chosen when the app was started with ANTHROPIC_API_KEY set.")
    elif st.session_state["run_engine"] != "offline":
        st.number_input(
            "Budget in dollars: what this workspace may spend today (UTC)",
            min_value=0.01,
            value=runs.day_budget(db),
            key="run_budget",
        )


def _why_not(db: Database, *, waits: bool) -> str:
    if runs.active_run(db) is not None:
        return "A run is on its way: see below."
    return "Being worked out …" if waits else "The start waits until it is known what the run takes."


def _sections() -> tuple[str, ...]:
    return tuple(sorted(st.session_state.get("run_sections") or ()))


def _estimate() -> None:
    runs.ask_estimate(open_or_explain(), _sections(), identity.requester())
    st.session_state["run_active"] = True


def _start() -> None:
    engine = st.session_state.get("run_engine") or "offline"
    budget = None if engine == "offline" else st.session_state.get("run_budget")
    choice = runs.Choice(_sections(), engine, budget)
    runs.ask_run(open_or_explain(), choice, identity.requester())
    st.session_state["run_active"] = True


def draw_progress() -> None:
    """The newest runs and estimates, live; the whole view follows when one begins or ends."""
    database = open_or_explain()
    ensure_worker(database)
    found = [job for job in jobs.recent(database) if job.kind in SHOWN_KINDS][:SHOWN_JOBS]
    if found:
        st.subheader("3. Progress")
        table(job_list.COLUMNS, job_list.rows_of(database, found), key="run_jobs")
    if any(job.kind == "run" and job.state == "done" for job in found):
        st.page_link("views/review.py", label="Review the pairs", icon=":material/fact_check:")
    was_active, is_active = st.session_state.get("run_active"), any(job.state in runs.ACTIVE for job in found)
    st.session_state["run_active"] = is_active
    if was_active is not None and was_active != is_active:
        st.rerun()


database = open_or_explain()
adding, reading = st.columns(2, gap="large")
with adding:
    draw_upload(database)
with reading:
    draw_choice(database)
st.fragment(run_every=POLL_SECONDS if st.session_state.get("run_active") else None)(draw_progress)()
