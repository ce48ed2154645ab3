"""Progress on standard error: one moving line in a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

SECONDS_BETWEEN_LINES = 10.0
SECONDS_BETWEEN_FRAMES = 0.1
WIDTH = 100


class Bar:
    """How far one stage is; `advance` is called once for each unit that was stored."""

    def __init__(self, progress: Progress, name: str, total: int) -> None:
        self.name, self.total, self.done = name, total, 0
        self._progress, self._started = progress, time.monotonic()

    def advance(self, label: str) -> None:
        """One more unit is stored; `label` names it."""
        self.done += 1
        self._progress.show(self, label)

    def line(self, label: str) -> str:
        """The bar as text, with the time left once it can be told."""
        elapsed = time.monotonic() - self._started
        left = elapsed / self.done * (self.total - self.done) if self.done else 0
        ending = f", {_duration(left)} left" if self.done < self.total and elapsed > 2 else ""
        return f"{self.name}: {self.done} of {self.total}{ending}  {label}"


def _duration(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 90 else f"{seconds:.0f} s"


class Progress:
    """Where the driver says what happens; `listener` also gets (stage, done, total), e.g. for a job's row."""

    def __init__(self, out: TextIO | None, listener: Callable[[str, int, int], None] | None = None) -> None:
        self._out, self._listener, self._shown_at = out, listener, 0.0
        self._moving = bool(out and out.isatty())

    @classmethod
    def on_stderr(cls) -> Progress:
        """For people at the command line."""
        return cls(sys.stderr)

    @classmethod
    def silent(cls, listener: Callable[[str, int, int], None] | None = None) -> Progress:
        """For tests and workers."""
        return cls(None, listener)

    @contextmanager
    def stage(self, name: str, total: int) -> Iterator[Bar]:
        """Show a bar while a stage of `total` units runs."""
        bar = Bar(self, name, total)
        if total:
            self._write(bar.line(""), force=True)
        try:
            yield bar
        finally:
            if total:
                self._write(bar.line(""), force=True, last=True)

    def show(self, bar: Bar, label: str) -> None:
        """Redraw the bar, not too often."""
        if self._listener:
            self._listener(bar.name, bar.done, bar.total)
        self._write(bar.line(label))

    def note(self, text: str) -> None:
        """One plain sentence for the person who waits."""
        if self._out:
            self._out.write(("\r\x1b[K" if self._moving else "") + text + "\n")
            self._out.flush()

    def _write(self, line: str, *, force: bool = False, last: bool = False) -> None:
        pause = SECONDS_BETWEEN_FRAMES if self._moving else SECONDS_BETWEEN_LINES
        if self._out is None or (not force and time.monotonic() - self._shown_at < pause):
            return
        self._shown_at = time.monotonic()
        if self._moving:
            self._out.write("\r\x1b[K" + line[:WIDTH] + ("\n" if last else ""))
        else:
            self._out.write(line.rstrip() + "\n")
        self._out.flush()
