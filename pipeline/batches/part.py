"""The batch that is being put together: a file that grows until the service would take no more in one go."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

HEAD, BETWEEN, TAIL = b'{"requests":[', b",", b"]}"
HASH_CHARACTERS = 40
ROOM_FOR_THE_NAME = 128


@dataclass(frozen=True, slots=True)
class Limits:
    """What the service takes in one batch: 256 MB and 100,000 requests; a little room is left below the bytes."""

    most_bytes: int = 240_000_000
    most_requests: int = 100_000


class Part:
    """A batch's requests in the form in which they are sent; the file goes with the process."""

    def __init__(self, batch_id: int, folder: Path, limits: Limits) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.batch_id, self._limits, self.count = batch_id, limits, 0
        self.file: IO[bytes] = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115 - closed by the ledger
        self._size = self.file.write(HEAD)

    @property
    def size(self) -> int:
        """Bytes of the whole body, once it is closed."""
        return self._size

    def has_room(self, more: int) -> bool:
        """Whether a request of so many bytes still fits; one always fits into an empty part."""
        fits = self._size + more + len(BETWEEN) + len(TAIL) <= self._limits.most_bytes
        return not self.count or (fits and self.count < self._limits.most_requests)

    def add(self, request: bytes) -> None:
        """Take in one request."""
        self._size += self.file.write(BETWEEN + request if self.count else request)
        self.count += 1

    def finish(self) -> None:
        """No more requests come."""
        self._size += self.file.write(TAIL)
        self.file.flush()


def custom_id(call_id: int, request_hash: str) -> str:
    """The name of a request inside its batch: its call, and enough of its hash to tell it from anybody else's."""
    return f"{call_id}-{request_hash[:HASH_CHARACTERS]}"


def call_named(custom: object, waiting: Mapping[int, str]) -> int | None:
    """Which of the calls that wait (call -> request hash) a request's name means; None for a name that is not ours."""
    number, _, prefix = custom.partition("-") if isinstance(custom, str) else ("", "", "")
    call_id = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0
    known = waiting.get(call_id)
    return call_id if known and prefix == known[:HASH_CHARACTERS] else None


def as_request(custom: str, body: bytes) -> bytes:
    """A request (its body as JSON) as it stands in a batch."""
    return b'{"custom_id":"%s","params":%s}' % (custom.encode(), body)
