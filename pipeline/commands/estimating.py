"""`manualqa estimate`: pages, calls, tokens and dollars of a run, for each engine, before any is spent."""

from __future__ import annotations

import argparse
import json

from pipeline import flow
from pipeline.commands.context import Context, opened, remember
from pipeline.commands.listing import print_rows
from pipeline.commands.running import refuse_missing_source
from pipeline.estimate import FEWEST_CALLS, Scope, as_row, estimates
from pipeline.progress import Progress
from pipeline.selection import Selection


def estimate(options: argparse.Namespace) -> int:
    """Look at the source folder, which costs nothing, and print a row for each engine."""
    with opened(options) as context:
        refuse_missing_source(context)
        remember(context)
        _look(context)
        scope = Scope(selection=Selection(options.section, options.page), limit=options.limit, force=options.force)
        rows = [as_row(each) for each in estimates(context.db, context.workspace, context.settings, scope)]
    if options.json:
        print(json.dumps({"engines": rows}))
        return 0
    print_rows(rows, options)
    if not options.jsonl and not options.csv:
        _explain(rows[1]["measured"], context.settings.api.prices_checked_on)
    return 0


def _look(context: Context) -> None:
    """The inventory, so that new files count."""
    order = flow.Order(["inventory"])
    flow.run_order(context.db, context.workspace, context.settings, order, Progress.silent())


def _explain(measured: int, checked_on: str) -> None:
    if measured < FEWEST_CALLS:
        print("usd rests on usual values; after `manualqa run --engine claude --limit 10` it rests on your own pages")
    else:
        print(f"usd rests on {measured} calls that this workspace has paid for")
    print(f"prices as of {checked_on}; api.prices in the configuration changes them")
