"""A warm process that forks children which pay for calls: a thousand of them can be killed within a minute.

`Nursery` starts it and talks to it in JSON lines; run as a module it is the process itself. It has one thread and no
open connection when it forks, so that a child is as good as a new process.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
STAGE = "paid"
PAGE = "21-01_clutch"
UNITS_A_ROUND = 4


class Nursery:
    """The test's end: fork a child for a job, hear from it, see how it ended."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery", str(folder)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1, cwd=ROOT, env=environment,
        )  # fmt: skip
        self._heard: list[dict[str, Any]] = []

    @property
    def pid(self) -> int:
        """Of the process that forks."""
        return self._process.pid

    def fork(self, **job: Any) -> int:
        """Start a child on a job and return its process id."""
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
def a_nursery(folder: Path, url: str, key: str) -> Iterator[Nursery]:
    """A nursery whose children ask the service at `url` and keep their account in `folder`."""
    environment = os.environ | {"ANTHROPIC_BASE_URL": url, "ANTHROPIC_API_KEY": key, "NO_PROXY": "127.0.0.1"}
    nursery = Nursery(folder, environment)
    try:
        yield nursery
    finally:
        nursery.close()


# ---------------------------------------------------------------- the process itself


def say(**what: Any) -> None:
    """One line to the test; short enough to arrive whole whoever else speaks."""
    os.write(1, json.dumps({"pid": os.getpid()} | what).encode() + b"\n")


class Child:
    """What a forked child does; every job works on the same folder."""

    def __init__(self, folder: Path, client: Any, job: dict[str, Any]) -> None:
        from pipeline.owners import Owner
        from tests.asking import a_ledger

        self.folder, self.job = folder, job
        owner = Owner(folder / "owners")
        policy = job.get("policy", {})
        self.ledger = a_ledger(folder, client, owner=owner, run_key=job.get("run", owner.name), **policy)

    def do(self) -> None:
        """Do the job and end well."""
        if self.job.get("point"):
            os.environ["MANUALQA_FAULT"] = f"{self.job['point']}:{self.job.get('count', 1)}"
        say(ready=True)
        {"work": self.work, "ask": self.ask, "spend": self.spend}[self.job["do"]]()

    def work(self) -> None:
        """As a stage does: ask for units that are due, store a pair for each, note what failed."""
        from pipeline.fault_points import hit
        from pipeline.stage import UnitError
        from review_db import pages, pairs, stage_outcomes
        from review_db.connection import immediate, open_review_db
        from review_db.records import CandidatePair
        from tests.asking import a_request, read

        db = open_review_db(self.folder / "review.sqlite", migrate=False)
        page = pages.page_by_id(db, PAGE)
        for unit in due_units(db, self.job.get("units", UNITS_A_ROUND)):
            try:
                answer = self.ledger.ask(a_request(unit, PAGE), read)
            except UnitError as error:
                stage_outcomes.record_failure(db, STAGE, str(unit), "", str(error), 0.0)
                continue
            with immediate(db):
                made = [CandidatePair(p["question"], p["answer"], "factual") for p in answer.reading.result]
                pairs.add_candidates(db, page, None, "claude", made)
                hit("pairs_stored")
                stage_outcomes.record_success(db, STAGE, str(unit), "", 0.0)
        db.close()

    def ask(self) -> None:
        """Ask for given numbers and say what became of each: settled, or the error's name."""
        from tests.asking import a_request, read

        results = []
        for number in self.job["numbers"]:
            try:
                results.append(self.ledger.ask(a_request(number), read).reading.state)
            except Exception as error:
                results.append(type(error).__name__)
        say(results=results)

    def spend(self) -> None:
        """Ask for one new thing after the other until the budget ends it."""
        from pipeline.ledger import BudgetReachedError
        from tests.asking import a_request, read

        made = 0
        try:
            for number in range(self.job["first"], self.job["first"] + 100_000):
                self.ledger.ask(a_request(number, usd=self.job["usd"]), read)
                made += 1
        except BudgetReachedError:
            say(spent=made)


def due_units(db: Any, most: int) -> list[int]:
    """The first units without any outcome."""
    done = {int(row[0]) for row in db.conn.execute("SELECT unit FROM stage_outcomes WHERE stage = ?", [STAGE])}
    due: list[int] = []
    number = 0
    while len(due) < most:
        if number not in done:
            due.append(number)
        number += 1
    return due


def serve(folder: Path) -> None:
    """Fork a child for each job on standard input, wait for those that the test names."""
    from pipeline.engines.claude.client import MessagesClient
    from tests.faults import mutants

    client = MessagesClient(20)
    for line in sys.stdin:
        job = json.loads(line)
        if "wait" in job:
            _, status = os.waitpid(job["wait"], 0)
            say(pid=job["wait"], ended=os.waitstatus_to_exitcode(status))
            continue
        pid = os.fork()
        if pid == 0:
            run_child(folder, client, job, mutants.apply)
        say(forked=pid)


def run_child(folder: Path, client: Any, job: dict[str, Any], mutate: Callable[[str], None]) -> None:
    """Do a job and leave without the parent's clean-up."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if job.get("mutant"):
        mutate(job["mutant"])
    if job.get("not_before"):
        time.sleep(max(0.0, job["not_before"] - time.time()))
    try:
        Child(folder, client, job).do()
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
        os._exit(1)
    os._exit(0)


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
