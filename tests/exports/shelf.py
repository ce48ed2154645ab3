"""A small manual with real page images and approved pairs, for tests of exports."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

from PIL import Image, ImageDraw

from exports.images import sha256_of
from exports.release import Release, ReleaseRequest, build_release
from exports.settings import OutputSettings
from review_db import files, pages
from review_db.connection import Database, immediate, open_review_db
from review_db.records import Page, PageClass, SourceFile
from tests.stored import a_page, a_pair, decide

SETTINGS = OutputSettings(
    validation_ratio=0.1, test_ratio=0.0, seed=42, image_mode="copy", resize_long_edge=1568, license="", language="en",
    shortest_question=10, shortest_answer=1, longest_answer=1000, smallest_section=5, largest_section=2000,
    smallest_image=100,
)  # fmt: skip
SECTIONS = ("Maintenance", "Engine", "Clutch")
TYPES = ("factual", "procedural", "tool", "safety")


@dataclass
class Shelf:
    """A workspace folder with its open database."""

    home: Path
    db: Database

    @property
    def scans(self) -> Path:
        return self.home / "data_src"

    @property
    def cache(self) -> Path:
        return self.home / "review_db" / "cache"

    @property
    def releases(self) -> Path:
        return self.home / "exports" / "releases"

    def request(self, **facts) -> ReleaseRequest:
        return replace(ReleaseRequest(self.releases, self.cache, self.scans), **facts)

    def export(self, settings: OutputSettings = SETTINGS, **facts) -> Release:
        return build_release(self.db, self.request(**facts), settings)


def open_shelf(home: Path) -> Shelf:
    return Shelf(home, open_review_db(home / "review_db" / "review.sqlite"))


def draw_scan(file: Path, text: str, size: tuple[int, int] = (240, 160)) -> None:
    """A picture that no other text gives."""
    file.parent.mkdir(parents=True, exist_ok=True)
    image = Image.new("L", size, 245)
    ImageDraw.Draw(image).text((10, 10), text, fill=20)
    image.save(file, quality=90)


def a_scan(shelf: Shelf, number: int, *, section: int = 0, name: str | None = None, **facts) -> Page:
    """A scan in the source folder, as the inventory and the classification leave it in the database."""
    section_id, section_name = f"{section:02d}", SECTIONS[section % len(SECTIONS)]
    page_id = name or f"{section_id}-{number:02d}_{section_name[:8].lower()}"
    source = f"{section_id} - {section_name}/{page_id}.jpg"
    file = shelf.scans / source
    if not file.exists():
        draw_scan(file, page_id)
    file_id = files.record_file(shelf.db, str(shelf.scans), source_file(file, source))
    page = a_page(
        shelf.db, page_id,
        **{"source": source, "sort_key": page_id, "file_id": file_id, "image_path": str(file),
           "width": 240, "height": 160, "image_sha256": f"pixels of {page_id}"} | facts,
    )  # fmt: skip
    classify(shelf, page, section_id, section_name)
    return pages.page_by_id(shelf.db, page_id)


def source_file(file: Path, source: str) -> SourceFile:
    state = file.stat()
    return SourceFile(source, "image", sha256_of(file), state.st_size, state.st_mtime_ns, "ok", manual="manual")


def classify(shelf: Shelf, page: Page, section_id: str, section_name: str) -> None:
    pages.save_class(
        shelf.db,
        page.page_version_id,
        PageClass("offline", "service_manual", "procedure", False, 0.9, section_id, section_name),
    )


def approved(shelf: Shelf, page: Page, count: int, *, start: int = 0) -> list[str]:
    """Approved pairs on a page, of turning question types; their ids."""
    ids = []
    for number in range(start, start + count):
        kind = TYPES[number % len(TYPES)]
        pair = a_pair(
            shelf.db, page, f"What does step {number} of {page.page_id} ask for?",
            f"{number + 10} Nm at {page.page_id}", question_type=kind,
        )  # fmt: skip
        assert decide(shelf.db, pair.pair_id, "approve", revision=1).ok
        ids.append(pair.pair_id)
    return ids


def fill(shelf: Shelf, pages_count: int = 12, pairs_each: int = 5) -> list[Page]:
    """Pages in turning sections with approved pairs."""
    with immediate(shelf.db):  # one commit for all: hundreds would be most of a test's time
        made = [a_scan(shelf, number, section=number % 3) for number in range(pages_count)]
        for page in made:
            approved(shelf, page, pairs_each)
    return made


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by relative path."""
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def splits_of(folder: Path) -> dict[str, set[str]]:
    """Split -> page_ids of its records."""
    found = {}
    for split, name in (("train", "vlm_train.jsonl"), ("validation", "vlm_val.jsonl")):
        lines = (folder / name).read_text("utf-8").split("\n")[:-1]
        found[split] = {json.loads(line)["metadata"]["page_id"] for line in lines}
    return found
