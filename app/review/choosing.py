"""What the review screen asks of the queue: the choice in force, its pairs and counts, search, who else is here.

Parts of an envelope: choice {order, section, type, engine, flag, by, manual, q} and choiceKey (sent back as it came,
so that a late reply to an earlier choice is known as one); at {page, pair, rev, status}: what is on the screen; seen:
pairs already looked at in a list of decided ones; wishes: afresh (the choice has changed), find {k, text}, choices
(all that can be chosen, with counts), measure {k, choice}. The outbox may hold second opinions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.review.bundles import Bundle, other_holder
from review_db import pairs, queue, queue_counts, search, second_opinions
from review_db.connection import Database
from review_db.errors import DecisionRefusedError, UnknownPairError
from review_db.queue_choices import Choice, Order
from review_db.records import DecisionRequest, Pair

Message = Mapping[str, Any]

QUEUE_LENGTH = 24
PAGES_AHEAD = 3
FOUND_AT_ONCE = 20
LONGEST_FILTER = 200
MOST_LEFT_OUT = 2000
FIELDS = {
    "manual": "manual",
    "section": "section",
    "type": "question_type",
    "engine": "engine",
    "flag": "flag",
    "by": "by",
    "q": "text",
}
"""Names in the address and in envelopes -> names of a choice's filters."""


def choice_of(said: object) -> Choice:
    """The choice as the browser names it; what is no known order or filter is left out."""
    given = said if isinstance(said, Mapping) else {}
    order = given.get("order")
    return Choice(order=order if order in list(Order) else Order.RISK, **filters_of(given))


def filters_of(said: Message) -> dict[str, str]:
    """The filters of a choice by the database's names, empty ones left out."""
    values = {ours: said.get(name) for name, ours in FIELDS.items()}
    clean = {ours: _clean(value) for ours, value in values.items() if isinstance(value, str)}
    return {ours: value for ours, value in clean.items() if value}


def named_filters(filters: Mapping[str, str]) -> dict[str, str]:
    """Filters by the names that the browser uses."""
    return {name: filters[ours] for name, ours in FIELDS.items() if ours in filters}


def _clean(value: str) -> str:
    return value.encode("utf-8", "replace").decode().replace("\x00", "").strip()[:LONGEST_FILTER]


def refill(db: Database, message: Message, holder: str, reviewer: str) -> list[Pair] | None:
    """Keep the holder's leases, take the page of an opened pair, and give the next pairs where they are asked for."""
    queue.renew(db, holder)
    _hold_opened_page(db, message, holder)
    if not message.get("more"):
        return None
    return queue.next_pairs(
        db,
        holder=holder,
        limit=QUEUE_LENGTH,
        choice=choice_of(message.get("choice")),
        reviewer=reviewer,
        ahead=PAGES_AHEAD,
        at_page=_at(message).get("page"),
        afresh=bool(message.get("afresh")),
        exclude=_ids(message, "seen"),
        skip_pages=_ids(message, "passed"),
    )


def _hold_opened_page(db: Database, message: Message, holder: str) -> None:
    wanted = message.get("open")
    if isinstance(wanted, str) and (pair := _pair(db, wanted)):
        queue.hold(db, holder, pair.page_id)


def _ids(message: Message, name: str) -> list[str]:
    given = message.get(name)
    return [str(each) for each in given[-MOST_LEFT_OUT:]] if isinstance(given, list) else []


def _at(message: Message) -> Message:
    at = message.get("at")
    return {name: value for name, value in at.items() if value} if isinstance(at, Mapping) else {}


def answers(db: Database, message: Message, holder: str, reviewer: str) -> Bundle:
    """What was asked beside pairs and pages: parts of the reply."""
    choice, reply = choice_of(message.get("choice")), Bundle(choiceKey=message.get("choiceKey"))
    if _at(message).get("page"):
        reply["here"] = _here(db, _at(message), holder)
    if message.get("counts"):
        reply["left"] = queue_counts.left(db, choice, reviewer)
    if message.get("choices"):
        reply["choices"] = _choices(db)
    if isinstance(measure := message.get("measure"), Mapping):
        reply["measured"] = {"k": measure.get("k")} | _measured(db, choice_of(measure.get("choice")), reviewer)
    if isinstance(find := message.get("find"), Mapping):
        reply["found"] = {"k": find.get("k")} | _found(db, message, str(find.get("text", "")), reviewer)
    return reply


def _here(db: Database, at: Message, holder: str) -> Bundle:
    """Who else has the page on the screen, and how its pair was changed by someone since it came there."""
    page_id, pair = str(at["page"]), _pair(db, str(at.get("pair", "")))
    here: Bundle = {"page": page_id, "holder": other_holder(db, page_id, holder)}
    if pair and at.get("rev") and (pair.revision, pair.status) != (at.get("rev"), at.get("status")):
        decided = pair.decided_by if pair.status != at.get("status") else None
        by = decided or (pair.author_name if pair.revision != at.get("rev") else None)
        here["changed"] = {"pair": pair.pair_id, "rev": pair.revision, "status": pair.status, "by": by}
    return here


def _pair(db: Database, pair_id: str) -> Pair | None:
    try:
        return pairs.pair_by_id(db, pair_id)
    except UnknownPairError:
        return None


def _choices(db: Database) -> Bundle:
    facets = queue_counts.facets(db)
    loads = [
        {
            "id": each.assignment_id,
            "reviewer": each.reviewer,
            "filters": named_filters(each.filters),
            "left": count,
        }
        for each, count in queue_counts.loads(db)
    ]
    named = {name: facets[ours] for name, ours in FIELDS.items() if ours in facets}
    return {"filters": named, "assignments": loads}


def _measured(db: Database, choice: Choice, reviewer: str) -> Bundle:
    """How many pairs a choice in the making has, and what each order would bring with its filters."""
    orders = queue_counts.by_order(db, choice, reviewer)
    return {"left": orders[choice.order], "orders": orders}


def _found(db: Database, message: Message, text: str, reviewer: str) -> Bundle:
    found, total = search.search(db, _clean(text), FOUND_AT_ONCE)
    blind = {pair.pair_id for pair in found if _is_blind(db, message, pair, reviewer)}
    rows = [
        {
            "id": pair.pair_id,
            "question": pair.question,
            "answer": pair.answer[:300],
            "status": "pending" if pair.pair_id in blind else pair.status,
            "by": None if pair.pair_id in blind else pair.decided_by,
        }
        for pair in found
    ]
    return {"pairs": rows, "total": total, "atLeast": total >= search.RANKED}


# ------------------------------------------------------------------ second opinions


def is_second(entry: Message) -> bool:
    """Whether an entry of the outbox is a second opinion."""
    return entry.get("second") is True


def opinion(db: Database, request: DecisionRequest) -> Bundle:
    """Store a second opinion; the result tells what the first reviewer had decided."""
    uid = request.decision_id
    if not request.reviewer.strip():
        return {"uid": uid, "ok": False, "why": "reviewer_missing", "message": "Give your name first.", "theirs": None}
    try:
        said = second_opinions.record(db, request)
    except (DecisionRefusedError, UnknownPairError) as refusal:
        code = getattr(refusal, "code", "unknown_pair")
        return {"uid": uid, "ok": False, "why": code, "message": str(refusal), "theirs": None}
    first = {"by": said.first_by, "status": said.first_status, "reason": said.first_reason, "agrees": said.agrees}
    return {"uid": uid, "ok": True, "again": False, "pair": said.pair_id, "rev": request.revision, "second": first}


def blinded(db: Database, message: Message, pair: Pair, bundle: Bundle, reviewer: str) -> Bundle:
    """A pair for a second opinion comes as if nobody had decided it, until this reviewer has."""
    return bundle | _UNDECIDED if _is_blind(db, message, pair, reviewer) else bundle


def blinded_page(db: Database, message: Message, bundle: Bundle, reviewer: str) -> Bundle:
    """A page whose list of pairs does not give away what is still to be judged either."""
    if choice_of(message.get("choice")).order != Order.SECOND:
        return bundle
    found = pairs.pairs_of_page(db, bundle["id"])
    hidden = {pair.pair_id for pair in found if second_opinions.is_open(db, pair, reviewer)}
    rows = [row | {"status": "pending"} if row["id"] in hidden else row for row in bundle["pairs"]]
    return bundle | {"pairs": rows}


def blinded_looks(db: Database, message: Message, looks: Bundle, reviewer: str) -> Bundle:
    """What was asked to be seen round a pair, without who decided what of the pairs that are still to be judged."""
    if choice_of(message.get("choice")).order != Order.SECOND:
        return looks
    blind = dict(looks)
    told = _pair(db, str(message.get("history", "")))
    if "history" in blind and told and second_opinions.is_open(db, told, reviewer):
        del blind["history"]
    if around := blind.get("context"):
        blind["context"] = _blinded_context(db, around, reviewer)
    return blind


def _blinded_context(db: Database, around: Bundle, reviewer: str) -> Bundle:
    page_id = around["page"]["id"]
    hidden = {p.pair_id for p in pairs.pairs_of_page(db, page_id) if second_opinions.is_open(db, p, reviewer)}
    rows = [r | {"status": "pending", "reason": None} if r["id"] in hidden else r for r in around["pairs"]]
    alike = [_blinded_crop(db, each, reviewer) for each in around["alike"]]
    own = _blinded_crop(db, around["own"], reviewer)
    return around | {"pairs": rows, "alike": alike, "own": own, "done": around["done"] and not hidden}


def _blinded_crop(db: Database, crop: Bundle, reviewer: str) -> Bundle:
    pair = _pair(db, crop["id"])
    hidden = pair is not None and second_opinions.is_open(db, pair, reviewer)
    return crop | {name: value for name, value in _UNDECIDED.items() if name in crop} if hidden else crop


def _is_blind(db: Database, message: Message, pair: Pair, reviewer: str) -> bool:
    return choice_of(message.get("choice")).order == Order.SECOND and second_opinions.is_open(db, pair, reviewer)


_UNDECIDED = {"blind": True, "status": "pending", "by": None, "reason": None, "author": "model", "authorName": None}
