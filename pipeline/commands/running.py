"""Commands that run stages: `run`, each stage alone, and the shortcuts that begin in the middle."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace

from pipeline import flow
from pipeline.commands.confirming import confirm
from pipeline.commands.context import Context, opened, remember
from pipeline.commands.upkeep import print_status
from pipeline.engines.choice import AUTO, CLAUDE_BATCH, OFFLINE, Terms, engine_name
from pipeline.errors import SourceError
from pipeline.progress import Progress
from pipeline.selection import Selection
from pipeline.stage import StageSummary
from review_db import funnel


def run(options: argparse.Namespace) -> int:
    """Every stage, from inventory to the ranked queue."""
    return _run(options, flow.STAGES)


def inventory(options: argparse.Namespace) -> int:
    """List the source files."""
    return _run(options, ["inventory"])


def prepare(options: argparse.Namespace) -> int:
    """Render, validate, read words."""
    return _run(options, ["prepare"])


def classify(options: argparse.Namespace) -> int:
    """Tell what each page is."""
    return _run(options, ["classify"])


def generate_qa(options: argparse.Namespace) -> int:
    """Propose pairs."""
    return _run(options, ["generate-qa"])


def quality_control(options: argparse.Namespace) -> int:
    """Check, filter, dedupe, prioritise."""
    return _run(options, flow.QUALITY_CONTROL)


def quick(options: argparse.Namespace) -> int:
    """From classify on: the sources are prepared."""
    return _run(options, flow.STAGES[2:])


def refilter(options: argparse.Namespace) -> int:
    """Quality control again."""
    return _run(options, flow.QUALITY_CONTROL)


def regen_qa(options: argparse.Namespace) -> int:
    """Generate again, then quality control; approved and edited pairs stay."""
    return _run(options, flow.STAGES[3:], force=True)


def run_all(options: argparse.Namespace) -> int:
    """Run, then write and validate a release if anything is approved."""
    from pipeline.commands import releasing

    code = run(options)
    with opened(options) as context:
        approved = funnel.pair_counts(context.db)["approved"]
    if not approved:
        print("nothing is approved yet; `make review` opens the review app")
        return code
    return releasing.finalize(argparse.Namespace(**vars(options), strict=False)) or code


def _run(options: argparse.Namespace, stages: Sequence[str], *, force: bool = False) -> int:
    with opened(options) as context:
        refuse_missing_source(context)
        order = flow.Order(
            stages,
            Selection(options.section, options.page),
            options.engine,
            options.limit,
            force or options.force,
            terms=Terms(options.budget, options.concurrency, options.resend_unknown, pilot=options.pilot),
        )
        if options.dry_run:
            return _print_due(context, order)
        remember(context)
        order = replace(order, confirm=lambda: _confirm_cost(context, options, order))
        summaries = flow.run_order(context.db, context.workspace, context.settings, order, Progress.on_stderr())
        _print_summaries(summaries)
        print_status(context.db)
    return 3 if any(summary.failures for summary in summaries) else 0


def _confirm_cost(context: Context, options: argparse.Namespace, order: flow.Order) -> None:
    """Ask before a run that is expected to cost more than generation.confirm_above_usd."""
    if engine_name(order.engine) == OFFLINE:
        return
    from pipeline.estimate import Scope, estimates

    scope = Scope(order.stages, order.selection, order.limit, order.force)
    expected = {each.engine: each for each in estimates(context.db, context.workspace, context.settings, scope)}
    name, limit = engine_name(order.engine), context.settings.generation.confirm_above_usd
    in_batches = order.engine == AUTO and expected[name].pages > context.settings.api.batch_above_pages
    asked = expected[CLAUDE_BATCH if in_batches else name]
    if asked.usd <= limit:
        return
    told = f"{asked.pages} pages are expected to cost ${asked.usd:.2f} ({asked.calls} calls, {asked.engine})"
    confirm(options, f"{told}. Go on?", f"{told}, more than generation.confirm_above_usd ({limit:.2f}); none was made")


def refuse_missing_source(context: Context) -> None:
    """Raise SourceError unless there is something to read."""
    source = context.workspace.source
    if not source.is_dir():
        raise SourceError(
            f"there is no source folder {source}", "put scans into it, or name another one with --source DIR"
        )
    if not any(source.iterdir()):
        raise SourceError(f"the source folder {source} is empty", "put JPG, PNG, PDF or HTML files into it")


def _print_due(context: Context, order: flow.Order) -> int:
    due = flow.due_of_order(context.db, context.workspace, context.settings, order)
    for name, count in due.items():
        print(f"{name}: {count} due")
    print("nothing was done; files that an inventory has not seen yet are not counted")
    return 0


def _print_summaries(summaries: Sequence[StageSummary]) -> None:
    for summary in summaries:
        later = f"{len(summary.waiting)} waiting for a batch, " if summary.waiting else ""
        print(f"{summary.stage}: {summary.done} done, {len(summary.failures)} failed, {later}{summary.seconds:.1f} s")
        for unit, reason in summary.failures[:20]:
            print(f"  failed: {unit}: {reason}", file=sys.stderr)
