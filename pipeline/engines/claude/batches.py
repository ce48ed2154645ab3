"""Message Batches over the one client: each function makes one request, and all but `create` cost nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

from pipeline.engines.claude.client import MessagesClient
from pipeline.paid_requests import Outcome

PATH = "/v1/messages/batches"
SLOWEST_BYTES_A_SECOND = 100_000
BATCHES_A_PAGE = 100


class MessageBatches:
    """The service's batches."""

    def __init__(self, client: MessagesClient) -> None:
        self._client = client

    def create(self, requests: IO[bytes], size: int) -> Outcome:
        """Send a batch straight from its file, so that it never stands in memory whole."""
        import httpx2

        requests.seek(0)
        headers = {"Content-Type": "application/json", "Content-Length": str(size)}

        def make(sdk: Any) -> Any:
            return sdk.post(PATH, content=requests, cast_to=httpx2.Response, options={"headers": headers})

        return self._client.ask(make, more_seconds=size / SLOWEST_BYTES_A_SECOND)

    def retrieve(self, name: str) -> Outcome:
        """How far a batch is."""
        return self._client.ask(lambda sdk: sdk.messages.batches.with_raw_response.retrieve(name).http_response)

    def cancel(self, name: str) -> Outcome:
        """Have a batch stopped."""
        return self._client.ask(lambda sdk: sdk.messages.batches.with_raw_response.cancel(name).http_response)

    def newest(self, after: str | None = None, within_seconds: float | None = None) -> Outcome:
        """The account's batches, newest first."""
        more = {"after_id": after} if after else {}
        return self._client.ask(
            lambda sdk: sdk.messages.batches.with_raw_response.list(limit=BATCHES_A_PAGE, **more).http_response,
            within_seconds=within_seconds,
        )

    def results(self, name: str) -> Iterator[bytes]:
        """The lines of a batch's results as they come."""
        return self._client.lines(lambda sdk: sdk.messages.batches.with_streaming_response.results(name))
