"""Filters that live in the address: a link opens the view as it was left, Back and Forward work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

WRITTEN = "url_written_"


def choice(
    place: Any, label: str, options: Sequence[str], name: str, *, shown: Callable[[str], str] = str, view: str
) -> str:
    """A select box whose value stands in the address under `name`; the first option is the default and stands not."""
    key = f"{view}_{name}"
    given = _given(name, options[0], key)
    if given is not None:
        st.session_state[key] = given if given in options else options[0]
    if st.session_state.get(key) not in options:
        st.session_state[key] = options[0]
    value: str = place.selectbox(label, options, key=key, format_func=shown)
    _write(name, value, options[0], key)
    return value


def text(place: Any, label: str, name: str, *, view: str) -> str:
    """A text field whose value stands in the address under `name`."""
    key = f"{view}_{name}"
    given = _given(name, "", key)
    if given is not None:
        st.session_state[key] = given[:200]
    value: str = place.text_input(label, key=key)
    _write(name, value, "", key)
    return value


def screen(count: int, *, view: str) -> int:
    """Which of `count` screens of a list is shown, from 1; the address names it as `screen`."""
    key = f"{view}_screen"
    if count < 2:
        _write("screen", "1", "1", key)
        return 1
    given = _given("screen", "1", key)
    wanted = int(given) if given and given.isdecimal() else st.session_state.get(key) or 1
    if wanted != st.session_state.get(key) or wanted > count:
        st.session_state[key] = min(max(wanted, 1), count)
    shown = int(st.pagination(count, key=key))
    _write("screen", str(shown), "1", key)
    return shown


def _given(name: str, default: str, key: str) -> str | None:
    """The address's value where it is not what we wrote last: a link, or a step back; None leaves all as it is."""
    given = st.query_params.get(name, default)
    if key in st.session_state and st.session_state.get(WRITTEN + key) == given:
        return None
    return given


def _write(name: str, value: str, default: str, key: str) -> None:
    st.session_state[WRITTEN + key] = value
    if value == default:
        if name in st.query_params:
            del st.query_params[name]
    elif st.query_params.get(name) != value:
        st.query_params[name] = value
