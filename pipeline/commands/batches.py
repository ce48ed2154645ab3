"""`manualqa batches`: every batch of paid requests, and the order to the service to stop those that are at work."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing

from pipeline.commands.context import Context, opened
from pipeline.commands.listing import print_rows
from pipeline.paid_requests import Received
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

    names = [batch.provider_id for batch in stored.open_batches(context.db) if batch.state == "submitted"]
    refused = 0
    with closing(MessagesClient(context.settings.api.timeout_seconds)) as client:
        for name in names:
            outcome = MessageBatches(client).cancel(name or "")
            if isinstance(outcome, Received) and outcome.status == 200:
                print(f"{name} is being stopped", file=sys.stderr)
            else:
                refused += 1
                print(f"{name} could not be stopped: {reason_of(outcome)}", file=sys.stderr)
    if names:
        print("what they answered is paid for; `manualqa run --engine claude-batch` fetches it", file=sys.stderr)
    return refused
