"""Bytes on the wire: whole replies, refusals in the API's own form."""

import json
import uuid
from http.server import BaseHTTPRequestHandler
from typing import Any, NamedTuple


class Refusal(NamedTuple):
    """An error reply: status, the API's error type, its sentence and the code that names the cause, if any."""

    status: int
    kind: str
    message: str
    code: str | None = None


def new_id(prefix: str) -> str:
    """An id that no other reply has, whenever the double was started."""
    return f"{prefix}_{uuid.uuid4().hex[:20]}"


def send(handler: BaseHTTPRequestHandler, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
    """A whole reply."""
    handler.send_response(status)
    named = {"content-type": "application/json", "content-length": str(len(body))} | (headers or {})
    for name, value in named.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)
    handler.wfile.flush()


def send_message(handler: BaseHTTPRequestHandler, message: dict[str, Any], request_id: str, **headers: str) -> None:
    """A message as the API sends it; what is no JSON for others (NaN) is sent all the same."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    send(handler, 200, json.dumps(message).encode(), {"request-id": request_id} | named)


def send_refusal(handler: BaseHTTPRequestHandler, refusal: Refusal, headers: dict[str, str] | None = None) -> None:
    """An error reply as the API sends it."""
    request_id = new_id("req")
    error: dict[str, Any] = {"type": refusal.kind, "message": refusal.message}
    if refusal.code:
        error["details"] = {"error_code": refusal.code}
    body = {"type": "error", "error": error, "request_id": request_id}
    send(handler, refusal.status, json.dumps(body).encode(), {"request-id": request_id} | (headers or {}))
