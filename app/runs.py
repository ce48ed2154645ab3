"""Runs as a lead asks for them: which sections there are, what a run would cost, when it may begin."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from app import actions
from app.job_list import dollars
from app.uploads import SAMPLE_FOLDER, UploadRefusedError, add_scan
from app.workspace import workspace
from review_db import facts, files, jobs
from review_db.connection import Database, immediate, now
from review_db.records import Job
from review_db.statuses import FileStatus

ACTIVE = ("queued", "running")
UPLOADED_AT = "uploaded_at"
MOST_MEGAPIXELS = 80.0
DAY_BUDGET_USD = 50.0
ENGINES = {
    "offline": "Built-in reader (free, no key)",
    "claude": "Claude (answers at once)",
    "claude-batch": "Claude in batches (half price, takes up to a day)",
}
ESTIMATE_COLUMNS = [
    ("Reader", "text"),
    ("Pages", "number"),
    ("Calls", "number"),
    ("Expected", "number"),
    ("At most", "number"),
]


@dataclass(frozen=True, slots=True)
class Choice:
    """What a run is to do: sections by their folders' names (none: everything), who reads, what a day may cost."""

    sections: tuple[str, ...] = ()
    engine: str = "offline"
    budget_usd: float | None = None


# ---------------------------------------------------------------- the source folder


def source_folder(db: Database) -> Path:
    """The folder that runs of this workspace read."""
    return Path(facts.fact(db, facts.SOURCE_ROOT) or workspace().root / "data_src")


def sections(db: Database) -> list[str]:
    """Names of the folders that hold readable files, and of new folders that no run has seen yet."""
    source = source_folder(db)
    seen = {
        PurePosixPath(file.path).parent.name
        for file in files.current_files(db, str(source))
        if file.status == FileStatus.OK
    }
    return sorted((seen | set(_folders(source))) - {"", SAMPLE_FOLDER})


def _folders(source: Path) -> Iterator[str]:
    """Folders at the top of the source folder, links left out."""
    if source.is_dir():
        with os.scandir(source) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False) and not entry.name.startswith("."):
                    yield os.fsencode(entry.name).decode("utf-8", "backslashreplace")


def add_scans(db: Database, folder: str, uploaded: Iterable[tuple[str, BinaryIO]]) -> list[str]:
    """Store uploaded files in the source folder, and one sentence for each: where it lies, or why it was refused."""
    source, most = source_folder(db), float(_setting(db, "reading", "max_megapixels", MOST_MEGAPIXELS))
    if source.name == SAMPLE_FOLDER:
        return [f"Nothing was added: this workspace reads {SAMPLE_FOLDER} alone. Run it without --source first."]
    said = []
    for name, content in uploaded:
        try:
            said.append(f"Added {add_scan(source, folder, name, content, most_megapixels=most)}.")
        except UploadRefusedError as refusal:
            said.append(f"Not added: {refusal}. {refusal.hint[:1].upper()}{refusal.hint[1:]}.")
    facts.remember_fact(db, UPLOADED_AT, now())
    return said


# ---------------------------------------------------------------- estimate, then run


def ask_estimate(db: Database, chosen: Sequence[str], requested_by: str) -> int:
    """Queue an estimate for these sections and start a worker; returns the job's number."""
    job_id = jobs.ask(db, "estimate", {"sections": list(chosen)}, requested_by)
    actions.ensure_worker(db)
    return job_id


def newest_estimate(db: Database, chosen: Sequence[str]) -> Job | None:
    """The last estimate for these sections that still holds; one from before an upload or a run does not."""
    for job in jobs.recent(db):
        if job.kind == "run" and job.state != "cancelled":
            return None
        if job.kind == "estimate" and job.payload.get("sections") == list(chosen):
            uploaded = facts.fact(db, UPLOADED_AT) or ""
            return job if (job.started_at or job.created_at) >= uploaded else None
    return None


def active_run(db: Database) -> Job | None:
    """The run that waits or works, if there is one."""
    return next((job for job in jobs.recent(db) if job.kind == "run" and job.state in ACTIVE), None)


def may_start(db: Database, chosen: Sequence[str]) -> bool:
    """Whether these sections' estimate is there to be seen and no other run is on its way."""
    estimate = newest_estimate(db, chosen)
    return estimate is not None and estimate.state == "done" and active_run(db) is None


def ask_run(db: Database, choice: Choice, requested_by: str) -> int | None:
    """Queue the run and start a worker; None when it may not start (a second click, or another lead was first)."""
    with immediate(db):
        if not may_start(db, choice.sections):
            return None
        payload: dict[str, object] = {
            "sections": list(choice.sections),
            "engine": choice.engine,
            "budget_usd": choice.budget_usd,
        }
        job_id = jobs.ask(db, "run", payload, requested_by)
    actions.ensure_worker(db)
    return job_id


def estimate_rows(estimate: Job) -> list[list[object]]:
    """Rows of the estimate's table, one for each engine."""
    return [
        [ENGINES.get(row["engine"], row["engine"]), row["pages"], row["calls"], *_money(row)]
        for row in _engines(estimate)
    ]


def _money(row: dict[str, Any]) -> tuple[str, str]:
    if not row["most_usd"]:
        return "free", "free"
    return dollars(row["usd"]), dollars(row["most_usd"])


def usable_engines(estimate: Job) -> list[str]:
    """Engines that the worker can use here, as it said with the estimate."""
    usable = (estimate.result or {}).get("usable")
    named = usable if isinstance(usable, list) else ["offline"]
    return [engine for engine in ENGINES if engine in named]


def suggested_engine(estimate: Job) -> str:
    """The reader that the worker would take: Claude where there is a key, in batches where there is much to read."""
    suggested, usable = (estimate.result or {}).get("suggested"), usable_engines(estimate)
    return str(suggested) if suggested in usable else usable[-1]


def pages_due(estimate: Job) -> int:
    """Pages that a run would ask about, the most of any engine."""
    return max((int(row["pages"]) for row in _engines(estimate)), default=0)


def day_budget(db: Database) -> float:
    """What the configuration lets a day cost."""
    return float(_setting(db, "generation", "day_budget_usd", DAY_BUDGET_USD))


def _engines(estimate: Job) -> list[dict[str, Any]]:
    found = (estimate.result or {}).get("engines")
    return found if isinstance(found, list) else []


def _setting(db: Database, part: str, name: str, default: float) -> Any:
    value = facts.current_settings(db).get(part, {}).get(name)
    return default if value is None else value
