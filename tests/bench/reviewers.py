"""Measure eight reviewers at once over real websockets: decisions a second, confirmation, what is lost, memory.

`python -m tests.bench reviewers`. Each reviewer decides, waits for the confirmation and decides again, as fast as the
server lets it: far faster than people do. Afterwards the stored events are held against what was sent and confirmed.
"""

from __future__ import annotations

import statistics
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from review_db import listings
from review_db.connection import open_review_db
from tests.accept.rows import Row
from tests.app.server import start_app, stop_app
from tests.bench.big_workspace import lent
from tests.bench.websocket_reviewer import WebsocketReviewer

REVIEWERS = 8
WARM_UP, MEASURED = 100, 300
"""Decisions of each reviewer."""

BETWEEN_LOOKS_SECONDS = 1.0


def resident_megabytes(pid: int) -> float:
    """Memory of a process."""
    asked = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=True)
    return int(asked.stdout) / 1024


def processor_seconds(pid: int) -> float:
    """What a process has had of the processor."""
    asked = subprocess.run(["ps", "-o", "time=", "-p", str(pid)], capture_output=True, text=True, check=True)
    seconds = 0.0
    for part in asked.stdout.strip().replace("-", ":").split(":"):
        seconds = 60 * seconds + float(part)
    return seconds


def decide_together(reviewers: Sequence[WebsocketReviewer], count: int) -> float:
    """Each of them decides so often, all at once; returns the seconds that took."""

    def work(reviewer: WebsocketReviewer) -> None:
        for _ in range(count):
            if not reviewer.decide():
                reviewer.errors.append("no pair was left")

    threads = [threading.Thread(target=work, args=(reviewer,)) for reviewer in reviewers]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - began


def memory_while(pid: int, ended: threading.Event) -> list[float]:
    """Looks at a process's memory until told to stop."""
    found = [resident_megabytes(pid)]
    while not ended.wait(BETWEEN_LOOKS_SECONDS):
        found.append(resident_megabytes(pid))
    return found


def rows() -> list[Row]:
    """The measured figures and their goals."""
    with tempfile.TemporaryDirectory() as folder, lent(Path(folder)) as root:
        process, address = start_app(root)
        try:
            reviewers = [WebsocketReviewer(address, f"reviewer {number}") for number in range(REVIEWERS)]
            decide_together(reviewers, WARM_UP)
            warm = [set(reviewer.confirmed) for reviewer in reviewers]
            memory, ended = [], threading.Event()
            looking = threading.Thread(target=lambda: memory.extend(memory_while(process.pid, ended)))
            looking.start()
            before = processor_seconds(process.pid)
            seconds = decide_together(reviewers, MEASURED)
            worked = processor_seconds(process.pid) - before
            ended.set()
            looking.join()
            for reviewer in reviewers:
                reviewer.close()
        finally:
            stop_app(process)
        times = sorted(
            taken
            for reviewer, known in zip(reviewers, warm, strict=True)
            for uid, (_, taken) in reviewer.confirmed.items()
            if uid not in known
        )
        print(f"the server had {1000 * worked / len(times):.1f} ms of the processor for each decision")
        return [*_speed(times, seconds), *_memory(memory), *_truth(root, reviewers)]


def _speed(times: Sequence[float], seconds: float) -> list[Row]:
    p95 = times[int(0.95 * (len(times) - 1))] * 1000
    print(f"confirmed p50 {statistics.median(times) * 1000:.0f}, p95 {p95:.0f}, most {times[-1] * 1000:.0f} ms")
    return [
        Row(f"{REVIEWERS} reviewers: decisions a second in all", len(times) / seconds, 80),
        Row(f"{REVIEWERS} reviewers: confirmation, p95, ms", p95, "<= 150"),
    ]


def _memory(memory: Sequence[float]) -> list[Row]:
    print(f"server memory over {REVIEWERS * MEASURED} decisions: " + " ".join(f"{each:.0f}" for each in memory))
    mean = statistics.fmean(memory)
    return [Row("server memory: farthest from its mean", max(abs(each / mean - 1) for each in memory), "<= 0.2")]


def _truth(root: Path, reviewers: Sequence[WebsocketReviewer]) -> list[Row]:
    """What is stored, against what was confirmed and what each reviewer had been sent."""
    db = open_review_db(root / "review_db" / "review.sqlite")
    stored = [(event["decision_id"], event["pair_id"], event["reviewer"]) for event in listings.events(db)]
    db.close()
    uids = Counter(uid for uid, _, _ in stored)
    decided = Counter(pair for _, pair, _ in stored)
    seen = {reviewer.name: reviewer.seen for reviewer in reviewers}
    lost = [uid for reviewer in reviewers for uid in reviewer.confirmed if uid not in uids]
    for reviewer in reviewers:
        for problem in (*reviewer.errors[:3], *reviewer.refused[:3]):
            print(f"{reviewer.name}: {problem}")
    return [
        Row(
            "decisions not confirmed",
            REVIEWERS * (WARM_UP + MEASURED) - sum(len(r.confirmed) for r in reviewers),
            "<= 0",
        ),
        Row("confirmed decisions that are not stored", len(lost), "<= 0"),
        Row("decisions stored twice", sum((uids - Counter(set(uids))).values()), "<= 0"),
        Row("pairs decided twice", sum((decided - Counter(set(decided))).values()), "<= 0"),
        Row("decisions on a pair that was not sent", sum(pair not in seen[who] for _, pair, who in stored), "<= 0"),
    ]
