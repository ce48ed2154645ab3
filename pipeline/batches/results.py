"""The results of a batch: lines in any order, some of them missing, cut, unknown or told twice; each is stored once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from pipeline.batches.part import call_named
from pipeline.batches.service import BatchService
from pipeline.fault_points import hit
from pipeline.paid_requests import Received
from review_db import batches
from review_db.connection import Database

LINES_AT_ONCE = 100
STREAMS = 4
STATUSES = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "api_error": 500,
    "timeout_error": 504,
    "overloaded_error": 529,
}
"""What the service would have answered to the request on its own."""

EXPIRED, CANCELED = "expired", "canceled"
Refused = Received | str
"""An error reply, or the word for a request that the service never came to."""


@dataclass(slots=True)
class Fetched:
    """What fetching a batch's results came to."""

    answered: int = 0
    refused: dict[str, Refused] = field(default_factory=dict)
    strange: int = 0
    missing: int = 0
    is_whole: bool = True


def fetch(db: Database, service: BatchService, batch_id: int, name: str) -> Fetched:
    """Store what the batch's results say of the calls that wait, some lines a transaction; told again, nothing changes.

    `refused` is by request hash. Where the lines break off each time, `is_whole` is false; where they end well and
    calls are left without a result, these are `missing`.
    """
    waiting, found = batches.waiting_calls(db, batch_id), Fetched()
    for _ in range(STREAMS):
        found.strange, found.is_whole = 0, True
        try:
            _store(db, service.results(name), waiting, found)
        except ConnectionError:
            found.is_whole = False
        if not waiting:
            break
    found.missing = len(waiting)
    return found


def _store(db: Database, lines: Iterator[bytes], waiting: dict[int, str], found: Fetched) -> None:
    """Take in the lines as they come; what came before a break is kept."""
    while some := list(_until_broken(lines, LINES_AT_ONCE)):
        broken = some[-1] if isinstance(some[-1], ConnectionError) else None
        told = [line for line in some if isinstance(line, bytes)]
        results = list(_results(told, waiting, found))
        batches.save_results(db, (result for result, _ in results))
        hit("batch_result")
        for result, refused in results:
            request_hash = waiting.pop(result.call_id)
            found.answered += refused is None
            if refused is not None:
                found.refused[request_hash] = refused
        if broken:
            raise broken


def _until_broken(lines: Iterator[bytes], most: int) -> Iterator[bytes | ConnectionError]:
    try:
        yield from islice(lines, most)
    except ConnectionError as error:
        yield error


def _results(
    lines: Iterable[bytes], waiting: Mapping[int, str], found: Fetched
) -> Iterator[tuple[batches.Result, Refused | None]]:
    seen: set[int] = set()
    for line in lines:
        told = _object(line)
        call_id = call_named(told.get("custom_id"), waiting)
        result = told.get("result")
        if call_id is None or call_id in seen or not isinstance(result, dict):
            found.strange += bool(line.strip())
            continue
        seen.add(call_id)
        yield _result(call_id, result)


def _result(call_id: int, result: dict[str, Any]) -> tuple[batches.Result, Refused | None]:
    kind = result.get("type")
    if kind in (EXPIRED, CANCELED):
        return batches.Result(call_id, None, b""), str(kind)
    if kind == "errored":
        error = result.get("error")
        inner = error.get("error") if isinstance(error, dict) and isinstance(error.get("error"), dict) else error
        body = json.dumps({"type": "error", "error": inner}).encode()
        status = STATUSES.get(str(inner.get("type")), 500) if isinstance(inner, dict) else 500
        return batches.Result(call_id, status, body), Received(status, {}, body)
    # of any other kind it may have been billed: what came is kept, and the reader says what it is
    return batches.Result(call_id, 200, json.dumps(result.get("message")).encode()), None


def name_in(line: bytes) -> object:
    """The name of the request that a line of results is about."""
    return _object(line).get("custom_id")


def _object(line: bytes) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
