"""A strict loopback Messages server: refuses what the real one refuses, keeps its own bill, misbehaves on demand."""

import hashlib
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from tests.doubles.claude import rules
from tests.doubles.claude.batches import PATH, Batches
from tests.doubles.claude.bill import Bill
from tests.doubles.claude.misbehaviour import AFTER_BILLING, BEFORE_BILLING, CONTENTS, NAMES, Exchange
from tests.doubles.claude.wire import Refusal, new_id, send, send_message, send_refusal
from tests.doubles.loopback import LoopbackHandler, LoopbackServer

KEY = "sk-double-0000-not-a-secret"
Answer = Callable[[dict[str, Any]], str]
"""The text that the model writes for a request body."""


class ClaudeDouble:
    """The server and what it is told to do; `faults` are names of misbehaviour, one a request, None for none.

    `received` counts the Messages requests that arrived, refused ones too; `requests` holds the bodies that the rules
    let pass; `fired` counts the faults; `shrunk` counts images that the real service would have made smaller.
    """

    def __init__(
        self,
        bill: Path,
        answer: Answer,
        *,
        latency_seconds: float = 0.0,
        hang_seconds: float = 5.0,
        faults: Iterable[str | None] = (),
        keys: dict[str, str] | None = None,
        port: int = 0,
    ) -> None:
        self.bill, self.answer = Bill(bill), answer
        self.latency_seconds, self.hang_seconds = latency_seconds, hang_seconds
        self.keys = {KEY: "ok"} if keys is None else keys
        self.fired: Counter[str] = Counter()
        self.requests: list[dict[str, Any]] = []
        self.received = self.shrunk = self.in_flight = self.most_in_flight = 0
        self._kept: set[str] = set()
        self.batches = Batches(self._message, self._charge_batched, self._note)
        self._faults, self._lock, self._ending = iter(faults), threading.Lock(), threading.Event()
        self._server = LoopbackServer(("127.0.0.1", port), _handler(self))

    @property
    def url(self) -> str:
        """For ANTHROPIC_BASE_URL."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def begin_anew(self, bill: Path) -> None:
        """Another bill, no faults, every count at nothing."""
        with self._lock:
            self.bill, self._faults, self.latency_seconds = Bill(bill), iter(()), 0.0
            self.fired.clear()
            self.requests.clear()
            self.received = self.shrunk = self.most_in_flight = 0
            self._kept.clear()
        self.batches.begin_anew()

    def misbehave(self, *faults: str | None) -> None:
        """From the next request on: these faults, one a request."""
        with self._lock:
            self._faults = iter(faults)

    def next_fault(self) -> str | None:
        """The misbehaviour for this request, counted as fired."""
        with self._lock:
            fault = next(self._faults, None)
            if fault:
                assert fault in NAMES, fault
                self.fired[fault] += 1
            return fault

    @contextmanager
    def running(self) -> Iterator["ClaudeDouble"]:
        """Serve until the block ends."""
        with self._server.serving():
            try:
                yield self
            finally:
                self._ending.set()

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Count a request as arrived, and as in flight while it is answered."""
        with self._lock:
            self.received += 1
            self.in_flight += 1
            self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            yield
        finally:
            with self._lock:
                self.in_flight -= 1

    def answer_post(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one Messages request, or not, as told."""
        body = _body(handler)
        headers = {name.lower(): value for name, value in handler.headers.items()}
        refusal = body if isinstance(body, Refusal) else rules.refusal_of(body, headers, self.keys)
        if refusal or isinstance(body, Refusal):
            return send_refusal(handler, refusal or body)
        self._note(body)
        self._ending.wait(self.latency_seconds)
        fault = self.next_fault() or ""
        if fault in BEFORE_BILLING:
            return BEFORE_BILLING[fault](Exchange(handler, {}, new_id("req"), self._hang))
        message = self._message(body)
        exchange = Exchange(handler, CONTENTS.get(fault, dict)(message), new_id("req"), self._hang)
        entry = {"request_id": exchange.request_id, "hash": _hash(body), "model": body["model"]}
        self.bill.charge(entry | {"usage": message["usage"]})
        if fault in AFTER_BILLING:
            return AFTER_BILLING[fault](exchange)
        return send_message(handler, exchange.message, exchange.request_id)

    def _note(self, body: dict[str, Any]) -> None:
        sizes = [rules.size_of(block) for block in rules.blocks(body) if block["type"] == "image"]
        with self._lock:
            self.requests.append(body)
            self.shrunk += sum(rules.fitted_size(*size, body["model"]) != size for size in sizes)

    def _charge_batched(self, body: dict[str, Any], message: dict[str, Any]) -> None:
        entry = {"request_id": message["id"], "hash": _hash(body), "model": body["model"], "in_batch": True}
        self.bill.charge(entry | {"usage": message["usage"]})

    def _hang(self) -> None:
        self._ending.wait(self.hang_seconds)

    def _message(self, body: dict[str, Any]) -> dict[str, Any]:
        text = self.answer(body)
        return {
            "id": new_id("msg"), "type": "message", "role": "assistant", "model": body["model"],
            "content": [{"type": "thinking", "thinking": "…", "signature": "s"}, {"type": "text", "text": text}],
            "stop_reason": "end_turn", "stop_sequence": None,
            "usage": self._usage(body) | {"output_tokens": min(body["max_tokens"], len(text) // 3 + 1)},
        }  # fmt: skip

    def _usage(self, body: dict[str, Any]) -> dict[str, Any]:
        """Input tokens; a marked beginning that is long enough is written to the cache once and read from then on."""
        tokens, (key, prefix) = rules.input_tokens(body), rules.marked_prefix(body)
        with self._lock:
            is_kept = key in self._kept
            if prefix:
                self._kept.add(key)
        return {
            "input_tokens": tokens - prefix, "cache_creation_input_tokens": 0 if is_kept else prefix,
            "cache_read_input_tokens": prefix if is_kept else 0, "service_tier": "standard",
        }  # fmt: skip


def _handler(double: ClaudeDouble) -> type[BaseHTTPRequestHandler]:
    class Handler(LoopbackHandler):
        def do_GET(self) -> None:
            self._answer_batches()

        def _answer_batches(self) -> None:
            if self.path.startswith(PATH):
                double.batches.handle(self, double.keys)
            else:
                self.close_connection = True
                send_refusal(self, Refusal(404, "not_found_error", f"no such endpoint: {self.path}"))

        def do_POST(self) -> None:
            path = self.path.split("?")[0]
            if path == "/v1/messages":
                with double.counted():
                    double.answer_post(self)
            elif path == "/v1/messages/count_tokens":
                _count(self)
            else:
                self._answer_batches()

    return Handler


def _count(handler: BaseHTTPRequestHandler) -> None:
    body = _body(handler)
    if isinstance(body, Refusal):
        return send_refusal(handler, body)
    return send(handler, 200, json.dumps({"input_tokens": rules.input_tokens(body)}).encode())


def _body(handler: BaseHTTPRequestHandler) -> Any:
    length = int(handler.headers.get("content-length", 0))
    if length > rules.BODY_LIMIT:
        handler.close_connection = True
        return Refusal(413, "request_too_large", "Request exceeds 32 MB")
    raw = handler.rfile.read(length)
    if len(raw) < length:
        raise OSError("the client went away")
    try:
        return json.loads(raw)
    except ValueError:
        return rules.invalid("the body is no JSON")


def _hash(body: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
