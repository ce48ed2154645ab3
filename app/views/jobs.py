"""The jobs view: what was asked for, how far it is, what it cost, what failed, and ways to stop it or do it again."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import streamlit as st

from app import identity
from app.actions import ask_again, ensure_worker, start_worker
from app.browser.component import table
from app.views.opening import open_or_explain
from app.workspace import workspace
from review_db import costs, jobs, stage_outcomes
from review_db.connection import Database
from review_db.facts import current_settings
from review_db.records import Job

COLUMNS = [
    ("Job", "number"),
    ("Work", "text"),
    ("State", "status"),
    ("Progress", "progress"),
    ("What happens", "text"),
    ("Cost", "text"),
    ("Asked by", "text"),
    ("Asked at", "text"),
]
ACTIVE = ("queued", "running")
ENDED_BADLY = ("failed", "cancelled")
POLL_SECONDS = 1.0
MOST_FAILURES = 20
MOST_RETRIES = 6


def row_of(job: Job, cost: float | None = None) -> list[object]:
    """One job as a row of the table."""
    message = "stopping …" if job.cancel_asked and job.state == "running" else job.message or _result(job)
    asked = job.created_at[:16].replace("T", " ")
    money = dollars(cost) if cost else ""
    return [job.job_id, work_of(job), job.state, progress_of(job), message, money, job.requested_by, asked]


def work_of(job: Job) -> str:
    """What the job does, with the page it is about."""
    page = job.payload.get("page_id")
    return job.kind.replace("_", " ") + (f" {page}" if page else "")


def progress_of(job: Job) -> list[int | None] | str:
    """How far a job is while it runs; in words once it has ended."""
    if job.state == "running":
        return [job.done_units, job.total_units]
    return f"{job.done_units:,} of {job.total_units:,}" if job.total_units else ""


def dollars(amount: float) -> str:
    """An amount as people read it: cents, and more digits only where there are no cents."""
    return f"${amount:,.2f}" if amount >= 0.1 or not amount else f"${amount:.4f}"


def _result(job: Job) -> str:
    """Where the result lies, or how many units of a finished job failed."""
    result = job.result or {}
    failed = sum(int(part.get("failed") or 0) for part in result.values() if isinstance(part, dict))
    return f"done, but {failed} units failed: see below" if failed else str(result.get("path") or "")


def run_key(job: Job) -> str:
    """Under which name the ledger counts the calls of a job."""
    return f"job-{job.job_id}"


def draw_jobs() -> None:
    """The table, and buttons for the jobs that can be stopped, begun or done again."""
    database = open_or_explain()
    ensure_worker(database)
    found = jobs.recent(database)
    cost = costs.cost_of_runs(database, [run_key(job) for job in found])
    rows = [row_of(job, cost.get(run_key(job))) for job in found]
    table(COLUMNS, rows, key="jobs_table", note="No work has been asked for yet.")
    _buttons(database, found)
    _failures(database, found)
    _costs(database)
    was_active, is_active = st.session_state.get("jobs_active"), any(job.state in ACTIVE for job in found)
    st.session_state["jobs_active"] = is_active
    if was_active is not None and was_active != is_active:
        st.rerun()


def _buttons(database: Database, found: Sequence[Job]) -> None:
    row = st.container(horizontal=True)
    if any(job.state == "queued" for job in found) and not jobs.waiting(database):
        row.button("Start the waiting work", key="start_worker", type="primary", on_click=start_worker)
    for job in found:
        if job.state in ACTIVE and not job.cancel_asked:
            row.button(f"Stop job {job.job_id}", key=f"cancel_{job.job_id}", on_click=_cancel, args=(job.job_id,))
    for job in retriable(found)[:MOST_RETRIES]:
        row.button(f"Do job {job.job_id} again", key=f"retry_{job.job_id}", on_click=_retry, args=(job.job_id,))


def retriable(found: Sequence[Job]) -> list[Job]:
    """Failed and cancelled jobs (newest first) whose work has not been asked for again since."""
    seen: list[tuple[str, dict[str, object]]] = []
    again = []
    for job in found:
        if job.state in ENDED_BADLY and (job.kind, job.payload) not in seen:
            again.append(job)
        seen.append((job.kind, job.payload))
    return again


def _failures(database: Database, found: Sequence[Job]) -> None:
    """Every failure with its reason, and what a person can do about it."""
    rows = [[f"job {job.job_id}", work_of(job), job.message or "no reason given"] for job in retriable(found)
            if job.state == "failed"]  # fmt: skip
    units = islice(stage_outcomes.failed_units(database), MOST_FAILURES)
    rows += [[stage, unit, reason] for stage, unit, reason in units]
    if not rows:
        return
    st.subheader("What failed")
    st.text(
        "Mend what the reason names, then do the job again; the next run takes up failed pages by itself. "
        f"What was stored is kept. Details: {workspace().worker_log}"
    )
    table([("Where", "text"), ("What", "text"), ("Reason", "text")], rows, key="jobs_failures")


def _costs(database: Database) -> None:
    """What paid calls cost; nothing where none was made."""
    by_model = list(costs.cost_by_model(database))
    if not by_model:
        return
    st.subheader("Cost")
    cells = st.columns(3)
    cells[0].metric("Today (UTC), reserved included", _today(database))
    for cell, name, amount in (
        (cells[1], "A page", costs.cost_per_page(database)),
        (cells[2], "An approved pair", costs.cost_per_approved_pair(database)),
    ):
        cell.metric(name, "not yet known" if amount is None else dollars(amount))
    rows = [[model, count, dollars(usd)] for model, count, usd in by_model]
    table([("Model", "text"), ("Calls", "number"), ("Cost", "text")], rows, key="jobs_models")


def _today(database: Database) -> str:
    """What the day has used of its budget."""
    budget = current_settings(database).get("generation", {}).get("day_budget_usd")
    spent = dollars(costs.spent_today(database))
    return f"{spent} of {dollars(float(budget))}" if budget is not None else spent


def _cancel(job_id: int) -> None:
    jobs.cancel(open_or_explain(), job_id)


def _retry(job_id: int) -> None:
    ask_again(open_or_explain(), job_id, identity.requester())


st.subheader("Jobs")
st.text("Exports, regenerations and runs are done by a background worker, one after the other.")
every = POLL_SECONDS if st.session_state.get("jobs_active") else None
st.fragment(run_every=every)(draw_jobs)()
