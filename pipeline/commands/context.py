"""Open what a command works on: workspace, settings, database."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline import settings as settings_module
from pipeline.settings import Settings
from pipeline.workspace import Workspace, database_of, default_root
from review_db import facts
from review_db.connection import Database, open_review_db


@dataclass(frozen=True, slots=True)
class Context:
    """What every command gets."""

    workspace: Workspace
    settings: Settings
    origins: dict[str, str]
    db: Database


@contextmanager
def opened(options: argparse.Namespace) -> Iterator[Context]:
    """The workspace that the options name, its settings and its database; closed at the end."""
    root = workspace_root(options)
    settings, origins = resolved_settings(options)
    db = open_review_db(database_of(root))
    try:
        yield Context(Workspace(root, _source(options, root, db)), settings, origins, db)
    finally:
        db.close()


def workspace_root(options: argparse.Namespace) -> Path:
    """--workspace, else MANUALQA_WORKSPACE, else the checkout."""
    return Path(options.workspace).resolve() if options.workspace else default_root()


def resolved_settings(options: argparse.Namespace) -> tuple[Settings, dict[str, str]]:
    """Defaults, then WORKSPACE/config.yaml where there is one, then --config FILE."""
    own = Workspace(workspace_root(options), Path()).config_file
    files = [own] if own.is_file() else []
    return settings_module.load(files + ([options.config] if options.config else []))


def _source(options: argparse.Namespace, root: Path, db: Database) -> Path:
    """--source, else the source folder of the last run, else the workspace's data_src."""
    named = getattr(options, "source", None)
    remembered = facts.fact(db, facts.SOURCE_ROOT)
    return Path(named).resolve() if named else Path(remembered) if remembered else root / "data_src"


def remember(context: Context) -> None:
    """Store the source folder and the settings, for later commands and for the app."""
    facts.remember_fact(context.db, facts.SOURCE_ROOT, str(context.workspace.source))
    facts.save_settings(context.db, settings_module.as_tree(context.settings), context.origins)
