"""The line to the service: so many requests at once, and none once the run has been stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from pipeline.ledger import NotSent, Outcome, Transport

MADE_READY = 4


class Line:
    """Bounds the requests on the wire, not the pages in work: while they wait, others are made ready and stored.

    A page's place is free again as soon as its reply is here. So the wire stays full though each call is reserved
    and stored in a database that writes one after the other. `most_open` bounds the calls between reservation and
    stored reply, those that wait for a place included: a kill leaves no more of them unknown.
    """

    def __init__(self, transport: Transport, most: int, is_stopped: Callable[[], bool]) -> None:
        self._transport, self._is_stopped = transport, is_stopped
        self._places = threading.BoundedSemaphore(most)
        self.most_open = most + MADE_READY

    def send(self, body: Mapping[str, Any]) -> Outcome:
        """Make at most one HTTP request, as soon as there is a place for it."""
        with self._places:
            if self._is_stopped():
                return NotSent("the run was stopped")
            return self._transport.send(body)
