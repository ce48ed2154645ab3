"""Jobs as people read them: rows of a table, what can be done again, what failed and why, what it cost."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from review_db import batches, calls, costs, jobs, stage_outcomes
from review_db.connection import Database
from review_db.facts import current_settings
from review_db.records import Job

COLUMNS = [
    ("Job", "number"),
    ("Work", "text"),
    ("State", "status"),
    ("Progress", "progress"),
    ("What happens", "text"),
    ("Cost", "text"),
    ("Asked by", "text"),
    ("Asked at", "text"),
]
BATCH_COLUMNS = [
    ("Sent at (UTC)", "text"),
    ("Requests", "number"),
    ("At most", "text"),
    ("Latest end (UTC)", "text"),
    ("Name at the service", "text"),
]
FAILURE_COLUMNS = [("Where", "text"), ("What", "text"), ("Reason", "text")]
KINDS = {"check": "weigh the decisions"}
ACTIVE = ("queued", "running")
ENDED_BADLY = ("failed", "cancelled")
MOST_FAILURES = 20


def rows_of(db: Database, found: Sequence[Job]) -> list[list[object]]:
    """The jobs as rows of the table, each with what its calls cost."""
    cost = costs.cost_of_runs(db, [run_key(job) for job in found])
    return [row_of(job, cost.get(run_key(job))) for job in found]


def row_of(job: Job, cost: float | None = None) -> list[object]:
    """One job as a row of the table."""
    message = "stopping …" if job.cancel_asked and job.state == "running" else job.message or _result(job)
    asked = job.created_at[:16].replace("T", " ")
    money = dollars(cost) if cost else ""
    return [job.job_id, work_of(job), job.state, progress_of(job), message, money, job.requested_by, asked]


def run_key(job: Job) -> str:
    """Under which name the ledger counts the calls of a job."""
    return f"job-{job.job_id}"


def work_of(job: Job) -> str:
    """What the job does, with the page or the sections that it is about."""
    page, sections = job.payload.get("page_id"), job.payload.get("sections")
    chosen = page or (", ".join(map(str, sections)) if isinstance(sections, list) else "")
    return KINDS.get(job.kind, job.kind.replace("_", " ")) + (f" {chosen}" if chosen else "")


def progress_of(job: Job) -> list[int | None] | str:
    """How far a job is while it runs; in words once it has ended."""
    if job.state == "running":
        return [job.done_units, job.total_units]
    return f"{job.done_units:,} of {job.total_units:,}" if job.total_units else ""


def _result(job: Job) -> str:
    """Where the result lies, or how many units of a finished job failed."""
    result = job.result or {}
    failed = sum(int(part.get("failed") or 0) for part in result.values() if isinstance(part, dict))
    if failed:
        return f"done, but {failed} page{'s' if failed > 1 else ''} failed: see below"
    if job.kind == "run" and result:
        return f"pages prepared: {_units(result, 'prepare')}, asked about: {_units(result, 'generate-qa')}"
    return str(result.get("path") or "")


def _units(result: dict[str, object], stage: str) -> int:
    part = result.get(stage)
    return int(part.get("done") or 0) if isinstance(part, dict) else 0


def dollars(amount: float) -> str:
    """An amount as people read it: cents, and more digits only where there are hardly any cents."""
    return f"${amount:,.2f}" if amount >= 0.1 or not amount else f"${amount:.4f}"


def retriable(found: Sequence[Job]) -> list[Job]:
    """Failed and cancelled jobs (newest first) whose work has not been asked for again since."""
    seen: list[tuple[str, dict[str, object]]] = []
    again = []
    for job in found:
        if job.state in ENDED_BADLY and (job.kind, job.payload) not in seen:
            again.append(job)
        seen.append((job.kind, job.payload))
    return again


def failures(db: Database, found: Sequence[Job]) -> list[list[object]]:
    """Where, what and why: jobs that failed and were not done again, then pages whose last attempt failed."""
    badly = [job for job in retriable(found) if job.state == "failed"]
    rows: list[list[object]] = [[f"job {job.job_id}", work_of(job), job.message or "no reason given"] for job in badly]
    units = islice(stage_outcomes.failed_units(db), MOST_FAILURES)
    return rows + [[stage, unit, reason] for stage, unit, reason in units]


def open_batches(db: Database) -> list[list[object]]:
    """Batches that were sent and are not stored: when sent, requests, dollars set aside, latest end, name."""
    return [
        [
            _minute(batch.submitted_at or batch.sent_at),
            batch.request_count,
            dollars(batches.reserved(db, batch.batch_id)),
            _minute(batch.expires_at),
            batch.provider_id or "being looked for",
        ]
        for batch in batches.open_batches(db)
        if batch.sent_at is not None
    ]


def _minute(moment: str | None) -> str:
    return (moment or "")[:16].replace("T", " ")


def unanswered(db: Database) -> dict[str, float]:
    """Page -> dollars that a call without a reply may have cost it, where nobody has asked for the page again."""
    lost = calls.unanswered_pages(db)
    newest = {page: jobs.newest_of_page(db, "regenerate", page) for page in lost}
    return {page: usd for page, usd in lost.items() if (job := newest[page]) is None or job.state not in ACTIVE}


def spent_today(db: Database) -> str:
    """What the day has used, reservations included, of its budget."""
    budget = current_settings(db).get("generation", {}).get("day_budget_usd")
    spent = dollars(costs.spent_today(db))
    return f"{spent} of {dollars(float(budget))}" if budget is not None else spent
