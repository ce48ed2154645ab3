"""The order of the stages, and how each is run on a workspace."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from pipeline.bulk import run_in_bulk
from pipeline.engines.choice import Bulk, OpenEngine, Terms, opened_engine, stand_in
from pipeline.engines.engine import Feedback
from pipeline.progress import Progress
from pipeline.refusals import StopRunError
from pipeline.selection import Selection
from pipeline.settings import Settings
from pipeline.stage import Stage, StageSummary, due_units, run_stage
from pipeline.workspace import Workspace
from review_db.connection import Database

STAGES = ("inventory", "prepare", "classify", "generate-qa", "check", "filter", "dedupe", "prioritise")
NEED_ENGINE = ("classify", "generate-qa")
QUALITY_CONTROL = ("check", "filter", "dedupe", "prioritise")


@dataclass(frozen=True, slots=True)
class Order:
    """What a person asked for: which stages, which pages, how much, and whether to do finished work again.

    `terms` bind a paid engine; `confirm` may refuse, by raising, to let it begin; `feedback` and `job_id` belong to a
    regeneration.
    """

    stages: Sequence[str] = STAGES
    selection: Selection = field(default_factory=Selection)
    engine: str = "auto"
    limit: int | None = None
    force: bool = False
    terms: Terms = field(default_factory=Terms)
    confirm: Callable[[], None] = lambda: None
    feedback: Feedback | None = None
    job_id: int | None = None


def run_order(
    db: Database, workspace: Workspace, settings: Settings, order: Order, progress: Progress
) -> list[StageSummary]:
    """Run the stages in turn and return what each did; an engine that cannot be had is told before the first.

    Where a reason to stop ends the asking (StopRunError), what came in until then is still checked and ranked.
    """
    wanted = [name for name in STAGES if name in order.stages]
    paid = [name for name in wanted if name in NEED_ENGINE]
    summaries, stopped = [], None
    with _engine_of(_Call(db, workspace, settings, order, progress), needed=bool(paid)) as call:
        for name in wanted:
            if name in paid[:1]:
                order.confirm()
            if stopped and name in paid:
                continue
            try:
                summaries.append(_RUNNERS[name](call))
            except StopRunError as error:
                stopped = error
    if stopped:
        raise stopped
    return summaries


@contextmanager
def _engine_of(call: _Call, *, needed: bool) -> Iterator[_Call]:
    if not needed:
        yield call
        return
    order = call.order
    with opened_engine(order.engine, call.workspace, call.settings, order.terms, call.progress.note) as opened:
        yield replace(call, opened=opened)


def due_of_order(db: Database, workspace: Workspace, settings: Settings, order: Order) -> dict[str, int]:
    """Stage -> how many units are due as the database stands; nothing is written."""
    opened = OpenEngine(stand_in(order.engine, settings))
    call = _Call(db, workspace, settings, order, Progress.silent(), opened)
    return {
        name: len(due_units(build(call), db, force=order.force))
        for name, build in _MAPS.items()
        if name in order.stages
    }


@dataclass(frozen=True, slots=True)
class _Call:
    db: Database
    workspace: Workspace
    settings: Settings
    order: Order
    progress: Progress
    opened: OpenEngine | None = None

    def with_engine(self, stage: Callable[..., Stage[Any, Any]], **more: Any) -> Stage[Any, Any]:
        """A stage that asks the engine, as many pages at once as the engine takes."""
        assert self.opened is not None
        opened = self.opened
        built = stage(
            self.db,
            self.workspace,
            self.settings,
            self.order.selection,
            opened.engine,
            force=self.order.force,
            **more,
        )
        return replace(built, parallel=opened.parallel, stop=opened.stop)

    def in_batches(self, bulk: Bulk) -> _Call:
        """The same call, asking together instead of one by one."""
        assert self.opened is not None
        return replace(self, opened=OpenEngine(bulk.engine, bulk.parallel, self.opened.stop))


def _prepare(call: _Call) -> Stage[Any, Any]:
    from pipeline.stages import prepare

    return prepare.stage(call.db, call.workspace, call.settings, call.order.selection)


def _classify(call: _Call) -> Stage[Any, Any]:
    from pipeline.stages import classify

    return call.with_engine(classify.stage)


def _generate_qa(call: _Call) -> Stage[Any, Any]:
    from pipeline.stages import generate_qa

    return call.with_engine(generate_qa.stage, feedback=call.order.feedback, job_id=call.order.job_id)


def _check(call: _Call) -> Stage[Any, Any]:
    from pipeline.stages import check

    return check.stage(call.db, call.workspace, call.settings, call.order.selection)


_MAPS: dict[str, Callable[[_Call], Stage[Any, Any]]] = {
    "prepare": _prepare,
    "classify": _classify,
    "generate-qa": _generate_qa,
    "check": _check,
}


def _mapped(name: str) -> Callable[[_Call], StageSummary]:
    def run(call: _Call) -> StageSummary:
        stage, order = _MAPS[name](call), call.order
        bulk = call.opened.bulk if call.opened and name in NEED_ENGINE else None
        if bulk is None:
            return run_stage(stage, call.db, call.progress, force=order.force, limit=order.limit)
        together = _MAPS[name](call.in_batches(bulk))
        return run_in_bulk(stage, together, bulk, call.db, call.progress, force=order.force, limit=order.limit)

    return run


def _whole(name: str) -> Callable[[_Call], StageSummary]:
    def run(call: _Call) -> StageSummary:
        from importlib import import_module

        stage_module = import_module(f"pipeline.stages.{name}")
        summary: StageSummary = stage_module.run(
            call.db, call.workspace, call.settings, call.order.selection, call.progress
        )
        return summary

    return run


_RUNNERS = {name: _mapped(name) if name in _MAPS else _whole(name) for name in STAGES}
