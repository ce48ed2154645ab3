"""What stands round a pair, fetched when a reviewer asks: its page's pairs, neighbours, index rows, pairs alike."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app import scans
from app.review.bundles import sheet_rows
from app.review.crops import crop_bundle
from app.workspace import workspace
from review_db import duplicates, index_entries, pages, pairs, words
from review_db.connection import Database
from review_db.errors import ReviewDbError
from review_db.records import Page
from review_db.statuses import PairStatus

Bundle = dict[str, Any]
MOST_ALIKE = 12
OWN_GUIDELINES = "guidelines.md"
SHIPPED_GUIDELINES = Path(__file__).resolve().parents[1] / "guidelines.md"
LONGEST_GUIDELINES = 100_000


def context_bundle(db: Database, pair_id: str) -> Bundle | None:
    """All that stands round a pair; None for a pair that is not there."""
    try:
        pair = pairs.pair_by_id(db, pair_id)
    except ReviewDbError:
        return None
    page = pages.page_by_id(db, pair.page_id)
    here = pairs.pairs_of_page(db, page.page_id)
    covering = index_entries.codes_covering(db, page)
    return {
        "pair": pair.pair_id,
        "page": {"id": page.page_id, "title": page.title, "printed": page.printed_page, "source": page.source},
        "done": all(each.status != PairStatus.PENDING for each in here),
        "pairs": [
            {"id": p.pair_id, "status": p.status, "reason": p.reason, "question": p.question, "answer": p.answer}
            for p in here
        ],
        "codes": [[row.code, row.title, row.page] for row in covering],
        "before": _neighbour(db, pages.page_before(db, page)),
        "after": _neighbour(db, pages.page_after(db, page)),
        "own": crop_bundle(db, pair),
        "alike": [
            {"relation": relation, "reasons": reasons, **crop_bundle(db, pairs.pair_by_id(db, other))}
            for other, relation, reasons in duplicates.explained_links_of(db, pair.pair_key)[:MOST_ALIKE]
        ],
    }


def _neighbour(db: Database, page: Page | None) -> Bundle | None:
    if page is None:
        return None
    return {
        "id": page.page_id,
        "title": page.title or page.source,
        "printed": page.printed_page,
        "thumbnail": scans.scan_address(page, "thumbnail"),
        "scan": scans.scan_address(page),
        "width": page.width,
        "height": page.height,
        "rotation": words.turns_of(db, page),
        "sheet": None if page.image_path else sheet_rows(words.words_of(db, page)),
    }


def guidelines() -> str:
    """The workspace's own guidelines (guidelines.md), else those that ship with the app: Markdown."""
    own = workspace().root / OWN_GUIDELINES
    try:
        text = own.read_text(encoding="utf-8", errors="replace")
    except OSError:
        text = SHIPPED_GUIDELINES.read_text(encoding="utf-8")
    return text[:LONGEST_GUIDELINES]
