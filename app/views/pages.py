"""The pages view: all pages as thumbnails, or one with its words and pairs."""

from __future__ import annotations

import math
from typing import Any

import streamlit as st

from app import scans
from app.browser.component import one_page, thumbnails
from app.page_list import STATES, ListedPage, PageFilter, kinds, listed_pages, sections
from app.review.bundles import page_bundle, pair_bundle
from app.views.opening import open_or_explain
from review_db import pages, pairs, words
from review_db.connection import Database
from review_db.errors import UnknownPageError

PER_SCREEN = 24


def draw_list(db: Database) -> None:
    """Filters, then the pages they let through."""
    listed = listed_pages(db)
    if not listed:
        st.text("There are no pages yet.")
        st.page_link("views/run.py", label="Add scans and read them", icon=":material/document_scanner:")
        return
    wanted = _filter(listed)
    shown = [each for each in listed if wanted.takes(each)]
    st.text(f"{len(shown):,} of {len(listed):,} pages")
    screens = max(1, math.ceil(len(shown) / PER_SCREEN))
    screen = st.pagination(screens, key="pages_screen") if screens > 1 else 1
    first = (min(screen, screens) - 1) * PER_SCREEN
    picked = thumbnails([_card(each) for each in shown[first : first + PER_SCREEN]], key="page_cards")
    if picked:
        st.query_params["page"] = picked.id
        st.rerun()


def _filter(listed: list[ListedPage]) -> PageFilter:
    section, kind, state, text = st.columns([2, 1, 1, 2])
    return PageFilter(
        section.selectbox("Section", sections(listed), key="pages_section") or sections(listed)[0],
        kind.selectbox("Kind of page", kinds(listed), format_func=_words, key="pages_kind") or kinds(listed)[0],
        state.selectbox("State", list(STATES), key="pages_state") or STATES[0],
        text.text_input("Title, file or id", key="pages_text"),
    )


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _card(listed: ListedPage) -> dict[str, Any]:
    return {
        "id": listed.page.page_id,
        "title": listed.title,
        "where": listed.where,
        "thumbnail": scans.scan_address(listed.page, "thumbnail"),
        "note": listed.note,
        "counts": listed.counts,
    }


def draw_page(db: Database, page_id: str) -> None:
    """One page; its pairs lead to the review."""
    bar = st.container(horizontal=True, vertical_alignment="center")
    if bar.button("All pages", icon=":material/arrow_back:"):
        del st.query_params["page"]
        st.rerun()
    try:
        page = pages.page_by_id(db, page_id)
    except UnknownPageError:
        st.warning("There is no such page.")
        return
    listed = ListedPage(page, {})
    bar.text(f"{listed.title}  ({listed.where}; {_words(page.content_type or 'not classified')})")
    found = words.words_of(db, page)
    show_words = bar.toggle("Words that were read", key="pages_words", disabled=page.image_path is None)
    if not found:
        st.info("No words have been read on this page, so evidence cannot be marked.")
    bundle = {
        "page": page_bundle(db, page, ""),
        "pairs": [pair_bundle(db, pair, "") for pair in pairs.pairs_of_page(db, page_id)],
        "words": [[word.text, *word.box, word.confidence] for word in found] if show_words else [],
        "showWords": show_words,
    }
    picked = one_page(bundle, key="one_page")
    if picked:
        st.switch_page("views/review.py", query_params={"pair": picked.id})


database = open_or_explain()
if chosen := st.query_params.get("page"):
    draw_page(database, chosen)
else:
    draw_list(database)
