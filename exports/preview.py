"""What an export would hold if it were made now, for the app's export view; nothing is written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from exports.distribution import DIMENSIONS, Row, distribution_of
from exports.manifest import linked_pairs
from exports.plan import plan_release
from exports.records import seed_record
from exports.settings import OutputSettings
from review_db.connection import Database

SHOWN_RECORDS = 5


@dataclass(frozen=True, slots=True)
class Preview:
    """Counts as export prints them, tables by section, question_type, source_type and content_type (`head` names their
    columns of counts), the first records.

    `left_out` gives pairs by reason, `unusable` the approved ones that cannot leave (pair_id -> reason), `links` how
    many links stand between pairs of the release, by relation.
    """

    pairs: int
    train: int
    validation: int
    test: int
    pages: int
    images: int
    head: tuple[str, ...]
    by: dict[str, list[Row]]
    left_out: dict[str, int]
    unusable: dict[str, str]
    links: dict[str, int]
    moved_pages: list[str]
    records: list[dict[str, Any]]


def preview(db: Database, cache: Path, settings: OutputSettings, *, include: str = "approved") -> Preview:
    """The release of the present state. Raises NothingToExportError, whose hint says what to do first."""
    plan = plan_release(db, cache, settings, include=include)
    counted = distribution_of(plan.pairs)
    return Preview(
        pairs=len(plan.pairs),
        train=counted.splits["train"],
        validation=counted.splits["validation"],
        test=counted.splits["test"],
        pages=len({ready.pair.page.page_id for ready in plan.pairs}),
        images=len(plan.image_names),
        head=counted.head,
        by={name: counted.rows(name) for name in DIMENSIONS},
        left_out=plan.left_out,
        unusable=plan.unusable,
        links={relation: len(links) for relation, links in linked_pairs(plan.pairs).items()},
        moved_pages=list(plan.moved),
        records=[seed_record(ready, with_status=include == "all") for ready in plan.pairs[:SHOWN_RECORDS]],
    )
