"""Serve the scripts and styles of our components by versioned address, so that browsers keep them for good.

Sent inside the component they would travel with every reply; addressed like this each browser loads them once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from app.bundling import joined

APP = Path(__file__).resolve().parent
REVIEW_STYLES = ("base.css", "component.css", "card.css", "marking.css", "crop.css", "context.css", "queue.css")
REVIEW = ("review.js", "review.css", "component.html")
"""All that the review screen loads; script and styles are joined from the files beside it when the server starts."""

MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css", ".html": "text/html"}


def _read() -> dict[str, bytes]:
    folders = (APP / "review", APP / "browser")
    return {p.name: p.read_bytes() for folder in folders for p in sorted(folder.iterdir()) if p.suffix in MEDIA_TYPES}


def _joined(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The review screen's modules as one, and its styles, the later ones in force over the earlier."""
    modules = {name: content.decode() for name, content in files.items() if name.endswith(".js")}
    styles = b"\n".join(files[name] for name in REVIEW_STYLES)
    return {"review.js": joined("screen.js", modules).encode(), "review.css": styles}


SOURCES = _read()
FILES = SOURCES | _joined(SOURCES)
VERSION = hashlib.sha256(b"".join(name.encode() + content for name, content in FILES.items())).hexdigest()[:12]
BASE = f"/review-assets/{VERSION}/"
"""The address below which every asset of this version is found."""


def preload_header() -> str:
    """A Link header for the page, by which browsers fetch the review screen while Streamlit itself still loads."""
    return ", ".join(f"<{BASE}{name}>; rel={_PRELOAD[Path(name).suffix]}" for name in REVIEW)


_PRELOAD = {
    ".js": "modulepreload",
    ".css": "preload; as=style",
    ".html": "preload; as=fetch; crossorigin",
}


async def asset(request: Request) -> Response:
    """One asset by its name; 404 for any other name. An old version's address gets the newest, uncached."""
    content = FILES.get(name := request.path_params["name"])
    if content is None:
        return PlainTextResponse("no such file\n", status_code=404)
    current = request.path_params["version"] == VERSION
    cache = "public, max-age=31536000, immutable" if current else "no-store"
    return Response(
        content,
        media_type=MEDIA_TYPES[Path(name).suffix] + "; charset=utf-8",
        headers={"Cache-Control": cache},
    )
