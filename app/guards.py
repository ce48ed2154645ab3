"""What every HTTP answer and websocket passes: the host allow-list and the security headers."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})
INLINE_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


def content_security_policy(index_html: Path) -> str:
    """The strictest policy under which Streamlit works: nothing is loaded from or sent to another origin.

    Streamlit's page has one inline script; its hash is taken from the installed file, as an upgrade changes it.
    `blob:` is how Streamlit imports the script of an inline component; its styles are inline by design.
    """
    hashes = " ".join(f"'sha256-{_digest(script)}'" for script in INLINE_SCRIPT.findall(index_html.read_bytes()))
    return (
        f"default-src 'none'; script-src 'self' {hashes} blob:; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; manifest-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def _digest(script: bytes) -> str:
    return base64.b64encode(hashlib.sha256(script).digest()).decode()


class SecurityHeaders:
    """Adds the security headers to every HTTP answer, and `page_links` (a Link header) to the first page."""

    def __init__(self, app: ASGIApp, policy: str, page_links: str) -> None:
        self.app = app
        self.page_links = page_links
        self.headers = {
            "Content-Security-Policy": policy,
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with the headers set on the answer's start."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers[name] = value
                if scope["path"] == "/":
                    headers["Link"] = self.page_links
            await send(message)

        await self.app(scope, receive, with_headers)


class HostAllowList:
    """Refuses requests that name another host: a foreign page cannot reach the app by rebinding its own name."""

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        self.app = app
        self.hosts = LOCAL_HOSTS | {host.lower() for host in hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is addressed to us; answer 403 (or close the websocket) else."""
        if scope["type"] not in {"http", "websocket"} or self._allowed(scope):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            answer = PlainTextResponse("This address does not belong to ManualQA.\n", status_code=403)
            await answer(scope, receive, send)

    def _allowed(self, scope: Scope) -> bool:
        host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
        try:
            name = urlsplit(f"//{host}").hostname or ""
        except ValueError:
            return False
        return name.lower().rstrip(".") in self.hosts


class HostConfig:
    """Answers Streamlit's question about the page that embeds it: none does, and no dialog covers the screen.

    Without `blockErrorDialogs` Streamlit lays a dialog over a page whose connection is gone and takes the keyboard
    from it: a reviewer could neither see how many decisions wait nor finish a sentence.
    """

    PATH = "/_stcore/host-config"
    ANSWER: Mapping[str, object] = {
        "allowedOrigins": [],
        "useExternalAuthToken": False,
        "enableCustomParentMessages": False,
        "enforceDownloadInNewTab": False,
        "metricsUrl": "",
        "blockErrorDialogs": True,
        "resourceCrossOriginMode": None,
    }

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer that one question; pass everything else on."""
        if scope["type"] == "http" and scope["path"] == self.PATH:
            await JSONResponse(dict(self.ANSWER), headers={"Cache-Control": "no-store"})(scope, receive, send)
        else:
            await self.app(scope, receive, send)
