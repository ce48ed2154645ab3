"""A stage in bulk: a few pages asked about one by one, then the rest together, in passes until all are answered."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from typing import Any

from pipeline.engines.choice import Bulk
from pipeline.progress import Progress
from pipeline.refusals import StopRunError
from pipeline.stage import Stage, StageSummary, due_units, run_stage
from review_db.connection import Database

PILOT_HINT = (
    "`manualqa calls` and `manualqa status` say why; check the models under `api` in config.yaml, then try a few pages "
    "with --limit 5. No batch was sent"
)


def run_in_bulk(
    alone: Stage[Any, Any],
    together: Stage[Any, Any],
    bulk: Bulk,
    db: Database,
    progress: Progress,
    *,
    force: bool,
    limit: int | None,
) -> StageSummary:
    """Do what is due of a stage: one by one (`alone`) where it is little, else `together`, in batches.

    What a batch of an earlier run has answered is taken first; what it is still answering is waited for, not asked
    again. Raises StopRunError when the pilot is bad, and what `bulk` raises.
    """
    awaited = bulk.look()
    due = [alone.name_of(unit) for unit in islice(due_units(alone, db, force=force), limit)]
    is_open = not awaited.isdisjoint(due) and not force
    if not is_open and len(due) <= bulk.above:
        return run_stage(alone, db, progress, force=force, only=set(due))
    summary, left = StageSummary(alone.name), due
    if bulk.pilot and not is_open:
        pilot = _spread(due, bulk.pilot)
        summary.follow(run_stage(alone, db, progress, force=force, only=pilot))
        _refuse_bad(bulk)
        left = [name for name in due if name not in pilot or name in summary.waiting]
    while left:
        ready = {name for name in left if name not in awaited}
        summary.follow(run_stage(together, db, progress, force=force, only=ready))
        left = summary.waiting = [*summary.waiting, *(name for name in left if name in awaited)]
        awaited = set()
        if not left or not bulk.fetch(progress):
            break
    return summary


def _spread(names: Sequence[str], count: int) -> set[str]:
    """So many of the names, from all over them."""
    step = max(1, len(names) // count)
    return set(names[::step][:count])


def _refuse_bad(bulk: Bulk) -> None:
    reason = bulk.is_bad()
    if reason:
        raise StopRunError(reason, PILOT_HINT)
