"""The app's entry: `streamlit run app/main.py` serves the review screen, the scans and nothing else."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

# Streamlit puts only this file's folder on the path; the packages lie one above, so the path comes before imports.
sys.path[:] = [str(Path(__file__).resolve().parents[1]), *sys.path]

import streamlit as st  # noqa: E402
from starlette.middleware import Middleware  # noqa: E402
from starlette.routing import Route, WebSocketRoute  # noqa: E402

from app import assets, configuration, guards, identity, leaving, listening, scans  # noqa: E402
from app.review import line  # noqa: E402

INDEX_HTML = Path(st.__file__).parent / "static" / "index.html"


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """The server listens by now. The database opens at its first use, a worker starts when a job waits."""
    listening.send_at_once()
    yield


try:
    configuration.check(st.get_option, login_configured=identity.login_configured())
except configuration.ConfigurationError as refusal:
    configuration.refuse_to_start(refusal)

app = st.App(
    Path(__file__).resolve().with_name("ui.py"),
    lifespan=lifespan,
    routes=[
        Route("/scan/{page_id:path}", scans.scan),
        Route("/thumbnail/{page_id:path}", scans.thumbnail),
        Route("/review-assets/{version}/{name}", assets.asset),
        Route("/review-leave", leaving.leave, methods=["POST"]),
        WebSocketRoute(line.PATH, line.line),
    ],
    middleware=[
        Middleware(guards.HostAllowList, hosts=st.get_option("server.allowedHosts")),
        Middleware(
            guards.SecurityHeaders,
            policy=guards.content_security_policy(INDEX_HTML),
            page_links=assets.preload_header(),
        ),
        Middleware(guards.HostConfig),
    ],
)
