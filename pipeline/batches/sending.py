"""Sending a batch once: what is refused may go again, what may have arrived is looked for before it does."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from typing import Protocol

from pipeline.batches.part import Part
from pipeline.batches.service import BatchService, standing_of
from pipeline.fault_points import hit
from pipeline.limiter import retry_after, wait
from pipeline.paid_requests import Lost, Outcome, Policy, Received
from pipeline.refusals import (
    STOP_HINT,
    PostponedError,
    StoppedError,
    StopRunError,
    given_up,
    meaning_of,
)
from review_db import batches
from review_db.connection import Database

FIRST_BACKOFF_SECONDS, LONGEST_BACKOFF_SECONDS = 0.5, 30.0
REFUSED_FOR_NOW = (408, 409, 429, 503, 529)
"""Statuses after which the service has no batch of ours; another 5xx may come after it took one."""

UNKNOWN_CALL = (404, 405, 501)
STOPPED = "stopped; the batches at the service go on"
GO_ON = "the same command fetches what they answer, `manualqa batches --cancel` stops them"


class Account(Protocol):
    """What sending needs of the run."""

    service: BatchService
    policy: Policy
    stop: threading.Event
    note: Callable[[str], None]


def send(account: Account, db: Database, part: Part) -> None:
    """Send a part and store the service's name for it.

    Where nobody knows whether it arrived it stays without a name. Raises StopRunError or PostponedError for a refusal,
    after which its calls count as not billed.
    """
    part.finish()
    batches.mark_sent(db, part.batch_id, part.count)
    hit("batch_sending")
    for attempt in range(account.policy.attempts):
        outcome = account.service.create(part.file, part.size)
        hit("batch_created")
        if named(db, part.batch_id, outcome) or may_have_arrived(outcome):
            return
        error = _without_batches(outcome) or _refusal(account.policy, outcome, attempt)
        if error is None:
            error = _waited(account, outcome, attempt)
        if error is not None:
            batches.abandon(db, part.batch_id)
            raise error


def named(db: Database, batch_id: int, outcome: Outcome) -> bool:
    """Store the name that the service gave, if the reply holds one."""
    found = standing_of(outcome.body) if isinstance(outcome, Received) and outcome.status == 200 else None
    if found is None:
        return False
    batches.mark_submitted(db, batch_id, found.name, found.expires_at)
    hit("batch_submitted")
    return True


def may_have_arrived(outcome: Outcome) -> bool:
    """Whether the service may have the batch though no good reply came."""
    if isinstance(outcome, Received):
        refused = outcome.status in REFUSED_FOR_NOW or outcome.status in UNKNOWN_CALL
        return outcome.status == 200 or (outcome.status >= 500 and not refused)
    return isinstance(outcome, Lost)


def _without_batches(outcome: Outcome) -> StopRunError | None:
    """What it means that the service does not know the call at all."""
    if not isinstance(outcome, Received) or outcome.status not in UNKNOWN_CALL:
        return None
    hint = "leave --engine out (or --engine claude): pages are then asked about one by one"
    return StopRunError("the server that ANTHROPIC_BASE_URL names has no batches", hint)


def _refusal(policy: Policy, outcome: Outcome, attempt: int) -> Exception | None:
    """What ends the sending: an error that no second try mends, or one try too many."""
    error: Exception | None = meaning_of(outcome) if isinstance(outcome, Received) else None
    if error is None and attempt + 1 >= policy.attempts:
        error = given_up(outcome, policy.attempts)
    if error is None or isinstance(error, StopRunError):
        return error
    return StopRunError(f"the service took no batch: {error}", STOP_HINT)


def _waited(account: Account, outcome: Outcome, attempt: int) -> Exception | None:
    """Wait before the next try, or say why not."""
    backoff = min(FIRST_BACKOFF_SECONDS * 2**attempt, LONGEST_BACKOFF_SECONDS) * random.uniform(0.75, 1.25)
    asked = retry_after(outcome.headers) if isinstance(outcome, Received) else None
    seconds = max(asked or 0.0, backoff)
    if seconds > account.policy.longest_wait_seconds:
        return PostponedError(seconds)
    return None if wait(seconds, account.stop) else StoppedError(STOPPED, GO_ON)
