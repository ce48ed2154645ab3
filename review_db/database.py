"""sqlite-utils without pandas and numpy, which it would load for a third of a second only to name column types."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["Database", "Migrations"]

_UNUSED = ("pandas", "numpy")


@contextmanager
def _left_out(names: tuple[str, ...]) -> Iterator[None]:
    """Within, importing these modules fails as if they were not installed; one loaded before stays as it is."""
    hidden = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None is how Python marks a module as absent
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


with _left_out(_UNUSED):
    from sqlite_utils import Database, Migrations
