"""The review screen's own websocket: envelopes in, replies out, without a run of Streamlit's script for each.

A run costs ten times what storing a decision does. The script still decides who may come in: it hands each screen a
short-lived ticket with the login's name (none in local mode). Whoever has no valid ticket is turned away, and the
screen sends through the component instead, whose reply brings a new ticket.
"""

from __future__ import annotations

import asyncio
import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from starlette.websockets import WebSocket, WebSocketDisconnect

from app import identity
from app.review.answering import answer
from app.signing import is_signature, signature

PATH = "/review-line"
TICKET_SECONDS = 900
"""So long a ticket opens the line; an open line lasts as long as its screen."""

GREETING_SECONDS = 10.0
REFUSED = 1008
AT_ONCE = 4
"""Envelopes answered at the same time; each thread keeps one connection to the database."""

_threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="review-line")


def ticket(login: str | None) -> str:
    """The right to open the line as this login, or as anyone on this machine where there is none."""
    until, name = int(time.time()) + TICKET_SECONDS, quote(login or "", safe="")
    return f"{until}.{signature('line', until, name)}.{name}"


async def line(socket: WebSocket) -> None:
    """Serve one screen: its first message is the ticket, each further one an envelope, answered in order."""
    if not _is_of_this_origin(socket):
        await socket.close(REFUSED)
        return
    await socket.accept()
    try:
        shown = await asyncio.wait_for(socket.receive_text(), GREETING_SECONDS)
        if not is_admitted(shown):
            await socket.close(REFUSED)
            return
        login = unquote(shown.split(".", 2)[2]) or None
        async for said in socket.iter_text():
            reply = await asyncio.get_running_loop().run_in_executor(_threads, _reply, said, login)
            await socket.send_text(reply)
    except TimeoutError:
        await socket.close(REFUSED)
    except (WebSocketDisconnect, KeyError):  # gone, or speaking in bytes, which no screen does
        return


def is_admitted(shown: str) -> bool:
    """Whether a ticket is one of ours, still valid, and names a login where one is needed."""
    until, _, rest = shown.partition(".")
    given, _, name = rest.partition(".")
    if not until.isdecimal() or not is_signature(given, "line", until, name):
        return False
    return int(until) >= time.time() and bool(name or not identity.login_configured())


def _is_of_this_origin(socket: WebSocket) -> bool:
    """Browsers name the page that opens a websocket: a foreign page is refused, whatever it carries."""
    origin = socket.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == socket.headers.get("host")


def _reply(said: str, login: str | None) -> str:
    message = _envelope(said)
    reviewer = login or identity.clean_name(str(message.get("reviewer", "")))
    return json.dumps(answer(message, reviewer), ensure_ascii=False, separators=(",", ":"))


def _envelope(said: str) -> dict[str, Any]:
    try:
        message = json.loads(said)
    except (ValueError, RecursionError):
        return {}
    return message if isinstance(message, dict) else {}
