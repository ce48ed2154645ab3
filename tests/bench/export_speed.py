"""How long an export takes and how much memory: `python -m tests.bench.export_speed [PAIRS PAGES [FORMATS ...]]`.

Makes a workspace of synthetic pages (photographs of noise, as large as scans are) and approved pairs, exports it in a
process of its own, and prints seconds, peak memory and bytes. Without arguments: the size of the seed's dataset.
"""

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from exports.formats import chosen_formats
from review_db import pairs
from review_db.connection import immediate
from review_db.decisions import apply_decisions
from review_db.records import CandidatePair, DecisionRequest
from tests.accept.rows import Row
from tests.exports.shelf import TYPES, Shelf, a_scan, open_shelf
from tests.stored import supported

SEED = (12_410, 1_400)  # pairs and pages of the dataset that this project grew out of
SCAN_SIZE = (1200, 912)
QUALITY = 24  # about 270 kB; the seed's scans have 190
THINGS = ("bolt", "cover", "housing", "pump", "sensor", "shaft", "bearing", "valve", "lever", "gasket")
JOBS = ("tighten", "remove", "inspect", "replace", "measure", "adjust", "clean", "install")


def a_photograph() -> bytes:
    """A JPEG that compresses as badly as a scan does."""
    noise = Image.effect_noise(SCAN_SIZE, 60)
    with tempfile.NamedTemporaryFile(suffix=".jpg") as file:
        noise.save(file.name, quality=QUALITY)
        return Path(file.name).read_bytes()


def fill(shelf: Shelf, pair_count: int, page_count: int) -> None:
    """Pages with as many pairs each, all approved."""
    photograph, draw = a_photograph(), random.Random(7)
    for number in range(page_count):
        section = number % 30
        name = f"{section:02d}-{number:04d}_bench"
        file = shelf.scans / f"{section:02d} - {('Maintenance', 'Engine', 'Clutch')[section % 3]}" / f"{name}.jpg"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(photograph + number.to_bytes(4, "big"))
        with immediate(shelf.db):
            page = a_scan(shelf, number, section=section, name=name, width=SCAN_SIZE[0], height=SCAN_SIZE[1])
            count = pair_count // page_count + (number < pair_count % page_count)
            made = pairs.add_candidates(
                shelf.db, page, None, "offline", [a_text(draw, number, n) for n in range(count)]
            )
            known = {pair.pair_key: pair.pair_id for pair in pairs.pairs_of_page(shelf.db, page.page_id)}
            asked = [
                DecisionRequest(uuid.uuid4().hex, "approve", "ana", pair_id=known[key], revision=1) for key, _ in made
            ]
            apply_decisions(shelf.db, asked, supported)


def a_text(draw: random.Random, page: int, number: int) -> CandidatePair:
    """A pair as long as the seed's are."""
    what = f"{draw.choice(THINGS)} {draw.choice(THINGS)} {page}-{number}"
    question = f"How do you {draw.choice(JOBS)} the {what} when the {draw.choice(THINGS)} is already off?"
    answer = f"{draw.choice(JOBS).capitalize()} it to {draw.randint(5, 250)} Nm, then {draw.choice(JOBS)} the {what}."
    return CandidatePair(question, answer, TYPES[number % len(TYPES)])


def export(home: Path, formats: str) -> None:
    """Export in this process and print what it took."""
    shelf = open_shelf(home)
    started = time.monotonic()
    made = shelf.export(formats=chosen_formats(formats))
    seconds = time.monotonic() - started
    files = [file for file in made.path.rglob("*") if file.is_file()]
    megabytes = sum({file.stat().st_ino: file.stat().st_size for file in files}.values()) / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    figures = {
        "pairs": made.counts["pairs"],
        "images": made.counts["images"],
        "formats": formats,
        "seconds": round(seconds, 1),
        "peak_mb": round(peak),
        "written_mb": round(megabytes),
    }
    print(json.dumps(figures))


def measured(pair_count: int, page_count: int, wanted: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The figures of an export of each of `wanted` formats, each in a process whose memory is its own."""
    with tempfile.TemporaryDirectory() as folder:
        shelf = open_shelf(Path(folder))
        fill(shelf, pair_count, page_count)
        shelf.db.close()
        for formats in wanted:
            command = [sys.executable, "-m", "tests.bench.export_speed", "export", folder, formats]
            yield json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def rows() -> list[Row]:
    """Seconds of an export of the seed's size with an ImageFolder, and the most memory it takes."""
    (figures,) = measured(*SEED, ["imagefolder"])
    what = f"export of {figures['pairs']:,} pairs with ImageFolder"
    return [
        Row(f"{what}, s", figures["seconds"], "<= 8"),
        Row(f"{what}, memory at its peak, MB", figures["peak_mb"], "<= 500"),
    ]


def main() -> None:
    """`export FOLDER FORMATS` exports here; `PAIRS PAGES [FORMATS ...]` fills a workspace and measures each."""
    arguments = sys.argv[1:]
    if arguments[:1] == ["export"]:
        export(Path(arguments[1]), arguments[2])
        return
    pair_count, page_count = map(int, arguments[:2]) if len(arguments) > 1 else SEED
    for figures in measured(pair_count, page_count, arguments[2:] or ["imagefolder"]):
        print(json.dumps(figures), flush=True)


if __name__ == "__main__":
    main()
