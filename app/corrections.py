"""What a reviewer may correct of a page: only sensible values are stored, only where they differ from what holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from review_db import corrections, jobs, words
from review_db.connection import Database, immediate
from review_db.pages import page_by_id
from review_db.records import Page
from review_db.statuses import ContentType, JobState, SourceType
from review_db.superseded import supersede_pending

READ_AGAIN = "read_again"
LONGEST_NAME = 120
QUARTER_TURNS = frozenset({"0", "1", "2", "3"})
NAMES = {
    "content_type": "Kind of page",
    "source_type": "Kind of manual",
    "rotation": "Turn",
    "section_id": "Section",
    "section_name": "Section's name",
    "nothing_to_ask": "Nothing to ask",
}

_ALLOWED: dict[str, Callable[[str], bool]] = {
    "content_type": lambda value: value in list(ContentType),
    "source_type": lambda value: value in list(SourceType),
    "rotation": QUARTER_TURNS.__contains__,
    "section_id": bool,
    "section_name": bool,
    "nothing_to_ask": lambda value: value in ("0", "1"),
}


def as_it_stands(db: Database, page: Page) -> dict[str, str]:
    """Field -> value as everyone sees it now; the turn is the one with which the page is shown."""
    return {
        "content_type": page.content_type or "",
        "source_type": page.source_type or "",
        "rotation": str(words.turns_of(db, page)),
        "section_id": page.section_id,
        "section_name": page.section_name,
        "nothing_to_ask": str(int(page.nothing_to_ask)),
    }


def store(db: Database, page_id: str, given: Mapping[str, str], reviewer: str) -> list[str]:
    """Append the corrections that differ from what holds and return their fields; what makes no sense is left out.

    Where there is nothing to ask, the undecided pairs that a model wrote are set aside. Raises UnknownPageError.
    """
    with immediate(db):
        present = as_it_stands(db, page_by_id(db, page_id))
        changed = [
            field
            for field, allowed in _ALLOWED.items()
            if field in given and allowed(given[field]) and given[field] != present[field]
        ]
        for field in changed:
            corrections.correct_page(db, page_id, field, given[field], reviewer)
        if "nothing_to_ask" in changed and given["nothing_to_ask"] == "1":
            supersede_pending(db, page_id)  # made again, the same texts wait for a decision again
    return changed


def confirm(db: Database, page_id: str, content_type: str, reviewer: str) -> None:
    """Store a reviewer's word that a page shows this, also where the machine said the same."""
    if _ALLOWED["content_type"](content_type):
        corrections.correct_page(db, page_id, "content_type", content_type, reviewer)


def ask_to_read_again(db: Database, page_id: str, reviewer: str) -> bool:
    """Queue the reading of a page's words as it is now turned; False where nothing needs it or it waits already."""
    page = page_by_id(db, page_id)
    if page.rotation is None or not page.image_path or words.turns_read(db, page) == page.rotation % 4:
        return False
    waiting = jobs.newest_of_page(db, READ_AGAIN, page_id)
    if waiting is not None and waiting.state == JobState.QUEUED:
        return False
    jobs.ask(db, READ_AGAIN, {"page_id": page_id}, reviewer)
    return True


def in_words(field: str, value: str) -> str:
    """A corrected value as people say it."""
    if field == "rotation":
        return f"{int(value) * 90}° clockwise" if value != "0" else "upright as scanned"
    if field == "nothing_to_ask":
        return "yes" if value == "1" else "no"
    return value.replace("_", " ") if field in ("content_type", "source_type") else value
