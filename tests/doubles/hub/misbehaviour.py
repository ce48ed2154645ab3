"""Every way in which the Hub or the line to it fails, by name, at the request where it is asked for."""

import os
import re
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler

from tests.doubles.hub.wire import Refusal, Reply

Act = Callable[[], Reply]

REFUSALS = {
    "401": Refusal(401, "Invalid credentials in Authorization header"),
    "403": Refusal(403, "Forbidden: you need write access, your token can only read"),
    "404": Refusal(404, "Repository not found", "RepoNotFound"),
    "409": Refusal(409, "Conflict: another operation on this repository is under way"),
    "412": Refusal(412, "A commit has happened since. Please refresh and try again."),
    "413": Refusal(413, "Payload too large"),
    "429": Refusal(429, "You have hit the rate limit"),
    "500": Refusal(500, "Internal Server Error"),
    "503": Refusal(503, "Service Unavailable"),
}
CUT_BEFORE, CUT_AFTER, KILL_BEFORE, KILL_AFTER, NO_JSON, HANG = (
    "cut_before", "cut_after", "kill_before", "kill_after", "no_json", "hang",
)  # fmt: skip
NAMES = (*REFUSALS, CUT_BEFORE, CUT_AFTER, KILL_BEFORE, KILL_AFTER, NO_JSON, HANG)


@dataclass
class Fault:
    """What goes wrong and when: at the `at`-th request from now (of those that `where` matches), `times` times.

    `where` is a regular expression on "METHOD /path". `victim` is the process that kill_before and kill_after end.
    """

    name: str
    at: int = 1
    times: float = 1
    where: str = ""
    victim: int = 0
    seen: int = 0

    def strikes(self, line: str) -> bool:
        """Count this request and say whether it is one that fails."""
        if not re.search(self.where, line):
            return False
        self.seen += 1
        return self.at <= self.seen < self.at + self.times


def misbehave(fault: Fault, handler: BaseHTTPRequestHandler, act: Act, seconds: float) -> Reply | None:
    """The reply that the client gets, or None where the line is cut."""
    if fault.name in REFUSALS:
        return REFUSALS[fault.name].reply()
    if fault.name == NO_JSON:
        return Reply(200, b"<html>maintenance</html>", {"content-type": "text/html"})
    if fault.name == HANG:
        time.sleep(seconds)
        return None
    if fault.name in (CUT_AFTER, KILL_AFTER):
        act()
    if fault.name in (KILL_BEFORE, KILL_AFTER):
        os.kill(fault.victim, signal.SIGKILL)
    cut(handler)
    return None


def cut(handler: BaseHTTPRequestHandler) -> None:
    """Close the connection without a word."""
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)
