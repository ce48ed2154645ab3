"""When the next call may go: its turn, the pauses that the service asks for, and the stop that ends every wait."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable

from pipeline.limiter import Limiter, retry_after, wait
from pipeline.paid_requests import Outcome, Received
from pipeline.refusals import STOP_HINT, PostponedError, StoppedError, StopRunError
from pipeline.stage import UnitError

FIRST_BACKOFF_SECONDS = 0.5
LONGEST_BACKOFF_SECONDS = 30.0
LONGEST_JITTER_SECONDS = 2.0
NOTED_PAUSE_SECONDS = 5.0
HOPELESS_IN_A_ROW = 20
PAUSING_STATUSES = (429, 529)


class Pace:
    """Shared by every thread of a run: what stops one of them stops them all."""

    def __init__(self, limiter: Limiter, longest_wait_seconds: float, note: Callable[[str], None]) -> None:
        self._limiter, self._longest_wait, self._note = limiter, longest_wait_seconds, note
        self._lock, self._noted_until, self._in_a_row = threading.Lock(), 0.0, 0
        self._reason: Exception | None = None
        self.stop = threading.Event()

    def halt(self, reason: BaseException) -> None:
        """Let no thread make another call; those that wait learn the first reason."""
        with self._lock:
            if self._reason is None and isinstance(reason, Exception) and not isinstance(reason, StoppedError):
                self._reason = reason
        self.stop.set()

    def refuse_when_stopped(self) -> None:
        """Raise why the run stopped, if it did: StopRunError, or StoppedError for a person's wish."""
        if not self.stop.is_set():
            return
        if self._reason is not None:
            kind = type(self._reason) if isinstance(self._reason, StopRunError) else StopRunError
            raise kind(str(self._reason), getattr(self._reason, "hint", STOP_HINT))
        raise StoppedError("stopped before the next call", "what was stored is kept; the same command goes on")

    def sleep(self, seconds: float) -> None:
        """Wait unless the run stops, which raises."""
        wait(seconds, self.stop)
        self.refuse_when_stopped()

    def await_turn(self, tokens: int) -> None:
        """Wait for a place in our own limits of requests and input tokens a minute."""
        self.sleep(self._limiter.delay(tokens))

    def await_end_of_pause(self) -> None:
        """Wait while the service wants nobody to send; the threads then begin again one by one.

        Raises PostponedError for a pause that no worker may spend waiting.
        """
        while (seconds := self._limiter.paused()) > 0:
            if seconds > self._longest_wait:
                raise PostponedError(seconds)
            self._tell(seconds)
            self.sleep(seconds)
            self.sleep(random.uniform(0, min(seconds / 4, LONGEST_JITTER_SECONDS)))

    def _tell(self, seconds: float) -> None:
        with self._lock:
            ends = time.monotonic() + seconds
            told = seconds < NOTED_PAUSE_SECONDS or ends < self._noted_until + NOTED_PAUSE_SECONDS
            self._noted_until = self._noted_until if told else ends
        if not told:
            self._note(f"the service wants a pause: going on in {seconds:.0f} seconds (Ctrl-C stops, nothing is lost)")

    def heed(self, reply: Received) -> None:
        """Take what a reply says of the limits; one that was answered ends a row of failures."""
        self._limiter.heed(reply.headers)
        if reply.status == 200:
            self._in_a_row = 0

    def back_off(self, outcome: Outcome, attempt: int) -> None:
        """Wait before the next attempt; a limit of the service makes every thread wait."""
        backoff = min(FIRST_BACKOFF_SECONDS * 2**attempt, LONGEST_BACKOFF_SECONDS) * random.uniform(0.75, 1.25)
        asked = retry_after(outcome.headers) if isinstance(outcome, Received) else None
        if asked is not None or (isinstance(outcome, Received) and outcome.status in PAUSING_STATUSES):
            self._limiter.pause(max(asked or 0.0, backoff))
        else:
            self.sleep(backoff)

    def count_failure(self, error: UnitError) -> None:
        """Raise StopRunError when page after page fails and none succeeds between them: the pages are not to blame."""
        with self._lock:
            self._in_a_row += 1
            hopeless = self._in_a_row >= HOPELESS_IN_A_ROW
        if hopeless:
            hint = "once this is mended, the same command tries those pages again"
            raise StopRunError(f"{HOPELESS_IN_A_ROW} calls in a row failed, the last with: {error}", hint)
