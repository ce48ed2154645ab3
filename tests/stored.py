"""Rows that tests put into a real database, in one line each, with defaults a test can read past."""

import itertools
import uuid

from review_db import pages, pairs
from review_db.connection import Database
from review_db.decisions import apply_decisions
from review_db.records import CandidatePair, DecisionRequest, DecisionResult, Evidence, Finding, Page

_numbers = itertools.count(1)


def a_page(db: Database, page_id: str = "21-01_clutch", **facts) -> Page:
    """Store one page and return it."""
    defaults = {
        "page_id": page_id, "manual": "manual", "source": f"21 - Clutch/{page_id}.jpg", "page_number": None,
        "sort_key": page_id, "file_id": None, "identity": f"identity of {page_id}", "kind": "image",
        "image_sha256": f"{next(_numbers):064x}", "image_path": "/nowhere.jpg", "width": 1200, "height": 912,
        "status": "ok",
    }  # fmt: skip
    pages.add_page_version(db, **defaults | facts)
    return pages.page_by_id(db, page_id)


def a_pair(db: Database, page: Page, question: str = "What is the torque?", answer: str = "25 Nm", **facts):
    """Store one pair on the page and return it."""
    kind = facts.pop("question_type", "factual")
    ((key, _),) = pairs.add_candidates(
        db, page, None, facts.pop("engine", "offline"), [CandidatePair(question, answer, kind)], **facts
    )
    return pairs.pairs_by_key(db, [key])[0]


def supported(*_) -> Finding:
    """A check that finds everything on the page."""
    return Finding(Evidence("supported"))


def decide(db: Database, pair_id: str | None, verdict: str, *, reviewer: str = "ana", **facts) -> DecisionResult:
    """Apply one decision."""
    request = DecisionRequest(facts.pop("decision_id", uuid.uuid4().hex), verdict, reviewer, pair_id=pair_id, **facts)
    return apply_decisions(db, [request], supported)[0]
