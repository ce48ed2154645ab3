"""The jobs view: what was asked for, how far it is, and a way to stop it."""

from __future__ import annotations

import streamlit as st

from app.actions import ensure_worker, start_worker
from app.browser.component import table
from app.views.opening import open_or_explain
from review_db import jobs
from review_db.records import Job

COLUMNS = [
    ("Job", "number"),
    ("Work", "text"),
    ("State", "status"),
    ("Progress", "progress"),
    ("What happens", "text"),
    ("Asked by", "text"),
    ("Asked at", "text"),
]
ACTIVE = ("queued", "running")
POLL_SECONDS = 1.0


def row_of(job: Job) -> list[object]:
    """One job as a row of the table."""
    message = "stopping …" if job.cancel_asked and job.state == "running" else job.message or _result(job)
    asked = job.created_at[:16].replace("T", " ")
    return [job.job_id, job.kind.replace("_", " "), job.state, progress_of(job), message, job.requested_by, asked]


def progress_of(job: Job) -> list[int | None] | str:
    """How far a job is while it runs; in words once it has ended."""
    if job.state == "running":
        return [job.done_units, job.total_units]
    return f"{job.done_units:,} of {job.total_units:,}" if job.total_units else ""


def _result(job: Job) -> str:
    return str(job.result.get("path") or "") if job.result else ""


def draw_jobs() -> None:
    """The table, and a button for each job that can still be stopped."""
    database = open_or_explain()
    ensure_worker(database)
    found = jobs.recent(database)
    table(COLUMNS, [row_of(job) for job in found], key="jobs_table", note="No work has been asked for yet.")
    buttons = st.container(horizontal=True)
    if any(job.state == "queued" for job in found) and not jobs.waiting(database):
        buttons.button("Start the waiting work", key="start_worker", type="primary", on_click=start_worker)
    for job in found:
        if job.state in ACTIVE and not job.cancel_asked:
            buttons.button(f"Stop job {job.job_id}", key=f"cancel_{job.job_id}", on_click=_cancel, args=(job.job_id,))
    was_active, is_active = st.session_state.get("jobs_active"), any(job.state in ACTIVE for job in found)
    st.session_state["jobs_active"] = is_active
    if was_active is not None and was_active != is_active:
        st.rerun()


def _cancel(job_id: int) -> None:
    jobs.cancel(open_or_explain(), job_id)


st.subheader("Jobs")
st.text("Exports, regenerations and runs are done by a background worker, one after the other.")
every = POLL_SECONDS if st.session_state.get("jobs_active") else None
st.fragment(run_every=every)(draw_jobs)()
