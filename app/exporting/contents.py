"""What a release would hold if it were written now: figures, spread, what stays behind, the first records."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import streamlit as st

from app.browser.component import records, table
from app.scans import scan_address
from exports.preview import Preview
from review_db import pages
from review_db.connection import Database
from review_db.errors import ReviewDbError

DIMENSIONS = {"section": "Section", "question_type": "Question type", "source_type": "Kind of manual"}
REASONS = {"pending": "not decided yet"}


def draw_contents(db: Database, shown: Preview) -> None:
    """Figures first, then the records, then the spread."""
    figures = {"Pairs": shown.pairs, "Train": shown.train, "Validation": shown.validation}
    figures |= {"Test": shown.test} if shown.test else {}
    row = st.container(horizontal=True)
    for name, figure in (figures | {"Pages": shown.pages, "Images": shown.images}).items():
        row.metric(name, f"{figure:,}", border=True)
    with st.expander("The first records", expanded=True):
        records([record_row(db, record) for record in shown.records], key="export_records")
    _draw_left_behind(shown)
    with st.expander("How the pairs spread"):
        for dimension, title in DIMENSIONS.items():
            columns = [(title, "text"), *((name, "number") for name in shown.head)]
            rows = [[in_words(str(value)) or "none", *counts] for value, *counts in shown.by.get(dimension, [])]
            table(columns, rows, key=f"export_{dimension}")


def _draw_left_behind(shown: Preview) -> None:
    left_out = [[REASONS.get(reason, in_words(reason)), count] for reason, count in shown.left_out.items()]
    total = sum(shown.left_out.values())
    with st.expander(f"Left out: {total:,}"):
        table([("Why", "text"), ("Pairs", "number")], left_out, key="export_left_out", note="Nothing is left out.")
    if shown.unusable:
        st.text("Approved, but cannot leave")
        table([("Pair", "text"), ("Why", "text")], list(shown.unusable.items()), key="export_unusable")
    links = [[relation, count] for relation, count in shown.links.items() if count]
    if links:
        st.text("Links between exported pairs: none of them takes a pair out")
        table([("Relation", "text"), ("Links", "number")], links, key="export_links")


def record_row(db: Database, record: Mapping[str, Any]) -> dict[str, Any]:
    """A record as the list of first records shows it."""
    question, answer = (turn["content"] for turn in record["conversations"])
    metadata = record["metadata"]
    where = [metadata["page_id"], metadata["section_name"], metadata["question_type"]]
    return {
        "question": question,
        "answer": answer,
        "where": " · ".join(in_words(str(each)) for each in where if each),
        "split": in_words(str(metadata.get("status") or "approved")),
        "thumbnail": _thumbnail(db, str(metadata["page_id"])) if record["image"] else None,
        "json": json.dumps(record, ensure_ascii=False, indent=2),
    }


def _thumbnail(db: Database, page_id: str) -> str | None:
    try:
        return scan_address(pages.page_by_id(db, page_id), "thumbnail")
    except ReviewDbError:
        return None


def in_words(name: str) -> str:
    """A name of the database as people say it."""
    return name.replace("_", " ").replace(":", ": ")
