"""Every way in which the service or the line to it fails, by name; see `python -m tests.doubles.claude --help`."""

import gzip
import json
import socket
import struct
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any, NamedTuple

from tests.doubles.claude.wire import Refusal, send, send_message, send_refusal

Message = dict[str, Any]
DRIPS_A_SECOND = 10


class Exchange(NamedTuple):
    """One request under way: who asks, what it would be answered, and how to sleep until the double ends."""

    handler: BaseHTTPRequestHandler
    message: Message
    request_id: str
    sleep: Callable[[], None]


Behaviour = Callable[[Exchange], None]


def _refusing(status: int, kind: str, message: str, code: str | None = None, **headers: str) -> Behaviour:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda exchange: send_refusal(exchange.handler, Refusal(status, kind, message, code), named)


def _future_date(exchange: Exchange) -> None:
    moment = datetime.now(UTC) + timedelta(seconds=2)
    headers = {"retry-after": moment.strftime("%a, %d %b %Y %H:%M:%S GMT")}
    send_refusal(exchange.handler, Refusal(429, "rate_limit_error", LIMIT), headers)


def _echo_key(exchange: Exchange) -> None:
    """A careless proxy that repeats the credentials which it refuses."""
    given = exchange.handler.headers.get("authorization", "")
    refusal = Refusal(401, "authentication_error", f"Incorrect API key provided: {given}")
    send_refusal(exchange.handler, refusal, {"x-request-echo": given, "retry-after": given})


def _redirect(exchange: Exchange) -> None:
    send(exchange.handler, 307, b"", {"location": exchange.handler.path})


def _drop(exchange: Exchange) -> None:
    """Close the connection without a word: from outside nobody can tell whether it was billed."""
    exchange.handler.close_connection = True
    exchange.handler.connection.shutdown(socket.SHUT_RDWR)


def _hang(exchange: Exchange) -> None:
    exchange.sleep()
    exchange.handler.close_connection = True


def _begun(exchange: Exchange, **headers: str) -> bytes:
    """Send the head of a whole message and return its body."""
    body = json.dumps(exchange.message).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    exchange.handler.send_response(200)
    for name, value in ({"content-length": str(len(body)), "request-id": exchange.request_id} | named).items():
        exchange.handler.send_header(name, value)
    exchange.handler.end_headers()
    return body


def _cut_body(exchange: Exchange) -> None:
    """Announce more bytes than come, then reset the connection."""
    body = _begun(exchange)
    exchange.handler.wfile.write(body[: len(body) // 2])
    exchange.handler.wfile.flush()
    exchange.handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    exchange.handler.connection.close()
    exchange.handler.close_connection = True


def _drip(exchange: Exchange) -> None:
    """A byte now and then: no time-out between two bytes ever strikes."""
    body = _begun(exchange)
    exchange.handler.close_connection = True
    for byte in body:
        try:
            exchange.handler.wfile.write(bytes([byte]))
            exchange.handler.wfile.flush()
        except OSError:
            return
        time.sleep(1 / DRIPS_A_SECOND)


def _sending(make: Callable[[Exchange], bytes], **headers: str) -> Behaviour:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda x: send(x.handler, 200, make(x), {"request-id": x.request_id} | named)


def _half(exchange: Exchange) -> bytes:
    body = json.dumps(exchange.message).encode()
    return body[: len(body) // 2]


def _broken_gzip(exchange: Exchange) -> bytes:
    return gzip.compress(json.dumps(exchange.message).encode())[:-20] + b"\0" * 20


def _page_with_key(exchange: Exchange) -> bytes:
    return f"<html>You sent {exchange.handler.headers.get('authorization')}</html>".encode()


def _rate_headers(exchange: Exchange) -> None:
    """Answer, and say that nothing is left for a second."""
    reset = (datetime.now(UTC) + timedelta(seconds=1)).isoformat()
    send_message(
        exchange.handler,
        exchange.message,
        exchange.request_id,
        anthropic_ratelimit_requests_remaining="0",
        anthropic_ratelimit_requests_reset=reset,
    )


LIMIT = "This request would exceed your rate limit."
BEFORE_BILLING: dict[str, Behaviour] = {
    "429": _refusing(429, "rate_limit_error", LIMIT),
    "429_wait": _refusing(429, "rate_limit_error", LIMIT, retry_after="1"),
    "429_wait_ms": _refusing(429, "rate_limit_error", LIMIT, retry_after_ms="300"),
    "429_wait_long": _refusing(429, "rate_limit_error", LIMIT, retry_after="120"),
    "429_wait_endless": _refusing(429, "rate_limit_error", LIMIT, retry_after="1000000000"),
    "429_wait_negative": _refusing(429, "rate_limit_error", LIMIT, retry_after="-5"),
    "429_wait_past": _refusing(429, "rate_limit_error", LIMIT, retry_after="Mon, 01 Jan 2024 00:00:00 GMT"),
    "429_wait_date": _future_date,
    "429_wait_nonsense": _refusing(429, "rate_limit_error", LIMIT, retry_after="soon"),
    "429_spend_limit": _refusing(429, "rate_limit_error", "Your tier ends here.", "enforced_spend_limit_reached"),
    "400": _refusing(400, "invalid_request_error", "messages.0: something is wrong"),
    "400_usage_limits": _refusing(
        400, "invalid_request_error", "You have reached your specified API usage limits. You will regain access soon."
    ),
    "400_credit": _refusing(400, "invalid_request_error", "Your credit balance is too low to access the API."),
    "400_image": _refusing(400, "invalid_request_error", "messages.0.content.0: too big", "image_dimensions_too_large"),
    "401": _refusing(401, "authentication_error", "invalid bearer token"),
    "401_echo": _echo_key,
    "402": _refusing(402, "billing_error", "Your credit balance is too low."),
    "403": _refusing(403, "permission_error", "Your key may not use this resource."),
    "404_model": _refusing(404, "not_found_error", "model: claude-unknown"),
    "307": _redirect,
    "408": _refusing(408, "timeout_error", "Request timeout"),
    "409": _refusing(409, "conflict_error", "Conflict"),
    "413": _refusing(413, "request_too_large", "Request exceeds the maximum size"),
    "422": _refusing(422, "invalid_request_error", "Unprocessable"),
    "500": _refusing(500, "api_error", "Internal server error"),
    "500_final": _refusing(500, "api_error", "Internal server error", x_should_retry="false"),
    "503": _refusing(503, "api_error", "Service unavailable"),
    "504": _refusing(504, "timeout_error", "Gateway timeout"),
    "529": _refusing(529, "overloaded_error", "Overloaded"),
    "529_wait": _refusing(529, "overloaded_error", "Overloaded", retry_after="1"),
    "drop_unbilled": _drop,
    "hang_unbilled": _hang,
}
AFTER_BILLING: dict[str, Behaviour] = {
    "drop": _drop,
    "hang": _hang,
    "drip": _drip,
    "cut_body": _cut_body,
    "broken_gzip": _sending(_broken_gzip, content_encoding="gzip"),
    "truncated_json": _sending(_half),
    "bad_bytes": _sending(lambda x: b'{"type": "message", "content": "\xff\xfe"}'),
    "html": _sending(lambda x: b"<html>Welcome to the proxy</html>", content_type="text/html"),
    "html_echo": _sending(_page_with_key, content_type="text/html"),
    "empty_object": _sending(lambda x: b"{}"),
    "empty_body": _sending(lambda x: b""),
    "rate_headers": _rate_headers,
}


def _saying(change: Callable[[str], str], **fields: Any) -> Callable[[Message], Message]:
    """The same message with another text."""

    def changed(message: Message) -> Message:
        text = message["content"][-1]["text"]
        return message | {"content": [{"type": "text", "text": change(text)}]} | fields

    return changed


CONTENTS: dict[str, Callable[[Message], Message]] = {
    "max_tokens": _saying(lambda text: text[: 2 * len(text) // 3], stop_reason="max_tokens"),
    "context_exceeded": _saying(lambda text: text[:20], stop_reason="model_context_window_exceeded"),
    "refusal": lambda m: m | {"content": [], "stop_reason": "refusal", "stop_details": {"category": "frontier_llm"}},
    "empty_content": lambda m: m | {"content": []},
    "thinking_only": lambda m: m | {"content": m["content"][:1], "stop_reason": "max_tokens"},
    "tool_use": lambda m: m | {"content": [{"type": "tool_use", "id": "t", "name": "n", "input": {}}]},
    "fenced": _saying(lambda text: f"Here it is:\n```json\n{text}\n```"),
    "leading_prose": _saying(lambda text: f"The page {{clutch}} says [1]:\n{text}"),
    "trailing_prose": _saying(lambda text: text + "\n\nI hope this helps {you}!"),
    "bare_list": _saying(lambda text: json.dumps(next(iter(json.loads(text).values())))),
    "deep": _saying(lambda text: "[" * 100_000),
    "deep_object": _saying(lambda text: '{"pairs": [' + '{"question": ' * 100_000),
    "nan": _saying(lambda text: '{"pairs": [{"question": NaN}]}'),
    "infinity": _saying(lambda text: '{"pairs": [{"question": "q", "answer": "a", "box": [1e999, 0, 1, 1]}]}'),
    "huge_integer": _saying(lambda text: '{"pairs": [{"question": ' + "9" * 5000 + "}]}"),
    "surrogate": _saying(lambda text: text.replace(" ", " \\ud800", 1)),
    "wrong_shape": _saying(lambda text: '{"answers": 5}'),
    "enum_case": _saying(lambda text: text.replace('"factual"', '"Factual"')),
    "no_usage": lambda m: m | {"usage": None},
    "odd_usage": lambda m: m | {"usage": {"input_tokens": -5, "output_tokens": "many"}},
    "sparse_usage": lambda m: m | {"usage": {"input_tokens": 7, "output_tokens": 3, "cache_read_input_tokens": None}},
}
NAMES = sorted({*BEFORE_BILLING, *AFTER_BILLING, *CONTENTS})
