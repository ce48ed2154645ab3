"""One run's use of Claude: client, ledgers and engines, opened together and closed whatever ends the run."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from pipeline.batches import waiting
from pipeline.batches.ledger import BatchLedger
from pipeline.batches.sending import UNKNOWN_CALL
from pipeline.engines.choice import AUTO, CLAUDE, CLAUDE_BATCH, Bulk, OpenEngine, Terms
from pipeline.engines.claude.batches import MessageBatches
from pipeline.engines.claude.client import MessagesClient, service_host
from pipeline.engines.claude.engine import ClaudeEngine
from pipeline.engines.claude.line import Line
from pipeline.engines.claude.pilot import verdict
from pipeline.engines.offline.engine import OfflineEngine
from pipeline.interrupts import ending_on_interrupt
from pipeline.ledger import Ledger, Policy
from pipeline.limiter import Limiter
from pipeline.owners import Owner
from pipeline.paid_requests import Received
from pipeline.progress import Progress
from pipeline.settings import Settings
from pipeline.workspace import Workspace
from review_db.batches import awaited_pages
from review_db.connection import open_review_db
from review_db.runs import generation_to_ask

OWNERS = "owners"
PARTS = "batches"
PROBE_SECONDS = 15.0
COLLECTING_THREADS = 4
"""Pages made ready at once for a batch: nothing is waited for, so there is no more to do than the processors can."""


@dataclass(frozen=True, slots=True)
class _Ledgers:
    """Both ledgers of a run, as Ctrl-C sees them."""

    alone: Ledger
    together: BatchLedger

    @property
    def stop(self) -> threading.Event:
        return self.alone.stop

    @property
    def is_asking_here(self) -> bool:
        return self.alone.is_asking_here or self.together.is_asking_here


@contextmanager
def claude_session(
    wanted: str, workspace: Workspace, settings: Settings, terms: Terms, note: Callable[[str], None]
) -> Iterator[OpenEngine]:
    """The engine of this name and what it is allowed: `claude`, `claude-batch`, or `auto` for both, by their number.

    Raises NoKeyError, NoPriceError before anything is sent.
    """
    client = MessagesClient(settings.api.timeout_seconds)
    owner = Owner(workspace.database.with_name(OWNERS))
    try:
        has_batches = _has_batches(client, wanted, note)
        limiter = Limiter(settings.api.requests_a_minute, settings.api.input_tokens_a_minute)
        in_flight = terms.concurrency or settings.api.concurrency
        policy = policy_of(settings, terms)
        line = Line(client, in_flight, lambda: ledger.stop.is_set())
        ledger = Ledger(
            workspace.database,
            line,
            limiter,
            policy,
            owner=owner,
            run_key=terms.run_key,
            note=note,
            most_open=line.most_open,
        )
        batch_ledger = BatchLedger(
            workspace.database,
            MessageBatches(client),
            policy,
            owner=owner,
            run_key=terms.run_key,
            folder=workspace.cache / PARTS,
            note=note,
            stop=ledger.stop,
        )
        offline, generation_of = OfflineEngine(settings.classification), _generations_in(workspace)
        engine = ClaudeEngine(ledger, settings, offline, generation_of=generation_of, keeps_prompts=has_batches)
        collecting = ClaudeEngine(batch_ledger, settings, offline, generation_of=generation_of, name=CLAUDE_BATCH)
        bulk = _bulk(collecting, batch_ledger, wanted, workspace, settings, terms)
        with ending_on_interrupt(_Ledgers(ledger, batch_ledger), client.close), closing(batch_ledger):
            yield OpenEngine(
                engine,
                parallel=2 * in_flight,
                stop=ledger.stop.set,
                bulk=bulk if has_batches and wanted != CLAUDE else None,
            )
    finally:
        client.close()
        owner.leave()


def _has_batches(client: MessagesClient, wanted: str, note: Callable[[str], None]) -> bool:
    """Whether the service is Anthropic's or does what it does; others are asked once, and one line says the answer.

    Where batches are wanted by name, sending one tells.
    """
    host = service_host()
    if host is None or wanted == CLAUDE_BATCH:
        return True
    outcome = MessageBatches(client).newest(within_seconds=PROBE_SECONDS)
    if not isinstance(outcome, Received) or outcome.status not in (400, *UNKNOWN_CALL):
        return True
    note(f"the server at {host} (ANTHROPIC_BASE_URL) has no batches: pages go one by one, without a prompt cache")
    return False


def _bulk(
    engine: ClaudeEngine,
    ledger: BatchLedger,
    wanted: str,
    workspace: Workspace,
    settings: Settings,
    terms: Terms,
) -> Bulk:
    patience = terms.batch_patience_seconds

    def look() -> set[str]:
        waiting.look(ledger)
        with ledger.connection() as db:
            return awaited_pages(db)

    def fetch(progress: Progress) -> bool:
        return waiting.fetch(ledger, progress, patience)

    def is_bad() -> str | None:
        with ledger.connection() as db:
            return verdict(db, terms.run_key)

    pilot = terms.pilot if terms.pilot is not None else settings.api.pilot_pages if wanted == AUTO else 0
    above = settings.api.batch_above_pages if wanted == AUTO else 0
    return Bulk(engine, COLLECTING_THREADS, above, pilot, look, fetch, is_bad)


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
