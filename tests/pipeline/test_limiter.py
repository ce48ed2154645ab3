"""Requests and tokens a minute, pauses that the service asks for, dates in every form."""

import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from pipeline.limiter import BURST_SECONDS, Limiter, retry_after, seconds_until, wait


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def sent_in(limiter: Limiter, clock: Clock, seconds: float, tokens: int = 1) -> int:
    """How many requests leave within so many seconds when each waits as it is told."""
    ends, count = clock.now + seconds, 0
    while True:
        clock.now += limiter.delay(tokens)
        if clock.now > ends:
            return count
        count += 1


def test_a_rate_of_nothing_limits_nothing():
    assert {Limiter(0, 0, Clock()).delay(10**9) for _ in range(5)} == {0.0}


@pytest.mark.parametrize(
    ("requests", "tokens", "each", "expected"), [(60, 0, 1, 60), (0, 6000, 100, 60), (600, 6000, 100, 60)]
)
def test_no_more_leaves_than_the_rate_and_one_burst(requests, tokens, each, expected):
    clock = Clock()
    assert expected <= sent_in(Limiter(requests, tokens, clock), clock, 60, each) <= expected + BURST_SECONDS + 1


def test_idle_time_is_not_saved_up():
    clock = Clock()
    limiter = Limiter(60, 0, clock)
    clock.now += 3600
    assert sent_in(limiter, clock, 1) <= BURST_SECONDS + 1


def test_a_pause_is_for_everyone_and_ends():
    clock = Clock()
    limiter = Limiter(0, 0, clock)
    limiter.pause(30)
    limiter.pause(10)
    assert limiter.paused() == 30
    clock.now += 31
    assert limiter.paused() == 0


def test_no_pause_is_longer_than_an_hour():
    limiter = Limiter(0, 0, Clock())
    limiter.pause(1e9)
    assert limiter.paused() == 3600


def limits(kind: str, left: str, seconds: float = 20.0) -> dict[str, str]:
    now = datetime.now(UTC).replace(microsecond=0)
    return {
        f"anthropic-ratelimit-{kind}-remaining": left,
        f"anthropic-ratelimit-{kind}-reset": (now + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z"),
        "date": format_datetime(now, usegmt=True),
    }


@pytest.mark.parametrize(
    ("kind", "left", "pauses"),
    [
        ("requests", "0", True), ("requests", "1", False), ("input-tokens", "4999", True),
        ("input-tokens", "5000", False), ("tokens", "0", True), ("output-tokens", "0", True),
        ("output-tokens", "5", False), ("requests", "many", False), ("requests", "-1", False),
        ("requests", "9" * 30, False),
    ],
)  # fmt: skip
def test_a_limit_that_leaves_no_room_for_the_next_request_pauses_until_it_is_renewed(kind, left, pauses):
    limiter = Limiter(0, 0, Clock())
    limiter.delay(5000)
    limiter.heed(limits(kind, left))
    assert limiter.paused() == (20.0 if pauses else 0.0)


def test_a_reset_is_read_by_the_services_clock_not_ours():
    skewed = datetime(2031, 1, 1, tzinfo=UTC)
    headers = limits("requests", "0") | {
        "date": format_datetime(skewed, usegmt=True),
        "anthropic-ratelimit-requests-reset": (skewed + timedelta(seconds=7)).isoformat(),
    }
    limiter = Limiter(0, 0, Clock())
    limiter.heed(headers)
    assert limiter.paused() == 7


def test_headers_that_make_no_sense_pause_nobody():
    limiter = Limiter(0, 0, Clock())
    limiter.heed({})
    limiter.heed({"anthropic-ratelimit-requests-remaining": "0"})
    limiter.heed({"anthropic-ratelimit-requests-remaining": "0", "anthropic-ratelimit-requests-reset": "soon"})
    assert limiter.paused() == 0


DATE = {"date": "Mon, 23 Nov 2026 12:00:00 GMT"}


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None), ({"retry-after": ""}, None), ({"retry-after": "7"}, 7.0), ({"retry-after": "0.5"}, 0.5),
        ({"retry-after": "120"}, 120.0), ({"retry-after": "1000000000"}, 3600.0), ({"retry-after": "inf"}, 3600.0),
        ({"retry-after": "-5"}, None), ({"retry-after": "nan"}, None), ({"retry-after": "soon"}, None),
        ({"retry-after": "Mon, 23 Nov 2026 12:00:09 GMT"} | DATE, 9.0),
        ({"retry-after": "Mon, 23 Nov 2026 11:00:00 GMT"} | DATE, 0.0),
        ({"retry-after": "Tue, 23 Nov 2027 11:00:00 GMT"} | DATE, 3600.0),
        ({"retry-after": "2026-11-23T12:00:03Z"} | DATE, 3.0),
        ({"retry-after-ms": "250", "retry-after": "9"}, 0.25), ({"retry-after-ms": "x", "retry-after": "9"}, 9.0),
    ],
)  # fmt: skip
def test_retry_after_in_every_form(headers, seconds):
    assert retry_after(headers) == seconds


@pytest.mark.parametrize("text", ["", "never", "2026-13-45T99:00:00Z", "Mon, 99 Foo 2026", "9" * 50])
def test_a_date_that_cannot_be_read_is_now(text):
    assert seconds_until(text) == 0.0


def test_a_wait_ends_when_the_run_stops():
    stop, began = threading.Event(), time.monotonic()
    threading.Timer(0.1, stop.set).start()
    assert not wait(30, stop)
    assert time.monotonic() - began < 5
    assert wait(0, threading.Event())
    assert not wait(0, stop)
