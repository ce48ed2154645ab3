"""Paid calls for tests: a request in one line, a line to the service that does as told, a ledger over a database."""

import json
import threading
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from pipeline.batches import waiting
from pipeline.batches.ledger import BatchLedger
from pipeline.batches.part import Limits
from pipeline.engines.choice import Bulk
from pipeline.engines.claude.batches import MessageBatches
from pipeline.engines.claude.client import MessagesClient
from pipeline.engines.claude.replies import reading_of
from pipeline.ledger import Ledger, Lost, NotSent, Outcome, PaidRequest, Policy, Reading, Received
from pipeline.limiter import Limiter
from pipeline.owners import Owner
from pipeline.settings import Price
from review_db.connection import Database, open_review_db

MODEL = "claude-haiku-5-5"
PRICE = Price(input=1.0, output=5.0)
COST = 0.00002
"""Dollars of a reply of `Wire`: 10 tokens in, 2 out."""

LOST, NOT_SENT = Lost("gone"), NotSent("no line")


def a_request(number: int = 1, page_id: str | None = None, usd: float = 0.01, generation: int = 1) -> PaidRequest:
    """A small request of the right form; another number is another request."""
    body = {
        "model": MODEL,
        "max_tokens": 100,
        "messages": [{"role": "user", "content": f"Which torque is number {number}?"}],
    }
    return PaidRequest(body, page_id, "claude", "generate", 100, usd, generation)


def number_of(body: dict) -> int:
    """The number of such a request."""
    return int(body["messages"][0]["content"].rsplit(" ", 1)[1].rstrip("?"))


def answer(body: dict) -> str:
    """What a model says to such a request."""
    return json.dumps({"pairs": [{"question": f"Number {number_of(body)}?", "answer": f"{number_of(body)} Nm"}]})


def read(body: bytes) -> Reading[list]:
    """The pairs of a reply."""
    return reading_of(body, PRICE, lambda found: found["pairs"] if isinstance(found["pairs"], list) else None, "pairs")


def a_reply(text: str, status: int = 200, **headers: str) -> Received:
    """A message with this text."""
    message = {
        "type": "message", "content": [{"type": "text", "text": text}], "stop_reason": "end_turn",
        "usage": {"input_tokens": 10, "output_tokens": 2},
    }  # fmt: skip
    return Received(
        status, {name.replace("_", "-"): value for name, value in headers.items()}, json.dumps(message).encode()
    )


def a_refusal(status: int, message: str = "no", code: str | None = None, **headers: str) -> Received:
    """An error reply."""
    error = {"type": "error", "message": message} | ({"details": {"error_code": code}} if code else {})
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Received(status, named, json.dumps({"type": "error", "error": error}).encode())


class Wire:
    """A line that plays `outcomes` in order, then answers every request; `sent` holds what went over it.

    An outcome may be a function of the body, and an exception is raised.
    """

    def __init__(self, outcomes: Iterable[Outcome | Callable[[dict], Outcome] | BaseException] = ()) -> None:
        self._outcomes, self._lock = iter(outcomes), threading.Lock()
        self.sent: list[dict] = []

    def send(self, body: dict) -> Outcome:
        with self._lock:
            self.sent.append(body)
            outcome = next(self._outcomes, None)
        if isinstance(outcome, BaseException):
            raise outcome
        if callable(outcome):
            return outcome(body)
        return outcome or a_reply(answer(body))


def a_ledger(folder: Path, wire: object, *, owner: Owner | None = None, run_key: str = "run", **options) -> Ledger:
    """A ledger over the database of `folder`, generous unless told otherwise."""
    named = {name: options.pop(name) for name in ("limiter", "note", "today", "most_open") if name in options}
    policy = Policy(**{"page_usd": 1.0, "run_usd": 10.0, "day_usd": 10.0, "attempts": 3} | options)
    if not (folder / "review.sqlite").exists():
        open_review_db(folder / "review.sqlite").close()
    owner = owner or Owner(folder / "owners")
    limiter = named.pop("limiter", None) or Limiter(0, 0)
    return Ledger(folder / "review.sqlite", wire, limiter, policy, owner=owner, run_key=run_key, **named)


def a_batch_ledger(folder: Path, client: MessagesClient, *, owner: Owner, most_requests: int = 100_000) -> BatchLedger:
    """A ledger of batches over the database of `folder`; nothing bounds what it spends."""
    policy = Policy(page_usd=1e6, run_usd=1e6, day_usd=1e6, attempts=5)
    return BatchLedger(
        folder / "review.sqlite", MessageBatches(client), policy, owner=owner, run_key=owner.name,
        folder=folder / "parts", limits=Limits(most_requests=most_requests),
    )  # fmt: skip


def in_bulk(ledger: BatchLedger) -> Bulk:
    """Everything in batches, without a pilot; pages of the requests are not told apart."""

    def look() -> set[str]:
        waiting.look(ledger)
        return set()

    fetch = partial(waiting.fetch, ledger)
    return Bulk(None, 1, above=0, pilot=0, look=look, fetch=fetch, is_bad=lambda: None)


def rows(folder: Path) -> list[dict]:
    """Every call as the database has it."""
    db = open_review_db(folder / "review.sqlite", migrate=False)
    try:
        return list(db.query("SELECT * FROM calls ORDER BY call_id"))
    finally:
        db.close()


def states(folder: Path) -> list[str]:
    """The states of all calls, oldest first."""
    return [row["state"] for row in rows(folder)]


def wrong_accounts(db: Database) -> list[tuple[str, float, float]]:
    """(scope, as kept, as summed from the calls) where the two differ; a call without a cost counts as reserved."""
    summed = dict(
        db.conn.execute(
            "WITH c AS (SELECT IFNULL(cost_usd, reserved_usd) AS usd, * FROM calls) "
            "SELECT 'day:' || utc_day, sum(usd) FROM c GROUP BY 1 "
            "UNION ALL SELECT 'run:' || run_key, sum(usd) FROM c GROUP BY 1 "
            "UNION ALL SELECT 'page:' || run_key || ':' || page_id, sum(usd) FROM c WHERE page_id NOT NULL GROUP BY 1"
        )
    )
    kept = dict(db.conn.execute("SELECT scope, usd FROM spending"))
    scopes = sorted(summed.keys() | kept.keys())
    found = [(scope, kept.get(scope, 0.0), summed.get(scope, 0.0)) for scope in scopes]
    return [account for account in found if abs(account[1] - account[2]) > 1e-9]
