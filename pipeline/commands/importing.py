"""`manualqa import`: pairs from a JSONL dataset, checked like any other, or from a release with their decisions."""

from __future__ import annotations

import argparse
import sys

from exports.decided import decided_pairs, release_folder_of
from pipeline.commands.context import opened
from pipeline.commands.restoring import restore
from pipeline.errors import PipelineError
from pipeline.importing import ImportSummary, import_records
from pipeline.progress import Progress

USAGE = "manualqa import FILE.jsonl --images DIR"
SHOWN = 50


def import_file(options: argparse.Namespace) -> int:
    """Take the records, print how many matched, were new, set aside or refused; exit code 3 when any was refused."""
    if options.decisions:
        return _import_release(options)
    if options.images is None:
        raise PipelineError("--images is missing", USAGE)
    for path, kind in ((options.file, "file"), (options.images, "folder")):
        if not path.exists():
            raise PipelineError(f"there is no {kind} {path}", USAGE)
    with opened(options) as context:
        summary = import_records(
            context.db,
            context.workspace,
            context.settings,
            options.file,
            options.images,
            Progress.on_stderr(),
            later=options.later,
        )
    return _told(summary)


def _import_release(options: argparse.Namespace) -> int:
    folder = release_folder_of(options.file)
    if folder is None:
        raise PipelineError(f"{options.file} is no release", "manualqa import RELEASE --decisions")
    if options.images is not None and options.images.resolve() != folder.resolve():
        raise PipelineError("the images of a release are its own", "leave --images out with --decisions")
    origin, decided = decided_pairs(folder)
    with opened(options) as context:
        summary, approvals = restore(
            context.db,
            context.workspace,
            context.settings,
            folder.resolve(),  # the images stay there: not behind `latest`, which moves on
            origin,
            decided,
            Progress.on_stderr(),
            later=options.later,
        )
    print(f"approved {approvals.taken}, kept as decided here {len(approvals.refused)}")
    for pair_id, reason in approvals.refused[:SHOWN]:
        print(f"kept: {pair_id}: {reason}", file=sys.stderr)
    return _told(summary)


def _told(summary: ImportSummary) -> int:
    print(
        f"matched {summary.matched}, new {summary.new}, set aside {summary.set_aside}, refused {len(summary.refused)}"
    )
    for line, reason in summary.refused[:SHOWN]:
        print(f"refused: line {line}: {reason}", file=sys.stderr)
    return 3 if summary.refused else 0
