"""The export view: what a release would hold now, then a job that writes it."""

from __future__ import annotations

from typing import Any

import streamlit as st

from app import actions, identity
from app.browser.component import table
from app.views.opening import open_or_explain
from app.workspace import workspace
from exports.errors import ExportError
from exports.formats import FORMATS
from exports.preview import Preview, preview
from exports.settings import OutputSettings
from review_db import jobs, releases
from review_db.connection import Database
from review_db.records import Job

INCLUDED = {"approved": "Approved pairs", "all": "Approved and undecided pairs (each marked)"}
DIMENSIONS = {
    "section": "Section",
    "question_type": "Question type",
    "source_type": "Kind of manual",
}
REASONS = {"pending": "not decided yet"}
ACTIVE = ("queued", "running")
POLL_SECONDS = 1.0
SHOWN_JOBS = 3


def previewed(db: Database, include: str) -> Preview | ExportError:
    """What a release would hold now, or why there can be none."""
    try:
        return preview(db, workspace().cache, OutputSettings.in_force(db), include=include)
    except ExportError as error:
        return error


def draw_preview(shown: Preview) -> None:
    """Counts, distributions, and what stays behind and why."""
    figures = {
        "Pairs": shown.pairs,
        "Train": shown.train,
        "Validation": shown.validation,
        **({"Test": shown.test} if shown.test else {}),
        "Images": shown.images,
    }
    for column, (name, figure) in zip(st.columns(len(figures)), figures.items(), strict=True):
        column.metric(name, f"{figure:,}", border=True)
    left, right = st.columns(2)
    with left:
        for dimension, title in DIMENSIONS.items():
            columns = [(title, "text"), *((name, "number") for name in shown.head)]
            table(columns, [_named(row) for row in shown.by.get(dimension, [])], key=f"export_{dimension}")
    with right:
        st.text("Left out")
        rows = [[REASONS.get(reason, _words(reason)), count] for reason, count in shown.left_out.items()]
        table([("Why", "text"), ("Pairs", "number")], rows, key="export_left_out", note="Nothing is left out.")
        if shown.unusable:
            st.text("Approved, but cannot leave")
            table([("Pair", "text"), ("Why", "text")], list(shown.unusable.items()), key="export_unusable")
        links = [[relation, count] for relation, count in shown.links.items() if count]
        if links:
            st.text("Links between exported pairs")
            table([("Relation", "text"), ("Links", "number")], links, key="export_links")
        with st.expander("The first records"):
            st.json(shown.records, expanded=1)


def _named(row: Any) -> list[object]:
    value, *counts = row
    return [_words(str(value)) or "none", *counts]


def _words(name: str) -> str:
    return name.replace("_", " ").replace(":", ": ")


def draw_jobs() -> None:
    """The newest exports and how far they are."""
    database = open_or_explain()
    actions.ensure_worker(database)
    found = [job for job in jobs.recent(database) if job.kind == "export"][:SHOWN_JOBS]
    if found:
        columns = [("Export", "number"), ("State", "status"), ("Progress", "progress"), ("Result", "text")]
        table(columns, [_job_row(job) for job in found], key="export_jobs")
    was_active, is_active = st.session_state.get("export_active"), any(job.state in ACTIVE for job in found)
    st.session_state["export_active"] = is_active
    if was_active is not None and was_active != is_active:
        st.rerun()


def _job_row(job: Job) -> list[object]:
    result = str(job.result.get("path") or "") if job.result else (job.message or "")
    progress = [job.done_units, job.total_units] if job.state == "running" else ""
    return [job.job_id, job.state, progress, result]


def _ask() -> None:
    include, formats = st.session_state["export_include"], st.session_state["export_formats"]
    actions.ask_export(open_or_explain(), identity.requester(), include=include, formats=formats)
    st.session_state["export_active"] = True


def draw_newest(db: Database) -> None:
    """Where the newest release lies."""
    newest = releases.newest_release(db)
    if newest:
        st.text("Newest release")
        st.code(newest, language=None, wrap_lines=True)


database = open_or_explain()
st.subheader("Export the dataset")
what, formats, action = st.columns([3, 3, 1], vertical_alignment="bottom")
what.selectbox("What leaves", list(INCLUDED), format_func=INCLUDED.__getitem__, key="export_include")
formats.multiselect(
    "Further formats", sorted(FORMATS), key="export_formats", placeholder="Training and validation JSONL only"
)
found = previewed(database, st.session_state["export_include"])
if isinstance(found, Preview):
    action.button("Write the release", type="primary", key="export_ask", on_click=_ask, width="stretch")
draw_newest(database)
st.fragment(run_every=POLL_SECONDS if st.session_state.get("export_active") else None)(draw_jobs)()
if isinstance(found, Preview):
    draw_preview(found)
else:
    st.text(f"{found}.")
    st.text(found.hint)
