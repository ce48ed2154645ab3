"""Draws the sample manual: every scan, the PDF, the spec sheet and the by-files, and its truth file."""

import hashlib
import io
import json
import platform
import time
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from PIL import Image, features

from tests.sample_manual import (
    pages_clutch,
    pages_diagram,
    pages_electrical,
    pages_engine,
    pages_gearbox,
    pages_tables,
    pages_troubles,
    site_files,
    spec_sheet,
)
from tests.sample_manual.page import PageSpec, drawn, page_truth
from tests.sample_manual.scan import scan
from tests.sample_manual.sheet import Sheet

HERE = Path(__file__).resolve().parent
SAMPLE = HERE.parents[1] / "data_src" / "sample-manual"
TRUTH = HERE / "truth.jsonl"
RECORD = HERE / "drawn_with.json"

PAGES: tuple[PageSpec, ...] = tuple(
    chain(
        pages_tables.PAGES,
        pages_engine.PAGES,
        pages_diagram.PAGES,
        pages_clutch.PAGES,
        pages_troubles.PAGES,
        pages_electrical.PAGES,
        pages_gearbox.PAGES,
    )
)
SCANS = tuple(page for page in PAGES if page.page_number is None)
PDF_PAGES = tuple(page for page in PAGES if page.page_number is not None)

# A PDF carries its date of making; ours is always the same.
PDF_DATE = time.struct_time((1987, 3, 23, 9, 0, 0, 0, 82, 0))


def scanned(page: PageSpec) -> Image.Image:
    """The page as the scanner delivers it, before compression."""
    return scan(drawn(page), page.scanner)


def jpeg(page: PageSpec) -> bytes:
    """One scan as a JPEG file."""
    buffer = io.BytesIO()
    dpi = (page.scanner.dpi, page.scanner.dpi)
    scanned(page).save(buffer, "JPEG", quality=page.scanner.quality, dpi=dpi)
    return buffer.getvalue()


def pdf() -> bytes:
    """The scanned PDF: one image a page and no text."""
    first, *rest = [scanned(page) for page in PDF_PAGES]
    scanner, buffer = PDF_PAGES[0].scanner, io.BytesIO()
    first.save(
        buffer,
        "PDF",
        save_all=True,
        append_images=rest,
        resolution=scanner.dpi,
        quality=scanner.quality,
        title="T5 Gearbox Overhaul",
        creationDate=PDF_DATE,
        modDate=PDF_DATE,
    )
    return buffer.getvalue()


def by_files() -> dict[str, bytes]:
    """Everything that is not a scan, by relative path."""
    made = site_files.files([page.path for page in SCANS])
    made[spec_sheet.PATH] = spec_sheet.html().encode()
    return made


def truth_records(sheets: Sequence[Sheet]) -> list[dict[str, Any]]:
    """One record a page, checked against the drawings of all pages, and that of the spec sheet."""
    records = [page_truth(page, sheet) for page, sheet in zip(PAGES, sheets, strict=True)]
    return [*records, spec_sheet.truth()]


def environment() -> dict[str, str]:
    """What the exact bytes of the scans depend on."""
    versions = {name: str(features.version(name)) for name in ("pil", "freetype2", "libjpeg_turbo", "zlib")}
    return versions | {"machine": platform.machine()}


def write_sample(folder: Path) -> dict[str, str]:
    """Write the whole sample into a folder; returns the sha256 of every file by relative path."""
    files = by_files() | {PDF_PAGES[0].path: pdf()} | {page.path: jpeg(page) for page in SCANS}
    for path, content in sorted(files.items()):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return {path: hashlib.sha256(content).hexdigest() for path, content in sorted(files.items())}


def write_truth(sums: dict[str, str]) -> int:
    """Write the truth file and the record of what drew it; returns the number of facts."""
    records = truth_records([drawn(page) for page in PAGES])
    TRUTH.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records), encoding="utf-8")
    record = {"environment": environment(), "sha256": sums}
    RECORD.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return sum(len(r["facts"]) for r in records)
