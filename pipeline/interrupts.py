"""Ctrl-C while calls are on the wire: no new ones at once, a short grace for those in flight, then an end."""

from __future__ import annotations

import os
import select
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Protocol

GRACE_SECONDS = 10.0
SIGNALS = (signal.SIGINT, signal.SIGTERM)
ASKED, ENDED = b"i", b"e"


class Stoppable(Protocol):
    """What of a ledger Ctrl-C needs: the stop of everything, and whether this thread is in the middle of a call."""

    @property
    def stop(self) -> threading.Event:
        """Set it, and no further call is made."""
        ...

    @property
    def is_asking_here(self) -> bool:
        """Whether this thread is in the middle of a call."""
        ...


@contextmanager
def ending_on_interrupt(
    ledger: Stoppable, close: Callable[[], None], grace_seconds: float = GRACE_SECONDS
) -> Iterator[None]:
    """Let Ctrl-C (or SIGTERM) stop the ledger at once and `close` the connections after a grace; twice means now.

    KeyboardInterrupt is raised as ever, but never in the middle of a call: that one ends first, so that its reply is
    kept. Outside the main thread, where no signal arrives, this changes nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    source, sink = os.pipe()

    def handle(number: int, frame: FrameType | None) -> None:
        os.write(sink, ASKED)  # locks are out of bounds here: the watcher does the rest
        if not ledger.is_asking_here:
            raise KeyboardInterrupt

    watcher = threading.Thread(target=_watch, args=(source, ledger, close, grace_seconds), daemon=True)
    watcher.start()
    heard = [number for number in SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, handle) for number in heard}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        os.write(sink, ENDED)
        watcher.join()
        os.close(source)
        os.close(sink)


def _watch(source: int, ledger: Stoppable, close: Callable[[], None], grace_seconds: float) -> None:
    if os.read(source, 1) != ASKED:
        return
    ledger.stop.set()
    again, _, _ = select.select([source], [], [], grace_seconds)
    if not again or os.read(source, 1) == ASKED:
        close()
