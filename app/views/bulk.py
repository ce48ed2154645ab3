"""The bulk view: the pairs of a filter decided at once after a look at five of them, and one way back for all."""

from __future__ import annotations

import random
import uuid

import streamlit as st

from app import identity
from app.browser.component import samples, table
from app.bulk_words import COLUMNS, DOES, chosen, counted, plain, row_of
from app.review.crops import crop_bundle
from app.views.opening import open_or_explain
from review_db import bulk, pairs
from review_db.bulk_filters import BulkFilter, Plan, pairs_to_decide, pairs_to_restore
from review_db.connection import Database
from review_db.errors import ReviewDbError
from review_db.statuses import RejectReason

SAMPLE = 5


def show_sample(db: Database, plan: Plan) -> None:
    """Five pairs drawn at random, the same ones until others are asked for."""
    dice = random.Random(f"{st.session_state.setdefault('bulk_dice', 0)}{plan.ready}")
    drawn = sorted(dice.sample(plan.ready, min(SAMPLE, len(plan.ready))))
    found = pairs.pairs_by_key(db, [key for key, _ in drawn])
    note = "No pair of this filter can be decided at once."
    picked = samples([crop_bundle(db, pair) for pair in found], key="bulk_samples", note=note)
    if len(plan.ready) > SAMPLE:
        st.button("Show five others", key="bulk_others", on_click=_throw)
    if picked:
        st.switch_page("views/review.py", query_params={"pair": picked.id})


def _throw() -> None:
    st.session_state["bulk_dice"] += 1


def ask(plan: Plan, action: str, wanted: BulkFilter) -> None:
    """The button, for exactly the pairs that were counted and sampled."""
    row = st.container(horizontal=True, vertical_alignment="bottom")
    reason = None
    if action == "reject":
        reason = row.selectbox(
            "Reason", list(RejectReason)[:-1], format_func=lambda each: plain(each).capitalize(), key="bulk_reason"
        )
    named = identity.login_name() or identity.local_name()
    label = f"{DOES[action]} {len(plan.ready):,} {'pair' if len(plan.ready) == 1 else 'pairs'}"
    # The id belongs to what was shown: a second click on the same button is the same bulk.
    bulk_id = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{_visit()}{action}{reason}{wanted}{plan.ready}"))
    agreed = (bulk_id, action, named, plan.ready, wanted, reason)
    row.button(label, key="bulk_go", type="primary", disabled=not plan.ready or not named, on_click=_begin, args=agreed)
    if not named:
        st.text("Give your name in the review first: it stands beside every decision.")


def _visit() -> str:
    """Changes after each bulk, so that the same wish can be made again after it was taken back."""
    return f"{st.session_state.setdefault('bulk_visit', uuid.uuid4().hex)}{st.session_state.get('bulk_count', 0)}"


def _begin(
    bulk_id: str,
    action: str,
    reviewer: str,
    ready: list[tuple[int, int]],
    wanted: BulkFilter,
    reason: str | None,
) -> None:
    bulk.begin(open_or_explain(), bulk_id, action, reviewer, ready, wanted, reason)
    st.session_state["bulk_running"] = bulk_id
    st.session_state["bulk_count"] = st.session_state.get("bulk_count", 0) + 1


def carry_out(db: Database, bulk_id: str) -> None:
    """Do it, or take it back, with a bar; leaving the page only pauses it."""
    bar = st.progress(0.0, "Working …")
    for standing in bulk.carried_out(db, bulk_id):
        left = standing.done if standing.undone_at else standing.waiting
        bar.progress(1 - left / max(standing.total, 1), f"{standing.total - left:,} of {standing.total:,} pairs")
    bar.empty()
    del st.session_state["bulk_running"]


def draw_bulks(db: Database) -> None:
    """The newest bulks with their undo, and what was cut off."""
    found = bulk.recent(db)
    if not found:
        return
    st.subheader("What was done at once")
    row = st.container(horizontal=True)
    mine = identity.login_name() or identity.local_name()
    for each in found:
        if not each.is_over:
            row.button(
                f"Go on with bulk {each.number}", key=f"go_on_{each.number}", on_click=_go_on, args=(each.bulk_id,)
            )
        elif each.undone_at is None and each.reviewer == mine and each.done:
            label = f"Undo bulk {each.number} ({each.done:,} pairs)"
            row.button(
                label, key=f"undo_{each.number}", icon=":material/undo:", on_click=_undo, args=(each.bulk_id, mine)
            )
    table(COLUMNS, [row_of(each) for each in found], key="bulk_table")


def _go_on(bulk_id: str) -> None:
    st.session_state["bulk_running"] = bulk_id


def _undo(bulk_id: str, reviewer: str) -> None:
    try:
        bulk.begin_undo(open_or_explain(), bulk_id, reviewer)
    except ReviewDbError as error:
        st.session_state["bulk_refused"] = f"{error}; {error.hint}"
        return
    st.session_state["bulk_running"] = bulk_id


database = open_or_explain()
st.subheader("Decide many pairs at once")
if running := st.session_state.get("bulk_running"):
    carry_out(database, running)
if refused := st.session_state.pop("bulk_refused", None):
    st.text(refused)
doing, filtered = chosen(database)
if filtered.page_id:
    place = st.container(horizontal=True, vertical_alignment="center")
    place.text(f"Only page {filtered.page_id}")
    if place.button("All pages", key="bulk_all_pages"):
        del st.query_params["page"]
        st.rerun()
planned = (pairs_to_restore if doing == bulk.RESTORE else pairs_to_decide)(database, filtered)
for line in counted(planned, doing):
    st.text(line)
show_sample(database, planned)
ask(planned, doing, filtered)
draw_bulks(database)
