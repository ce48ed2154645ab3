"""How many of the pairs drawn for the technician's sheet were accepted as they are, from verdicts kept by hash.

A drawn pair without a verdict counts as not accepted: a changed engine draws changed pairs, which must be judged
first (`python -m tests.accept --sheet SEED`, then a line for each key in `verdicts.jsonl`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.accept.corpus_pages import CorpusPages
from tests.accept.rows import Row, WordsByPage
from tests.accept.sheet import SEED, Drawn, draw

VERDICTS = Path(__file__).with_name("verdicts.jsonl")
SEEDS = (SEED, 7, 11)
"""The pairs of the first two seeds were judged while rules were still being made; no seed is held out."""
GOAL = 0.85


def rows(corpus: Path, words_by_page: WordsByPage) -> list[Row]:
    """The accepted share of each seed's sheet."""
    pages, known = CorpusPages(corpus, words_by_page), verdicts()
    return [_row(seed, list(draw(pages, seed)), known) for seed in SEEDS]


def verdicts(file: Path = VERDICTS) -> dict[str, bool]:
    """By the key of a pair, whether a technician accepts it as it is; a later line replaces an earlier one."""
    lines = file.read_text(encoding="utf-8").splitlines()
    return {record["key"]: record["verdict"] == "accept" for record in map(json.loads, lines)}


def _row(seed: int, drawn: Sequence[Drawn], known: Mapping[str, bool]) -> Row:
    waiting = sum(item.key not in known for item in drawn)
    accepted = sum(known.get(item.key, False) for item in drawn)
    note = f", {waiting} not judged yet" if waiting else ""
    name = f"offline pairs that a technician accepts as they are (seed {seed}, {len(drawn)} pairs{note})"
    return Row(name, accepted / max(1, len(drawn)), GOAL)
