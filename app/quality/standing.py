"""What people decided, group by group, as rows of a table and of a CSV file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from review_db.rates import Rate

GROUPS: Mapping[str, str] = {
    "section": "Section",
    "content_type": "Kind of page",
    "question_type": "Type of question",
    "engine": "Written by",
}
"""The ways to group pairs, as `review_db.rates` names them and as people read them."""
COLUMNS = ("Right at once", "Approved", "Edited", "Rejected", "Waiting", "Set aside")


def columns(by: str) -> list[tuple[str, str]]:
    """(name, kind) of each column of the table."""
    return [(GROUPS[by], "text"), *((name, "number") for name in COLUMNS)]


def rows(found: Sequence[Rate], *, named: bool) -> list[list[object]]:
    """A row for each group; where `named` is false the group is a stored word, written as people read it."""
    return [
        [_named(each.group, named=named), right_at_once(each), *(f"{count:,}" for count in each[1:])] for each in found
    ]


def right_at_once(each: Rate) -> str:
    """Share of the decided pairs that were approved as they were proposed."""
    return f"{each.approved / each.decided:.0%}" if each.decided else "–"


def csv_rows(by: str, found: Sequence[Rate]) -> list[list[object]]:
    """A head and a row for each group, with plain numbers."""
    head: list[object] = [by, "approved", "edited", "rejected", "pending", "set_aside", "right_at_once"]
    shares = [round(each.approved / each.decided, 4) if each.decided else None for each in found]
    rows: list[list[object]] = [[*each, share] for each, share in zip(found, shares, strict=True)]
    return [head, *rows]


def total(found: Sequence[Rate]) -> Rate:
    """All groups together."""
    return Rate("", *(sum(counts) for counts in zip(*(each[1:] for each in found), strict=True)))


def _named(group: str, *, named: bool) -> str:
    return (group if named else group.replace("_", " ").capitalize()) or "Not known"
