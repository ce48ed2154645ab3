"""A model server as people run at home: it knows POST /v1/messages alone, counts roughly and keeps to no schema."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tests.doubles.claude import rules
from tests.doubles.claude.wire import new_id, send
from tests.doubles.loopback import LoopbackHandler, LoopbackServer

FIELDS = {"model", "max_tokens", "messages", "system", "output_config", "stop_sequences", "stream", "tools"}
"""What such servers document; what else comes they pass over, so nothing may depend on it."""


class LocalServer:
    """The server; `paths` are all calls that arrived, `requests` the bodies, `strange` the fields that it lacks."""

    def __init__(self, answer: Callable[[dict[str, Any]], str]) -> None:
        self.answer = answer
        self.paths: list[str] = []
        self.requests: list[dict[str, Any]] = []
        self.strange: set[str] = set()
        self._server = LoopbackServer(("127.0.0.1", 0), _handler(self))

    @property
    def url(self) -> str:
        """For ANTHROPIC_BASE_URL."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @contextmanager
    def running(self) -> Iterator["LocalServer"]:
        """Serve until the block ends."""
        with self._server.serving():
            yield self

    def message(self, body: dict[str, Any]) -> dict[str, Any]:
        """What it says: prose around the JSON, a fence, and no more of a usage than two rough numbers."""
        self.requests.append(body)
        self.strange |= set(body) - FIELDS
        self.strange |= {"cache_control" for part in _parts(body) if "cache_control" in part}
        text = f"Sure! Here is the JSON you asked for:\n```json\n{self.answer(body)}\n```\nLet me know."
        return {
            "id": new_id("msg"), "type": "message", "role": "assistant", "model": body["model"],
            "content": [{"type": "text", "text": text}], "stop_reason": "end_turn",
            "usage": {"input_tokens": 1000, "output_tokens": len(text) // 4},
        }  # fmt: skip


def _parts(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    system = body.get("system")
    yield from system if isinstance(system, list) else []
    yield from rules.blocks(body)


def _handler(server: LocalServer) -> type[LoopbackHandler]:
    class Handler(LoopbackHandler):
        def do_GET(self) -> None:
            self._unknown()

        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("content-length", 0)))
            if self.path.split("?")[0] != "/v1/messages":
                return self._unknown()
            server.paths.append(f"POST {self.path}")
            return send(self, 200, json.dumps(server.message(json.loads(raw))).encode())

        def _unknown(self) -> None:
            server.paths.append(f"{self.command} {self.path}")
            send(self, 404, b"404 page not found", {"content-type": "text/plain"})

    return Handler
