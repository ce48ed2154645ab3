"""The form that corrects a page, what became of it, and the history of its corrections."""

from __future__ import annotations

from typing import Any

import streamlit as st

from app import actions, corrections, identity
from app.browser.component import table
from app.views.opening import open_or_explain
from review_db import jobs
from review_db.connection import Database
from review_db.corrections import corrections_of
from review_db.records import Page
from review_db.statuses import ContentType, JobState, SourceType

TURNS = {"0": "As scanned", "1": "90° clockwise", "2": "180°", "3": "90° counter-clockwise"}
COLUMNS = [("When (UTC)", "text"), ("Who", "text"), ("What", "text"), ("Is now", "text")]
ACTIVE = (JobState.QUEUED, JobState.RUNNING)
WORK = {corrections.READ_AGAIN: "The words are being read again", "regenerate": "The pairs are being made again"}
POLL_SECONDS = 2.0


def named() -> str:
    """The reviewer's name; empty where none was given yet."""
    return identity.login_name() or identity.local_name()


def draw_correcting(db: Database, page: Page) -> None:
    """The form, then what the last correction set going."""
    _progress(db, page)
    if saved := st.session_state.pop("page_saved", None):
        st.text(saved)
    with st.expander("Correct this page", expanded=st.session_state.get("page_corrected") == page.page_id):
        _form(db, page)
        if not page.nothing_to_ask:
            _regenerate(page)
        rows = [_row(each) for each in corrections_of(db, page.page_id)]
        table(COLUMNS, rows, key="page_corrections", note="Nobody has corrected this page yet.")


def _form(db: Database, page: Page) -> None:
    present = corrections.as_it_stands(db, page)
    with st.form("page_form", border=False):
        row = st.columns(3)
        given = {
            "content_type": _select(row[0], "It shows", list(ContentType), present["content_type"]),
            "source_type": _select(row[1], "Kind of manual", list(SourceType), present["source_type"]),
            "rotation": row[2].selectbox(
                "Turned to be read",
                list(TURNS),
                index=int(present["rotation"]),
                format_func=TURNS.__getitem__,
                disabled=page.image_path is None,
            ),
            "section_id": row[0].text_input("Section", present["section_id"], max_chars=corrections.LONGEST_NAME),
            "section_name": row[1].text_input("Its name", present["section_name"], max_chars=corrections.LONGEST_NAME),
        }
        silent = row[2].checkbox("There is nothing to ask on this page", present["nothing_to_ask"] == "1")
        given["nothing_to_ask"] = str(int(silent))
        if st.form_submit_button("Save the corrections", disabled=not named()):
            _save(db, page, {field: str(value or "").strip() for field, value in given.items()})
    if not named():
        st.text("Give your name in the review first: it stands beside every correction.")


def _select(place: Any, label: str, values: list[str], present: str) -> str | None:
    choices = values if present in values else [present, *values]
    chosen: str | None = place.selectbox(label, choices, index=choices.index(present), format_func=_plain)
    return chosen


def _plain(name: str) -> str:
    return name.replace("_", " ").capitalize() or "Not classified"


def _save(db: Database, page: Page, given: dict[str, str]) -> None:
    changed = corrections.store(db, page.page_id, given, named())
    if corrections.ask_to_read_again(db, page.page_id, named()):
        actions.ensure_worker(db)
    names = ", ".join(corrections.NAMES[field].lower() for field in changed)
    st.session_state["page_saved"] = f"Saved: {names}." if changed else "There was nothing to save."
    if changed:
        st.session_state["page_corrected"] = page.page_id
    st.rerun()


def _regenerate(page: Page) -> None:
    """Offered after a correction: the pairs were made from what the page was taken for."""
    if st.session_state.get("page_corrected") != page.page_id:
        return
    row = st.container(horizontal=True, vertical_alignment="center")
    row.button(
        "Make its pairs again", key="page_regenerate", type="primary", on_click=ask_pairs_again, args=([page.page_id],)
    )
    row.text("Decided pairs stay; undecided ones are replaced when the new ones are there.")


def ask_pairs_again(page_ids: list[str]) -> None:
    """Queue the regeneration of corrected pages, once each, and start a worker."""
    db = open_or_explain()
    for page_id in page_ids:
        waiting = jobs.newest_of_page(db, "regenerate", page_id)
        if waiting is None or waiting.state != JobState.QUEUED:
            jobs.ask(db, "regenerate", {"page_id": page_id}, named())
    actions.ensure_worker(db)
    st.session_state["page_corrected"] = None


def _progress(db: Database, page: Page) -> None:
    """What the worker does with this page; the view is drawn anew when it has ended."""

    def draw() -> None:
        found = [job for kind in WORK if (job := jobs.newest_of_page(open_or_explain(), kind, page.page_id))]
        working = [job for job in found if job.state in ACTIVE]
        for job in working:
            st.text(f"{WORK[job.kind]} (job {job.job_id}) …")
        for job in found:
            if job.state == JobState.FAILED:
                st.text(f"Job {job.job_id} failed: {job.message or 'the jobs view says more'}")
        if st.session_state.get("page_working") and not working:
            st.session_state["page_working"] = False
            st.rerun()
        st.session_state["page_working"] = bool(working)

    is_active = any(
        job.state in ACTIVE for kind in WORK if (job := jobs.newest_of_page(db, kind, page.page_id)) is not None
    )
    st.fragment(run_every=POLL_SECONDS if is_active else None)(draw)()


def _row(each: Any) -> list[object]:
    value = corrections.in_words(each.field, each.value)
    return [each.at[:16].replace("T", " "), each.reviewer, corrections.NAMES[each.field], value]
