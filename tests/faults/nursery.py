"""A warm process that forks children which pay for calls: a thousand of them can be killed within a minute.

`Nursery` starts it and talks to it in JSON lines; run as a module it is the process itself (see paid_children). It
has one thread and no open connection when it forks, so that a child is as good as a new process.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


class Nursery:
    """The test's end: fork a child for a job, hear from it, see how it ended."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.paid_children"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, cwd=ROOT, env=environment,
        )  # fmt: skip
        self._heard: list[dict[str, Any]] = []

    @property
    def pid(self) -> int:
        """Of the process that forks."""
        return self._process.pid

    def fork(self, **job: Any) -> int:
        """Start a child on a job (see paid_children) and return its process id."""
        self._process.stdin.write(json.dumps(job) + "\n")
        return int(self._next(lambda said: "forked" in said)["forked"])

    def hear(self, pid: int, what: str) -> Any:
        """What a child says under this name; waits for it."""
        return self._next(lambda said: said.get("pid") == pid and what in said)[what]

    def wait(self, pid: int) -> int:
        """The child's exit code, negative for a signal."""
        self._process.stdin.write(json.dumps({"wait": pid}) + "\n")
        return int(self.hear(pid, "ended"))

    def run(self, **job: Any) -> int:
        """Fork and wait."""
        return self.wait(self.fork(**job))

    def results(self, pid: int) -> list[str]:
        """What became of each request of an `ask` job that has ended."""
        assert self.wait(pid) == 0
        return self.hear(pid, "results")

    def _next(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        for position, said in enumerate(self._heard):
            if wanted(said):
                return self._heard.pop(position)
        while line := self._process.stdout.readline():
            said = json.loads(line)
            if wanted(said):
                return said
            self._heard.append(said)
        raise AssertionError("the nursery has ended")

    def close(self) -> None:
        """End it."""
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


@contextmanager
def a_nursery(url: str, key: str) -> Iterator[Nursery]:
    """A nursery whose children ask the service at `url`."""
    environment = os.environ | {"ANTHROPIC_BASE_URL": url, "ANTHROPIC_API_KEY": key, "NO_PROXY": "127.0.0.1"}
    nursery = Nursery(environment)
    try:
        yield nursery
    finally:
        nursery.close()
