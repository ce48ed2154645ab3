"""The one driver of every stage: select units, work on them without the database, save each with its note.

A unit's rows and the note that they were made commit together, so a kill between any two lines loses at most
unsaved work and never repeats saved work. One failing unit is recorded and the run goes on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import islice
from typing import Generic, TypeVar

from pipeline.progress import Progress
from review_db import stage_outcomes
from review_db.connection import Database, immediate

UnitT = TypeVar("UnitT")
ResultT = TypeVar("ResultT")


class UnitError(Exception):
    """This unit cannot be done, as distinct from a bug or a reason to stop the run; the text is its reason."""


@dataclass(frozen=True, slots=True)
class Stage(Generic[UnitT, ResultT]):
    """A stage is four functions.

    `select` lists the units that are due, oldest first (reads only; it need not leave out finished ones: the
    driver does, by `fingerprint`). `name_of` gives a unit's stable name. `work` makes the result and never
    touches the database. `save` stores it inside the driver's transaction. `parallel` units are in work at once.
    """

    name: str
    select: Callable[[], Iterable[UnitT]]
    name_of: Callable[[UnitT], str]
    fingerprint: Callable[[UnitT], str]
    work: Callable[[UnitT], ResultT]
    save: Callable[[Database, UnitT, ResultT], None]
    parallel: int = 1


@dataclass(slots=True)
class StageSummary:
    """What a stage did: counts of units, and each failure as (unit, reason)."""

    stage: str
    done: int = 0
    failures: list[tuple[str, str]] = field(default_factory=list)
    seconds: float = 0.0


def due_units(stage: Stage[UnitT, ResultT], db: Database, *, force: bool = False) -> list[UnitT]:
    """The units that have no good outcome for their present fingerprint, or all of them with `force`."""
    finished = {} if force else stage_outcomes.finished_units(db, stage.name)
    return [unit for unit in stage.select() if finished.get(stage.name_of(unit)) != stage.fingerprint(unit)]


def run_stage(
    stage: Stage[UnitT, ResultT],
    db: Database,
    progress: Progress,
    *,
    force: bool = False,
    limit: int | None = None,
) -> StageSummary:
    """Do every unit of `stage` that has no outcome for its present fingerprint.

    A unit that failed before is tried again. KeyboardInterrupt stops after the units in work; what was saved stays.
    """
    summary, started = StageSummary(stage.name), time.monotonic()
    due = due_units(stage, db, force=force)
    with progress.stage(stage.name, len(due) if limit is None else min(limit, len(due))) as bar:
        for unit, outcome, seconds in _worked(stage, islice(due, limit)):
            _store(stage, db, unit, outcome, seconds, summary)
            bar.advance(stage.name_of(unit))
    summary.seconds = time.monotonic() - started
    return summary


def _store(
    stage: Stage[UnitT, ResultT],
    db: Database,
    unit: UnitT,
    outcome: ResultT | UnitError,
    seconds: float,
    summary: StageSummary,
) -> None:
    name = stage.name_of(unit)
    with immediate(db):
        if isinstance(outcome, UnitError):
            stage_outcomes.record_failure(db, stage.name, name, stage.fingerprint(unit), str(outcome), seconds)
            summary.failures.append((name, str(outcome)))
        else:
            stage.save(db, unit, outcome)
            stage_outcomes.record_success(db, stage.name, name, stage.fingerprint(unit), seconds)
            summary.done += 1


def _attempt(stage: Stage[UnitT, ResultT], unit: UnitT) -> tuple[ResultT | UnitError, float]:
    started = time.monotonic()
    try:
        return stage.work(unit), time.monotonic() - started
    except UnitError as error:
        return error, time.monotonic() - started


def _worked(stage: Stage[UnitT, ResultT], units: Iterable[UnitT]) -> Iterable[tuple[UnitT, ResultT | UnitError, float]]:
    """Yield (unit, outcome, seconds) as units finish; at most `parallel` are in work and none waits unsaved."""
    if stage.parallel <= 1:
        for unit in units:
            yield (unit, *_attempt(stage, unit))
        return
    remaining = iter(units)
    with ThreadPoolExecutor(stage.parallel, thread_name_prefix=stage.name) as pool:
        running: dict[Future[tuple[ResultT | UnitError, float]], UnitT] = {
            pool.submit(_attempt, stage, unit): unit for unit in islice(remaining, stage.parallel)
        }
        while running:
            ended, _ = wait(running, return_when=FIRST_COMPLETED)
            for future in ended:
                unit = running.pop(future)
                for following in islice(remaining, 1):
                    running[pool.submit(_attempt, stage, following)] = following
                yield (unit, *future.result())
