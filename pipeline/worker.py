"""The worker process: claims jobs one by one, at the lowest priority, and reports progress to the database.

One worker works in a workspace at a time; a file lock says so, which the system frees when the process dies. So a
running job whose worker is not this one was left by a dead worker and is queued again at the start.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline import flow
from pipeline.engines.choice import AUTO, CLAUDE, CLAUDE_BATCH, OFFLINE, Terms, engine_name, usable_engines
from pipeline.engines.engine import Feedback
from pipeline.errors import PipelineError
from pipeline.progress import Progress
from pipeline.refusals import PostponedError
from pipeline.selection import Selection
from pipeline.settings import Settings
from pipeline.stage import StageSummary
from pipeline.workspace import Workspace
from review_db import jobs
from review_db.connection import Database
from review_db.records import Job

try:
    import fcntl
except ImportError:  # Windows: the claim in the database is then the only guard
    fcntl = None  # type: ignore[assignment]

IDLE_SECONDS = 1.0
REPORT_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 60.0  # a longer pause that a service asks for sends the job back to the queue
Result = dict[str, object]
NOTE = "note"
"""What of a result is said to the person who asked for the job."""


class JobCancelled(Exception):
    """A person asked for this job to stop."""


@dataclass(frozen=True, slots=True)
class Task:
    """A claimed job and all that it needs."""

    db: Database
    workspace: Workspace
    settings: Settings
    job: Job


def work_through(db: Database, workspace: Workspace, settings: Settings, *, until_idle: bool) -> int:
    """Do jobs until none waits (or for ever) and return how many failed; at once 0 when another worker is at it."""
    os.nice(19)  # reviewing never waits for background work
    with _sole_worker(workspace.database) as alone:
        if not alone:
            print("another worker is at work in this workspace")
            return 0
        name = f"{os.uname().nodename}:{os.getpid()}"
        for dead in jobs.running_workers(db):
            jobs.requeue_of(db, dead)
        return sum(not _do(Task(db, workspace, settings, job)) for job in _claimed(db, name, until_idle))


@contextmanager
def _sole_worker(database: Path) -> Iterator[bool]:
    if fcntl is None:
        yield True
        return
    with database.with_name(database.name + ".worker").open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True


def _claimed(db: Database, name: str, until_idle: bool) -> Iterator[Job]:
    while True:
        job = jobs.claim(db, name)
        if job:
            yield job
        elif until_idle:
            return
        else:
            time.sleep(IDLE_SECONDS)


def _do(task: Task) -> bool:
    """Do one job; a failure of any kind is the job's, with its reason, and the worker goes on."""
    db, job = task.db, task.job
    try:
        result = _HANDLERS[job.kind](task)
    except JobCancelled:
        jobs.finish(db, job.job_id, "cancelled", "stopped; what was stored is kept")
        return True
    except PostponedError as pause:
        jobs.postpone(db, job.job_id, pause.seconds, str(pause))
        print(f"job {job.job_id} ({job.kind}) waits: {pause}")
        return True
    except KeyboardInterrupt:
        jobs.finish(db, job.job_id, "cancelled", "the worker was stopped")
        raise
    except Exception as error:  # the worker outlives any job
        hint = getattr(error, "hint", "")
        jobs.finish(db, job.job_id, "failed", f"{error}" + (f"; {hint}" if hint else ""))
        print(f"job {job.job_id} ({job.kind}) failed: {error}")
        return False
    jobs.finish(db, job.job_id, "done", str(result.pop(NOTE, "")) or None, result)
    print(f"job {job.job_id} ({job.kind}) done")
    return True


def _reporting(task: Task) -> Progress:
    reported_at = 0.0

    def report(stage: str, done: int, total: int) -> None:
        nonlocal reported_at
        if done < total and time.monotonic() - reported_at < REPORT_SECONDS:
            return
        reported_at = time.monotonic()
        if not jobs.report(task.db, task.job.job_id, done, total, stage):
            raise JobCancelled

    return Progress.silent(report)


def _run(task: Task) -> Result:
    terms = replace(_terms(task), pilot=task.settings.api.pilot_pages)
    order = flow.Order(selection=_selection(task), engine=_words(task.job.payload.get("engine")) or AUTO, terms=terms)
    return _done(_run_order(task, order))


def _selection(task: Task) -> Selection:
    """The sections that a person chose by their folders' names; none chosen means all."""
    chosen = task.job.payload.get("sections")
    return Selection(sections=frozenset(chosen if isinstance(chosen, list) else ()))


def _terms(task: Task) -> Terms:
    """A job's own account, which it keeps when a worker dies and another one takes it up."""
    budget = task.job.payload.get("budget_usd")
    return Terms(
        budget_usd=float(budget) if isinstance(budget, int | float) else None,
        resend_unknown=task.job.payload.get("resend_unknown") is True,
        run_key=f"job-{task.job.job_id}",
        longest_wait_seconds=LONGEST_WAIT_SECONDS,
        batch_patience_seconds=LONGEST_WAIT_SECONDS,
    )


def _regenerate(task: Task) -> Result:
    """Read the page again with the reviewer's corrections and words, then check what was proposed."""
    payload = task.job.payload
    selection = Selection(page_id=str(payload["page_id"]))
    _read_as_turned(task.db, task.workspace, str(payload["page_id"]))
    feedback = Feedback(_words(payload.get("reason")), _words(payload.get("feedback")))
    order = flow.Order(
        ("classify", "generate-qa"),
        selection,
        force=True,
        terms=_terms(task),
        feedback=feedback,
        job_id=task.job.job_id,
    )
    made = _run_order(task, order)
    for summary in made:
        for _, reason in summary.failures:
            raise PipelineError(f"{reason}; the page keeps the pairs that it had")
        if summary.waiting:
            raise PipelineError("the page is in a batch that is still at work", "do the job again when it has ended")
    result = _done([*made, *_run_order(task, flow.Order(flow.QUALITY_CONTROL, selection))])
    unread = feedback and engine_name(order.engine) == OFFLINE
    return result | ({NOTE: "read again by rules: only Claude uses what a reviewer writes"} if unread else {})


def _read_again(task: Task) -> Result:
    """Read a page's words as a reviewer turned it, then check its pairs against them; no engine is asked."""
    page_id = str(task.job.payload["page_id"])
    read = _read_as_turned(task.db, task.workspace, page_id)
    checked = _run_order(task, flow.Order(flow.QUALITY_CONTROL, Selection(page_id=page_id))) if read else []
    return _done(checked) | {"read": read}


def _read_as_turned(db: Database, workspace: Workspace, page_id: str) -> bool:
    from pipeline.rereading import read_as_turned

    return read_as_turned(db, workspace, page_id)


def _words(value: object) -> str | None:
    return value if isinstance(value, str) and value.strip() else None


def _estimate(task: Task) -> Result:
    from pipeline.estimate import Scope, as_row, estimates

    _run_order(task, flow.Order(["inventory"]))
    found = estimates(task.db, task.workspace, task.settings, Scope(selection=_selection(task)))
    usable = usable_engines()
    many = max(each.pages for each in found) > task.settings.api.batch_above_pages
    suggested = OFFLINE if CLAUDE not in usable else CLAUDE_BATCH if many else CLAUDE
    return {"engines": [as_row(each) for each in found], "usable": usable, "suggested": suggested}


def _weigh(task: Task) -> Result:
    """Learn from every decision in force and rate the pairs that wait."""
    return _done(_run_order(task, flow.Order(("prioritise",))))


def _check(task: Task) -> Result:
    from pipeline.importing import read_and_check

    read_and_check(task.db, task.workspace, task.settings, _reporting(task))
    return {}


def _run_order(task: Task, order: flow.Order) -> list[StageSummary]:
    return flow.run_order(task.db, task.workspace, task.settings, order, _reporting(task))


def _done(summaries: list[StageSummary]) -> Result:
    return {summary.stage: {"done": summary.done, "failed": len(summary.failures)} for summary in summaries}


def _export(task: Task) -> Result:
    from exports.options import Options
    from pipeline.commands.releasing import Wanted, release

    payload = task.job.payload
    wanted = Wanted(
        include=str(payload.get("include", "approved")),
        formats=str(payload.get("formats") or ""),
        options=Options.of(payload.get("options")),
    )
    made = release(task.db, task.workspace, task.settings, wanted, _reporting(task))
    return {"path": str(made.path), "counts": made.counts}


def _publish(task: Task) -> Result:
    from pipeline.commands.publishing import publication, summary

    payload = task.job.payload
    made = publication(
        task.db,
        task.workspace,
        task.settings,
        str(payload.get("repository") or ""),
        _reporting(task),
        license=_words(payload.get("license")),
        public=payload.get("public") is True,
        dry_run=payload.get("dry_run") is True,
    )
    return {**summary(made), NOTE: "; ".join(made.warnings)}


_HANDLERS: dict[str, Callable[[Task], Result]] = {
    "run": _run,
    "regenerate": _regenerate,
    "read_again": _read_again,
    "estimate": _estimate,
    "check": _weigh,
    "import_checks": _check,
    "export": _export,
    "publish": _publish,
}
