"""Which engine a name stands for, and on what terms it may be used."""

from __future__ import annotations

import math
import uuid
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass, field

from pipeline.engines.engine import Engine
from pipeline.engines.offline.engine import OfflineEngine
from pipeline.progress import Progress
from pipeline.settings import Settings
from pipeline.workspace import Workspace

AUTO, OFFLINE, CLAUDE, CLAUDE_BATCH = "auto", "offline", "claude", "claude-batch"
ENGINES = (OFFLINE, CLAUDE, CLAUDE_BATCH)
"""What pages can be read with; all but the offline reader need a key."""

PATIENCE_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Terms:
    """How a paid engine may be used: budget of the day, requests in flight (None: as configured), second tries.

    `run_key` names the command or job whose cap the calls count against; a wait that the service asks for and that
    is longer than `longest_wait_seconds` ends the run instead. `pilot` pages are asked one by one before a batch (None:
    as configured where the engine is chosen by itself, else none); batches are waited for as long as
    `batch_patience_seconds`.
    """

    budget_usd: float | None = None
    concurrency: int | None = None
    resend_unknown: bool = False
    run_key: str = field(default_factory=lambda: uuid.uuid4().hex)
    longest_wait_seconds: float = PATIENCE_SECONDS
    pilot: int | None = None
    batch_patience_seconds: float = math.inf


@dataclass(frozen=True, slots=True)
class Bulk:
    """How many pages are asked about together, at half the price.

    More than `above` due pages go that way, after a `pilot` of so many on their own. `look` stores what has ended and
    returns the pages that are still being answered; `fetch` sends what `engine` collected and waits for all of it,
    False where there is nothing to wait for; `is_bad` says of pages asked in this run why no more should be asked.
    """

    engine: Engine
    parallel: int
    above: int
    pilot: int
    look: Callable[[], AbstractSet[str]]
    fetch: Callable[[Progress], bool]
    is_bad: Callable[[], str | None]


@dataclass(frozen=True, slots=True)
class OpenEngine:
    """An engine ready for work: how many pages may be in work at once, how to let no new call begin, and batches."""

    engine: Engine
    parallel: int = 1
    stop: Callable[[], None] = lambda: None
    bulk: Bulk | None = None


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
    engine = OfflineEngine(settings.classification, in_page_language=settings.generation.in_page_language)
    engine.name = engine_name(wanted)
    return engine


@contextmanager
def opened_engine(
    wanted: str, workspace: Workspace, settings: Settings, terms: Terms, note: Callable[[str], None]
) -> Iterator[OpenEngine]:
    """The engine of this name, closed at the end; `note` gets sentences for the person who waits.

    Raises NoKeyError and NoPriceError where Claude cannot be asked.
    """
    if engine_name(wanted) == OFFLINE:
        yield OpenEngine(OfflineEngine(settings.classification, in_page_language=settings.generation.in_page_language))
        return
    from pipeline.engines.claude.session import claude_session

    with claude_session(wanted, workspace, settings, terms, note) as opened:
        yield opened
