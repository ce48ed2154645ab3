"""Vectors of the texts of a run: those stored are taken, the others made in batches and stored at once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.embedder import MODEL, load_embedder
from pipeline.progress import Progress
from review_db import vectors
from review_db.connection import Database

BATCH = 64
Matrix = NDArray[np.float32]


def name_of(question: str, answer: str) -> str:
    """The sha256 by which the vector of "question answer" is stored."""
    return hashlib.sha256(f"{question} {answer}".encode()).hexdigest()


def make(db: Database, texts: dict[str, str], progress: Progress) -> bool:
    """Store a vector for each text (by its sha256) that has none; False where no embedder can be had.

    Each batch is stored as soon as it is made, so that a run that is stopped goes on from there.
    """
    missing = sorted(texts.keys() - vectors.stored(db, MODEL, texts), key=lambda name: len(texts[name]))
    if not missing:
        return True
    embedder = load_embedder(progress.note)
    if embedder is None:
        return False
    with progress.stage("vectors", len(missing)) as bar:
        for start in range(0, len(missing), BATCH):
            names = missing[start : start + BATCH]
            made = embedder.encode([texts[name] for name in names])
            vectors.store(db, MODEL, {name: row.tobytes() for name, row in zip(names, made, strict=True)})
            for name in names:
                bar.advance(name[:8])
    return True


def matrix(blobs: Sequence[bytes]) -> Matrix:
    """The vectors as rows."""
    return np.frombuffer(b"".join(blobs), dtype=np.float32).reshape(len(blobs), -1)


def neighbours(new: Matrix, stored: Matrix, least: float, most: int, block: int = 256) -> list[list[tuple[int, float]]]:
    """For each row of `new` its nearest rows of `stored` as (index, cosine), at least `least`, at most `most`."""
    found: list[list[tuple[int, float]]] = []
    for start in range(0, len(new), block):
        likeness = new[start : start + block] @ stored.T
        for row in likeness:
            (columns,) = np.nonzero(row >= least)
            best = columns[np.argsort(-row[columns])[:most]]
            found.append([(int(column), float(row[column])) for column in best])
    return found
