"""The jobs view: what was asked for, how far it is, what failed, what it cost, and ways to stop it or do it again."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app import identity, job_list
from app.actions import ask_again, ask_unanswered, asks_claude, ensure_worker, start_worker
from app.browser.component import table
from app.views.opening import open_or_explain
from app.workspace import workspace
from review_db import costs, jobs
from review_db.connection import Database
from review_db.records import Job

POLL_SECONDS = 1.0
MOST_RETRIES = 6
MOST_NAMED = 10


def draw_jobs() -> None:
    """The table, and buttons for the jobs that can be stopped, begun or done again."""
    database = open_or_explain()
    ensure_worker(database)
    found = jobs.recent(database)
    rows = job_list.rows_of(database, found)
    table(job_list.COLUMNS, rows, key="jobs_table", note="No work has been asked for yet.")
    _buttons(database, found)
    _failures(database, found)
    _unanswered(database)
    _batches(database)
    _costs(database)
    was_active, is_active = st.session_state.get("jobs_active"), any(job.state in job_list.ACTIVE for job in found)
    st.session_state["jobs_active"] = is_active
    if was_active is not None and was_active != is_active:
        st.rerun()


def _buttons(database: Database, found: Sequence[Job]) -> None:
    row = st.container(horizontal=True)
    if jobs.held(database) and not jobs.waiting(database):
        row.button("Start the waiting work", key="start_worker", type="primary", on_click=start_worker)
    for job in found:
        if job.state in job_list.ACTIVE and not job.cancel_asked:
            row.button(f"Stop job {job.job_id}", key=f"cancel_{job.job_id}", on_click=_cancel, args=(job.job_id,))
    for job in job_list.retriable(found)[:MOST_RETRIES]:
        row.button(f"Do job {job.job_id} again", key=f"retry_{job.job_id}", on_click=_retry, args=(job.job_id,))


def _failures(database: Database, found: Sequence[Job]) -> None:
    """Every failure with its reason, and what a person can do about it."""
    rows = job_list.failures(database, found)
    if not rows:
        return
    st.subheader("What failed")
    st.text(
        "Mend what the reason names, then do the job again; the next run takes up failed pages by itself. "
        f"What was stored is kept. Details: {workspace().worker_log}"
    )
    table(job_list.FAILURE_COLUMNS, rows, key="jobs_failures")


def _batches(database: Database) -> None:
    """Batches that the service is still working on: they go on whatever becomes of the job."""
    rows = job_list.open_batches(database)
    if not rows:
        return
    st.subheader("Batches at the service")
    st.text(
        "A batch goes on when its job is stopped; the next run with Claude in batches stores what it answers, and "
        "nothing is paid twice. To stop it: manualqa batches --cancel"
    )
    table(job_list.BATCH_COLUMNS, rows, key="jobs_batches")


def _unanswered(database: Database) -> None:
    """Pages whose call may have been billed though no reply came: they are asked about again only with a click."""
    lost = job_list.unanswered(database)
    if not lost:
        return
    st.subheader("Calls without a reply")
    pages, them = ("1 page", "it") if len(lost) == 1 else (f"{len(lost):,} pages", "them")
    st.text(
        f"The call for {pages} ended without a reply and may have been billed, so nothing is sent again by itself. "
        f"Asking again can cost at most {job_list.dollars(sum(lost.values()))} more, within the limits of the "
        f"configuration: {', '.join(list(lost)[:MOST_NAMED])}{' …' if len(lost) > MOST_NAMED else ''}"
    )
    has_key = asks_claude()
    ask = f"Ask Claude again about {them}"
    st.button(ask, key="send_again", on_click=_send_again, args=(list(lost),), disabled=not has_key)
    if not has_key:
        st.text("No key is set: start the app with ANTHROPIC_API_KEY first.")


def _costs(database: Database) -> None:
    """What paid calls cost; nothing where none was made."""
    by_model = list(costs.cost_by_model(database))
    if not by_model:
        return
    st.subheader("Cost")
    today, page, pair = st.columns(3)
    today.metric("Today (UTC), reserved included", job_list.spent_today(database))
    for cell, name, amount in (
        (page, "A page", costs.cost_per_page(database)),
        (pair, "An approved pair", costs.cost_per_approved_pair(database)),
    ):
        cell.metric(name, "not yet known" if amount is None else job_list.dollars(amount))
    rows = [[model, count, job_list.dollars(usd)] for model, count, usd in by_model]
    table([("Model", "text"), ("Calls", "number"), ("Cost", "text")], rows, key="jobs_models")


def _cancel(job_id: int) -> None:
    jobs.cancel(open_or_explain(), job_id)


def _send_again(page_ids: Sequence[str]) -> None:
    ask_unanswered(open_or_explain(), page_ids, identity.requester())


def _retry(job_id: int) -> None:
    ask_again(open_or_explain(), job_id, identity.requester())


st.subheader("Jobs")
st.text("Exports, regenerations and runs are done by a background worker, one after the other.")
every = POLL_SECONDS if st.session_state.get("jobs_active") else None
st.fragment(run_every=every)(draw_jobs)()
