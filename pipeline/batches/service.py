"""What the service says of batches: the few calls that a batch needs, as the ledger sees them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any, Protocol

from pipeline.paid_requests import Outcome


class BatchService(Protocol):
    """Sends, looks up, cancels and fetches batches."""

    def create(self, requests: IO[bytes], size: int) -> Outcome:
        """Send a batch: the body of the request, from the file's beginning, so many bytes."""
        ...

    def retrieve(self, name: str) -> Outcome:
        """How far a batch is."""
        ...

    def cancel(self, name: str) -> Outcome:
        """Have a batch stopped; what is answered by then stays answered."""
        ...

    def newest(self, after: str | None) -> Outcome:
        """A page of the account's batches, newest first, from behind the one named `after`."""
        ...

    def results(self, name: str) -> Iterator[bytes]:
        """A line for each request of an ended batch, in any order. Raises ConnectionError where they break off."""
        ...


@dataclass(frozen=True, slots=True)
class Standing:
    """What the service says of one batch; times are as it writes them."""

    name: str
    status: str
    requests: int
    answered: int
    created_at: str
    expires_at: str | None

    @property
    def is_ended(self) -> bool:
        """Whether every request has its result."""
        return self.status == "ended"


def standing_of(body: bytes) -> Standing | None:
    """A batch as the service describes it; None for anything else."""
    return _standing(_json(body))


def listed(body: bytes) -> tuple[list[Standing], bool]:
    """The batches of a page of them, and whether there are more behind it."""
    found = _json(body)
    items = found.get("data") if isinstance(found, dict) else None
    batches = [batch for item in items if (batch := _standing(item))] if isinstance(items, list) else []
    return batches, bool(batches) and isinstance(found, dict) and found.get("has_more") is True


def _standing(found: Any) -> Standing | None:
    if not isinstance(found, dict) or not isinstance(found.get("id"), str) or not found["id"]:
        return None
    counts = found.get("request_counts")
    numbers = {k: v for k, v in counts.items() if isinstance(v, int)} if isinstance(counts, dict) else {}
    total = sum(numbers.values())
    expires = found.get("expires_at")
    return Standing(
        name=found["id"],
        status=str(found.get("processing_status")),
        requests=total,
        answered=total - numbers.get("processing", 0),
        created_at=str(found.get("created_at") or ""),
        expires_at=expires if isinstance(expires, str) else None,
    )


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
