"""Which processes are alive: each holds a lock on a file of its own, and the system lets go of it when it dies."""

from __future__ import annotations

import contextlib
import os
import uuid
from pathlib import Path
from typing import IO

from pipeline.errors import PipelineError

try:
    import fcntl
except ImportError:  # Windows: other processes then count as alive, so that none of their calls is sent twice
    fcntl = None  # type: ignore[assignment]

UNNAMED = ".new-"


class Owner:
    """This process, under a name that no other process ever has; make it after a fork, not before."""

    def __init__(self, folder: Path) -> None:
        """Raises PipelineError where the folder cannot hold a locked file."""
        self.name, self._folder = f"{os.getpid()}-{uuid.uuid4().hex[:12]}", folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = self._locked_file()
        except OSError as error:
            raise PipelineError(
                f"cannot lock a file in {folder}: {error.strerror}", "choose another folder with --workspace DIR"
            ) from error
        self._sweep()

    def _locked_file(self) -> IO[str]:
        """Locked before it gets its name, so that nobody ever finds it unlocked while this process lives."""
        unnamed = self._folder / (UNNAMED + self.name)
        lock = unnamed.open("w", encoding="utf-8")
        if fcntl:
            fcntl.flock(lock, fcntl.LOCK_EX)
        unnamed.rename(self._folder / self.name)
        return lock

    def _sweep(self) -> None:
        """Take away what processes that were killed have left."""
        for file in self._folder.iterdir():
            if not file.name.startswith(UNNAMED):
                self.is_alive(file.name)

    def is_alive(self, name: str) -> bool:
        """Whether the process of this name still runs; a paused one does."""
        if name == self.name or fcntl is None:
            return True
        try:
            with (self._folder / name).open(encoding="utf-8") as lock:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except OSError:
            return True
        with contextlib.suppress(FileNotFoundError):
            (self._folder / name).unlink()
        return False

    def leave(self) -> None:
        """Let go: from now on this process counts as gone."""
        with contextlib.suppress(FileNotFoundError):
            (self._folder / self.name).unlink()
        self._lock.close()
