"""A strict loopback Hub for datasets: refuses what the real one refuses, logs every request, fails on demand."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.doubles.hub.endpoints import Request, route
from tests.doubles.hub.misbehaviour import NAMES, Fault, misbehave
from tests.doubles.hub.repository import Blob, Repository
from tests.doubles.hub.wire import Refusal, Reply, send
from tests.doubles.loopback import LoopbackHandler, LoopbackServer

TOKEN = "hf_double0000notasecret"
READ_TOKEN = "hf_double0000readonly"


class HubDouble:
    """The server, its repositories by name, and what it is told to do wrong.

    `log` is a file that only ever grows: one JSON object a request. `tokens` maps a token to (user, may write);
    `organizations` maps a user to the namespaces besides their own.
    """

    def __init__(self, log: Path, *, port: int = 0, hang_seconds: float = 5.0) -> None:
        self.log, self.hang_seconds = log, hang_seconds
        self.repositories: dict[str, Repository] = {}
        self.tokens = {TOKEN: ("me", True), READ_TOKEN: ("me", False)}
        self.organizations: dict[str, tuple[str, ...]] = {"me": ("workshop",)}
        self.lock = threading.RLock()
        self._faults: list[Fault] = []
        self._server = LoopbackServer(("127.0.0.1", port), _handler(self))

    @property
    def url(self) -> str:
        """For HF_ENDPOINT."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def misbehave(self, *faults: Fault) -> None:
        """From the next request on: these faults; none for a Hub that works."""
        assert all(fault.name in NAMES for fault in faults), faults
        with self.lock:
            self._faults = list(faults)

    def requests(self) -> list[dict[str, Any]]:
        """Every request so far: method, path, status (0 for a line that was cut), user, fault."""
        return [json.loads(line) for line in self.log.read_text("utf-8").splitlines()] if self.log.exists() else []

    def make(self, name: str, files: dict[str, bytes] | None = None, *, private: bool = True) -> Repository:
        """A repository as somebody else left it."""
        made = Repository(name, private)
        made.begin("somebody")
        if files:
            tree = made.at("main").tree | {path: Blob(content) for path, content in files.items()}
            made.branches["main"] = made.add_commit(made.branches["main"], "mine", "somebody", tree)
        self.repositories[name] = made
        return made

    @contextmanager
    def running(self) -> Iterator["HubDouble"]:
        """Serve until the block ends."""
        with self._server.serving():
            yield self

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer one request, or not, as told; then log it."""
        request = self._request(handler)
        with self.lock:
            fault = next((each for each in self._faults if each.strikes(request.line)), None)

        def act() -> Reply:
            with self.lock:
                return self._reply(request)

        reply = misbehave(fault, handler, act, self.hang_seconds) if fault else act()
        self._write(request, reply.status if reply else 0, fault)
        if reply:
            send(handler, reply)

    def _reply(self, request: Request) -> Reply:
        try:
            return route(self, request)
        except Refusal as refusal:
            return refusal.reply()

    def _request(self, handler: BaseHTTPRequestHandler) -> Request:
        length = int(handler.headers.get("content-length", 0))
        body = (
            _chunked(handler) if handler.headers.get("transfer-encoding") == "chunked" else handler.rfile.read(length)
        )
        if len(body) < length:
            raise ConnectionError("the client went away")
        split = urlsplit(handler.path)
        headers = {name.lower(): value for name, value in handler.headers.items()}
        query = {name: values[-1] for name, values in parse_qs(split.query).items()}
        return Request(handler.command, split.path, query, headers, body, self._user(headers), self.url)

    def _user(self, headers: dict[str, str]) -> tuple[str, bool] | None:
        token = headers.get("authorization", "").removeprefix("Bearer ")
        return self.tokens.get(token, ("", False)) if token else None

    def _write(self, request: Request, status: int, fault: Fault | None) -> None:
        entry = {"method": request.method, "path": unquote(request.path), "status": status}
        entry |= {"user": request.user[0] if request.user else None, "fault": fault.name if fault else None}
        with self.lock, self.log.open("a", encoding="utf-8") as out:
            out.write(json.dumps(entry) + "\n")


def _chunked(handler: BaseHTTPRequestHandler) -> bytes:
    parts = []
    while size := int(handler.rfile.readline().split(b";")[0] or b"0", 16):
        parts.append(handler.rfile.read(size))
        handler.rfile.readline()
    handler.rfile.readline()
    return b"".join(parts)


def _handler(double: HubDouble) -> type[BaseHTTPRequestHandler]:
    class Handler(LoopbackHandler):
        def _any(self) -> None:
            double.answer(self)

        do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _any

    return Handler
