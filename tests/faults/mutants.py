"""Bugs put in on purpose, to prove that the fault tests would see them."""

import time
from collections.abc import Callable

from pipeline import ledger
from pipeline.batches import finding, results
from pipeline.fault_points import hit
from review_db import calls


def resend() -> None:
    """A lost call is simply sent again."""
    original = calls.reserve
    calls.reserve = lambda db, call, caps, resend_unknown: original(db, call, caps, resend_unknown=True)
    ledger.Ledger._is_under_way = lambda self, db, standing: calls.lose(db, standing.call_id) or False


def parse_first() -> None:
    """The reply is read before it is stored."""
    store, settled, held = ledger.Ledger._store, ledger.settled, {}

    def keep_in_memory(self, db, call_id, reply):
        held[call_id] = self, reply

    def store_after_reading(db, call_id, body, request, read, *, in_batch):
        def reading(raw):
            result = read(raw)
            hit("parsed")
            if call_id in held:
                keeper, reply = held.pop(call_id)
                store(keeper, db, call_id, reply)
            return result

        return settled(db, call_id, body, request, reading, in_batch=in_batch)

    ledger.Ledger._store = keep_in_memory
    ledger.settled = store_after_reading


def check_then_spend() -> None:
    """The cap is looked at in one transaction and spent in the next."""
    original = calls.reserve

    def look_first(db, call, caps, resend_unknown):
        for cap in caps:
            if calls.spent(db, cap.scope) + call.reserved_usd > cap.usd:
                return cap
        time.sleep(0.002)
        return original(db, call, [], resend_unknown=resend_unknown)

    calls.reserve = look_first


def forget_the_lost() -> None:
    """The reservation of a lost call is given back, as if it had not been billed."""

    def release(db, is_alive):
        rows = db.conn.execute("SELECT call_id, owner FROM calls WHERE state = 'sent' AND reply IS NULL").fetchall()
        for call_id, owner in rows:
            if not is_alive(owner):
                calls.fail(db, call_id)

    calls.lose_orphans = release


def send_lost_again() -> None:
    """A batch whose reply was lost is taken for one that never arrived."""
    finding.look_for = lambda *arguments: finding.Search.ABSENT


def take_what_comes() -> None:
    """The first end of a stream of results is taken for the end of the results."""
    fetch = results.fetch

    def once(*arguments):
        found = fetch(*arguments)
        found.is_whole = True
        return found

    results.STREAMS, results.fetch = 1, once


MUTANTS: dict[str, Callable[[], None]] = {
    mutant.__name__: mutant
    for mutant in (resend, parse_first, check_then_spend, forget_the_lost, send_lost_again, take_what_comes)
}


def apply(name: str) -> None:
    """Put a bug into this process."""
    MUTANTS[name]()
