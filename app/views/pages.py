"""The pages view: all pages as thumbnails, or one with its words and pairs."""

from __future__ import annotations

import math
from typing import Any

import streamlit as st

from app import scans
from app.browser.component import one_page, thumbnails
from app.page_check import draw_checking
from app.page_form import draw_correcting
from app.page_list import STATES, ListedPage, PageFilter, kinds, listed_pages, sections
from app.review.bundles import page_bundle, pair_bundle
from app.url_filters import choice, screen, text
from app.views.opening import open_or_explain
from review_db import pages, pairs, words
from review_db.connection import Database
from review_db.errors import UnknownPageError
from review_db.records import Page

PER_SCREEN = 24
UNSURE = 0.7


def draw_list(db: Database) -> None:
    """Filters, then the pages they let through."""
    listed = listed_pages(db)
    if not listed:
        st.info("There are no pages yet: put scans into data_src, then start `manualqa run`.")
        return
    wanted = _filter(listed)
    shown = [each for each in listed if wanted.takes(each)]
    bar = st.container(horizontal=True, vertical_alignment="center")
    bar.text(f"{len(shown):,} of {len(listed):,} pages")
    if bar.button("Check classification", key="pages_check", icon=":material/rule:"):
        _go(check="1")
    screens = max(1, math.ceil(len(shown) / PER_SCREEN))
    first = (screen(screens, view="pages") - 1) * PER_SCREEN
    picked = thumbnails([_card(db, each) for each in shown[first : first + PER_SCREEN]], key="page_cards")
    if picked:
        _go(page=picked.id)


def _go(**where: str) -> None:
    """Another state of this view; the filters stay in the address, so that the way back leads to them."""
    for name in ("page", "check"):
        if name in where:
            st.query_params[name] = where[name]
        elif name in st.query_params:
            del st.query_params[name]
    st.rerun()


def _filter(listed: list[ListedPage]) -> PageFilter:
    section, kind, state, words_in = st.columns([2, 1, 1, 2])
    return PageFilter(
        choice(section, "Section", sections(listed), "section", view="pages"),
        choice(kind, "Kind of page", kinds(listed), "kind", shown=_words, view="pages"),
        choice(state, "State", STATES, "state", view="pages"),
        text(words_in, "Title, file or id", "q", view="pages"),
    )


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _card(db: Database, listed: ListedPage) -> dict[str, Any]:
    return {
        "id": listed.page.page_id,
        "title": listed.title,
        "where": listed.where,
        "kind": _words(listed.page.content_type or "not classified"),
        "thumbnail": scans.scan_address(listed.page, "thumbnail"),
        "rotation": words.turns_of(db, listed.page),
        "note": listed.note,
        "counts": listed.counts,
    }


def draw_page(db: Database, page_id: str) -> None:
    """One page; its pairs lead to the review."""
    bar = st.container(horizontal=True, vertical_alignment="center")
    if bar.button("All pages", icon=":material/arrow_back:"):
        _go()
    try:
        page = pages.page_by_id(db, page_id)
    except UnknownPageError:
        st.warning("There is no such page.")
        return
    for name, other in (("Page before", pages.page_before(db, page)), ("Page after", pages.page_after(db, page))):
        if bar.button(name, key=f"pages_{name[5:]}", disabled=other is None) and other:
            _go(page=other.page_id)
    listed = ListedPage(page, {})
    bar.text(f"{listed.title}  ({listed.where}; {_words(page.content_type or 'not classified')})")
    if bar.button("Decide its pairs at once", key="pages_bulk"):
        st.switch_page("views/bulk.py", query_params={"page": page_id})
    draw_correcting(db, page)
    _draw_scan(db, page, bar.toggle("Words that were read", key="pages_words", disabled=page.image_path is None))


def _draw_scan(db: Database, page: Page, show_words: bool) -> None:
    found = words.words_of(db, page)
    if not found:
        st.info("No words have been read on this page, so evidence cannot be marked.")
    elif show_words:
        unsure = sum(word.confidence < UNSURE for word in found)
        st.text(f"{len(found):,} words were read; red ones ({unsure:,}) with less than {UNSURE:.0%} confidence.")
    bundle = {
        "page": page_bundle(db, page, ""),
        "pairs": [pair_bundle(db, pair, "", page.content_type) for pair in pairs.pairs_of_page(db, page.page_id)],
        "words": [[word.text, *word.box, word.confidence] for word in found] if show_words else [],
        "showWords": show_words,
        "unsure": UNSURE,
    }
    picked = one_page(bundle, key="one_page")
    if picked:
        st.switch_page("views/review.py", query_params={"pair": picked.id})


database = open_or_explain()
if chosen := st.query_params.get("page"):
    draw_page(database, chosen)
elif st.query_params.get("check"):
    if st.button("All pages", icon=":material/arrow_back:"):
        _go()
    draw_checking(database)
else:
    draw_list(database)
