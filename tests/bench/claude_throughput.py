"""Measure how many pages a second the claude engine generates for, against a loopback server with a second's latency.

`python -m tests.bench claude_throughput` takes the corpus's scans where it is present, else the sample's, over and over
until there are enough of them. It prints the pages/s of the whole command, start included, and of its middle (from a
tenth to nine tenths of the pages), which is what a long run does; the goal is for the middle. The server runs in a
process of its own, on the same machine: 16 in flight at one second make 16 at most.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import tempfile
import time
from itertools import cycle, islice
from multiprocessing.connection import Connection
from pathlib import Path

from PIL import Image

from pipeline import flow, settings
from pipeline.engines.choice import Terms
from pipeline.progress import Progress
from pipeline.workspace import Workspace
from review_db import files, pages
from review_db.connection import Database, open_review_db
from review_db.records import PageClass, SourceFile
from tests.accept.rows import Row
from tests.bench.scans import scans
from tests.doubles.claude.server import KEY, ClaudeDouble

PAGES, IN_FLIGHT = 480, 16
LATENCY_SECONDS = 1.0
GOAL = 15.0
PAIRS = [
    {"question": f"What is the tightening torque of bolt {n} of the clutch housing?", "answer": f"{20 + n} Nm",
     "question_type": "factual", "quote": f"bolt {n}: {20 + n} Nm", "box": [100, 50 * n, 300, 50 * n + 20]}
    for n in range(1, 13)
]  # fmt: skip


def with_pages(db: Database, source: Path, count: int) -> None:
    """Pages that are prepared and classified, each over one of the scans."""
    for number, scan in enumerate(islice(cycle(scans()), count)):
        name = f"{number:05d}.jpg"
        file = SourceFile(name, "image", f"{number:064x}", 1, 1, "ok", manual="bench")
        file_id = files.record_file(db, str(source), file)
        with Image.open(scan) as image:
            width, height = image.size
        version = pages.add_page_version(
            db, page_id=f"bench-{number:05d}", manual="bench", source=name, page_number=None, sort_key=name,
            file_id=file_id, identity=name, kind="image", image_sha256=f"{number:064x}", image_path=str(scan),
            width=width, height=height, status="ok",
        )  # fmt: skip
        pages.save_class(db, version, PageClass("offline", "service_manual", "procedure", False, 0.9, title=f"{name}"))


def serve(folder: str, told: Connection) -> None:
    """The server's process: says where it listens, then how it went."""
    double = ClaudeDouble(
        Path(folder) / "bill.jsonl", lambda body: json.dumps({"pairs": PAIRS}), latency_seconds=LATENCY_SECONDS
    )
    with double.running():
        told.send(double.url)
        told.recv()
        told.send((double.received, double.most_in_flight, double.shrunk))


def rows() -> list[Row]:
    """The measured figures and their goals."""
    with tempfile.TemporaryDirectory() as folder:
        here, there = multiprocessing.get_context("spawn").Pipe()
        server = multiprocessing.get_context("spawn").Process(target=serve, args=(folder, there), daemon=True)
        server.start()
        os.environ |= {"ANTHROPIC_BASE_URL": here.recv(), "ANTHROPIC_API_KEY": KEY, "NO_PROXY": "127.0.0.1"}
        workspace = Workspace(Path(folder), Path(folder) / "data_src")
        db = open_review_db(workspace.database)
        with_pages(db, workspace.source, PAGES)
        terms = Terms(budget_usd=1000.0, concurrency=IN_FLIGHT)
        order = flow.Order(("generate-qa",), engine="claude", terms=terms)
        stored: list[float] = []
        progress = Progress.silent(lambda stage, done, total: stored.append(time.monotonic()))
        began = time.monotonic()
        (summary,) = flow.run_order(db, workspace, settings.load([])[0], order, progress)
        seconds = time.monotonic() - began
        here.send("enough")
        received, most, shrunk = here.recv()
    tenth = len(stored) // 10
    rate = (len(stored) - 2 * tenth) / (stored[-tenth - 1] - stored[tenth - 1])
    print(f"{summary.done} pages in {seconds:.1f} s with the start: {summary.done / seconds:.1f} pages/s")
    print(f"in the middle: {rate:.1f} pages/s (goal {GOAL:.0f}, at most {IN_FLIGHT / LATENCY_SECONDS:.0f} possible)")
    print(f"{received} requests, at most {most} in flight, {shrunk} images that the service would have shrunk")
    return [
        Row("claude engine, 1 s latency, 16 in flight: pages a second", rate, GOAL),
        Row("pages that failed, and images that the service would have shrunk", len(summary.failures) + shrunk, "<= 0"),
    ]
