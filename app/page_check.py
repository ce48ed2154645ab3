"""Check classification: a random ten, then the pages with the lowest confidence, each confirmed or corrected."""

from __future__ import annotations

from typing import Any

import streamlit as st

from app import corrections, scans
from app.browser.component import checking
from app.page_form import ask_pairs_again, named
from app.page_list import ListedPage
from review_db import words
from review_db.connection import Database
from review_db.corrections import checked_by, doubtful_pages, random_pages
from review_db.pages import existing_pages
from review_db.records import Page
from review_db.statuses import ContentType

MOST_DOUBTFUL = 30
LOADED = 4
CORRECTED = "check_corrected"


def draw_checking(db: Database) -> None:
    """How far it is, the page to look at, and the pairs to be made again."""
    if not named():
        st.text("Give your name in the review first: it stands beside every answer.")
        return
    drawn, doubtful = random_pages(db), doubtful_pages(db, MOST_DOUBTFUL)
    known = checked_by(db, [page.page_id for page in drawn])
    left = [page for page in drawn if page.page_id not in known]
    st.text(f"{told(len(drawn), known)} Then the {len(doubtful)} pages with the lowest confidence.")
    waiting = list({page.page_id: page for page in [*left, *doubtful]}.values())
    picked = checking([_shown(db, page) for page in waiting[:LOADED]], list(ContentType), key="page_check")
    if picked and picked.answers and take(db, picked.answers):
        st.rerun()
    if pages := st.session_state.get(CORRECTED):
        label = f"Make the pairs of {len(pages)} corrected {'page' if len(pages) == 1 else 'pages'} again"
        st.button(label, key="check_regenerate", on_click=_again)


def told(drawn: int, known: dict[str, tuple[str, bool]]) -> str:
    """How many of the random pages were looked at and how many were wrong."""
    wrong = sum(changed for _, changed in known.values())
    return f"Of {drawn} pages drawn at random {len(known)} were looked at, {wrong} of them corrected."


def take(db: Database, answers: tuple[tuple[str, str], ...]) -> int:
    """Store the answers that are new and return how many; the browser sends each until it is no longer asked for."""
    known = checked_by(db, [page_id for page_id, _ in answers])
    taken = 0
    for page in existing_pages(db, [page_id for page_id, _ in answers]):
        kind = dict(answers)[page.page_id]
        if page.page_id in known and page.content_type == kind:
            continue
        if kind != page.content_type:
            st.session_state[CORRECTED] = sorted({*st.session_state.get(CORRECTED, []), page.page_id})
        corrections.confirm(db, page.page_id, kind, named())
        taken += 1
    return taken


def _again() -> None:
    ask_pairs_again(st.session_state.pop(CORRECTED))


def _shown(db: Database, page: Page) -> dict[str, Any]:
    listed = ListedPage(page, {})
    return {
        "id": page.page_id,
        "title": listed.title,
        "where": listed.where,
        "kind": page.content_type,
        "confidence": page.confidence or 0.0,
        "scan": scans.scan_address(page),
        "width": page.width,
        "height": page.height,
        "rotation": words.turns_of(db, page),
    }
