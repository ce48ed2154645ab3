"""Which engine a name stands for, and on what terms it may be used."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from pipeline.engines.engine import Engine
from pipeline.engines.offline.engine import OfflineEngine
from pipeline.errors import NotYetError
from pipeline.settings import Settings
from pipeline.workspace import Workspace

AUTO, OFFLINE, CLAUDE = "auto", "offline", "claude"
ENGINES = (OFFLINE, CLAUDE)
"""What this version can read with; Claude needs a key."""

PATIENCE_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Terms:
    """How a paid engine may be used: budget of the day, requests in flight (None: as configured), second tries.

    `run_key` names the command or job whose cap the calls count against; a wait that the service asks for and that
    is longer than `longest_wait_seconds` ends the run instead.
    """

    budget_usd: float | None = None
    concurrency: int | None = None
    resend_unknown: bool = False
    run_key: str = field(default_factory=lambda: uuid.uuid4().hex)
    longest_wait_seconds: float = PATIENCE_SECONDS


@dataclass(frozen=True, slots=True)
class OpenEngine:
    """An engine ready for work: how many pages may be in work at once, and how to let no new call begin."""

    engine: Engine
    parallel: int = 1
    stop: Callable[[], None] = lambda: None


def engine_name(wanted: str) -> str:
    """The engine that a name stands for: auto is claude where a key is set, else offline."""
    if wanted != AUTO:
        return wanted
    from pipeline.engines.claude.client import has_key

    return CLAUDE if has_key() else OFFLINE


def usable_engines() -> list[str]:
    """The engines that can be used with what the environment holds."""
    return [name for name in ENGINES if name == OFFLINE or engine_name(AUTO) == CLAUDE]


def stand_in(wanted: str, settings: Settings) -> Engine:
    """An engine under this name, for whoever wants to know what would be due for it; it is never asked."""
    engine = OfflineEngine(settings.classification)
    engine.name = engine_name(wanted)
    return engine


@contextmanager
def opened_engine(
    wanted: str, workspace: Workspace, settings: Settings, terms: Terms, note: Callable[[str], None]
) -> Iterator[OpenEngine]:
    """The engine of this name, closed at the end; `note` gets sentences for the person who waits.

    Raises NotYetError for an engine that this version lacks, NoKeyError and NoPriceError where Claude cannot be asked.
    """
    name = engine_name(wanted)
    if name == OFFLINE:
        yield OpenEngine(OfflineEngine(settings.classification))
        return
    if name not in ENGINES:
        raise NotYetError(
            f"not yet: this version has no engine {name}", "leave --engine out: the offline reader needs no key"
        )
    from pipeline.engines.claude.session import claude_session

    with claude_session(workspace, settings, terms, note) as opened:
        yield opened
