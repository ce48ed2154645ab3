"""`manualqa batches`: every batch of paid requests, and the order to the service to stop those that are at work."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing

from pipeline.commands.context import Context, opened
from pipeline.commands.listing import print_rows
from pipeline.paid_requests import Outcome, Received
from pipeline.refusals import reason_of
from review_db import batches as stored


def batches(options: argparse.Namespace) -> int:
    """List the batches; with --cancel those at work are stopped first. Exit code 3 where the service did not agree."""
    with opened(options) as context:
        refused = _cancelled(context) if options.cancel else 0
        print_rows(stored.rows(context.db), options)
    return 3 if refused else 0


def _cancelled(context: Context) -> int:
    """Have every batch at work stopped; returns how many could not be."""
    from pipeline.engines.claude.batches import MessageBatches
    from pipeline.engines.claude.client import MessagesClient

    at_work = [batch for batch in stored.open_batches(context.db) if batch.provider_id and batch.state == "submitted"]
    with closing(MessagesClient(context.settings.api.timeout_seconds)) as client:
        told = [_stopped(context, batch, MessageBatches(client).cancel(batch.provider_id or "")) for batch in at_work]
    for _, sentence in told:
        print(sentence, file=sys.stderr)
    last = (
        "what was answered is paid for; `manualqa run --engine claude-batch` fetches it" if told else "none is at work"
    )
    print(last, file=sys.stderr)
    return sum(not is_stopped for is_stopped, _ in told)


def _stopped(context: Context, batch: stored.Batch, outcome: Outcome) -> tuple[bool, str]:
    """Whether a batch is being stopped, and the sentence that says so; one that the service lost is given up."""
    name = batch.provider_id
    if isinstance(outcome, Received) and outcome.status == 200:
        return True, f"{name} is being stopped"
    if isinstance(outcome, Received) and outcome.status == 404:
        lost = stored.close(context.db, batch.batch_id)
        return (
            True,
            f"the service does not know {name}: it is given up, and {lost} of its requests may have been billed",
        )
    return False, f"{name} could not be stopped: {reason_of(outcome)}"
