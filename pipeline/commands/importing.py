"""`manualqa import`: pairs from a JSONL dataset, checked like any other."""

from __future__ import annotations

import argparse
import sys

from pipeline.commands.context import opened
from pipeline.errors import PipelineError
from pipeline.importing import import_records
from pipeline.progress import Progress


def import_file(options: argparse.Namespace) -> int:
    """Take the records, print how many matched, were new, set aside or refused; exit code 3 when any was refused."""
    for path, kind in ((options.file, "file"), (options.images, "folder")):
        if not path.exists():
            raise PipelineError(f"there is no {kind} {path}", "manualqa import FILE.jsonl --images DIR")
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
    print(
        f"matched {summary.matched}, new {summary.new}, set aside {summary.set_aside}, refused {len(summary.refused)}"
    )
    for line, reason in summary.refused[:50]:
        print(f"refused: line {line}: {reason}", file=sys.stderr)
    return 3 if summary.refused else 0
