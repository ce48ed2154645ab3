"""Which engine a name stands for."""

from __future__ import annotations

from pipeline.engines.engine import Engine
from pipeline.errors import NotYetError
from pipeline.settings import Settings


def engine_named(name: str, settings: Settings) -> Engine:
    """The engine of this name; auto is the offline one. Raises NotYetError for an engine this version lacks."""
    if name not in ("auto", "offline"):
        raise NotYetError(
            f"not yet: this version has no engine {name}", "leave --engine out: the offline reader needs no key"
        )
    from pipeline.engines.offline.engine import OfflineEngine

    return OfflineEngine(settings.classification)
