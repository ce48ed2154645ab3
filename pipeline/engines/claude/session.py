"""One run's use of Claude: client, ledger and engine, opened together and closed whatever ends the run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from pipeline.engines.choice import OpenEngine, Terms
from pipeline.engines.claude.client import MessagesClient
from pipeline.engines.claude.engine import ClaudeEngine
from pipeline.engines.claude.line import Line
from pipeline.engines.offline.engine import OfflineEngine
from pipeline.interrupts import ending_on_interrupt
from pipeline.ledger import Ledger, Policy
from pipeline.limiter import Limiter
from pipeline.owners import Owner
from pipeline.settings import Settings
from pipeline.workspace import Workspace
from review_db.connection import open_review_db
from review_db.runs import generation_to_ask

OWNERS = "owners"


@contextmanager
def claude_session(
    workspace: Workspace, settings: Settings, terms: Terms, note: Callable[[str], None]
) -> Iterator[OpenEngine]:
    """The engine and what it is allowed. Raises NoKeyError, NoPriceError before anything is sent."""
    client = MessagesClient(settings.api.timeout_seconds)
    owner = Owner(workspace.database.with_name(OWNERS))
    try:
        limiter = Limiter(settings.api.requests_a_minute, settings.api.input_tokens_a_minute)
        in_flight = terms.concurrency or settings.api.concurrency
        line = Line(client, in_flight, lambda: ledger.stop.is_set())
        ledger = Ledger(
            workspace.database,
            line,
            limiter,
            policy_of(settings, terms),
            owner=owner,
            run_key=terms.run_key,
            note=note,
            most_open=line.most_open,
        )
        offline = OfflineEngine(settings.classification)
        engine = ClaudeEngine(ledger, settings, offline, generation_of=_generations_in(workspace))
        with ending_on_interrupt(ledger, client.close):
            yield OpenEngine(engine, parallel=2 * in_flight, stop=ledger.stop.set)
    finally:
        client.close()
        owner.leave()


def policy_of(settings: Settings, terms: Terms) -> Policy:
    """The caps in force; an explicit budget for the day takes the place of the run's cap too."""
    caps = settings.generation
    return Policy(
        page_usd=caps.page_budget_usd,
        run_usd=caps.run_budget_usd if terms.budget_usd is None else terms.budget_usd,
        day_usd=caps.day_budget_usd if terms.budget_usd is None else terms.budget_usd,
        attempts=settings.api.attempts,
        resend_unknown=terms.resend_unknown,
        longest_wait_seconds=terms.longest_wait_seconds,
    )


def _generations_in(workspace: Workspace) -> Callable[[str], int]:
    def generation_of(request_hash: str) -> int:
        with closing(open_review_db(workspace.database, migrate=False)) as db:
            return generation_to_ask(db, request_hash)

    return generation_of
