"""The quality view: what people decided of which pairs, and how well the risk foresaw it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from app import identity
from app.actions import ask_weighing
from app.browser.component import table
from app.quality import foresight, standing, weights
from app.quality.files import as_csv
from app.url_filters import choice
from app.views.opening import open_or_explain
from app.workspace import workspace
from pipeline.checks.risk import SHIPPED, model_from
from review_db import jobs, risk_models
from review_db.changes import state_of_pairs
from review_db.connection import Database
from review_db.rates import Rate, rates
from review_db.risk_models import StoredModel

INK = {"light": foresight.Ink("#0f766e", "#17212b"), "dark": foresight.Ink("#2dd4bf", "#e6ebef")}
ACTIVE = ("queued", "running")


def draw_decided(found: dict[str, list[Rate]]) -> None:
    """How many pairs stand where, all together and by the group that is chosen."""
    st.subheader("What people decided")
    whole = standing.total(found["engine"])
    cells = st.container(horizontal=True, gap="large")
    cells.metric("Right at once", standing.right_at_once(whole), width="content")
    for name, count in (("Edited", whole.edited), ("Rejected", whole.rejected), ("Waiting", whole.pending)):
        cells.metric(name, f"{count:,}", width="content")
    st.text("Right at once: approved as proposed, of all decided. Pairs that people wrote themselves are not counted.")
    row = st.container(horizontal=True, vertical_alignment="bottom")
    by = choice(
        row.container(width=280), "By", list(standing.GROUPS), "by", shown=standing.GROUPS.__getitem__, view="quality"
    )
    _download(row, f"decided-by-{by.replace('_', '-')}", standing.csv_rows(by, found[by]))
    named = by in ("section", "engine")
    table(standing.columns(by), standing.rows(found[by], named=named), key="quality_rates")


@st.cache_data(max_entries=4, show_spinner=False)
def counted(path: str, state: tuple[int, ...], _db: Database) -> dict[str, list[Rate]]:
    """The counts, worked out again only when something has changed."""
    return rates(_db)


def draw_foresight(db: Database, stored: StoredModel | None) -> None:
    """Which weights are in force, how good their forecasts were, and the way to weigh again."""
    st.subheader("How well risk foresees it")
    st.text(foresight.in_force(stored))
    since = risk_models.decisions_since(db, stored.fitted_at if stored else "")
    if stored:
        st.text(foresight.weighed(stored, since))
    if since:
        draw_weighing(db)
    if stored:
        draw_figures(stored)


def draw_weighing(db: Database) -> None:
    """The button that has a worker learn from the newest decisions."""
    waits = any(job.kind == "check" and job.state in ACTIVE for job in jobs.recent(db))
    st.button("Weigh the decisions now", key="quality_weigh", disabled=waits, on_click=_weigh)
    if waits:
        st.text("A worker is at it: the Jobs page shows how far.")


def _weigh() -> None:
    ask_weighing(open_or_explain(), identity.requester())


def draw_figures(stored: StoredModel) -> None:
    """Scores beside what guessing would reach, then the plot and its numbers."""
    cells = st.container(horizontal=True, gap="large")
    for name, value, against in foresight.figures(stored):
        cells.metric(name, value, against, delta_color="off", delta_arrow="off", width="content")
    found = foresight.bins(stored)
    left, right = st.columns([3, 2], gap="large")
    left.vega_lite_chart(foresight.plot(found, ink=INK[st.context.theme.type or "light"]), key="quality_plot")
    left.text(
        "Each dot is the pairs of one span of risk, with their number. On the dashed line as many went wrong as was "
        "foreseen; the upright lines show where the true share lies, 95 times in 100."
    )
    with right:
        table(foresight.BIN_COLUMNS, foresight.bin_rows(found), key="quality_bins")
    _download(right, "reliability", foresight.bins_csv(found))


def draw_weights(stored: StoredModel | None) -> None:
    """Every signal of the risk in plain words."""
    st.subheader("What the risk is made of")
    model = model_from(stored.coefficients) if stored else SHIPPED
    st.text("Each signal multiplies the odds: × 2 doubles them, × 0.5 halves them.")
    _download(st.container(), "risk-weights", weights.csv_rows(model))
    table(weights.COLUMNS, weights.rows(model), key="quality_weights")


def _download(place: st.delta_generator.DeltaGenerator, name: str, rows: Sequence[Sequence[object]]) -> None:
    place.download_button(
        "CSV", as_csv(rows), f"{name}.csv", "text/csv", key=f"csv_{name}", icon=":material/download:", on_click="ignore"
    )


database = open_or_explain()
decided = counted(str(workspace().database), state_of_pairs(database), database)
weighed = risk_models.newest(database)
if decided["engine"]:
    draw_decided(decided)
else:
    st.subheader("What people decided")
    st.text("There are no pairs yet: add scans on the Run page, then review what was proposed.")
draw_foresight(database, weighed)
draw_weights(weighed)
