"""Keep requests and tokens a minute below what the service allows, and wait when it says so."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

BURST_SECONDS = 6.0
LONGEST_PAUSE_SECONDS = 3600.0
TOKEN_KINDS = ("tokens", "input-tokens", "output-tokens")


class Limiter:
    """Token buckets shared by all threads of a process; a rate of 0 means no limit of our own."""

    def __init__(
        self, requests_a_minute: int, tokens_a_minute: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rates = (requests_a_minute / 60, tokens_a_minute / 60)
        self._clock, self._lock = clock, threading.Lock()
        self._free_at = [clock() - BURST_SECONDS] * 2
        self._paused_until, self._largest = clock(), 1

    def delay(self, tokens: int) -> float:
        """Take a place for a request of so many input tokens; returns how many seconds to wait before sending."""
        with self._lock:
            now = self._clock()
            self._largest = max(self._largest, tokens)
            waits = [self._taken(i, amount, now) for i, amount in enumerate((1, tokens))]
            return max(*waits, 0.0)

    def _taken(self, bucket: int, amount: float, now: float) -> float:
        rate = self._rates[bucket]
        if not rate:
            return 0.0
        self._free_at[bucket] = max(self._free_at[bucket], now - BURST_SECONDS) + amount / rate
        return self._free_at[bucket] - now

    def pause(self, seconds: float) -> None:
        """Let nobody send for so long, at most an hour; never shortens a pause."""
        with self._lock:
            bounded = min(max(seconds, 0.0), LONGEST_PAUSE_SECONDS)
            self._paused_until = max(self._paused_until, self._clock() + bounded)

    def paused(self) -> float:
        """Seconds for which nobody may send, 0 for none; a pause may begin while a request waits for its place."""
        with self._lock:
            return max(0.0, self._paused_until - self._clock())

    def heed(self, headers: Mapping[str, str]) -> None:
        """Pause where a reply's headers say that too little is left for another request until a given time."""
        if _left(headers, "requests") == 0:
            self._pause_until_reset(headers, "requests")
        for kind in TOKEN_KINDS:
            left = _left(headers, kind)
            if left is not None and left < (1 if kind == "output-tokens" else self._largest):
                self._pause_until_reset(headers, kind)

    def _pause_until_reset(self, headers: Mapping[str, str], kind: str) -> None:
        self.pause(seconds_until(headers.get(f"anthropic-ratelimit-{kind}-reset", ""), _server_time(headers)))


def _left(headers: Mapping[str, str], kind: str) -> int | None:
    text = headers.get(f"anthropic-ratelimit-{kind}-remaining", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _server_time(headers: Mapping[str, str]) -> datetime | None:
    """The reply's own date: moments that the service names are read by its clock, whatever ours says."""
    return _moment(headers.get("date", ""))


def _moment(text: str) -> datetime | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text)
        except (ValueError, TypeError, OverflowError):
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None


def seconds_until(moment: str, now: datetime | None = None) -> float:
    """Seconds to an RFC 3339 or HTTP date; 0 for one that has passed or cannot be read."""
    then = _moment(moment)
    return max(0.0, (then - (now or datetime.now(UTC))).total_seconds()) if then else 0.0


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The pause that a reply asks for in seconds, at most an hour; None where it asks for none that makes sense."""
    milliseconds = _number(headers.get("retry-after-ms", ""))
    if milliseconds is not None:
        return _bounded(milliseconds / 1000)
    text = headers.get("retry-after", "").strip()
    seconds = _number(text)
    if seconds is None:
        return _bounded(seconds_until(text, _server_time(headers))) if _moment(text) else None
    return _bounded(seconds)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return None if math.isnan(number) else number


def _bounded(seconds: float) -> float | None:
    return min(seconds, LONGEST_PAUSE_SECONDS) if seconds >= 0 else None


def wait(seconds: float, stop: threading.Event) -> bool:
    """Wait unless `stop` is set; False when it was."""
    return not stop.wait(max(seconds, 0.0))
