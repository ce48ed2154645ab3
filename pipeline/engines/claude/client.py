"""The one place that talks to the Messages API; it sends a request once and says what came back, bytes first."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from queue import Empty, SimpleQueue
from typing import Any
from urllib.parse import urlsplit

from pipeline.errors import PipelineError
from pipeline.ledger import Lost, NotSent, Outcome, Received

KEY_VARIABLES = ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN")
BASE_URL_VARIABLE = "ANTHROPIC_BASE_URL"
OFFICIAL_HOSTS = ("api.anthropic.com",)
CONNECT_SECONDS = 10.0
SHORTEST_SECRET = 8
LONGEST_REASON = 300
REDACTED = "[key]"
TALKATIVE = ("anthropic._base_client", "httpx2", "httpcore2.connection", "httpcore2.http11", "httpcore2.proxy")
"""Loggers that at DEBUG repeat what a server sent."""


class NoKeyError(PipelineError):
    """Claude was asked for and no usable key is set."""


def has_key() -> bool:
    """Whether the environment holds a credential for Claude."""
    return any(os.environ.get(name) for name in KEY_VARIABLES)


def service_host() -> str | None:
    """The server that requests go to, where ANTHROPIC_BASE_URL names another than Anthropic's; None for that."""
    host = urlsplit(os.environ.get(BASE_URL_VARIABLE, "")).netloc.rpartition("@")[2]
    return host if host and host.partition(":")[0] not in OFFICIAL_HOSTS else None


class _KeyFilter(logging.Filter):
    """Takes credentials out of log records, should a server or proxy repeat them."""

    secrets: tuple[str, ...] = ()

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        if any(secret in message for secret in self.secrets):
            record.msg, record.args = _without(self.secrets, message), ()
        return True


_KEY_FILTER = _KeyFilter()


def _without(secrets: tuple[str, ...], text: str) -> str:
    for secret in secrets:
        text = text.replace(secret, REDACTED)
    return text


def _secrets() -> tuple[str, ...]:
    """The credentials in the environment. Raises NoKeyError for none, or one that no header can carry."""
    found = [(name, os.environ[name]) for name in KEY_VARIABLES if os.environ.get(name)]
    if not found:
        raise NoKeyError("there is no key for Claude", "set ANTHROPIC_API_KEY, or leave --engine out to read offline")
    for name, key in found:
        if not key.isascii() or not key.isprintable() or key != key.strip():
            raise NoKeyError(
                f"{name} holds a space, a line break or another character that no key has", "copy the key again"
            )
    return tuple(key for _, key in found if len(key) >= SHORTEST_SECRET)


class MessagesClient:
    """A thread-safe sender of single requests; the SDK's own retries are off, as each could be billed unseen."""

    def __init__(self, timeout_seconds: float) -> None:
        """Raises NoKeyError."""
        import anthropic
        import httpx2

        self._secrets = _KEY_FILTER.secrets = _secrets()
        for name in TALKATIVE:
            logging.getLogger(name).addFilter(_KEY_FILTER)
        self._anthropic, self._httpx = anthropic, httpx2
        self._seconds = timeout_seconds + CONNECT_SECONDS
        self._lock, self._waiting, self._closed = threading.Lock(), set[SimpleQueue[Outcome]](), False
        timeout = httpx2.Timeout(timeout_seconds, connect=CONNECT_SECONDS)
        # A followed redirect would be a second request, and to a place that nobody named.
        http = anthropic.DefaultHttpxClient(timeout=timeout, follow_redirects=False)
        self._client = anthropic.Anthropic(max_retries=0, timeout=timeout, http_client=http)

    def send(self, body: Mapping[str, Any]) -> Outcome:
        """Make exactly one Messages request and return its raw reply, or how far it came."""
        return self.ask(lambda sdk: sdk.messages.with_raw_response.create(**body).http_response)

    def ask(
        self, make: Callable[[Any], Any], more_seconds: float = 0.0, within_seconds: float | None = None
    ) -> Outcome:
        """Make exactly one HTTP request with the SDK's client, which returns its raw response.

        It is made in a thread of its own, as nothing else ends a look-up of a name or a reply that comes in drops:
        after the timeout, or when `close` is called, the request counts as lost, whatever becomes of it.
        """
        box: SimpleQueue[Outcome] = SimpleQueue()
        seconds = within_seconds or self._seconds + more_seconds
        with self._lock:
            if self._closed:
                return NotSent("the connections are closed")
            self._waiting.add(box)
        threading.Thread(target=lambda: box.put(self._outcome(make)), daemon=True, name="claude request").start()
        try:
            return box.get(timeout=seconds)
        except Empty:
            return Lost(f"no whole reply came within {seconds:.0f} seconds")
        finally:
            with self._lock:
                self._waiting.discard(box)

    def lines(self, make: Callable[[Any], Any]) -> Iterator[bytes]:
        """The lines of a reply that the SDK's client streams, each whole and without the key.

        Raises ConnectionError where it ends early, is refused or is no reply at all: what came until then is good.
        """
        try:
            with make(self._client) as response:
                rest = b""
                for piece in response.iter_bytes():  # a line ends at a line feed alone, not at what Unicode calls one
                    *whole, rest = (rest + piece).split(b"\n")
                    yield from (self._without_key(line) for line in whole)
                yield self._without_key(rest)
        except (self._anthropic.AnthropicError, self._httpx.HTTPError, ValueError) as error:
            reason = _without(self._secrets, str(error))[:LONGEST_REASON]
            raise ConnectionError(f"{type(error).__name__}: {reason}") from error

    def _outcome(self, make: Callable[[Any], Any]) -> Outcome:
        try:
            reply = make(self._client)
        except self._anthropic.APIStatusError as error:
            reply = error.response
        except self._anthropic.APIConnectionError as error:
            return self._without_reply(error)
        except Exception as error:  # of whatever kind: it may have been raised after the request had left
            return Lost(f"the request broke off ({type(error).__name__})")
        headers = {name.lower(): _without(self._secrets, value) for name, value in reply.headers.items()}
        return Received(reply.status_code, headers, self._without_key(reply.content))

    def _without_key(self, body: bytes) -> bytes:
        """What came back, without the key: replies are stored and shown."""
        for secret in self._secrets:
            body = body.replace(secret.encode(), REDACTED.encode())
        return body

    def _without_reply(self, error: Exception) -> Outcome:
        """Only a request that never left is known not to be billed."""
        http, cause = self._httpx, error.__cause__
        unsent = (http.ConnectError, http.ConnectTimeout, http.PoolTimeout, http.ProxyError, http.UnsupportedProtocol)
        if isinstance(cause, unsent):
            return NotSent(f"no connection to the service ({_without(self._secrets, str(cause))})")
        return Lost(f"the connection ended before the reply was whole ({type(cause or error).__name__})")

    def close(self) -> None:
        """End every connection; requests in flight count as lost at once."""
        with self._lock:
            self._closed = True
            for box in self._waiting:
                box.put(Lost("the run was stopped before the reply came"))
        self._client.close()
