"""Draw pages and rows with our own component, whose texts never become markup, and say what was picked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import streamlit as st

from app import assets

SCRIPT = Path(__file__).with_name("browser_component.js").read_text(encoding="utf-8")

_component = st.components.v2.component("manualqa_browser", html="<div></div>", js=SCRIPT)


class Picked(NamedTuple):
    """What a person clicked: `open` a page, `review` a pair, or `check`: (page, kind) for each page looked at."""

    event: str
    id: str
    answers: tuple[tuple[str, str], ...] = ()


def thumbnails(pages: Sequence[dict[str, Any]], key: str) -> Picked | None:
    """A grid of pages: id, title, where, thumbnail, note, counts by status."""
    return _draw({"kind": "cards", "pages": list(pages)}, key)


def one_page(bundle: dict[str, Any], key: str) -> Picked | None:
    """A page with its pairs: page, pairs, words, showWords."""
    return _draw({"kind": "page", **bundle}, key)


def samples(pairs: Sequence[dict[str, Any]], key: str, note: str) -> Picked | None:
    """Pairs with their pieces of scan (app/review/crops.py); `note` stands for none."""
    return _draw({"kind": "samples", "samples": list(pairs), "note": note}, key)


def checking(pages: Sequence[dict[str, Any]], kinds: Sequence[str], *, key: str) -> Picked | None:
    """Pages one after the other, each confirmed or corrected by one key: the first is shown, the next are loaded."""
    return _draw({"kind": "check", "pages": list(pages), "kinds": list(kinds)}, key)


def records(shown: Sequence[dict[str, Any]], key: str) -> None:
    """Records of a release: question, answer, where, split, thumbnail (None without an image), json."""
    _draw({"kind": "records", "records": list(shown)}, key)


def table(columns: Sequence[tuple[str, str]], rows: Sequence[Sequence[object]], *, key: str, note: str = "") -> None:
    """Rows under (name, kind) columns; kinds are text, number, progress and status. `note` stands for no rows."""
    data = {"kind": "table", "columns": [list(each) for each in columns], "rows": [list(row) for row in rows]}
    _draw(data | {"note": note}, key)


def _draw(data: dict[str, Any], key: str) -> Picked | None:
    result = _component(key=key, data={"assets": assets.BASE, **data}, on_picked_change=lambda: None)
    picked = getattr(result, "picked", None)
    if not isinstance(picked, dict):
        return None
    given = picked.get("answers")
    answers = [each for each in given if isinstance(each, list) and len(each) == 2] if isinstance(given, list) else []
    return Picked(str(picked.get("event")), str(picked.get("id")), tuple((str(p), str(k)) for p, k in answers))
