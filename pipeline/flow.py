"""The order of the stages, and how each is run on a workspace."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipeline.engines.choice import engine_named
from pipeline.progress import Progress
from pipeline.selection import Selection
from pipeline.settings import Settings
from pipeline.stage import Stage, StageSummary, due_units, run_stage
from pipeline.workspace import Workspace
from review_db.connection import Database

STAGES = ("inventory", "prepare", "classify", "generate-qa", "check", "filter", "dedupe", "prioritise")
NEED_ENGINE = {"classify", "generate-qa"}
QUALITY_CONTROL = ("check", "filter", "dedupe", "prioritise")


@dataclass(frozen=True, slots=True)
class Order:
    """What a person asked for: which stages, which pages, how much, and whether to do finished work again."""

    stages: Sequence[str] = STAGES
    selection: Selection = field(default_factory=Selection)
    engine: str = "auto"
    limit: int | None = None
    force: bool = False


def run_order(
    db: Database, workspace: Workspace, settings: Settings, order: Order, progress: Progress
) -> list[StageSummary]:
    """Run the stages in turn and return what each did."""
    engine = engine_named(order.engine, settings) if NEED_ENGINE & set(order.stages) else None
    return [
        _RUNNERS[name](_Call(db, workspace, settings, order, engine, progress))
        for name in STAGES
        if name in order.stages
    ]


def due_of_order(db: Database, workspace: Workspace, settings: Settings, order: Order) -> dict[str, int]:
    """Stage -> how many units are due as the database stands; nothing is written."""
    engine = engine_named(order.engine, settings) if NEED_ENGINE & set(order.stages) else None
    call = _Call(db, workspace, settings, order, engine, Progress.silent())
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
    engine: Any
    progress: Progress


def _prepare(call: _Call) -> Stage[Any, Any]:
    from pipeline.stages import prepare

    return prepare.stage(call.db, call.workspace, call.settings, call.order.selection)


def _classify(call: _Call) -> Stage[Any, Any]:
    from pipeline.stages import classify

    return classify.stage(
        call.db, call.workspace, call.settings, call.order.selection, call.engine, force=call.order.force
    )


def _generate_qa(call: _Call) -> Stage[Any, Any]:
    from pipeline.stages import generate_qa

    return generate_qa.stage(
        call.db, call.workspace, call.settings, call.order.selection, call.engine, force=call.order.force
    )


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
        return run_stage(_MAPS[name](call), call.db, call.progress, force=call.order.force, limit=call.order.limit)

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
