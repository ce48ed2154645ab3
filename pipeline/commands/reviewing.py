"""`manualqa review`: start the app on a free port of this machine."""

from __future__ import annotations

import argparse
import os
import socket
import sys

from pipeline.commands.context import opened, remember
from pipeline.errors import PipelineError
from pipeline.workspace import CHECKOUT, VARIABLE

HOST = "127.0.0.1"


def review(options: argparse.Namespace) -> int:
    """Replace this process by Streamlit, so that Ctrl-C and signals reach it directly."""
    _refuse_port_in_use(options.port)
    with opened(options) as context:
        remember(context)
        workspace = context.workspace.root
    print(f"the review app opens at http://{HOST}:{options.port}/  (Ctrl-C ends it)", flush=True)
    main = CHECKOUT / "app" / "main.py"
    command = [sys.executable, "-m", "streamlit", "run", str(main), "--server.port", str(options.port)]
    os.execve(sys.executable, command, os.environ | {VARIABLE: str(workspace)})
    return 0  # pragma: no cover (execve does not return)


def _refuse_port_in_use(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise PipelineError(
                f"port {port} is in use or not allowed: {error.strerror}",
                f"close the other program, or name another port: manualqa review --port {port + 1}",
            ) from error
