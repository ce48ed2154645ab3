"""What passes between an engine, the ledger and what sends a request: the request, its outcome, its reading."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

ResultT = TypeVar("ResultT")


@dataclass(frozen=True, slots=True)
class PaidRequest:
    """A request and what it can cost at the most; another generation asks the same afresh."""

    body: Mapping[str, Any]
    page_id: str | None
    engine: str
    purpose: str
    most_input_tokens: int
    worst_case_usd: float
    generation: int = 1

    @property
    def hash(self) -> str:
        """Identity of the request: everything that is sent. Raises UnicodeEncodeError for what cannot be sent."""
        return hashlib.sha256(json.dumps(self.body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Received:
    """A whole reply, whatever its status; header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class NotSent:
    """The request never left this machine: it is not billed."""

    reason: str


@dataclass(frozen=True, slots=True)
class Lost:
    """The request left and no whole reply came: nobody knows whether it was billed."""

    reason: str


Outcome = Received | NotSent | Lost


class Transport(Protocol):
    """What sends one request."""

    def send(self, body: Mapping[str, Any]) -> Outcome:
        """Make at most one HTTP request."""
        ...


@dataclass(frozen=True, slots=True)
class Reading(Generic[ResultT]):
    """What a reply says: the state it leaves the call in, its tokens, and the result (or why there is none).

    `saved_usd` is what the service's prompt cache saved of it, below zero where writing to it cost more.
    """

    state: str
    input_tokens: int | None
    output_tokens: int | None
    cache_write_tokens: int
    cache_read_tokens: int
    cost_usd: float | None
    result: ResultT | None
    problem: str | None = None
    saved_usd: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer(Generic[ResultT]):
    """A reading and the call it came from."""

    call_id: int
    reading: Reading[ResultT]


@dataclass(frozen=True, slots=True)
class Policy:
    """Caps in dollars, how often a refused request is tried again, how long a call may wait.

    A pause longer than `longest_wait_seconds` raises PostponedError instead of keeping the worker;
    `longest_join_seconds` bounds the wait for another process that asks the same or holds what is left of a cap.
    """

    page_usd: float
    run_usd: float
    day_usd: float
    attempts: int
    resend_unknown: bool = False
    longest_wait_seconds: float = 3600.0
    longest_join_seconds: float = 900.0
