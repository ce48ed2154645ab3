"""The one driver of every stage: select units, work on them without the database, save each with its note.

A unit's rows and the note that they were made commit together, so a kill between any two lines loses at most
unsaved work and never repeats saved work. One failing unit is recorded and the run goes on.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, as_completed, wait
from dataclasses import dataclass, field
from itertools import islice
from typing import Generic, TypeVar

from pipeline.progress import Bar, Progress
from review_db import stage_outcomes
from review_db.connection import Database, abandon, immediate

UnitT = TypeVar("UnitT")
ResultT = TypeVar("ResultT")


class UnitError(Exception):
    """This unit cannot be done, as distinct from a bug or a reason to stop the run; the text is its reason."""


class LaterError(Exception):
    """What this unit needs is on its way (in a batch): it is neither done nor failed, and its turn comes again."""


@dataclass(frozen=True, slots=True)
class Stage(Generic[UnitT, ResultT]):
    """A stage is four functions.

    `select` lists the units that are due, oldest first (reads only; it need not leave out finished ones: the
    driver does, by `fingerprint`). `name_of` gives a unit's stable name. `work` makes the result and never
    touches the database. `save` stores it inside the driver's transaction. `parallel` units are in work at once.
    `note_of` is what the driver writes down beside a success; `stop` makes the units in work end early.
    """

    name: str
    select: Callable[[], Iterable[UnitT]]
    name_of: Callable[[UnitT], str]
    fingerprint: Callable[[UnitT], str]
    work: Callable[[UnitT], ResultT]
    save: Callable[[Database, UnitT, ResultT], None]
    parallel: int = 1
    note_of: Callable[[ResultT], str | None] = lambda result: None
    stop: Callable[[], None] = lambda: None


@dataclass(slots=True)
class StageSummary:
    """What a stage did: counts of units, each failure as (unit, reason), units that wait for what is on its way."""

    stage: str
    done: int = 0
    failures: list[tuple[str, str]] = field(default_factory=list)
    seconds: float = 0.0
    waiting: list[str] = field(default_factory=list)

    def follow(self, later: StageSummary) -> None:
        """Take in what a later pass over the same stage did; only what waits after it still waits."""
        self.done += later.done
        self.failures += later.failures
        self.seconds += later.seconds
        self.waiting = later.waiting


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
    only: Collection[str] | None = None,
) -> StageSummary:
    """Do every unit of `stage` that has no outcome for its present fingerprint, or of those that `only` names.

    A unit that failed before is tried again. What ends the run early (KeyboardInterrupt, any error but UnitError) is
    raised after the units in work have ended and those that ended well are stored.
    """
    summary, started = StageSummary(stage.name), time.monotonic()
    due = [unit for unit in due_units(stage, db, force=force) if only is None or stage.name_of(unit) in only]
    with progress.stage(stage.name, len(due) if limit is None else min(limit, len(due))) as bar:
        run = _Run(stage, db, summary, bar)
        units = islice(due, limit)
        if stage.parallel <= 1:
            run.one_by_one(units)
        else:
            run.side_by_side(units)
    summary.seconds = time.monotonic() - started
    return summary


@dataclass(slots=True)
class _Attempt(Generic[ResultT]):
    """What came of a unit's work, and how many seconds it took."""

    outcome: ResultT | UnitError | LaterError
    seconds: float


@dataclass(slots=True)
class _Run(Generic[UnitT, ResultT]):
    """One run of a stage: stores each unit as soon as it ends, so that none waits unsaved."""

    stage: Stage[UnitT, ResultT]
    db: Database
    summary: StageSummary
    bar: Bar

    def one_by_one(self, units: Iterator[UnitT]) -> None:
        """Work in this thread."""
        for unit in units:
            self._store(unit, _attempt(self.stage, unit))
            self.bar.advance(self.stage.name_of(unit))

    def side_by_side(self, units: Iterator[UnitT]) -> None:
        """Work in as many threads as the stage allows; this thread stores."""
        running: dict[Future[_Attempt[ResultT]], UnitT] = {}
        with ThreadPoolExecutor(self.stage.parallel, thread_name_prefix=self.stage.name) as pool:

            def begin(how_many: int) -> None:
                running.update({pool.submit(_attempt, self.stage, unit): unit for unit in islice(units, how_many)})

            try:
                begin(self.stage.parallel)
                while running:
                    for future in wait(running, return_when=FIRST_COMPLETED).done:
                        begin(1)
                        unit = running[future]
                        self._store(unit, future.result())
                        del running[future]  # only now: an interrupt while it is stored has it stored below
                        self.bar.advance(self.stage.name_of(unit))
            except BaseException:
                abandon(self.db)  # the threads below may wait for a lock that a signal left with us
                self.stage.stop()
                self._store_what_ends_well(running)
                raise

    def _store_what_ends_well(self, running: dict[Future[_Attempt[ResultT]], UnitT]) -> None:
        for future in as_completed(running):
            if future.exception() is None:
                self._store(running[future], future.result())

    def _store(self, unit: UnitT, attempt: _Attempt[ResultT]) -> None:
        stage, db, outcome, seconds = self.stage, self.db, attempt.outcome, attempt.seconds
        name, fingerprint = stage.name_of(unit), stage.fingerprint(unit)
        if isinstance(outcome, LaterError):
            self.summary.waiting.append(name)
            return
        with immediate(db):
            if isinstance(outcome, UnitError):
                stage_outcomes.record_failure(db, stage.name, name, fingerprint, str(outcome), seconds)
                self.summary.failures.append((name, str(outcome)))
            else:
                stage.save(db, unit, outcome)
                note = stage.note_of(outcome)
                stage_outcomes.record_success(db, stage.name, name, fingerprint, seconds, note)
                self.summary.done += 1


def _attempt(stage: Stage[UnitT, ResultT], unit: UnitT) -> _Attempt[ResultT]:
    started = time.monotonic()
    try:
        outcome: ResultT | UnitError | LaterError = stage.work(unit)
    except (UnitError, LaterError) as error:
        outcome = error
    return _Attempt(outcome, time.monotonic() - started)
