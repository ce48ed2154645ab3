"""Send every answer at once: Streamlit's listening socket leaves the system's wait for larger packets on.

Head and body of an answer are two writes; with that wait (Nagle's algorithm) the second is held back until the browser
has acknowledged the first, up to 40 ms for each of the hundred files of a first visit and for each message after it.
"""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

OPEN_FILES = Path("/dev/fd")
"""Lists what this process has open, on Linux and macOS; elsewhere all stays as it is."""


def send_at_once() -> int:
    """Set TCP_NODELAY on each TCP socket on which this process listens, for connections inherit it; how many."""
    found = 0
    for each in _sockets():
        with closing(each):
            if _listens(each):
                each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                found += 1
    return found


def _sockets() -> Iterator[socket.socket]:
    """A second handle on every open socket, to be closed by the caller."""
    numbers = [int(entry.name) for entry in OPEN_FILES.iterdir()] if OPEN_FILES.is_dir() else []
    for number in numbers:
        with suppress(OSError):  # closed since it was listed
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                yield socket.socket(fileno=os.dup(number))


def _listens(each: socket.socket) -> bool:
    if each.family not in {socket.AF_INET, socket.AF_INET6} or each.type != socket.SOCK_STREAM:
        return False
    return bool(each.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))
