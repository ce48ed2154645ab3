"""The releases that were written: what each holds, whether its checks passed, how it differs from the one before."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from app.browser.component import table
from review_db.connection import Database
from review_db.records import Job
from review_db.releases import RecordedRelease, recorded_releases

COLUMNS = [
    ("Release", "text"),
    ("Checks", "text"),
    ("Pairs", "number"),
    ("Train", "number"),
    ("Held out", "number"),
    ("Images", "number"),
    ("Against the one before", "text"),
    ("Written (UTC)", "text"),
]
SHOWN = 8
VERDICTS = {"PASS": "passed", "FAIL": "failed"}
JOB_COLUMNS = [("Job", "number"), ("State", "status"), ("Progress", "progress"), ("Result", "text")]


def draw_made(db: Database) -> None:
    """A table of the newest releases, and where the newest lies."""
    found = recorded_releases(db, SHOWN)
    table(COLUMNS, [release_row(each) for each in found], key="export_releases", note="No release was written yet.")
    if found and Path(found[0].path).is_dir():
        st.text("The newest lies here; its report.html shows checks, plots and samples:")
        st.code(found[0].path, language=None, wrap_lines=True)


def release_row(release: RecordedRelease) -> list[object]:
    """One release as a row of the table."""
    counts = release.counts
    held = int(counts.get("validation") or 0) + int(counts.get("test") or 0)
    figures = [counts.get("pairs"), counts.get("train"), held, counts.get("images")]
    written = release.created_at[:16].replace("T", " ")
    return [Path(release.path).name, verdict(Path(release.path)), *figures, difference(release), written]


def verdict(folder: Path) -> str:
    """What the release's own report says of its checks."""
    if not folder.is_dir():
        return "moved away"
    try:
        report = (folder / "report.md").read_text("utf-8", "replace")
    except OSError:
        return "no report"
    return next((told for word, told in VERDICTS.items() if f"**{word}**" in report), "unknown")


def difference(release: RecordedRelease) -> str:
    """Pairs that are new, gone or reworded since the release before."""
    if release.before is None:
        return "the first"
    parts = [f"{release.added:,} new", f"{release.removed:,} gone", f"{release.reworded:,} reworded"]
    changed = [part for part in parts if not part.startswith("0 ")]
    return ", ".join(changed) or "the same pairs"


def job_row(job: Job) -> list[object]:
    """One job as a row: its result when it is done, else what happens or why it failed."""
    result = str(job.result.get("path") or job.result.get("url") or "") if job.result else (job.message or "")
    progress: object = [job.done_units, job.total_units] if job.state == "running" else ""
    return [job.job_id, job.state, progress, result]
