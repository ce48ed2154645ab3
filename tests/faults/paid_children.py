"""What a forked child does for the fault tests: pay for calls as a stage does, and die where it is told to.

A job is a mapping: `do` names what, `folder` where, `point` and `count` where to die, `policy` and `mutant` how.
"""

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from pipeline.batches import finding, waiting
from pipeline.bulk import run_in_bulk
from pipeline.engines.claude.client import MessagesClient
from pipeline.fault_points import VARIABLE, hit
from pipeline.interrupts import ending_on_interrupt
from pipeline.ledger import BudgetReachedError
from pipeline.owners import Owner
from pipeline.progress import Progress
from pipeline.stage import Stage, UnitError, run_stage
from review_db import pages, pairs, stage_outcomes
from review_db.connection import Database, immediate, open_review_db
from review_db.records import CandidatePair
from tests.asking import a_batch_ledger, a_ledger, a_request, in_bulk, read
from tests.faults import mutants

STAGE = "paid"
PAGE = "21-01_clutch"
UNITS_A_ROUND = 4


def say(**what: Any) -> None:
    """One line to the test; short enough to arrive whole whoever else speaks."""
    os.write(1, json.dumps({"pid": os.getpid()} | what).encode() + b"\n")


class Child:
    """One forked process and its job."""

    def __init__(self, client: MessagesClient, job: dict[str, Any]) -> None:
        self.folder, self.job, self.client = Path(job["folder"]), job, client
        self.owner = Owner(self.folder / "owners")
        options = {"owner": self.owner, "run_key": self.owner.name} | job.get("policy", {})
        self.ledger = a_ledger(self.folder, client, **options)

    def do(self) -> None:
        """Do the job."""
        if "point" in self.job:
            os.environ[VARIABLE] = f"{self.job['point']}:{self.job.get('count', 1)}"
        say(ready=True)
        jobs = {"work": self.work, "ask": self.ask, "spend": self.spend, "stage": self.stage, "batch": self.batch}
        jobs[self.job["do"]]()

    def work(self) -> None:
        """As a stage does: ask for the units that are due, store a pair for each, note what failed."""
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
        """Ask for given numbers and say what became of each: its state, or the error's name."""
        results = []
        for number in self.job["numbers"]:
            try:
                results.append(self.ledger.ask(a_request(number), read).reading.state)
            except Exception as error:  # its name is the answer
                results.append(type(error).__name__)
        say(results=results)

    def spend(self) -> None:
        """Ask for one new thing after the other until the budget ends it."""
        for number in range(self.job["first"], self.job["first"] + 100_000):
            try:
                self.ledger.ask(a_request(number, usd=self.job["usd"]), read)
            except BudgetReachedError:
                return

    def batch(self) -> None:
        """Work as a run in batches does: all units together, each with its pair, until none is left."""
        waiting.FIRST_POLL_SECONDS, waiting.LONGEST_POLL_SECONDS, finding.GRACE_SECONDS = 0.02, 0.2, 0.6
        db = open_review_db(self.folder / "review.sqlite", migrate=False)
        page = pages.page_by_id(db, PAGE)
        ledger = a_batch_ledger(self.folder, self.client, owner=self.owner, most_requests=self.job["most_requests"])

        def save(db: Database, unit: int, answer: Any) -> None:
            made = [CandidatePair(p["question"], p["answer"], "factual") for p in answer.reading.result]
            pairs.add_candidates(db, page, None, "claude-batch", made)
            hit("pairs_stored")

        stage = Stage(
            STAGE,
            lambda: range(self.job["units"]),
            str,
            str,
            lambda unit: ledger.ask(a_request(unit, PAGE), read),
            save,
        )
        run_in_bulk(stage, stage, in_bulk(ledger), db, Progress.silent(), force=False, limit=None)
        ledger.close()
        db.close()
        self.owner.leave()

    def stage(self) -> None:
        """Work as the driver does, on several units at once, until somebody presses Ctrl-C."""
        db = open_review_db(self.folder / "review.sqlite", migrate=False)
        stage = Stage(
            STAGE, lambda: range(1000), str, str, lambda n: self.ledger.ask(a_request(n), read), lambda *_: None,
            parallel=self.job["parallel"],
        )  # fmt: skip
        try:
            with ending_on_interrupt(self.ledger, self.client.close, self.job["grace"]):
                run_stage(stage, db, Progress.silent())
        except BaseException as error:  # KeyboardInterrupt above all: its name is the answer
            say(stopped=type(error).__name__)
        db.close()
        self.owner.leave()


def due_units(db: Database, most: int) -> list[int]:
    """The first units without any outcome."""
    done = {int(row[0]) for row in db.conn.execute("SELECT unit FROM stage_outcomes WHERE stage = ?", [STAGE])}
    return sorted(set(range(len(done) + most)) - done)[:most]


def serve() -> None:
    """Fork a child for each job on standard input, wait for those that the test names."""
    client = MessagesClient(20)
    for line in sys.stdin:
        job = json.loads(line)
        if "wait" in job:
            _, status = os.waitpid(job["wait"], 0)
            say(pid=job["wait"], ended=os.waitstatus_to_exitcode(status))
            continue
        pid = os.fork()
        if pid == 0:
            os._exit(run_child(client, job))
        say(forked=pid)


def run_child(client: MessagesClient, job: dict[str, Any]) -> int:
    """Do a job; returns the exit code."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        if "mutant" in job:
            mutants.apply(job["mutant"])
        Child(client, job).do()
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
        return 1
    return 0


if __name__ == "__main__":
    serve()
