"""Releases from the command line: export, emit, validate, finalize, verify."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from exports import verify as verifying
from exports.errors import NoReleaseError
from exports.formats import chosen_formats
from exports.options import Options
from exports.release import Advance, Release, ReleaseRequest, build_release, newest_release
from exports.settings import OutputSettings
from exports.splits import shown_splits
from exports.validation import Validation, validate_release
from pipeline import settings as settings_module
from pipeline.commands.context import Context, opened
from pipeline.progress import Bar, Progress
from pipeline.settings import Settings
from pipeline.workspace import Workspace
from review_db.connection import Database


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to export and where to; the defaults are those of `emit`."""

    out: Path | None = None
    include: str = "approved"
    formats: str = ""
    options: Options = field(default_factory=Options)


def release(db: Database, workspace: Workspace, settings: Settings, wanted: Wanted, progress: Progress) -> Release:
    """Make a release of the workspace's present state; for commands and for export jobs."""
    request = ReleaseRequest(
        workspace.releases,
        workspace.cache,
        workspace.source,
        wanted.out,
        wanted.include,
        chosen_formats(wanted.formats),
        wanted.options,
    )
    with ExitStack() as stack:
        return build_release(db, request, output_settings(settings), shown(progress, stack, "export"))


def output_settings(settings: Settings) -> OutputSettings:
    """The output section of resolved settings."""
    return OutputSettings.of(settings_module.as_tree(settings)["output"])


def shown(progress: Progress, stack: ExitStack, name: str) -> Advance:
    """A bar that appears with the first step, when the number of steps is known, and closes with `stack`."""
    bars: list[Bar] = []

    def advance(done: int, total: int, label: str) -> None:
        if not bars:
            bars.append(stack.enter_context(progress.stage(name, total)))
        bars[0].done, bars[0].total = done - 1, total
        bars[0].advance(label)

    return advance


def export(options: argparse.Namespace) -> int:
    """Write a release and print where it lies; exit code 3 when an approved pair could not be written."""
    chosen = Options(options.image_size, options.crops, options.evidence, options.conversations)
    with opened(options) as context:
        made = _made(context, Wanted(options.out, options.include, options.formats, chosen))
    if options.json:
        print(json.dumps({"path": str(made.path), "counts": made.counts}))
    else:
        _print_counts(made)
    return _told(made)


def emit(options: argparse.Namespace) -> int:
    """Export with defaults."""
    with opened(options) as context:
        made = _made(context, Wanted())
    _print_counts(made)
    return _told(made)


def validate(options: argparse.Namespace) -> int:
    """Check the newest release; exit code 1 when it fails, with --strict also when there are warnings."""
    with opened(options) as context:
        folder = newest_release(context.db)
        if folder is None:
            raise NoReleaseError("there is no release yet", "`manualqa export` makes one")
        found = validate_release(folder, output_settings(context.settings))
    print(folder)
    _print_validation(found, strict=options.strict)
    return 0 if found.passed(strict=options.strict) else 1


def finalize(options: argparse.Namespace) -> int:
    """Emit and validate."""
    exported = emit(options)
    return validate(options) or exported


def verify(options: argparse.Namespace) -> int:
    """Print the relative path of each file that is not as it was exported; exit code 1 when there is one."""
    found = verifying.alterations(options.folder)
    for name in found:
        print(_printable(name))
    for name, what in found.items():
        print(f"{what}: {_printable(name)}", file=sys.stderr)
    if list(found) == [verifying.MANIFEST]:
        print("without its manifest the other files of a release cannot be checked", file=sys.stderr)
    elif not found:
        print("every file is as it was exported", file=sys.stderr)
    return 1 if found else 0


def _printable(name: str) -> str:
    return name.encode("utf-8", "backslashreplace").decode()


def _made(context: Context, wanted: Wanted) -> Release:
    return release(context.db, context.workspace, context.settings, wanted, Progress.on_stderr())


def _print_counts(made: Release) -> None:
    counts = made.counts
    print(made.path)
    print(
        f"{counts['pairs']} pairs ({', '.join(f'{counts[split]} {split}' for split in shown_splits(counts))}) "
        f"on {counts['pages']} pages, {counts['images']} images"
    )
    if made.nearest:
        print(f"most similar across splits: {made.nearest}")
    left_out = counts["left_out"]
    if isinstance(left_out, dict) and left_out:
        print("left out: " + ", ".join(f"{count} {reason}" for reason, count in left_out.items()))
    for name, reasons in made.left_out.items():
        for reason, count in reasons.items():
            print(f"left out of {name}: {count} {reason}")


def _told(made: Release) -> int:
    """Name the approved pairs that stayed behind; exit code 3 when there are any."""
    for pair_id, reason in sorted(made.unusable.items()):
        print(f"left out: {pair_id}: {reason}", file=sys.stderr)
    return 3 if made.unusable else 0


def _print_validation(found: Validation, *, strict: bool) -> None:
    print("PASS" if found.passed(strict=strict) else "FAIL")
    for title, problems in (("error", found.errors), ("warning", found.warnings), ("note", found.notes)):
        for line in problems.lines():
            print(f"{title}: {line}")
    for name in found.distribution.by:
        rows = found.distribution.rows(name)
        print(f"{name}: " + ", ".join(f"{value} {'+'.join(map(str, counts))}" for value, *counts, _ in rows))
