"""Where the app finds its workspace: database, image cache, releases; one connection a thread."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from pathlib import Path

from review_db.connection import Database, open_review_db

ROOT = Path(__file__).resolve().parents[1]
"""The checkout (or the folder that holds the installed packages)."""

_connections = threading.local()


@dataclass(frozen=True, slots=True)
class AppWorkspace:
    """The folders below one workspace root."""

    root: Path

    @property
    def database(self) -> Path:
        """The review database's file."""
        return self.root / "review_db" / "review.sqlite"

    @property
    def cache(self) -> Path:
        """Renders, resized images and thumbnails: everything in it can be made again."""
        return self.root / "review_db" / "cache"

    @property
    def scan_key(self) -> Path:
        """The secret that signs addresses and tickets; beside the database, so that it outlives a restart."""
        return self.root / "review_db" / "review.sqlite-scan-key"

    @property
    def worker_log(self) -> Path:
        """What worker processes print."""
        return self.cache / "worker.log"

    def image_file(self, image_path: str) -> Path:
        """The file that a page's `image_path` names: absolute for a scan used in place, else in the cache."""
        return self.cache / image_path


def workspace() -> AppWorkspace:
    """The workspace of this process: MANUALQA_WORKSPACE, else the checkout."""
    return AppWorkspace(Path(os.environ.get("MANUALQA_WORKSPACE") or ROOT).resolve())


def review_database() -> Database:
    """This thread's connection to the workspace's database, made and migrated at its first use.

    Raises ReviewDbError (with a hint) for a database of a later version, a damaged one, or a folder that cannot
    be written.
    """
    path = workspace().database
    if getattr(_connections, "file", None) != (path, _identity(path)):
        _connections.database = open_review_db(path)
        _connections.file = (path, _identity(path))
    database: Database = _connections.database
    return database


def _identity(path: Path) -> tuple[int, int] | None:
    """Which file stands at a path: a restored database is another one, to be opened anew."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
