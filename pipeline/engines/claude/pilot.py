"""What the first pages of a run say about the rest: whether it makes sense to ask about thousands more."""

from __future__ import annotations

from review_db.calls import answered_pages
from review_db.connection import Database

FEWEST_GOOD = 0.5


def verdict(db: Database, run_key: str) -> str | None:
    """Why no more pages should be asked about, judged by those that this run asked about; None where they went well."""
    good, asked = answered_pages(db, run_key)
    if not asked or good / asked >= FEWEST_GOOD:
        return None
    return f"only {good} of the {asked} pages of the pilot got a usable answer"
