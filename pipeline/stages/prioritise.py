"""prioritise: store each waiting pair's risk, by which the queue is ordered.

Inputs: pairs that wait for review with the signals of their texts (check) and their links (dedupe), the content type
of their page (classify), every decision in force. Outputs: `risk` and `reject_risk`, 0 to 1: how likely a technician
would edit or reject the pair, and reject it; the weights learned and how well they predict.

Rules:
- Risk is a logistic sum of named signals; `pipeline/checks/risk.py` holds the table of their weights, and
  `pipeline/risk_learning.py` says when those learned from this workspace's decisions take their place.
- The queue shows the page with the riskiest pair first, and all of its pairs before the next page.
- Only a risk that changed is written. Decided pairs keep theirs.
- All waiting pairs are rated, or those of the pages that --section and --page name.

Failures: none of its own.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import cache
from itertools import islice

from pipeline.checks.risk import RiskModel, risk_of
from pipeline.checks.signals import signals_of_pair
from pipeline.progress import Progress
from pipeline.risk_learning import learn
from pipeline.selection import Selection
from pipeline.settings import Settings
from pipeline.stage import StageSummary
from pipeline.workspace import Workspace
from review_db.connection import Database, immediate
from review_db.duplicates import links_of
from review_db.pages import page_by_id
from review_db.pairs import pending_pairs, save_risk
from review_db.records import Pair
from review_db.signals import signals_of

LEAST_CHANGE = 0.0005
BATCH = 500


def run(
    db: Database, workspace: Workspace, settings: Settings, selection: Selection, progress: Progress
) -> StageSummary:
    """Rate every pair that waits, and count those whose risk changed."""
    summary, started = StageSummary("prioritise"), time.monotonic()
    rated = _rated(db, selection, learn(db))
    changed = [(pair, risks) for pair, risks in rated if abs(pair.risk - risks[0]) > LEAST_CHANGE]
    with immediate(db), progress.stage("prioritise", len(changed)) as bar:
        for pair, risks in changed:
            save_risk(db, pair.pair_key, *risks)
            bar.advance(pair.pair_id)
    summary.done = len(changed)
    summary.seconds = time.monotonic() - started
    return summary


def _rated(db: Database, selection: Selection, model: RiskModel) -> Iterator[tuple[Pair, tuple[float, float]]]:
    @cache
    def content_type(page_id: str) -> str | None:
        return page_by_id(db, page_id).content_type

    waiting = pending_pairs(db)
    while pairs := list(islice(waiting, BATCH)):
        strengths = signals_of(db, [pair.pair_key for pair in pairs])
        for pair in pairs:
            if selection.matches(pair.page_id, pair.source):
                relations = [relation for _, relation in links_of(db, pair.pair_key)]
                of_text = strengths.get(pair.pair_key, {})
                of_pair = signals_of_pair(of_text, content_type(pair.page_id), pair.engine, relations)
                yield pair, risk_of(of_pair, model)
