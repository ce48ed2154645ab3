"""A stored reply is read and what it truly cost takes its reservation's place; in a batch every token is half price."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from pipeline.fault_points import hit
from pipeline.paid_requests import Answer, PaidRequest, Reading
from review_db import calls
from review_db.connection import Database

ResultT = TypeVar("ResultT")
BATCH_SHARE = 0.5
"""What a request inside a batch costs of the same request on its own."""


def settled(
    db: Database,
    call_id: int,
    body: bytes,
    request: PaidRequest,
    read: Callable[[bytes], Reading[ResultT]],
    *,
    in_batch: bool,
) -> Answer[ResultT]:
    """The reading of a reply that is stored; a reply that does not say what it took costs its reservation."""
    reading, share = read(body), BATCH_SHARE if in_batch else 1.0
    hit("parsed")
    cost = request.worst_case_usd if reading.cost_usd is None else reading.cost_usd
    usage = calls.Usage(
        reading.input_tokens,
        reading.output_tokens,
        reading.cache_write_tokens,
        reading.cache_read_tokens,
        share * cost,
        share * reading.saved_usd,
    )
    calls.settle(db, call_id, reading.state, usage)
    hit("settled")
    return Answer(call_id, reading)
