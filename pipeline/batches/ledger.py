"""Paid calls in batches: what is asked is reserved and collected, sent as one, and answered on a later pass.

To an engine this is a ledger like any other: `ask` gives the answer where it is stored, and raises LaterError where it
is on its way. The same request is the same call here and there, so what one of them paid for the other never pays
again, and each is read at the price at which it was sent.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from pipeline.batches import sending
from pipeline.batches.part import ROOM_FOR_THE_NAME, Limits, Part, as_request, custom_id
from pipeline.batches.results import CANCELED, Fetched, Refused
from pipeline.batches.service import BatchService
from pipeline.caps import caps_of, refusal_for
from pipeline.fault_points import hit
from pipeline.ledger import IN_A_BATCH, SENT_AGAIN, hash_of, utc_day
from pipeline.owners import Owner
from pipeline.paid_requests import Answer, PaidRequest, Policy, Reading
from pipeline.refusals import (
    BudgetReachedError,
    PageBudgetError,
    StoppedError,
    StopRunError,
    UnknownOutcomeError,
    given_up,
    meaning_of,
)
from pipeline.settling import BATCH_SHARE, settled
from pipeline.stage import LaterError, UnitError
from review_db import batches, calls
from review_db.connection import Database, open_review_db

ResultT = TypeVar("ResultT")
FEWEST_FOR_A_VERDICT = 20


class BatchLedger:
    """Collects requests from many threads, and keeps the account of every one of them."""

    def __init__(
        self,
        database: Path,
        service: BatchService,
        policy: Policy,
        *,
        owner: Owner,
        run_key: str,
        folder: Path,
        note: Callable[[str], None] = lambda sentence: None,
        today: Callable[[], str] = utc_day,
        limits: Limits | None = None,
        stop: threading.Event | None = None,
    ) -> None:
        """`folder` takes the batch that is being put together; `run_key` names the command whose cap counts.

        `stop` may be shared with others: once it is set nothing more is collected, and every wait ends.
        """
        self.service, self.policy, self.note, self.stop = service, policy, note, stop or threading.Event()
        self._database, self._owner, self._run_key, self._today = database, owner, run_key, today
        self._folder, self._limits = folder, limits or Limits()
        self._lock, self._asking = threading.RLock(), threading.local()
        self._part: Part | None = None
        self._over_budget: BudgetReachedError | None = None
        self._has_settled = False
        self._refused: dict[str, list[Refused]] = {}
        self._sought_since: dict[int, float] = {}
        with self.connection() as db:
            batches.release_unsent(db, owner.is_alive)

    @property
    def is_asking_here(self) -> bool:
        """Whether this thread is sending, which ends by itself soon after `stop` is set."""
        return getattr(self._asking, "here", False)

    @contextmanager
    def connection(self) -> Iterator[Database]:
        """A connection of this thread's own."""
        db = open_review_db(self._database, migrate=False)
        try:
            yield db
        finally:
            db.close()

    def is_ours(self, owner: str | None) -> bool:
        """Whether a batch is for this process to look after: its own, or one that a dead process left."""
        return owner == self._owner.name or not self._owner.is_alive(owner or "")

    def sought_seconds(self, batch_id: int) -> float:
        """Since when this process has been looking for a batch whose reply was lost."""
        return time.monotonic() - self._sought_since.setdefault(batch_id, time.monotonic())

    def ask(self, request: PaidRequest, read: Callable[[bytes], Reading[ResultT]]) -> Answer[ResultT]:
        """The reading of this request's reply where it is stored; else it is collected, which raises LaterError.

        Raises UnitError where it was refused or its outcome is unknown, StopRunError for what concerns every page.
        """
        request_hash = hash_of(request)
        with self.connection() as db:
            standing = calls.standing_call(db, request_hash, request.generation)
            if standing and standing.reply is not None:
                in_batch, self._has_settled = standing.batch_id is not None, True
                return settled(db, standing.call_id, standing.reply, request, read, in_batch=in_batch)
            if standing:
                self._refuse_unless_lost(db, standing)
            self._refuse_as_before(request_hash)
            self._collect(db, request, request_hash)
        raise LaterError(IN_A_BATCH)

    def _refuse_unless_lost(self, db: Database, standing: calls.StoredCall) -> None:
        """Raise for a call that was sent, unless a person wants one whose outcome is unknown to go again."""
        if standing.state == "sent":
            if standing.batch_id is not None or self._owner.is_alive(standing.owner):
                raise LaterError(IN_A_BATCH)
            calls.lose(db, standing.call_id)
        if not (self.policy.resend_unknown and calls.may_resend(standing, self._run_key)):
            raise UnknownOutcomeError(f"an earlier call for this page may have been billed; {SENT_AGAIN}")

    def _refuse_as_before(self, request_hash: str) -> None:
        """Raise what the service said of this request in this run, unless another try may pass."""
        refused = self._refused.get(request_hash, [])
        last = refused[-1] if refused else None
        error: Exception | None = None if last is None else _meaning(last)
        if error is None and last is not None and len(refused) >= self.policy.attempts:
            error = _never_answered(last, len(refused))
        if error is not None:
            raise error

    def _collect(self, db: Database, request: PaidRequest, request_hash: str) -> None:
        """Reserve the request and put it into the batch that grows; a full one is sent first."""
        body = json.dumps(request.body).encode()
        with self._lock:
            if self.stop.is_set():
                raise StoppedError(sending.STOPPED, sending.GO_ON)
            if self._over_budget:
                return
            if self._part and not self._part.has_room(len(body) + ROOM_FOR_THE_NAME):
                self.send_collected(db)
            try:
                self._add(db, request, request_hash, body)
            except OSError as error:  # the part may be broken now, so nobody may send it
                self.stop.set()
                hint = f"make room on the disk of {self._folder}; nothing of this batch was sent"
                raise StopRunError(f"the batch could not be put together: {error.strerror or error}", hint) from error

    def _add(self, db: Database, request: PaidRequest, request_hash: str, body: bytes) -> None:
        part = self._part = self._part or Part(batches.begin(db, self._owner.name), self._folder, self._limits)
        taken = self._reserved(db, request, request_hash, part.batch_id)
        if isinstance(taken, calls.Cap):
            self._refuse(db, taken, request)
        elif isinstance(taken, int):
            part.add(as_request(custom_id(taken, request_hash), body))
            hit("batch_reserved")

    def _reserved(
        self, db: Database, request: PaidRequest, request_hash: str, batch_id: int
    ) -> int | calls.Cap | calls.StoredCall:
        day = self._today()
        call = calls.NewCall(
            request_hash, request.generation, request.page_id, request.engine, str(request.body["model"]),
            request.purpose, self._run_key, self._owner.name, day, BATCH_SHARE * request.worst_case_usd, batch_id,
        )  # fmt: skip
        caps = caps_of(self.policy, self._run_key, request.page_id, day)
        return calls.reserve(db, call, caps, resend_unknown=self.policy.resend_unknown)

    def _refuse(self, db: Database, cap: calls.Cap, request: PaidRequest) -> None:
        """A page's cap fails the page; another one lets the rest wait until what is on its way has come back."""
        error = refusal_for(cap, BATCH_SHARE * request.worst_case_usd, calls.spent(db, cap.scope))
        if isinstance(error, PageBudgetError):
            raise error
        self._over_budget = error

    def send_collected(self, db: Database) -> None:
        """Send what was collected, if anything was. Raises StopRunError and PostponedError."""
        with self._lock:
            part, self._part = self._part, None
            if part is None:
                return
            self._asking.here = True
            try:
                if part.count:
                    sending.send(self, db, part)
                else:
                    batches.abandon(db, part.batch_id)
            finally:
                self._asking.here = False
                part.file.close()

    def take_over_budget(self) -> tuple[BudgetReachedError | None, bool]:
        """The cap that kept requests from being collected, if one did, and whether it may let more pass by now.

        It may where replies were settled meanwhile, below what was reserved for them. Requests are collected again.
        """
        with self._lock:
            found = self._over_budget, self._has_settled
            self._over_budget, self._has_settled = None, False
            return found

    def learn(self, found: Fetched, *, was_awaited: bool) -> None:
        """Remember what was refused, so that a request goes again only while that makes sense.

        Raises StopRunError for what no page can help: a batch that was canceled while this run waited for it, a
        credit that ended, a batch of which every request was refused.
        """
        for request_hash, refused in found.refused.items():
            self._refused.setdefault(request_hash, []).append(refused)
        reasons = list(found.refused.values())
        stopping = next((error for r in reasons if isinstance(error := _meaning(r), StopRunError)), None)
        if stopping:
            raise stopping
        if was_awaited and CANCELED in reasons:
            hint = "the same command sends again what was not answered, and only that"
            raise StopRunError("the batch was canceled; what it had answered is stored", hint)
        last = _meaning(reasons[-1]) if reasons else None
        if isinstance(last, UnitError) and not found.answered and len(reasons) >= FEWEST_FOR_A_VERDICT:
            hint = "none was billed; once this is mended, the same command tries those pages again"
            raise StopRunError(f"all {len(reasons)} requests of a batch were refused, the last with: {last}", hint)

    def close(self) -> None:
        """Give up what was collected and not sent: it costs nothing."""
        with self._lock:
            part, self._part = self._part, None
        if part is not None:
            part.file.close()
            with self.connection() as db:
                batches.abandon(db, part.batch_id)


def _never_answered(refused: Refused, times: int) -> Exception:
    if isinstance(refused, str):
        return UnitError(f"the service did not come to it in {times} batches ({refused} each time)")
    return given_up(refused, times)


def _meaning(refused: Refused) -> Exception | None:
    return None if isinstance(refused, str) else meaning_of(refused)
