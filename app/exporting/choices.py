"""What a person chooses for a release: which pairs, for which trainers, how large the images."""

from __future__ import annotations

import streamlit as st

from app import actions, identity
from app.views.opening import open_or_explain
from exports.format_names import ABOUT
from exports.settings import OutputSettings

INCLUDED = {"approved": "Approved pairs", "all": "Approved and undecided pairs (each marked)"}
SIZES = {0: "As configured", 1568: "At most 1568 pixels", 1024: "At most 1024 pixels", 768: "At most 768 pixels"}
SWITCHES = {
    "crops": "Add the part of the page that shows the answer as a second image",
    "evidence": "Add quote and boxes of the evidence to every record",
    "conversations": "Put the pairs of a page into one conversation, where the format holds conversations",
}


def draw_choices(settings: OutputSettings) -> None:
    """The choices; everything has a default that suits most people."""
    what, formats = st.columns([2, 3])
    what.selectbox("What leaves", list(INCLUDED), format_func=INCLUDED.__getitem__, key="export_include")
    formats.multiselect(
        "Also written for (training and validation JSONL always are)",
        list(ABOUT),
        format_func=lambda name: f"{name}: {ABOUT[name]}",
        key="export_formats",
        placeholder="Choose your trainer",
    )
    with st.expander("Images, evidence, splits"):
        st.selectbox("Long edge of the images", list(SIZES), format_func=SIZES.__getitem__, key="export_image_size")
        for name, label in SWITCHES.items():
            st.toggle(label, key=f"export_{name}")
        st.text(splits_in_words(settings))


def splits_in_words(settings: OutputSettings) -> str:
    """How pages are shared out, and where that is set."""
    held = f"{settings.validation_ratio:.0%} validation" + (
        f", {settings.test_ratio:.0%} test" if settings.test_ratio else ""
    )
    train = 1 - settings.validation_ratio - settings.test_ratio
    return (
        f"{train:.0%} train, {held}, by groups of pages that look or read alike (seed {settings.seed}). A page stays "
        "in its split for ever. The shares are set in config.yaml: output.validation_ratio, output.test_ratio."
    )


def ask() -> None:
    """Ask for the release that was chosen."""
    state = st.session_state
    options = {"image_size": state.get("export_image_size"), **{name: state.get(f"export_{name}") for name in SWITCHES}}
    actions.ask_export(
        open_or_explain(),
        identity.requester(),
        include=state["export_include"],
        formats=state["export_formats"],
        options={name: value for name, value in options.items() if value},
    )
    state["export_active"] = True
