"""Answer the review screen's envelopes: a pure function over the database, without Streamlit.

Envelope (browser to server): n, tab, outbox: decisions not yet confirmed, each with its own uid; held: pairs at hand
and their revisions; known: pages at hand; passed: pages to leave for later; and wishes: more (pairs), open (a pair),
check (a text being typed, of a pair or for a page), drafts, counts, beat, watch (pages being regenerated), compare (a
page's old and new pairs), history (of a pair), words (of a page, to pick evidence from), context (what stands round
a pair), guidelines. Reply: n, tab, results, and what was wished for. The outbox also carries requests
(app/review/requests.py) and second opinions; what is queued, searched for and told of others is in
app/review/choosing.py.
Sending the same envelope again changes nothing, so the browser repeats it until it has the reply.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import groupby
from typing import Any

from app.review import choosing, context, provenance, regeneration, requests
from app.review.bundles import Bundle, finding_bundle, holder_of, page_bundle, pair_bundle
from pipeline import checks
from review_db import decisions, drafts, funnel, pages, pairs, words
from review_db.connection import Database, immediate
from review_db.drawn_boxes import boxes_given
from review_db.errors import ReviewDbError, UnknownPageError, UnknownPairError
from review_db.records import Box, DecisionRequest, DecisionResult, Evidence, Finding, Page, Pair, Word
from review_db.statuses import EvidenceVerdict, QuestionType

Message = Mapping[str, Any]

LONGEST_OUTBOX = 200
LONGEST_TEXT = 20_000
MOST_WATCHED = 20


def handle(db: Database, message: Message, reviewer: str, tab: str) -> Bundle:
    """Store what the envelope brings, and answer what it asks for; every failure becomes the reply's `error`."""
    try:
        return _reply(db, message, reviewer, tab)
    except ReviewDbError as error:
        return _envelope(message, tab) | {"error": f"{error}. {error.hint}".strip()}
    except Exception:
        traceback.print_exc(file=sys.stderr)
        return _envelope(message, tab) | {"error": "The server met an error; its log says which."}


def _envelope(message: Message, tab: str) -> Bundle:
    return {"n": message.get("n", 0), "tab": tab, "results": []}


def _reply(db: Database, message: Message, reviewer: str, tab: str) -> Bundle:
    holder, reply = holder_of(reviewer, tab), _envelope(message, tab)
    with immediate(db):
        results = _taken(db, _entries(message), reviewer)
        _keep_drafts(db, message, reviewer)
        waiting = choosing.refill(db, message, holder, reviewer)
    reply["results"] = [r if isinstance(r, dict) else _result(db, r, reviewer) for r in results]
    written = _written(db, message, results)
    fresh = written + _fresh(waiting or [], message)
    if waiting is not None:
        reply["queue"] = [pair.pair_id for pair in waiting]
    if wanted := _text(message, "open"):
        opened = _opened(db, wanted)
        reply["opened"] = {"id": wanted} | ({} if opened else {"error": "unknown_pair"})
        fresh += [opened] if opened else []
    if compared := _text(message, "compare"):
        reply["comparison"] = regeneration.comparison_bundle(db, compared)
        fresh += [pair for pair in pairs.pairs_of_page(db, compared) if pair not in fresh]
    if isinstance(watched := message.get("watch"), list):
        standing = [regeneration.job_bundle(db, str(page)) for page in watched[:MOST_WATCHED]]
        reply["regenerations"] = [each for each in standing if each]
    kinds = {page_id: pages.page_by_id(db, page_id).content_type for page_id in {pair.page_id for pair in fresh}}
    bundles = [(pair, pair_bundle(db, pair, reviewer, kinds[pair.page_id])) for pair in fresh]
    reply["pairs"] = [choosing.blinded(db, message, pair, bundle, reviewer) for pair, bundle in bundles]
    shown = _pages(db, fresh, message, holder, {pair.page_id for pair in written})
    reply["pages"] = [choosing.blinded_page(db, message, page, reviewer) for page in shown]
    if message.get("counts"):
        reply["counts"] = funnel.pair_counts(db)
    if isinstance(check := message.get("check"), Mapping):
        reply["check"] = _checked(db, check)
    return reply | _looked_up(db, message, reviewer) | choosing.answers(db, message, holder, reviewer)


_LOOKS: Mapping[str, Callable[[Database, str], object]] = {
    "history": provenance.history_bundle,
    "words": provenance.words_bundle,
    "context": context.context_bundle,
}


def _looked_up(db: Database, message: Message, reviewer: str) -> Bundle:
    """What a reviewer asked to see, each by the id that the wish names; the guidelines have none."""
    found = {name: look(db, asked) for name, look in _LOOKS.items() if (asked := _text(message, name))}
    found = choosing.blinded_looks(db, message, found, reviewer)
    return found | ({"guidelines": context.guidelines()} if message.get("guidelines") else {})


# ------------------------------------------------------------------ decisions


def _entries(message: Message) -> list[Message]:
    entries = message.get("outbox")
    known = [entry for entry in entries if isinstance(entry, Mapping)] if isinstance(entries, list) else []
    return [entry for entry in known if _text(entry, "uid")][:LONGEST_OUTBOX]


def _taken(db: Database, entries: Sequence[Message], reviewer: str) -> list[DecisionResult | Bundle]:
    """Decisions and requests in the order in which they were made."""
    results: list[DecisionResult | Bundle] = []
    for kind, group in groupby(entries, key=_kind):
        some = list(group)
        results += kind(db, some, reviewer)
    return results


def _kind(entry: Message) -> Callable[[Database, Sequence[Message], str], Sequence[DecisionResult | Bundle]]:
    if requests.is_request(entry):
        return _requested
    return _second if choosing.is_second(entry) else _store


def _requested(db: Database, entries: Sequence[Message], reviewer: str) -> list[Bundle]:
    return [requests.answer(db, each, reviewer) for each in entries]


def _second(db: Database, entries: Sequence[Message], reviewer: str) -> list[DecisionResult | Bundle]:
    return [
        _without_reason(each) if _lacks_reason(each) else choosing.opinion(db, _request(each, reviewer))
        for each in entries
    ]


def _store(db: Database, entries: Sequence[Message], reviewer: str) -> list[DecisionResult]:
    """Results in the order of the entries; a rejection without a reason never reaches the database."""
    refused = {_text(entry, "uid"): _without_reason(entry) for entry in entries if _lacks_reason(entry)}
    asked = [_request(entry, reviewer) for entry in entries if _text(entry, "uid") not in refused]
    stored = {result.decision_id: result for result in decisions.apply_decisions(db, asked, _check)}
    return [(refused | stored)[_text(entry, "uid")] for entry in entries]


def _lacks_reason(entry: Message) -> bool:
    return entry.get("verdict") == "reject" and not _text(entry, "reason")


def _without_reason(entry: Message) -> DecisionResult:
    return DecisionResult(
        _text(entry, "uid"),
        False,
        _text(entry, "pair"),
        error="reason_missing",
        message="A rejection needs a reason.",
    )


def _is_new_pair(entry: Message) -> bool:
    """Whether an entry brings a pair that the reviewer wrote for a page."""
    return bool(_text(entry, "page")) and not _text(entry, "pair") and not requests.is_request(entry)


def _written(db: Database, message: Message, results: Sequence[DecisionResult | Bundle]) -> list[Pair]:
    """The pairs that reviewers wrote in this envelope, as they are stored."""
    new = {_text(entry, "uid") for entry in _entries(message) if _is_new_pair(entry)}
    stored = [r for r in results if isinstance(r, DecisionResult) and r.ok and r.decision_id in new]
    return [pairs.pair_by_id(db, result.pair_id) for result in stored if result.pair_id]


def _request(entry: Message, reviewer: str) -> DecisionRequest:
    revision, shown = entry.get("rev"), entry.get("shown")
    page_id = _text(entry, "page") if _is_new_pair(entry) else None
    return DecisionRequest(
        decision_id=_text(entry, "uid"),
        verdict=_text(entry, "verdict"),
        reviewer=reviewer,
        pair_id=None if page_id else _text(entry, "pair"),
        page_id=page_id,
        revision=revision if isinstance(revision, int) else None,
        question=_text(entry, "question") or None,
        answer=_text(entry, "answer") or None,
        question_type=_text(entry, "type") or None,
        reason=_text(entry, "reason") or None,
        comment=_text(entry, "comment") or None,
        redecide=entry.get("redecide") is True,
        shown_ms=round(shown) if isinstance(shown, int | float) else None,
        boxes=_boxes(entry),
    )


def _boxes(entry: Message) -> tuple[Box, ...] | None:
    """Evidence drawn on the scan; what is no list of boxes says nothing."""
    try:
        return boxes_given(entry.get("boxes"))
    except ValueError:
        return None


def _check(page: Page, page_words: Sequence[Word], question: str, answer: str, question_type: str) -> Finding:
    """What the checks say; a text that they cannot cope with is stored all the same, as not checkable."""
    try:
        return checks.examine(page.kind, page_words, question, answer, question_type)
    except Exception:
        traceback.print_exc(file=sys.stderr)
        return Finding(Evidence(EvidenceVerdict.NOT_CHECKABLE))


def _result(db: Database, result: DecisionResult, reviewer: str) -> Bundle:
    if result.ok:
        stored = {"pair": result.pair_id, "rev": result.revision}
        return {"uid": result.decision_id, "ok": True, "again": result.repeated} | stored
    theirs = pair_bundle(db, result.theirs, reviewer) if result.theirs else None
    return {
        "uid": result.decision_id,
        "ok": False,
        "why": result.error,
        "message": result.message,
        "theirs": theirs,
    }


def _keep_drafts(db: Database, message: Message, reviewer: str) -> None:
    begun = message.get("drafts")
    if not isinstance(begun, Mapping) or not reviewer:
        return
    for pair_id, draft in begun.items():
        if isinstance(draft, Mapping) and isinstance(draft.get("rev"), int):
            texts = _text(draft, "question"), _text(draft, "answer")
            drafts.save_draft(db, reviewer, str(pair_id), draft["rev"], *texts)
        else:
            drafts.drop_draft(db, reviewer, str(pair_id))


# ------------------------------------------------------------------ what is sent back


def _fresh(waiting: Sequence[Pair], message: Message) -> list[Pair]:
    held = message.get("held")
    at_hand = held if isinstance(held, Mapping) else {}
    return [pair for pair in waiting if at_hand.get(pair.pair_id) != pair.revision]


def _opened(db: Database, pair_id: str) -> Pair | None:
    try:
        return pairs.pair_by_id(db, pair_id)
    except UnknownPairError:
        return None


def _pages(
    db: Database, fresh: Sequence[Pair], message: Message, holder: str, changed: Collection[str]
) -> list[Bundle]:
    """The pages of new pairs that the browser has not; one that changed, is opened or compared is always sent anew."""
    known = message.get("known")
    skip = {str(page) for page in known} if isinstance(known, list) else set()
    skip -= set(changed)
    opened = _text(message, "open")
    skip -= {pair.page_id for pair in fresh if pair.pair_id == opened} | {_text(message, "compare")}
    wanted = dict.fromkeys(pair.page_id for pair in fresh if pair.page_id not in skip)
    return [page_bundle(db, pages.page_by_id(db, page_id), holder) for page_id in wanted]


def _checked(db: Database, check: Message) -> Bundle:
    """What the checks say of a text that is being typed, for a pair or a page; nothing is stored."""
    pair, answer = _opened(db, _text(check, "pair")), {"k": check.get("k"), "pair": None}
    try:
        page = pages.page_by_id(db, pair.page_id if pair else _text(check, "page"))
    except UnknownPageError:
        return answer
    kind = _text(check, "type") or (pair.question_type if pair else QuestionType.FACTUAL)
    finding = _check(page, words.words_of(db, page), _text(check, "question"), _text(check, "answer"), kind)
    return answer | {"pair": pair.pair_id if pair else None, "page": page.page_id} | finding_bundle(finding)


def _text(entry: Message, name: str) -> str:
    value = entry.get(name)
    return value[: LONGEST_TEXT + 1] if isinstance(value, str) else ""
