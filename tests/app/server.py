"""Start the app as a user does, on a free port, and wait until it answers."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MAIN = Path(__file__).resolve().parents[2] / "app" / "main.py"
START_SECONDS = 40.0


def free_port() -> int:
    """A port that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running_app(workspace: Path, *, folder: Path | None = None, port: int | None = None) -> Iterator[str]:
    """`streamlit run app/main.py` on `workspace`, started from `folder`; gives its address."""
    process, address = start_app(workspace, folder=folder, port=port)
    try:
        yield address
    finally:
        stop_app(process)


def start_app(
    workspace: Path, *, folder: Path | None = None, port: int | None = None
) -> tuple[subprocess.Popen[bytes], str]:
    """The running process and its address; raises when it does not answer in time."""
    port = port or free_port()
    log = workspace / "app.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", str(MAIN), "--server.port", str(port)],
            cwd=folder or MAIN.parents[1],
            env=os.environ | {"MANUALQA_WORKSPACE": str(workspace)},
            stdout=output,
            stderr=output,
        )
    address = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).read()
            return process, address
        except OSError:
            time.sleep(0.1)
    stop_app(process)
    raise AssertionError(f"the app did not start:\n{log.read_text(encoding='utf-8', errors='replace')}")


def stop_app(process: subprocess.Popen[bytes]) -> None:
    """End this process, and only it."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
