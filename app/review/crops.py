"""A pair with the piece of its scan that supports it, as our components draw it beside others."""

from __future__ import annotations

from typing import Any

from app import scans
from review_db import words
from review_db.connection import Database
from review_db.pages import page_by_id
from review_db.records import Pair

Bundle = dict[str, Any]


def crop_bundle(db: Database, pair: Pair) -> Bundle:
    """Texts, status, evidence and the scan's address; every text untouched."""
    page, evidence = page_by_id(db, pair.page_id), pair.evidence
    return {
        "id": pair.pair_id,
        "question": pair.question,
        "answer": pair.answer,
        "type": pair.question_type,
        "status": pair.status,
        "reason": pair.reason,
        "by": pair.decided_by,
        "risk": round(pair.risk, 3),
        "boxes": [list(box) for box in evidence.boxes],
        "quote": evidence.quote,
        "tokens": [[each.token, each.found, None] for each in evidence.tokens],
        "page": {
            "id": page.page_id,
            "title": page.title or page.source,
            "printed": page.printed_page,
            "scan": scans.scan_address(page),
            "width": page.width,
            "height": page.height,
            "rotation": words.turns_of(db, page),
        },
    }
