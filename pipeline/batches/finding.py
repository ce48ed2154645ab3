"""A batch that was sent and whose reply never came: found again among the account's batches by its requests' names."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from enum import Enum
from itertools import islice

from pipeline.batches.part import call_named
from pipeline.batches.results import name_in
from pipeline.batches.service import BatchService, Standing, listed
from pipeline.paid_requests import Received
from review_db import batches
from review_db.batches import Batch
from review_db.connection import Database

CLOCKS_DIFFER = timedelta(hours=1)
GRACE_SECONDS = 60.0
"""So long after the line broke the service may still be taking a batch in."""


class Search(Enum):
    """What a look at the account's batches says of one."""

    FOUND = "found"
    PERHAPS = "perhaps"
    ABSENT = "absent"


def look_for(db: Database, service: BatchService, batch: Batch, sought_seconds: float) -> Search:
    """Find the batch at the service and store its name; what is surely not there was never taken.

    Names of requests show only in results, so while a batch of the same size is at work that may be ours, nothing is
    said for certain. `sought_seconds` is for how long this process has been looking.
    """
    candidates = _candidates(service, batch, batches.known_names(db))
    if candidates is None:
        return Search.PERHAPS
    undecided = False
    for candidate in candidates:
        ours = _is_ours(db, service, batch, candidate)
        if ours:
            batches.mark_submitted(db, batch.batch_id, candidate.name, candidate.expires_at)
            return Search.FOUND
        undecided = undecided or ours is None
    return Search.PERHAPS if undecided or sought_seconds < GRACE_SECONDS else Search.ABSENT


def _candidates(service: BatchService, batch: Batch, known: Collection[str]) -> list[Standing] | None:
    """Batches of the account that are as large as ours, young enough, and nobody's here; None where none can be had."""
    found: list[Standing] = []
    after: str | None = None
    while True:
        outcome = service.newest(after)
        if not isinstance(outcome, Received) or outcome.status != 200:
            return None
        page, has_more = listed(outcome.body)
        young = [each for each in page if not _is_older(each, batch)]
        found += [each for each in young if each.name not in known and each.requests == batch.request_count]
        if not has_more or len(young) < len(page) or page[-1].name == after:
            return found
        after = page[-1].name


def _is_ours(db: Database, service: BatchService, batch: Batch, candidate: Standing) -> bool | None:
    """Whether its results name our requests; None as long as it has none."""
    if not candidate.is_ended:
        return None
    try:
        first = next(islice(service.results(candidate.name), 1), b"")
    except ConnectionError:
        return None
    return call_named(name_in(first), batches.waiting_calls(db, batch.batch_id)) is not None


def _is_older(candidate: Standing, batch: Batch) -> bool:
    """Whether it was made before ours was sent, whatever the clocks say."""
    made, sent = _moment(candidate.created_at), _moment(batch.sent_at or "")
    return bool(made and sent and made < sent - CLOCKS_DIFFER)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
