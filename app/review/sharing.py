"""Work shared out from the review screen: a filter of the queue given to a reviewer, or made common again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.identity import clean_name
from app.review.choosing import filters_of
from review_db import assignments
from review_db.connection import Database
from review_db.errors import ReviewDbError

Message = Mapping[str, Any]


def assign(db: Database, entry: Message, reviewer: str) -> dict[str, Any]:
    """Give the pairs of some filters to someone. Who decided is no part of it: decided work is nobody's."""
    given = entry.get("filters")
    filters = filters_of(given) if isinstance(given, Mapping) else {}
    filters.pop("by", None)
    name = clean_name(str(entry.get("to", "")))
    if not name or not filters:
        raise ReviewDbError("an assignment needs a name and at least one filter")
    return {"assignment": assignments.assign(db, name, filters, reviewer)}


def unassign(db: Database, entry: Message, reviewer: str) -> dict[str, Any]:
    """Make assigned work common again."""
    asked = entry.get("assignment")
    return {"again": not assignments.end(db, asked if isinstance(asked, int) else 0, reviewer)}
