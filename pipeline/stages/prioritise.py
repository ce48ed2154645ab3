"""prioritise: store each waiting pair's risk, by which the queue is ordered.

Inputs: pairs that wait for review with their evidence and warnings (check) and their links (dedupe), the content type
of their page (classify). Outputs: `risk`, 0 to 1: how likely a technician would edit or reject the pair.

Rules:
- Risk is a logistic sum of named signals; `pipeline/checks/risk.py` holds the table of their weights.
- The queue shows the page with the riskiest pair first, and all of its pairs before the next page.
- Only a risk that changed is written. Decided pairs keep theirs.
- All waiting pairs are rated, or those of the pages that --section and --page name.

Failures: none of its own.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import cache

from pipeline.checks.risk import probability, signals
from pipeline.progress import Progress
from pipeline.selection import Selection
from pipeline.settings import Settings
from pipeline.stage import StageSummary
from pipeline.workspace import Workspace
from review_db.connection import Database, immediate
from review_db.duplicates import links_of
from review_db.pages import page_by_id
from review_db.pairs import pending_pairs, save_risk
from review_db.records import Pair
from review_db.statuses import DuplicateRelation

LEAST_CHANGE = 0.0005


def run(
    db: Database, workspace: Workspace, settings: Settings, selection: Selection, progress: Progress
) -> StageSummary:
    """Rate every pair that waits, and count those whose risk changed."""
    summary, started = StageSummary("prioritise"), time.monotonic()
    changed = [(pair, risk) for pair, risk in _rated(db, selection) if abs(pair.risk - risk) > LEAST_CHANGE]
    with immediate(db), progress.stage("prioritise", len(changed)) as bar:
        for pair, risk in changed:
            save_risk(db, pair.pair_key, risk)
            bar.advance(pair.pair_id)
    summary.done = len(changed)
    summary.seconds = time.monotonic() - started
    return summary


def _rated(db: Database, selection: Selection) -> Iterator[tuple[Pair, float]]:
    @cache
    def content_type(page_id: str) -> str | None:
        return page_by_id(db, page_id).content_type

    for pair in pending_pairs(db):
        if selection.matches(pair.page_id, pair.source):
            conflict = any(relation == DuplicateRelation.CONFLICT for _, relation in links_of(db, pair.pair_key))
            strengths = signals(
                pair.evidence,
                pair.flags,
                pair.question,
                pair.question_type,
                content_type(pair.page_id),
                conflict=conflict,
            )
            yield pair, probability(strengths)
