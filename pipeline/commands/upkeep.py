"""Commands that look after a workspace: status, configuration, help, doctor, backups, cleaning."""

from __future__ import annotations

import argparse
import json
import platform
import shutil
import sqlite3
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

from pipeline import settings as settings_module
from pipeline.checks.risk import SHIPPED, as_json
from pipeline.commands.confirming import confirm
from pipeline.commands.context import opened, resolved_settings, workspace_root
from pipeline.errors import PipelineError
from pipeline.workspace import Workspace, database_of
from review_db import backups, batches, checkpoints, costs, funnel, index_links, risk_models, stage_outcomes
from review_db.connection import Database

MOST_MISSING = 10
STAGE_MODULES = {
    "inventory": ["inventory"],
    "prepare": ["prepare"],
    "classify": ["classify"],
    "generate-qa": ["generate_qa"],
    "quality-control": ["check", "filter", "dedupe", "prioritise"],
    "check": ["check"],
    "filter": ["filter"],
    "dedupe": ["dedupe"],
    "prioritise": ["prioritise"],
}


def status(options: argparse.Namespace) -> int:
    """Pages, pairs, jobs and cost, as text or as one JSON object."""
    with opened(options) as context:
        if options.json:
            print(json.dumps(status_row(context.db)))
        else:
            print_status(context.db)
    return 0


def status_row(db: Database) -> dict[str, object]:
    """Counts of everything."""
    return {
        "pages": funnel.page_counts(db),
        "pairs": funnel.pair_counts(db),
        "jobs": funnel.job_counts(db),
        "index": index_links.counts(db),
        "cost_usd": round(costs.total(db), 6),
        "cost": _cost_row(db),
        "risk": _risk_row(db),
    }


def _risk_row(db: Database) -> dict[str, object]:
    """The weights of risk in force, and how well they told what people then decided; no measures before a decision."""
    stored = risk_models.newest(db)
    return {
        "coefficients": stored.coefficients if stored else as_json(SHIPPED),
        "measures": stored.measures if stored else None,
    }


def _cost_row(db: Database) -> dict[str, object]:
    """Dollars of a page and of an approved pair (None before the first), of each model, of the present UTC day."""
    page, pair, kept = costs.cost_per_page(db), costs.cost_per_approved_pair(db), costs.cache_effect(db)
    return {
        "page_usd": None if page is None else round(page, 6),
        "approved_pair_usd": None if pair is None else round(pair, 6),
        "today_usd": round(costs.spent_today(db), 6),
        "models": {model: round(usd, 6) for model, _, usd in costs.cost_by_model(db)},
        "cache": {"written_tokens": kept.written, "read_tokens": kept.read, "saved_usd": round(kept.saved_usd, 6)},
    }


def print_status(db: Database) -> None:
    """Counts of everything, a line each, what paid calls cost, then the units that failed."""
    row = status_row(db)
    for name in ("pages", "pairs", "jobs", "index", "cost_usd"):
        value = row[name]
        counts = ", ".join(f"{n} {kind}" for kind, n in value.items()) if isinstance(value, dict) else str(value)
        print(f"{name}: {counts or 'none'}")
    _print_missing_pages(db)
    _print_cost(db)
    _print_risk(db)
    _print_batches(db)
    failed = list(stage_outcomes.failed_units(db))
    for stage, unit, reason in failed[:10]:
        print(f"failed in {stage}: {unit}: {reason}")
    if len(failed) > 10:
        print(f"and {len(failed) - 10} more failed units")


def _print_risk(db: Database) -> None:
    """How well the risk told which of the pairs decided on would be corrected or rejected."""
    stored = risk_models.newest(db)
    if stored is None:
        return
    told = stored.measures
    weights = "learned from these decisions" if told["learned"] else "as shipped"
    print(
        f"risk: weights {weights}; {told['faulty']} of {told['judged']} pairs decided on were corrected or rejected, "
        f"{told['precision']['0.3']:.0%} of the riskiest 30 %; AUC {told['auc']:.2f}, Brier score {told['brier']:.3f}"
    )


def _print_missing_pages(db: Database) -> None:
    """The pages that an index names and of which no scan is there."""
    named = {(entry.section_id, entry.page): entry.title for entry in index_links.linked_entries(db) if entry.missing}
    for (section, page), title in list(named.items())[:MOST_MISSING]:
        where = f"section {section}" if section else "no section"
        print(f"no scan of page {page} ({where}), which the index names for: {title}")
    if len(named) > MOST_MISSING:
        print(f"and {len(named) - MOST_MISSING} more such pages; `manualqa index` lists them")


def _print_batches(db: Database) -> None:
    at_work = [batch.request_count for batch in batches.open_batches(db) if batch.sent_at is not None]
    if at_work:
        print(f"batches: {len(at_work)} at the service with {sum(at_work):,} requests (`manualqa batches`)")


def _print_cost(db: Database) -> None:
    """A line for those who paid: what a page, an approved pair and each model cost."""
    named = [("a page", costs.cost_per_page(db)), ("an approved pair", costs.cost_per_approved_pair(db))]
    named += [(model, usd) for model, _, usd in costs.cost_by_model(db)]
    known = [f"{name} ${usd:.4f}" for name, usd in named if usd is not None]
    if known:
        print(f"cost: {', '.join(known)}")
    kept = costs.cache_effect(db)
    if kept.written or kept.read:
        effect = "saved" if kept.saved_usd >= 0 else "cost more by"
        print(f"prompt cache: {kept.read:,} tokens read, {kept.written:,} written, {effect} ${abs(kept.saved_usd):.4f}")


def config(options: argparse.Namespace) -> int:
    """Every key, its value and where it came from, as YAML that can be used as a file."""
    import yaml

    settings, origins = resolved_settings(options)
    for key, value in settings_module.flattened(settings).items():
        text = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10_000).splitlines()[0]
        print(f"{key}: {text}  # {origins[key]}")
    return 0


def explain(options: argparse.Namespace) -> int:
    """Print the specification of a stage: its modules' docstrings."""
    modules = STAGE_MODULES.get(options.stage or "")
    if modules is None:
        raise PipelineError(
            f"there is no stage {options.stage!r}" if options.stage else "which stage?",
            f"stages are {', '.join(STAGE_MODULES)}",
        )
    for name in modules:
        print(import_module(f"pipeline.stages.{name}").__doc__)
    return 0


def doctor(options: argparse.Namespace) -> int:
    """Integrity, versions, what is missing on this machine and how to get it; exit code 1 when the database is bad."""
    database = database_of(workspace_root(options))
    print(f"python {platform.python_version()}, sqlite {sqlite3.sqlite_version}")
    if checkpoints.has_wal_reset_bug(sqlite3.sqlite_version_info):
        print("this SQLite has the WAL-reset bug: automatic checkpoints are off and one owner does them, which is safe")
    for package in ("streamlit", "anthropic", "rapidocr", "sqlite-utils", "datasets", "huggingface_hub"):
        print(f"{package} {version(package)}")
    _print_missing()
    problems = backups.integrity_problems(database) if database.exists() else []
    for problem in problems:
        print(f"database: {problem}")
    print(f"database: {database}: " + ("damaged" if problems else "sound" if database.exists() else "none yet"))
    return 1 if problems else 0


def _print_missing() -> None:
    if not shutil.which("pdftoppm"):
        print("poppler is missing: PDF pages are rendered by pypdfium2 instead (apt-get install poppler-utils)")
    from pipeline.embedder import local_weights

    if local_weights() is None:
        print("embedding weights are missing: duplicates are compared by words (make setup without EMBEDDINGS=0)")


def backup(options: argparse.Namespace) -> int:
    """Copy the database and print where the copy lies."""
    with opened(options) as context:
        print(backups.backup(context.db, context.workspace.root / "review_db" / "backups", "manual"))
    return 0


def restore(options: argparse.Namespace) -> int:
    """Put a backup in the database's place; the present database is kept as review.sqlite.replaced."""
    confirm(options, f"put {options.file} in the place of the present database?")
    backups.restore(options.file.resolve(), database_of(workspace_root(options)))
    print("restored; the database that was in place is kept as review.sqlite.replaced")
    return 0


def clean(options: argparse.Namespace) -> int:
    """Delete caches: renders and converted images are made again when they are needed."""
    with opened(options) as context:
        _delete(context.workspace.cache)
    return 0


def clean_all(options: argparse.Namespace) -> int:
    """Delete caches, releases and the database, after a backup that stays."""
    confirm(options, "delete the caches, all releases and the database (a backup is kept)?")
    with opened(options) as context:
        kept = backups.backup(context.db, context.workspace.root / "review_db" / "backups", "clean-all")
        workspace: Workspace = context.workspace
    _delete(workspace.cache)
    _delete(workspace.releases)
    workspace.releases.with_name("latest").unlink(missing_ok=True)
    for file in workspace.database.parent.glob("review.sqlite*"):
        file.unlink()
    print(f"deleted; the database lies in {kept}")
    return 0


def _delete(folder: Path) -> None:
    if folder.is_dir():
        shutil.rmtree(folder)
        print(f"deleted {folder}")
