"""Build a small workspace as the pipeline would leave it: drawn page images, their words, pairs with evidence."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from pipeline import settings
from review_db import pages, pairs, words
from review_db.connection import Database, immediate, open_review_db
from review_db.facts import remember_fact, save_settings
from review_db.records import (
    Box,
    CandidatePair,
    Evidence,
    Finding,
    Flag,
    Page,
    PageClass,
    TokenEvidence,
    Word,
)

WIDTH, HEIGHT = 1000, 1400
SECTIONS = (("11", "Engine"), ("21", "Clutch"), ("33", "Rear axle"))
VALUES = (
    "Cylinder head bolt",
    "Flywheel bolt",
    "Clutch housing",
    "Drain plug",
    "Slave cylinder",
    "Guide sleeve",
)


@dataclass(frozen=True, slots=True)
class Seeded:
    """A workspace with its open database."""

    root: Path
    db: Database
    page_ids: tuple[str, ...]
    pair_ids: tuple[str, ...]

    @property
    def database(self) -> Path:
        return self.root / "review_db" / "review.sqlite"


def seeded_workspace(root: Path, *, page_count: int = 3, pairs_per_page: int = 4, with_sheet: bool = True) -> Seeded:
    """A workspace at `root` with `page_count` scans, and one HTML sheet, all pairs pending."""
    db = open_review_db(root / "review_db" / "review.sqlite")
    source = root / "data_src"
    remember_fact(db, "source_root", str(source))
    defaults, origins = settings.load([])
    save_settings(db, settings.as_tree(defaults), origins)
    page_ids, pair_ids = [], []
    with immediate(db):
        for number in range(1, page_count + 1):
            page = _scanned_page(db, source, number)
            page_ids.append(page.page_id)
            pair_ids += _pairs_of_scan(db, page, number, pairs_per_page)
        if with_sheet:
            page = _sheet(db)
            page_ids.append(page.page_id)
            pair_ids += _pairs_of_sheet(db, page)
    return Seeded(root, db, tuple(page_ids), tuple(pair_ids))


def _scanned_page(db: Database, source: Path, number: int) -> Page:
    section_id, name = SECTIONS[number % len(SECTIONS)]
    folder = source / f"{section_id} - {name}"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{section_id}-{number:02d}.jpg"
    image, found = drawn_page(f"{name}: tightening torques, part {number}", number)
    image.save(file, quality=70)
    digest = hashlib.sha256(image.tobytes()).hexdigest()
    page_id = f"{section_id}-{number:02d}"
    version = pages.add_page_version(
        db, page_id=page_id, manual="manual", source=file.relative_to(source).as_posix(), page_number=None,
        sort_key=f"{number:06d}", file_id=None, identity=digest, kind="image", image_sha256=digest,
        image_path=str(file), width=WIDTH, height=HEIGHT, status="ok",
    )  # fmt: skip
    kind = PageClass("offline", "service_manual", "specification", False, 0.9, section_id, name, "Tightening torques")
    pages.save_class(db, version, kind)
    words.save_words(db, digest, "drawn", found, 0.1)
    return pages.page_by_id(db, page_id)


def drawn_page(title: str, number: int) -> tuple[Image.Image, list[Word]]:
    """A page that looks like a scan of a table of torques, and its words."""
    image = Image.new("RGB", (WIDTH, HEIGHT), (250, 249, 245))
    draw = ImageDraw.Draw(image)
    found: list[Word] = []
    lines = [(90, 46, title)]
    for row, name in enumerate(VALUES):
        lines += [
            (230 + 150 * row, 32, f"{row + 1}. {name}"),
            (275 + 150 * row, 32, f"{10 * number + row} Nm"),
        ]
    for line, (y, size, text) in enumerate(lines):
        found += _drawn_line(draw, 110, y, size, text, line)
    draw.rectangle((80, 200, 920, 1180), outline=(60, 60, 60), width=2)
    return image, found


def _drawn_line(draw: ImageDraw.ImageDraw, x: float, y: float, size: int, text: str, line: int) -> list[Word]:
    font, found = ImageFont.load_default(size), []
    for part in text.split():
        draw.text((x, y), part, fill=(35, 35, 40), font=font)
        left, top, right, bottom = draw.textbbox((x, y), part, font=font)
        box = (left / WIDTH, top / HEIGHT, right / WIDTH, bottom / HEIGHT)
        found.append(Word(part, box, 0.98, line))
        x = right + size * 0.35
    return found


def _pairs_of_scan(db: Database, page: Page, number: int, count: int) -> list[str]:
    found = words.words_of(db, page)
    made = []
    for row in range(count):
        name, value = VALUES[row % len(VALUES)], f"{10 * number + row % len(VALUES)} Nm"
        wrong = row % 4 == 3
        answer = "95 Nm, with a new bolt" if wrong else value
        question = f"What is the tightening torque of item {row + 1} ({name.lower()}) in part {number}?"
        candidate = CandidatePair(question, answer, "factual")
        ((key, _),) = pairs.add_candidates(db, page, None, "offline", [candidate])
        place = _place(found, value)
        pairs.save_finding(db, key, 1, _wrong(place) if wrong else _right(value, place, number, row), "test")
        made.append(pairs.pairs_by_key(db, [key])[0].pair_id)
    return made


def _place(found: list[Word], value: str) -> Box:
    """The box round the two words of a value."""
    first, second = value.split()
    for left, right in pairwise(found):
        if (left.text, right.text) == (first, second):
            return (left.box[0], min(left.box[1], right.box[1]), right.box[2], max(left.box[3], right.box[3]))
    raise AssertionError(f"{value} was not drawn")


def _right(value: str, place: Box, number: int, row: int) -> Finding:
    tokens = tuple(TokenEvidence(token, True, place) for token in value.split())
    risk = max(0.05, 0.5 - 0.1 * number - 0.01 * row)
    return Finding(Evidence("supported", value, (place,), (), tokens), (), risk)


def _wrong(place: Box) -> Finding:
    tokens = (TokenEvidence("95", False), TokenEvidence("Nm", True, place), TokenEvidence("bolt", False))
    flag = Flag("number_not_on_page", "95 is not on the page.")
    return Finding(
        Evidence("partly", None, (place,), ("95", "bolt"), tokens),
        (flag,),
        0.3,
        0.1,
        {"sure_warning": 1.0, "doubted": 1.0},
    )


def _sheet(db: Database) -> Page:
    digest = hashlib.sha256(b"sheet").hexdigest()
    version = pages.add_page_version(
        db, page_id="html-techspec", manual="manual", source="techspec.html", page_number=None, sort_key="999999",
        file_id=None, identity=digest, kind="html", image_sha256=digest, image_path=None, width=None, height=None,
        status="ok",
    )  # fmt: skip
    kind = PageClass("offline", "html_specs", "specification", False, 1.0, "techspec", "Technical data", "Engine data")
    pages.save_class(db, version, kind)
    rows = [
        ("Engine",),
        ("Displacement", "2494 cm3"),
        ("Compression ratio", "10.5 : 1"),
        ("Oil capacity", "6.5 l"),
    ]
    found, line = [], 0
    for y, row in enumerate(rows, 1):
        for x, cell in enumerate(row):
            box = (x / 2, y / 10, (x + 1) / 2, (y + 1) / 10)
            found += [Word(part, box, 1.0, line) for part in cell.split()]
            line += 1
    words.save_words(db, digest, "drawn", found, 0.0)
    return pages.page_by_id(db, "html-techspec")


def _pairs_of_sheet(db: Database, page: Page) -> list[str]:
    candidate = CandidatePair("What is the displacement of the engine?", "2494 cm3", "factual")
    ((key, _),) = pairs.add_candidates(db, page, None, "offline", [candidate])
    tokens = (TokenEvidence("2494", True), TokenEvidence("cm3", True))
    evidence = Evidence("supported", "Displacement 2494 cm3", (), (), tokens)
    pairs.save_finding(db, key, 1, Finding(evidence, (), 0.02), "test")
    return [pairs.pairs_by_key(db, [key])[0].pair_id]
