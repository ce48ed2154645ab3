"""Measure how long the stage dedupe takes for 200 new pairs beside 50,000 stored ones; their vectors are ready.

`python tests/bench/compare_new.py`: seconds of the whole stage; only the making of vectors is not counted.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import os

import numpy as np

from pipeline import embedder, meanings, near_duplicates, settings
from pipeline.progress import Progress
from pipeline.selection import Selection
from pipeline.stages import dedupe
from pipeline.workspace import Workspace
from review_db import compared, normal_forms, vectors
from review_db.connection import Database, immediate, open_review_db
from tests.accept.rows import Row
from tests.crowd import crowd

STORED, NEW, LENGTH = 50_000, 200, 384


def _with_vectors(db: Database) -> None:
    """Random vectors for all pairs, the new ones near a stored one; all but the new ones count as compared."""
    rules = near_duplicates.rules(by_meaning=True)
    pairs = compared.uncompared(db, [rules])
    random = np.random.default_rng(7)
    made = random.standard_normal((len(pairs), LENGTH), dtype=np.float32)
    made[-NEW:] = made[:NEW] + 0.3 * made[-NEW:]
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    names = [meanings.name_of(pair.question, pair.answer) for pair in pairs]
    vectors.store(db, embedder.MODEL, {name: row.tobytes() for name, row in zip(names, made, strict=True)})
    stored = zip(pairs[:-NEW], names, strict=False)
    compared.remember(db, [(pair.pair_key, pair.revision, rules, name) for pair, name in stored])
    old = pairs[:-NEW]
    forms = [(pair.pair_key, pair.revision, dedupe.question_digest(pair.question)) for pair in old]
    normal_forms.store(db, dedupe.FORM_RULES, forms)
    with immediate(db):
        normal_forms.mark_linked(db, [pair.pair_key for pair in old])


def rows() -> list[Row]:
    """Seconds for the new pairs, and its goal."""
    os.environ.pop(embedder.SWITCH, None)
    with tempfile.TemporaryDirectory() as folder:
        db = open_review_db(Path(folder) / "review.sqlite")
        crowd(db, STORED + NEW, decided=0)
        _with_vectors(db)
        workspace, chosen = Workspace(Path(folder), Path(folder)), settings.load([])[0]
        started = time.perf_counter()
        dedupe.run(db, workspace, chosen, Selection(), Progress.silent())
        seconds = time.perf_counter() - started
        db.close()
    return [Row(f"{NEW} new pairs compared with {STORED:,} stored, s", seconds, "<= 1")]


if __name__ == "__main__":
    print(*rows(), sep="\n")
