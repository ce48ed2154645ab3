"""Pairs and pages as the review screen receives them: plain data, every text untouched."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from app import scans
from app.review import provenance, regeneration
from review_db import drafts, duplicates, pairs, queue, words
from review_db.connection import Database
from review_db.drawn_boxes import drawn_boxes
from review_db.records import Finding, Page, Pair, Word

Bundle = dict[str, Any]
HOLDER_SEPARATOR = "\x1f"
LONGEST_SHEET = 2000


def holder_of(reviewer: str, tab: str) -> str:
    """Who leases pages: a reviewer in one browser tab."""
    return f"{reviewer}{HOLDER_SEPARATOR}{tab}"


def pair_bundle(db: Database, pair: Pair, reviewer: str, content_type: str | None = None) -> Bundle:
    """One pair with its evidence, warnings, links and the reviewer's unfinished edit."""
    links = duplicates.links_of(db, pair.pair_key)
    return {
        "id": pair.pair_id,
        "page": pair.page_id,
        "rev": pair.revision,
        "question": pair.question,
        "answer": pair.answer,
        "type": pair.question_type,
        "status": pair.status,
        "reason": pair.reason,
        "by": pair.decided_by,
        "engine": pair.engine,
        "model": pair.model,
        "author": pair.author,
        "authorName": pair.author_name,
        "risk": round(pair.risk, 3),
        "flagged": pair.flagged,
        "why": provenance.risk_reasons(db, pair, content_type, links),
        "origin": provenance.origin_bundle(db, pair),
        "original": provenance.original_bundle(db, pair),
        "drawn": pair.author == "reviewer" and bool(drawn_boxes(db, pair.pair_key, pair.revision)),
        "links": [list(link) for link in links],
        "draft": _draft(db, reviewer, pair.pair_id),
    } | finding_bundle(Finding(pair.evidence, pair.flags, pair.risk))


def finding_bundle(finding: Finding) -> Bundle:
    """Evidence and warnings of one text."""
    evidence = finding.evidence
    return {
        "evidence": {
            "verdict": evidence.verdict,
            "quote": evidence.quote,
            "boxes": [list(box) for box in evidence.boxes],
            "unsupported": list(evidence.unsupported),
            "tokens": [[each.token, each.found, list(each.box) if each.box else None] for each in evidence.tokens],
        },
        "flags": [{"name": flag.name, "sentence": flag.sentence} for flag in finding.flags],
    }


def _draft(db: Database, reviewer: str, pair_id: str) -> Bundle | None:
    draft = drafts.draft_of(db, reviewer, pair_id) if reviewer else None
    return {"rev": draft.revision, "question": draft.question, "answer": draft.answer} if draft else None


def page_bundle(db: Database, page: Page, holder: str) -> Bundle:
    """One page: where it stands, its scan's address (or its rows), its pairs by status."""
    found = pairs.pairs_of_page(db, page.page_id)
    shown = [pair for pair in found if pair.status != "set_aside"]
    return {
        "id": page.page_id,
        "manual": page.manual,
        "section": page.section_name or page.section_id,
        "title": page.title,
        "printed": page.printed_page,
        "source": page.source,
        "number": page.page_number,
        "scan": scans.scan_address(page),
        "width": page.width,
        "height": page.height,
        "rotation": words.turns_of(db, page),
        "kind": page.content_type,
        "sectionId": page.section_id,
        "sectionName": page.section_name,
        "regeneration": regeneration.job_bundle(db, page.page_id),
        "holder": other_holder(db, page.page_id, holder),
        "pairs": [
            {
                "id": pair.pair_id,
                "status": pair.status,
                "question": pair.question,
                "answer": pair.answer[:200],
                "boxes": [list(box) for box in pair.evidence.boxes],
            }
            for pair in shown
        ],
        "aside": [
            {
                "id": pair.pair_id,
                "reason": pair.reason,
                "question": pair.question,
                "answer": pair.answer[:200],
            }
            for pair in found
            if pair.status == "set_aside"
        ],
        "sheet": None if page.image_path else sheet_rows(words.words_of(db, page)),
    }


def other_holder(db: Database, page_id: str, holder: str) -> str | None:
    """Who else has the page open, as a sentence names them."""
    other = queue.lease_holder(db, page_id)
    if other is None or other == holder:
        return None
    name, own = other.split(HOLDER_SEPARATOR)[0], holder.split(HOLDER_SEPARATOR)[0]
    return "You, in another tab," if name == own else name


def sheet_rows(page_words: list[Word]) -> list[list[str]]:
    """The rows of a text page, each a list of cells: words of one segment are a cell, segments of one height a row."""
    cells = [list(group) for _, group in groupby(page_words[:LONGEST_SHEET], key=lambda word: word.line)]
    rows = groupby(cells, key=lambda cell: round(cell[0].box[1], 4) if any(cell[0].box) else id(cell))
    return [[" ".join(word.text for word in cell) for cell in row] for _, row in rows]
