"""Give a reviewer's pages back to the others when the tab closes, instead of after the lease's ninety seconds."""

from __future__ import annotations

import json

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from app.review.bundles import holder_of
from app.workspace import review_database
from review_db import queue

LONGEST_BODY = 1000


async def leave(request: Request) -> Response:
    """Release what a tab holds; its random id, known to that tab alone, is the right to do so. Always answers 204."""
    body = await request.body()
    if len(body) <= LONGEST_BODY:
        await run_in_threadpool(_release, body)
    return Response(status_code=204)


def _release(body: bytes) -> None:
    try:
        said = json.loads(body)
    except ValueError:
        return
    if isinstance(said, dict) and isinstance(said.get("tab"), str) and isinstance(said.get("reviewer"), str):
        queue.release(review_database(), holder_of(said["reviewer"], said["tab"]))
