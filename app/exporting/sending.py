"""Publish on the Hugging Face Hub from the app: private unless asked twice, looked at before it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from app import actions, identity
from app.browser.component import table
from app.exporting.made import JOB_COLUMNS, job_row
from app.views.opening import open_or_explain
from review_db import jobs
from review_db.connection import Database
from review_db.facts import current_settings
from review_db.records import Job

KIND = "publish"
PRIVATE, PUBLIC = "Private: only you and your organisation", "Public: everybody"
UNKNOWN = "Not known"
LICENSES = (
    UNKNOWN,
    "cc-by-4.0",
    "cc-by-sa-4.0",
    "cc-by-nc-4.0",
    "cc-by-nc-sa-4.0",
    "cc0-1.0",
    "apache-2.0",
    "mit",
    "odc-by",
)
SHOWN_FILES = 200
WHAT = {"add": "new", "replace": "changed", "delete": "deleted"}


def draw_publishing(db: Database) -> None:
    """Repository, who may see it, its licence, then a look before anything is sent."""
    configured = current_settings(db).get("output", {})
    st.text(
        "The newest release goes to a dataset repository of yours, with the login of this machine (HF_TOKEN, "
        "or “hf auth login”). Everything is uploaded before one step switches the dataset: nobody loads half of it."
    )
    left, right = st.columns(2)
    left.text_input(
        "Repository",
        value=_last_repository(db) or str(configured.get("repository") or ""),
        key="publish_repository",
        placeholder="owner/name",
    )
    given = str(configured.get("license") or "")
    known = [*([given] if given and given not in LICENSES else []), *LICENSES]
    right.selectbox(
        "Licence that the owner of the scans gives",
        known,
        index=known.index(given) if given else 0,
        accept_new_options=True,
        key="publish_license",
    )
    st.radio("Who may see it", [PRIVATE, PUBLIC], key="publish_who", horizontal=True)
    if _wish()["public"]:
        st.text_input("Everybody will see it. Type the repository's name again to confirm", key="publish_again")
    _draw_buttons(db)


def _draw_buttons(db: Database) -> None:
    objection = objection_to(_wish(), st.session_state.get("publish_again") or "")
    busy = any(job.state in ("queued", "running") for job in publications(db))
    row = st.container(horizontal=True)
    row.button(
        "Look first: what would be sent",
        key="publish_try",
        on_click=_ask,
        args=(True,),
        disabled=busy or not _wish()["repository"],
    )
    row.button(
        "Publish", key="publish_ask", type="primary", on_click=_ask, args=(False,), disabled=busy or bool(objection)
    )
    if objection:
        st.text(objection)
    elif not _wish()["license"]:
        st.text("No licence is known: the card will say so. Ask the owner of the scans before you share this.")


def objection_to(wish: Mapping[str, Any], typed: str) -> str:
    """Why this cannot be published yet; empty when it can."""
    if not wish["repository"]:
        return "Name a repository as owner/name."
    if wish["public"] and not wish["license"]:
        return "Choose a licence: a dataset without one is not made public."
    if wish["public"] and typed.strip() != wish["repository"]:
        return "Type the repository's name again to make it public."
    return ""


def _wish() -> dict[str, Any]:
    state = st.session_state
    chosen = state.get("publish_license") or UNKNOWN
    return {
        "repository": (state.get("publish_repository") or "").strip(),
        "license": "" if chosen == UNKNOWN else chosen.strip(),
        "public": state.get("publish_who") == PUBLIC,
    }


def _ask(dry_run: bool) -> None:
    actions.ask_publish(open_or_explain(), identity.requester(), _wish() | {"dry_run": dry_run})
    st.session_state["export_active"] = True


def _last_repository(db: Database) -> str:
    """Where the newest publication went: most people publish to one place."""
    return next((str(job.payload.get("repository") or "") for job in publications(db)), "")


def publications(db: Database) -> list[Job]:
    """The newest publications and looks, newest first."""
    return [job for job in jobs.recent(db) if job.kind == KIND][:3]


def draw_result(db: Database) -> None:
    """How the newest publication stands: progress, the files of a look, the address of a result, or what to do."""
    newest = next(iter(publications(db)), None)
    if newest is None:
        return
    if newest.state != "done" or newest.result is None:
        table(JOB_COLUMNS, [job_row(newest)], key="publish_jobs")
        return
    st.text(sentence(newest.payload, newest.result))
    if newest.payload.get("dry_run") is True:
        rows = file_rows(newest.result)
        table([("", "text"), ("File", "text"), ("Bytes", "number")], rows, key="publish_files", note="Nothing to send.")
    elif str(newest.result.get("url")).startswith(("https://", "http://127.0.0.1")):
        st.link_button("Open it on the Hub", str(newest.result["url"]))
        st.code(_snippet(newest), language="python")


def file_rows(result: Mapping[str, Any]) -> list[list[object]]:
    """(what becomes of it, path, bytes) of the files that a look found to differ."""
    return [[WHAT.get(what, what), path, count] for path, what, count in result.get("files", [])[:SHOWN_FILES]]


def sentence(wish: Mapping[str, Any], result: Mapping[str, Any]) -> str:
    """What a publication did, or would do."""
    files, size = result.get("files", []), int(result.get("bytes") or 0) / 1e6
    name, seen = wish.get("repository"), "private" if result.get("private") else "public"
    if not result.get("changed"):
        return f"{name} holds this release already: nothing is to be sent."
    if wish.get("dry_run") is True:
        made = "would be created" if result.get("created") else "is there"
        return f"{name} {made}, {seen}. {len(files):,} files differ, {size:,.1f} MB would be sent."
    return f"Published: {name} is {seen}, release {result.get('tag')}, {size:,.1f} MB sent."


def _snippet(job: Job) -> str:
    result = job.result or {}
    return f'load_dataset("{job.payload.get("repository")}", revision="{result.get("tag")}")'
