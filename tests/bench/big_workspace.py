"""A workspace of the size that speed is promised for: 20,000 pairs on 2,000 pages, each over a real scan."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import cycle, islice
from pathlib import Path

from PIL import Image

from pipeline import settings
from review_db import pages, pairs, words
from review_db.connection import Database, immediate, open_review_db
from review_db.facts import remember_fact, save_settings
from review_db.records import CandidatePair, Evidence, Finding, Page, PageClass, TokenEvidence, Word
from tests.bench.scans import scans

PAGES, PAIRS_PER_PAGE = 2000, 10
WORDS_PER_PAGE = 180


def big_workspace(root: Path, *, page_count: int = PAGES, pairs_per_page: int = PAIRS_PER_PAGE) -> Path:
    """Make the workspace below `root` (about half a minute) and return its database file."""
    chance = random.Random(20)
    source, file = root / "data_src", root / "review_db" / "review.sqlite"
    db = open_review_db(file)
    remember_fact(db, "source_root", str(source))
    defaults, origins = settings.load([])
    save_settings(db, settings.as_tree(defaults), origins)
    with immediate(db):
        for number, scan in enumerate(islice(cycle(scans()), page_count)):
            page = _page(db, source, number, scan)
            _pairs(db, page, number, pairs_per_page, chance)
    db.close()
    return file


@contextmanager
def lent(root: Path) -> Iterator[Path]:
    """A big workspace at `root`; a copy of the one that MANUALQA_BENCH_WORKSPACE names, where it does."""
    named = os.environ.get("MANUALQA_BENCH_WORKSPACE")
    if named:
        shutil.copytree(Path(named) / "review_db", root / "review_db")
    else:
        big_workspace(root)
    yield root


def _page(db: Database, source: Path, number: int, scan: Path) -> Page:
    section = f"{11 + number // 100}"
    page_id = f"{section}-{number:04d}"
    file = source / f"{section} - Section {section}" / f"{page_id}{scan.suffix}"
    file.parent.mkdir(parents=True, exist_ok=True)
    _placed(scan, file)
    with Image.open(scan) as image:
        width, height = image.size
    digest = f"{number:064x}"
    version = pages.add_page_version(
        db, page_id=page_id, manual="manual", source=file.relative_to(source).as_posix(), page_number=None,
        sort_key=page_id, file_id=None, identity=digest, kind="image", image_sha256=digest, image_path=str(file),
        width=width, height=height, status="ok",
    )  # fmt: skip
    kind = PageClass("offline", "service_manual", "specification", False, 0.9, section, f"Section {section}", page_id)
    pages.save_class(db, version, kind)
    words.save_words(db, digest, "drawn", [_word(number, at) for at in range(WORDS_PER_PAGE)], 0.1)
    return pages.page_by_id(db, page_id)


def _placed(scan: Path, file: Path) -> None:
    """The scan under a name of its own, without taking its room on the disk again where that can be had."""
    with suppress(FileExistsError):
        try:
            file.hardlink_to(scan)
        except OSError:
            shutil.copy(scan, file)


def _word(number: int, at: int) -> Word:
    row, column = divmod(at, 6)
    left, top = 0.06 + 0.15 * column, 0.04 + 0.03 * row
    return Word(f"{number}.{at}", (left, top, left + 0.1, top + 0.015), 0.97, row)


def _pairs(db: Database, page: Page, number: int, count: int, chance: random.Random) -> None:
    for row in range(count):
        answer = f"{row + 1}{number % 100} Nm, then turn by {15 * (row + 1)} degrees"
        question = f"How is item {row + 1} of part {number} tightened, and in which order?"
        ((key, _),) = pairs.add_candidates(db, page, None, "offline", [CandidatePair(question, answer, "factual")])
        place = _word(number, 7 * row).box
        tokens = tuple(TokenEvidence(token, True, place) for token in answer.split()[:2])
        found = Evidence("supported", answer, (place,), (), tokens)
        pairs.save_finding(db, key, 1, Finding(found, (), chance.random()), "bench")
