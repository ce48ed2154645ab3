"""Publish the newest release on the Hugging Face Hub: publish, upload, and the jobs that the app asks for."""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from typing import Any

from exports.errors import PublishError
from exports.publishing import Change, Published, PublishRequest
from exports.publishing import publish as publish_release
from exports.release import newest_release
from pipeline.commands.context import opened
from pipeline.commands.releasing import shown
from pipeline.progress import Progress
from pipeline.settings import Settings
from pipeline.workspace import Workspace
from review_db.connection import Database

TABLES = "publish"
"""The folder of the cache in which tables for the Hub are made."""


def publication(
    db: Database,
    workspace: Workspace,
    settings: Settings,
    repository: str,
    progress: Progress,
    *,
    license: str | None = None,
    public: bool = False,
    dry_run: bool = False,
) -> Published:
    """Publish the workspace's newest release; `repository` and `license` default to those of the configuration."""
    request = PublishRequest(
        repository or settings.output.repository,
        newest_release(db),
        workspace.cache / TABLES,
        license or settings.output.license,
        public,
        dry_run,
        settings.output.publish_reviewers,
    )
    if not request.repository:
        raise PublishError("no repository is named", "name one as owner/name, or set output.repository in config.yaml")
    with ExitStack() as stack:
        return publish_release(request, shown(progress, stack, "publish"))


def publish(options: argparse.Namespace) -> int:
    """Publish to REPO, or to the configured repository, and print where it is."""
    with opened(options) as context:
        named = options.repository or context.settings.output.repository
        if options.public and not options.dry_run:
            _ask_twice(options, named)
        made = publication(
            context.db,
            context.workspace,
            context.settings,
            named,
            Progress.on_stderr(),
            public=options.public,
            dry_run=options.dry_run,
        )
    for warning in made.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    _print_plan(made) if options.dry_run else _print_done(made)
    return 0


def summary(made: Published) -> dict[str, Any]:
    """What the app shows of a publication."""
    return {
        "url": made.url,
        "tag": made.tag,
        "private": made.private,
        "created": made.created,
        "changed": made.changed,
        "bytes": made.sent_bytes(),
        "files": [[change.path, change.what, change.size] for change in made.changes if change.what != "keep"],
        "kept": sum(change.what == "keep" for change in made.changes),
    }


def _ask_twice(options: argparse.Namespace, named: str) -> None:
    """--public is the first time; the second is the repository's name, typed again or given as an argument."""
    if options.yes or (options.repository and not sys.stdin.isatty()):
        return
    question = f"Everybody will see {named}. Type its name to go on: "
    if not sys.stdin.isatty() or input(question).strip() != named:
        raise PublishError("nothing was published", "name the repository on the command line, or add --yes")


def _print_plan(made: Published) -> None:
    for change in made.changes:
        print(_line(change))
    place = "would be created" if made.created else "is there"
    seen = "private" if made.private else "public"
    print(f"{made.url} {place}, {seen}; tag {made.tag}; {size(made.sent_bytes())} to send")


def _line(change: Change) -> str:
    return f"{change.what:8}{size(change.size):>10}  {change.path}"


def _print_done(made: Published) -> None:
    print(made.url)
    if not made.changed:
        print(f"release {made.tag} is there already: nothing was sent")
        return
    sent = sum(change.what in ("add", "replace") for change in made.changes)
    deleted = sum(change.what == "delete" for change in made.changes)
    print(f"tag {made.tag}: {sent} files sent ({size(made.sent_bytes())}), {deleted} deleted")


def size(count: int) -> str:
    """Bytes as people read them."""
    if count < 1_000_000:
        return f"{count / 1000:,.1f} kB"
    return f"{count / 1_000_000:,.1f} MB"
