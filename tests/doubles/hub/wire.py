"""Replies of the Hub: whole bodies, refusals with the codes that the client reads, ranges."""

import json
import re
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler
from types import MappingProxyType
from typing import Any, NamedTuple


class Reply(NamedTuple):
    """Status, body and headers of an answer."""

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = MappingProxyType({})


class Refusal(Exception):
    """An error reply; `code` is the X-Error-Code by which the client tells what is missing."""

    def __init__(self, status: int, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.code = status, message, code

    def reply(self) -> Reply:
        headers = {"x-error-message": self.message.replace("\n", " ")} | (
            {"x-error-code": self.code} if self.code else {}
        )
        return as_json({"error": self.message}, self.status, headers)


def as_json(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Reply:
    return Reply(status, json.dumps(value).encode(), {"content-type": "application/json"} | (headers or {}))


def ranged(content: bytes, wanted: str | None, headers: dict[str, str]) -> Reply:
    """The bytes that a Range header asks for: 206, or 416 where there are none."""
    found = re.fullmatch(r"bytes=(\d+)-(\d*)", wanted or "")
    if not found:
        return Reply(200, content, headers)
    first, last = int(found[1]), min(int(found[2] or len(content) - 1), len(content) - 1)
    if first >= len(content):
        return Reply(416, b"", {"content-range": f"bytes */{len(content)}"})
    place = {"content-range": f"bytes {first}-{last}/{len(content)}"}
    return Reply(206, content[first : last + 1], headers | place)


def send(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    """Put a reply on the line; a HEAD request gets the head only."""
    handler.send_response(reply.status)
    for name, value in ({"content-length": str(len(reply.body)), **reply.headers}).items():
        handler.send_header(name, value)
    handler.end_headers()
    if handler.command != "HEAD":
        handler.wfile.write(reply.body)
    handler.wfile.flush()
