"""Waiting for batches: asked after from 2 seconds to a minute apart, fetched as they end, looked for where lost."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from pipeline.batches import finding, results
from pipeline.batches.ledger import BatchLedger
from pipeline.batches.sending import GO_ON, STOPPED
from pipeline.batches.service import standing_of
from pipeline.fault_points import hit
from pipeline.limiter import wait
from pipeline.paid_requests import Outcome, Received
from pipeline.progress import Bar, Progress
from pipeline.refusals import PostponedError, StoppedError, StopRunError, meaning_of
from review_db import batches
from review_db.batches import Batch
from review_db.connection import Database

FIRST_POLL_SECONDS, LONGEST_POLL_SECONDS = 2.0, 60.0
USUAL_SECONDS = 3600.0
"""Most batches end within the hour (batch guide, 2026-09); the service gives up after a day."""


class BatchesPendingError(PostponedError):
    """Batches are at work at the service and this process may not wait for them."""

    def __init__(self, told: str) -> None:
        super().__init__(LONGEST_POLL_SECONDS)
        self.args, self.hint = (told,), "it is asked after by itself"


def look(ledger: BatchLedger, *, was_awaited: bool = False) -> list[Batch]:
    """Ask once after every batch, store what has ended, and return those still at work. Raises StopRunError."""
    with ledger.connection() as db:
        for batch in batches.open_batches(db):
            if batch.sent_at is not None and ledger.is_ours(batch.owner):
                _look_at(ledger, db, batch, was_awaited)
        return [batch for batch in batches.open_batches(db) if batch.sent_at is not None]


def fetch(ledger: BatchLedger, progress: Progress, patience_seconds: float = float("inf")) -> bool:
    """Send what was collected and wait until every batch is stored; False where there was none to wait for.

    Raises BatchesPendingError when the patience ends first, BudgetReachedError when a cap lets nothing more go.
    """
    with ledger.connection() as db:
        ledger.send_collected(db)
        pending = [batch for batch in batches.open_batches(db) if batch.sent_at is not None]
    over, has_settled = ledger.take_over_budget()
    if not pending:
        if over and not has_settled:
            raise over
        return over is not None
    if over:
        ledger.note(f"{over}; the rest goes when the batches are back, which cost less than is reserved for them")
    try:
        with progress.stage("batches", sum(batch.request_count for batch in pending)) as bar:
            _await(ledger, progress, bar, pending, patience_seconds)
    except KeyboardInterrupt:
        ledger.note(f"{STOPPED}: {GO_ON}")
        raise
    return True


def _await(
    ledger: BatchLedger, progress: Progress, bar: Bar, pending: Sequence[Batch], patience_seconds: float
) -> None:
    began, delay = time.monotonic(), FIRST_POLL_SECONDS
    ledger.note(f"{_told(ledger, pending)} (Ctrl-C leaves them at work)")
    while True:
        pending = look(ledger, was_awaited=True)
        bar.done = bar.total - sum(batch.request_count for batch in pending)
        told = _told(ledger, pending)
        progress.show(bar, told)
        if not pending:
            return
        if time.monotonic() + delay > began + patience_seconds:
            raise BatchesPendingError(told)
        if not wait(delay, ledger.stop):
            raise StoppedError(STOPPED, GO_ON)
        delay = min(2 * delay, LONGEST_POLL_SECONDS)


def _told(ledger: BatchLedger, pending: Sequence[Batch]) -> str:
    """How many batches are out, when they are expected, and when the service gives up at the latest."""
    if not pending:
        return ""
    with ledger.connection() as db:
        usual = batches.usual_seconds(db) or USUAL_SECONDS
    starts = [datetime.fromisoformat(batch.submitted_at or batch.sent_at or "") for batch in pending]
    expected = max(max(starts) + timedelta(seconds=usual), datetime.now(UTC))
    latest = max(start + timedelta(days=1) for start in starts)
    count = f"{len(pending)} batch{'es' if len(pending) > 1 else ''} at the service"
    requests = sum(batch.request_count for batch in pending)
    return f"{count} ({requests:,} requests), expected by {expected:%H:%M} UTC, latest {latest:%d %b %H:%M}"


def _look_at(ledger: BatchLedger, db: Database, batch: Batch, was_awaited: bool) -> None:
    if batch.provider_id is None:
        if finding.look_for(db, ledger.service, batch, ledger.sought_seconds(batch.batch_id)) == finding.Search.ABSENT:
            batches.abandon(db, batch.batch_id)
        return
    if batch.state != "ended" and not _has_ended(ledger, db, batch, ledger.service.retrieve(batch.provider_id)):
        return
    _store(ledger, db, batch, was_awaited)


def _has_ended(ledger: BatchLedger, db: Database, batch: Batch, outcome: Outcome) -> bool:
    """What the service says of a batch; where it says nothing, it is asked again later."""
    if not isinstance(outcome, Received):
        return False
    if outcome.status == 404:
        hint = "set the key that it was sent with; `manualqa batches --cancel` gives it up where it is gone for good"
        raise StopRunError(f"the service does not know the batch {batch.provider_id}", hint)
    error = meaning_of(outcome) if outcome.status != 200 else None
    if isinstance(error, StopRunError):
        raise error
    standing = standing_of(outcome.body) if outcome.status == 200 else None
    if standing is None or not standing.is_ended:
        return False
    batches.mark_ended(db, batch.batch_id)
    return True


def _store(ledger: BatchLedger, db: Database, batch: Batch, was_awaited: bool) -> None:
    hit("batch_ended")
    found = results.fetch(db, ledger.service, batch.batch_id, batch.provider_id or "")
    if not found.is_whole and found.missing:
        raise StopRunError(
            f"the results of the batch {batch.provider_id} broke off, {found.missing} are still to come",
            "what came is stored; the same command fetches the rest, for which nothing is paid again",
        )
    batches.close(db, batch.batch_id)
    hit("batch_stored")
    if found.missing:
        ledger.note(f"{found.missing} of the batch {batch.provider_id} got no result: that may have been billed")
    if found.strange:
        ledger.note(f"{found.strange} results of the batch {batch.provider_id} are not ours or came twice: left out")
    ledger.learn(found, was_awaited=was_awaited)
