"""Paid calls: nothing is sent without a reservation, nothing is read before it is stored, nothing is paid twice.

A request is known by the hash of its whole body. Its worst case is reserved against every cap in one transaction; the
raw reply is committed before anything reads it; its true cost then takes the reservation's place. A call whose reply
never came stays counted in full and is not sent again unless a person says so: a crash between the provider's billing
and our commit cannot be told from a request that never arrived.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from pipeline.caps import caps_of, refusal_for
from pipeline.fault_points import hit
from pipeline.limiter import Limiter
from pipeline.owners import Owner
from pipeline.pacing import Pace
from pipeline.paid_requests import (
    Answer,
    Lost,
    NotSent,
    Outcome,
    PaidRequest,
    Policy,
    Reading,
    Received,
    Transport,
)
from pipeline.refusals import (
    BudgetReachedError,
    PageBudgetError,
    PostponedError,
    StoppedError,
    StopRunError,
    TooLargeError,
    UnknownOutcomeError,
    given_up,
    meaning_of,
)
from pipeline.settling import settled
from pipeline.stage import LaterError, UnitError
from review_db import calls
from review_db.connection import Database, open_review_db

__all__ = [
    "Answer", "BudgetReachedError", "Ledger", "Lost", "NotSent", "Outcome", "PageBudgetError", "PaidRequest", "Policy",
    "PostponedError", "Reading", "Received", "StopRunError", "StoppedError", "TooLargeError", "Transport",
    "UnknownOutcomeError",
]  # fmt: skip

ResultT = TypeVar("ResultT")
ErrorT = TypeVar("ErrorT", bound=Exception)
Read = Callable[[bytes], Reading[ResultT]]
JOIN_SECONDS = 0.1
IN_A_BATCH = "it is being answered in a batch: --engine claude-batch fetches it, `manualqa batches` shows it"
SENT_AGAIN = "it is sent again only where a person says so (--resend-unknown, or the jobs view)"
KEPT_HEADERS = ("anthropic-ratelimit-", "content-type", "date", "request-id", "retry-after", "x-should-retry")


def utc_day() -> str:
    """The day whose budget pays for a call; it begins at midnight UTC."""
    return datetime.now(UTC).date().isoformat()


class Ledger:
    """Sends paid requests from many threads and keeps their account in the review database."""

    def __init__(
        self,
        database: Path,
        transport: Transport,
        limiter: Limiter,
        policy: Policy,
        *,
        owner: Owner,
        run_key: str,
        note: Callable[[str], None] = lambda sentence: None,
        today: Callable[[], str] = utc_day,
        most_open: int = sys.maxsize,
    ) -> None:
        """`run_key` names the command or job whose cap counts; `note` gets sentences for the person who waits.

        At most `most_open` calls are reserved and without a stored reply at once: so many a kill can leave unknown.
        """
        self._database, self._transport, self._policy = database, transport, policy
        self._owner, self._run_key, self._today = owner, run_key, today
        self._pace = Pace(limiter, policy.longest_wait_seconds, note)
        self._asking, self._open_calls = threading.local(), threading.BoundedSemaphore(most_open)
        with self._connection() as db:
            calls.lose_orphans(db, owner.is_alive)

    @property
    def stop(self) -> threading.Event:
        """Set it, and no further call is made; every wait ends at once."""
        return self._pace.stop

    @property
    def is_asking_here(self) -> bool:
        """Whether this thread is inside `ask`, which ends by itself soon after `stop` is set."""
        return getattr(self._asking, "here", False)

    def ask(self, request: PaidRequest, read: Read[ResultT]) -> Answer[ResultT]:
        """The reading of this request's reply, from the store where it was already paid for.

        Raises StopRunError for what concerns every page (and stops the other threads too), StoppedError and
        PostponedError for a stop or a pause, UnitError (UnknownOutcomeError, PageBudgetError, TooLargeError among
        them) for what concerns this page.
        """
        self._asking.here = True
        try:
            with self._connection() as db:
                return self._answered(db, request, hash_of(request), read)
        except (UnitError, LaterError, PostponedError):
            raise
        except BaseException as error:
            self._pace.halt(error)
            raise
        finally:
            self._asking.here = False

    @contextmanager
    def _connection(self) -> Iterator[Database]:
        """A connection of this thread's own; it costs a thousandth of a call."""
        db = open_review_db(self._database, migrate=False)
        try:
            yield db
        finally:
            db.close()

    def _answered(self, db: Database, request: PaidRequest, request_hash: str, read: Read[ResultT]) -> Answer[ResultT]:
        attempts = self._policy.attempts
        for attempt in range(attempts):
            with self._open_calls:
                claimed = self._claimed(db, request, request_hash)
                if isinstance(claimed, calls.StoredCall):
                    call_id, outcome, in_batch = claimed.call_id, _stored_reply(claimed), claimed.batch_id is not None
                else:
                    call_id, outcome, in_batch = claimed, self._sent(db, claimed, request), False
            if isinstance(outcome, Received) and outcome.status == 200:
                return settled(db, call_id, outcome.body, request, read, in_batch=in_batch)
            error = meaning_of(outcome) if isinstance(outcome, Received) else None
            if error is None and attempt + 1 == attempts:
                error = given_up(outcome, attempts)
            if error is not None:
                raise self._counted(error)
            self._pace.back_off(outcome, attempt)
        raise UnitError("api.attempts is 0, so nothing was sent")

    def _counted(self, error: ErrorT) -> ErrorT:
        """The error itself, unless it is one too many in a row (see Pace)."""
        if isinstance(error, UnitError) and not isinstance(error, TooLargeError):
            self._pace.count_failure(error)
        return error

    def _claimed(self, db: Database, request: PaidRequest, request_hash: str) -> int | calls.StoredCall:
        """The key of a call reserved to be sent now, or the call whose reply to this request is stored."""
        began, has_turn = time.monotonic(), False
        while True:
            standing = calls.standing_call(db, request_hash, request.generation)
            if standing and standing.reply is not None:
                return standing
            self._pace.refuse_when_stopped()
            if standing and self._is_under_way(db, standing):
                self._join(began, "another process asks the same and has not ended")
                continue
            if not has_turn:
                self._pace.await_turn(request.most_input_tokens)
                has_turn = True
            self._pace.await_end_of_pause()
            taken = self._reserved(db, request, request_hash)
            if isinstance(taken, int):
                hit("reserved")
                return taken
            if isinstance(taken, calls.Cap):
                self._refuse_hopeless_cap(db, taken, request)
                self._join(began, f"other calls hold what is left of {taken.name}")

    def _is_under_way(self, db: Database, standing: calls.StoredCall) -> bool:
        """Whether a live process or thread has just sent this very request; False when it may be sent now.

        Raises UnknownOutcomeError where nobody can tell whether it was billed.
        """
        if standing.state == "sent":
            if standing.batch_id is not None:
                raise LaterError(IN_A_BATCH)
            if self._owner.is_alive(standing.owner):
                return True
            calls.lose(db, standing.call_id)
            return True  # look at it again: it may have been answered in the meantime
        if self._policy.resend_unknown and calls.may_resend(standing, self._run_key):
            return False
        raise UnknownOutcomeError(f"an earlier call for this page may have been billed; {SENT_AGAIN}")

    def _join(self, began: float, reason: str) -> None:
        if time.monotonic() - began > self._policy.longest_join_seconds:
            raise UnitError(f"given up after {self._policy.longest_join_seconds:.0f} seconds: {reason}")
        self._pace.sleep(JOIN_SECONDS)

    def _reserved(self, db: Database, request: PaidRequest, request_hash: str) -> int | calls.Cap | calls.StoredCall:
        day = self._today()
        call = calls.NewCall(
            request_hash, request.generation, request.page_id, request.engine, str(request.body["model"]),
            request.purpose, self._run_key, self._owner.name, day, request.worst_case_usd,
        )  # fmt: skip
        caps = caps_of(self._policy, self._run_key, request.page_id, day)
        return calls.reserve(db, call, caps, resend_unknown=self._policy.resend_unknown)

    def _refuse_hopeless_cap(self, db: Database, cap: calls.Cap, request: PaidRequest) -> None:
        """Raise unless calls on the wire could, once settled, leave enough of the cap for this one."""
        held = sum(usd for owner, usd in calls.in_flight(db, cap.scope).items() if self._owner.is_alive(owner))
        spent = calls.spent(db, cap.scope)
        if held and spent - held + request.worst_case_usd <= cap.usd:
            return
        raise refusal_for(cap, request.worst_case_usd, spent)

    def _sent(self, db: Database, call_id: int, request: PaidRequest) -> Outcome:
        """Send the request once and commit what came of it, before anything reads it."""
        try:
            outcome = self._transport.send(request.body)
        except BaseException:  # whatever broke off the sending, the request may have been billed
            calls.lose(db, call_id)
            raise
        hit("billed")
        if isinstance(outcome, Lost):
            calls.lose(db, call_id)
            lost = UnknownOutcomeError(f"{outcome.reason}: the call may have been billed, so {SENT_AGAIN}")
            raise self._counted(lost)
        if isinstance(outcome, NotSent):
            calls.fail(db, call_id)
            return outcome
        self._store(db, call_id, outcome)
        hit("raw_saved")
        self._pace.heed(outcome)
        return outcome

    def _store(self, db: Database, call_id: int, reply: Received) -> None:
        kept = {name: value for name, value in reply.headers.items() if name.startswith(KEPT_HEADERS)}
        save = calls.save_reply if reply.status == 200 else calls.save_refusal
        try:
            save(db, call_id, reply.status, json.dumps(kept, sort_keys=True), kept.get("request-id"), reply.body)
        except Exception as error:  # a full disk, a database held too long: whatever it is, nothing more may be spent
            hint = "see to the disk; the call then shows as outcome_unknown, as it may have been billed"
            raise StopRunError(f"a reply could not be stored: {error}", hint) from error


def _stored_reply(call: calls.StoredCall) -> Outcome:
    """The reply of a call that was paid for earlier, as if it had just come; refused calls never stand for one."""
    return Received(200, {}, call.reply or b"")


def hash_of(request: PaidRequest) -> str:
    """The request's identity. Raises UnitError for text that cannot be sent."""
    try:
        return request.hash
    except UnicodeEncodeError as error:
        raise UnitError("the request holds characters that cannot be sent (lone surrogates)") from error
