"""Where a workspace keeps its things."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
VARIABLE = "MANUALQA_WORKSPACE"


@dataclass(frozen=True, slots=True)
class Workspace:
    """A folder with scans, database and releases, and the source folder that its last run read."""

    root: Path
    source: Path

    @property
    def database(self) -> Path:
        """The review database."""
        return database_of(self.root)

    @property
    def cache(self) -> Path:
        """Rendered PDF pages and converted images; can be made again at any time."""
        return self.root / "review_db" / "cache"

    @property
    def releases(self) -> Path:
        """Where exported releases lie."""
        return self.root / "exports" / "releases"

    @property
    def config_file(self) -> Path:
        """The workspace's own settings, if there are any."""
        return self.root / "config.yaml"


def database_of(root: Path) -> Path:
    """The database of the workspace at `root`."""
    return root / "review_db" / "review.sqlite"


def default_root() -> Path:
    """MANUALQA_WORKSPACE, else the checkout."""
    return Path(os.environ.get(VARIABLE) or CHECKOUT).resolve()
