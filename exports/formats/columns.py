"""The columns that every table of pairs has: identity, texts, and what is known of page and evidence."""

from __future__ import annotations

from typing import Any

from exports.records import ReadyPair, evidence_of, seed_record


def columns(ready: ReadyPair, *, with_status: bool) -> dict[str, Any]:
    """One pair as a row; keys and types are the same for every pair, an absent text is empty."""
    record = seed_record(ready, with_status=with_status)
    metadata = record["metadata"]
    evidence = evidence_of(ready)
    return {
        "qa_id": metadata.pop("qa_id"),
        "question": ready.question,
        "answer": ready.answer,
        **metadata,
        "evidence": evidence["verdict"],
        "evidence_quote": evidence["quote"],
        "evidence_boxes": evidence["boxes"],
    }
