"""Commands whose engine a later version brings; they say so and change nothing."""

from __future__ import annotations

import argparse

from pipeline.errors import NotYetError


def compare(options: argparse.Namespace) -> int:
    """Comparing meanings needs the embeddings."""
    raise NotYetError("not yet: this version links exact duplicates only", "`manualqa pairs --jsonl` shows the links")
