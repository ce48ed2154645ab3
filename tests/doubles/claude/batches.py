"""The double's Message Batches: taken whole, ended after a while, told in any order, with every fault they can have."""

import json
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any, NamedTuple

from tests.doubles.claude import rules
from tests.doubles.claude.misbehaviour import BEFORE_BILLING, CONTENTS, Exchange
from tests.doubles.claude.wire import Refusal, new_id, send, send_refusal

Body = dict[str, Any]
PATH = "/v1/messages/batches"
MOST_BYTES, MOST_REQUESTS = 256 * 1024 * 1024, 100_000
CUSTOM_ID = re.compile(r"^[a-zA-Z0-9_-]{1,64}$")
LATE_SECONDS = 0.3
FATES = {
    "overloaded": Refusal(529, "overloaded_error", "Overloaded"),
    "api_error": Refusal(500, "api_error", "Internal server error"),
    "invalid": rules.invalid("messages.0: something is wrong"),
    "too_large": Refusal(413, "request_too_large", "Request exceeds the maximum size"),
    "no_credit": Refusal(402, "billing_error", "Your credit balance is too low."),
    "expired": None,
    "canceled": None,
}
"""What becomes of a request that does not succeed; none of it is billed."""

CREATE_FAULTS = ("lost", "late", *BEFORE_BILLING)
RESULT_FAULTS = ("cut", "missing", "strange", "500")


class _Batch(NamedTuple):
    name: str
    requests: list[Body]
    created: datetime
    ends_at: float
    lines: list[bytes]
    changes: dict[str, Any]


class Batches:
    """Batches of one double; `make` answers a request's body with a message, `charge` writes it on the bill.

    `seconds` pass before a batch ends; `fates` are names, one a request, None for one that succeeds (a name of CONTENTS
    is one that succeeds with such a message); `faults` are those of the calls themselves, by operation.
    """

    def __init__(
        self, make: Callable[[Body], Body], charge: Callable[[Body, Body], None], note: Callable[[Body], None]
    ):
        self._make, self._charge, self._note = make, charge, note
        self._lock = threading.RLock()
        self.begin_anew()

    def begin_anew(self) -> None:
        """None at work, no faults, every count at nothing."""
        with self._lock:
            self.seconds, self.made, self.dice = 0.0, [], random.Random(3)
            self._batches: dict[str, _Batch] = {}
            self._faults: dict[str, Iterator[str | None]] = {}
            self._fates: Iterator[str | None] = iter(())
            self.fired: Counter[str] = Counter()
            self.asked: Counter[str] = Counter()

    def misbehave(self, operation: str, *faults: str | None) -> None:
        """From the next call on: these faults of create, retrieve, list, results or cancel, one a call."""
        self._faults[operation] = iter(faults)

    def treat(self, fates: Iterable[str | None]) -> None:
        """From the next batch on: what becomes of its requests, one after the other."""
        self._fates = iter(fates)

    @property
    def sizes(self) -> list[int]:
        """How many requests each batch has, in the order in which they were made."""
        return [len(batch.requests) for batch in self._batches.values()]

    def handle(self, handler: BaseHTTPRequestHandler, keys: dict[str, str]) -> None:
        """Answer a call of any operation, or not, as told."""
        headers = {name.lower(): value for name, value in handler.headers.items()}
        headers.setdefault("content-type", "application/json")
        raw = handler.rfile.read(int(handler.headers.get("content-length", 0)))
        refusal = rules.version(headers) or rules.credentials(headers, keys)
        if refusal:
            return send_refusal(handler, refusal)
        path, _, query = handler.path.partition("?")
        parts = path.removeprefix(PATH).strip("/").split("/")
        if parts == [""]:
            return self._create(handler, raw) if handler.command == "POST" else self._list(handler, query)
        operation = (parts[1] if len(parts) == 2 else "retrieve", handler.command)
        known = {
            ("retrieve", "GET"): self._retrieve,
            ("results", "GET"): self._results,
            ("cancel", "POST"): self._cancel,
        }
        batch = self._batches.get(parts[0])
        if batch is None or operation not in known:
            return send_refusal(handler, Refusal(404, "not_found_error", f"no such batch: {handler.path}"))
        return known[operation](handler, batch)

    def _fault(self, operation: str) -> str | None:
        with self._lock:
            self.asked[operation] += 1
            fault = next(self._faults.get(operation, iter(())), None)
            self.fired[fault or "none"] += 1
            return fault

    def _failed(self, handler: BaseHTTPRequestHandler, fault: str | None) -> bool:
        if fault not in BEFORE_BILLING:
            return False
        BEFORE_BILLING[fault](Exchange(handler, {}, new_id("req"), lambda: None))
        return True

    # ------------------------------------------------------------ create

    def _create(self, handler: BaseHTTPRequestHandler, raw: bytes) -> None:
        refusal = _wrong(raw)
        if isinstance(refusal, Refusal):
            return send_refusal(handler, refusal)
        fault = self._fault("create")
        if self._failed(handler, fault):
            return None
        if fault == "late":
            threading.Timer(LATE_SECONDS, self._take, [refusal]).start()
        else:
            batch = self._take(refusal)
        if fault in ("lost", "late"):
            return BEFORE_BILLING["drop_unbilled"](Exchange(handler, {}, "", lambda: None))
        return _send(handler, self._described(handler, batch))

    def _take(self, requests: list[Body]) -> _Batch:
        with self._lock:
            name = new_id("msgbatch")
            made = _Batch(name, requests, datetime.now(UTC), time.monotonic() + self.seconds, [], {})
            self._batches[name] = made
            for request in requests:
                self._note(request["params"])
            return made

    # ------------------------------------------------------------ the rest

    def _retrieve(self, handler: BaseHTTPRequestHandler, batch: _Batch) -> None:
        if not self._failed(handler, self._fault("retrieve")):
            _send(handler, self._described(handler, batch))

    def _list(self, handler: BaseHTTPRequestHandler, query: str) -> None:
        if self._failed(handler, self._fault("list")):
            return
        wanted = dict(part.split("=") for part in query.split("&") if part)
        names = list(reversed(self._batches))
        start = names.index(wanted["after_id"]) + 1 if "after_id" in wanted else 0
        page = names[start : start + int(wanted.get("limit", 20))]
        data = [self._described(handler, self._batches[name]) for name in page]
        _send(handler, {
            "data": data, "has_more": start + len(page) < len(names), "first_id": page[0] if page else None,
            "last_id": page[-1] if page else None,
        })  # fmt: skip

    def _cancel(self, handler: BaseHTTPRequestHandler, batch: _Batch) -> None:
        """Half of what is at work is still answered."""
        if self._failed(handler, self._fault("cancel")):
            return
        with self._lock:
            if not batch.lines:
                batch.changes["answered"] = len(batch.requests) // 2
                self._end(batch)
        _send(handler, self._described(handler, batch))

    def _described(self, handler: BaseHTTPRequestHandler, batch: _Batch) -> Body:
        self.end_due()
        ended, count = bool(batch.lines), len(batch.requests)
        results = f"http://{handler.headers['host']}{PATH}/{batch.name}/results" if ended else None
        counts = batch.changes["counts"] if ended else {"processing": count}
        return {
            "id": batch.name, "type": "message_batch", "processing_status": "ended" if ended else "in_progress",
            "request_counts": {kind: counts.get(kind, 0) for kind in (
                "processing", "succeeded", "errored", "canceled", "expired")},
            "created_at": batch.created.isoformat(), "expires_at": (batch.created + timedelta(days=1)).isoformat(),
            "ended_at": datetime.now(UTC).isoformat() if ended else None, "results_url": results,
            "cancel_initiated_at": None, "archived_at": None,
        }  # fmt: skip

    def finish(self) -> None:
        """End every batch now."""
        with self._lock:
            for batch in self._batches.values():
                if not batch.lines:
                    self._end(batch)

    def end_due(self) -> None:
        """End every batch whose time has come, and charge for it, whether anybody asks after it or not."""
        with self._lock:
            for batch in self._batches.values():
                if time.monotonic() >= batch.ends_at and not batch.lines:
                    self._end(batch)

    def _end(self, batch: _Batch) -> None:
        """Work through the requests, in whatever order; only those that succeed are charged."""
        most, counts = batch.changes.get("answered", len(batch.requests)), Counter()
        for number, request in enumerate(batch.requests):
            fate = next(self._fates, None) if number < most else "canceled"
            result = self._result(request["params"], fate)
            counts[result["type"]] += 1
            batch.lines.append(json.dumps({"custom_id": request["custom_id"], "result": result}).encode())
        batch.changes["counts"] = counts
        self.dice.shuffle(batch.lines)

    def _result(self, params: Body, fate: str | None) -> Body:
        refusal = _not_allowed(params) or rules.refusal_of_body(params)
        if fate in FATES:
            refusal = FATES[fate]
            self.fired[fate] += 1
            if refusal is None:
                return {"type": fate}
        if refusal:
            error = {"type": "error", "error": {"type": refusal.kind, "message": refusal.message}}
            return {"type": "errored", "error": error}
        message = self._make(params)
        self._charge(params, message)
        return {"type": "succeeded", "message": CONTENTS.get(fate or "", dict)(message)}

    def _results(self, handler: BaseHTTPRequestHandler, batch: _Batch) -> None:
        fault = self._fault("results")
        if self._failed(handler, fault):
            return None
        lines = [line + b"\n" for line in batch.lines]
        if fault == "missing":
            lines.pop()
        if fault == "strange":
            lines[1:1] = [lines[0], b'{"custom_id": "7-nobody", "result": {"type": "expired"}}\n', b"no JSON\n"]
        body = b"".join(lines)
        if fault != "cut":
            return send(handler, 200, body, {"content-type": "application/binary"})
        handler.close_connection = True
        handler.send_response(200)
        handler.send_header("content-length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body[: 2 * len(body) // 3])
        return handler.wfile.flush()


def _wrong(raw: bytes) -> Refusal | list[Body]:
    """What is looked at before a batch is taken: its size and its requests' names; their bodies only at the end."""
    if len(raw) > MOST_BYTES:
        return Refusal(413, "request_too_large", "Request exceeds 256 MB")
    try:
        requests = json.loads(raw)["requests"]
        names = [request["custom_id"] for request in requests]
    except (ValueError, KeyError, TypeError):
        return rules.invalid("requests: a list of custom_id and params")
    if not names or len(names) > MOST_REQUESTS:
        return rules.invalid(f"requests: from 1 to {MOST_REQUESTS}")
    if len(set(names)) < len(names) or not all(CUSTOM_ID.match(name) for name in names):
        return rules.invalid("requests: custom_id must be unique and match ^[a-zA-Z0-9_-]{1,64}$")
    if any(set(request) != {"custom_id", "params"} for request in requests):
        return rules.invalid("requests: Extra inputs are not permitted")
    return requests


def _not_allowed(params: Body) -> Refusal | None:
    return rules.invalid("not allowed in a batch") if {"stream", "speed"} & set(params) else None


def _send(handler: BaseHTTPRequestHandler, found: Body) -> None:
    send(handler, 200, json.dumps(found).encode(), {"request-id": new_id("req")})
