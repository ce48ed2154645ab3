"""Questions that a person at a terminal answers, and `--yes` anywhere."""

from __future__ import annotations

import argparse
import sys

from pipeline.errors import PipelineError


def confirm(options: argparse.Namespace, question: str, refusal: str = "nothing was done") -> None:
    """Return when the answer is yes. Raises PipelineError when it is not, or when there is nobody to ask."""
    if options.yes:
        return
    if not sys.stdin.isatty() or input(f"{question} [y/N] ").strip().lower() not in ("y", "yes"):
        raise PipelineError(refusal, "add --yes to answer yes")
