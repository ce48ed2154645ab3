"""What the bulk view says: its filters in the address, its counts and its list of bulks in plain words."""

from __future__ import annotations

import streamlit as st

from app.url_filters import choice
from review_db import bulk
from review_db.bulk_filters import CONFLICT, FLAGGED, NOT_SUPPORTED, VALUE_WARNED, BulkFilter, Plan, choices
from review_db.connection import Database

ANY = "Any"
ACTIONS = {"approve": "Approve", "reject": "Reject", bulk.RESTORE: "Put back (set aside)"}
DOES = {"approve": "Approve", "reject": "Reject", bulk.RESTORE: "Put back"}
RISKS = {ANY: None, "10": 0.1, "20": 0.2, "30": 0.3, "50": 0.5}
WHY_OUT = {
    NOT_SUPPORTED: "whose answer is not wholly supported by the scan",
    VALUE_WARNED: "with a warning about a number, unit, code or side",
    CONFLICT: "in conflict with another pair",
    FLAGGED: "flagged for a second look",
}
COLUMNS = [
    ("Bulk", "number"),
    ("When (UTC)", "text"),
    ("Who", "text"),
    ("What", "text"),
    ("Done", "number"),
    ("Changed meanwhile", "number"),
    ("Taken back", "text"),
]


def chosen(db: Database) -> tuple[str, BulkFilter]:
    """What is to be done, and with which pairs, as the address and the fields say."""
    row = st.columns(6)
    action = choice(row[0], "What to do", list(ACTIONS), "do", shown=ACTIONS.__getitem__, view="bulk")
    known = choices(db, aside=action == bulk.RESTORE)

    def field(place: int, label: str, name: str, values: list[str]) -> str | None:
        value = choice(row[place], label, [ANY, *values], name, shown=plain, view="bulk")
        return None if value == ANY else value

    section = field(1, "Section", "section", known["section"])
    question_type = field(2, "Type of question", "type", known["question_type"])
    engine = field(3, "Written by", "engine", known["engine"])
    page = st.query_params.get("page")
    if action == bulk.RESTORE:
        reason = field(4, "Set aside because", "aside", known["aside_reason"])
        return action, BulkFilter(page, section, question_type, engine, aside_reason=reason)
    warning = field(4, "With the warning", "warning", known["warning"])
    risk = choice(row[5], "Risk below", list(RISKS), "risk", shown=_percent, view="bulk")
    return action, BulkFilter(page, section, question_type, engine, warning, RISKS[risk])


def plain(name: str) -> str:
    """A stored name as people read it."""
    return name.replace(":", ": ").replace("_", " ")


def _percent(name: str) -> str:
    return name if name == ANY else f"{name} %"


def counted(plan: Plan, action: str) -> list[str]:
    """How many pairs, and how many stay out and why."""
    count = len(plan.ready)
    can = "put back" if action == bulk.RESTORE else "decided at once"
    lines = [f"{count:,} {'pair' if count == 1 else 'pairs'} of this filter can be {can}."]
    if plan.kept_out:
        reasons = "; ".join(f"{count:,} {WHY_OUT[why]}" for why, count in plan.kept_out.items())
        lines.append(f"Left out, to be looked at one by one: {reasons}.")
    return lines


def row_of(each: bulk.Bulk) -> list[object]:
    """A bulk as a row of COLUMNS."""
    wanted = ", ".join(f"{plain(name)}: {plain(str(value))}" for name, value in each.filter.items())
    what = f"{DOES[each.action]}{f' ({plain(each.reason)})' if each.reason else ''}: {wanted or 'everything'}"
    back = f"{each.undone:,} back, {each.kept:,} decided anew since" if each.undone_at else ""
    done = each.done + each.undone + each.kept
    return [each.number, each.created_at[:16].replace("T", " "), each.reviewer, what, done, each.refused, back]
