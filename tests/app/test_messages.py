"""The review screen's envelopes against a real database: nothing lost, nothing twice, nothing overwritten."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.review import provenance
from app.review.messages import handle
from pipeline.checks.risk import SHIPPED
from review_db import decisions, drafts, listings, pairs, queue
from review_db.connection import open_review_db
from tests.app.seeded import Seeded, seeded_workspace


@pytest.fixture
def seeded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Seeded]:
    monkeypatch.setenv("MANUALQA_WORKSPACE", str(tmp_path))
    made = seeded_workspace(tmp_path)
    yield made
    made.db.close()


def entry(pair_id, verdict="approve", *, uid=None, rev=1, **more):
    return {"uid": uid or f"{verdict}-{pair_id}", "pair": pair_id, "rev": rev, "verdict": verdict, **more}


def send(seeded, *entries, reviewer="ana", tab="t1", **wishes):
    return handle(seeded.db, {"n": 1, "tab": tab, "outbox": list(entries), **wishes}, reviewer, tab)


def status(seeded, pair_id):
    return pairs.pair_by_id(seeded.db, pair_id).status


def event_count(seeded):
    return sum(1 for _ in listings.events(seeded.db))


def test_an_approval_is_stored_and_confirmed(seeded):
    pair = seeded.pair_ids[0]
    reply = send(seeded, entry(pair, uid="u1"))
    assert reply["results"] == [{"uid": "u1", "ok": True, "again": False, "pair": pair, "rev": 1}]
    assert status(seeded, pair) == "approved"


def test_the_same_envelope_again_changes_nothing_and_answers_ok(seeded):
    pair = seeded.pair_ids[0]
    for again in (False, True):
        (result,) = send(seeded, entry(pair, uid="u1"))["results"]
        assert (result["ok"], result["again"]) == (True, again)
    assert event_count(seeded) == 1


def test_a_whole_outbox_is_stored_in_order(seeded):
    first, second, third, fourth = seeded.pair_ids[:4]
    reply = send(
        seeded,
        entry(first),
        entry(second, "reject", reason="wrong_value"),
        entry(third, "edit", question="What now?", answer="12 Nm", type="factual"),
        entry(fourth, "skip"),
    )
    assert [result["ok"] for result in reply["results"]] == [True] * 4
    assert [status(seeded, pair) for pair in seeded.pair_ids[:4]] == [
        "approved",
        "rejected",
        "approved",
        "pending",
    ]
    assert pairs.pair_by_id(seeded.db, third).question == "What now?"
    assert [event["verdict"] for event in listings.events(seeded.db)] == ["approve", "reject", "edit", "skip"]


def test_a_stale_revision_is_refused_with_the_text_as_it_stands(seeded):
    pair = seeded.pair_ids[0]
    send(seeded, entry(pair, "edit", question="A new question?", answer="10 Nm"), reviewer="ben", tab="t2")
    (result,) = send(seeded, entry(pair, uid="late"))["results"]
    assert (result["ok"], result["why"]) == (False, "stale_revision")
    assert (result["theirs"]["question"], result["theirs"]["rev"]) == ("A new question?", 2)


def test_a_pair_decided_meanwhile_is_refused_with_by_whom_and_may_be_decided_again(seeded):
    pair = seeded.pair_ids[0]
    send(seeded, entry(pair, "reject", reason="trivial"), reviewer="ben", tab="t2")
    (result,) = send(seeded, entry(pair, uid="late"))["results"]
    assert (result["why"], result["theirs"]["by"], result["theirs"]["reason"]) == (
        "already_decided",
        "ben",
        "trivial",
    )
    assert status(seeded, pair) == "rejected"
    (result,) = send(seeded, entry(pair, uid="again", redecide=True))["results"]
    assert result["ok"]
    assert status(seeded, pair) == "approved"


def test_an_unknown_pair_is_refused_and_the_rest_of_the_outbox_is_stored(seeded):
    reply = send(seeded, entry("no-such-pair"), entry(seeded.pair_ids[0]))
    assert [(result["ok"], result.get("why")) for result in reply["results"]] == [
        (False, "unknown_pair"),
        (True, None),
    ]


def test_a_rejection_without_a_reason_is_refused(seeded):
    (result,) = send(seeded, entry(seeded.pair_ids[0], "reject"))["results"]
    assert (result["ok"], result["why"]) == (False, "reason_missing")
    assert event_count(seeded) == 0


def test_undo_takes_back_step_by_step_and_an_edited_text_returns_as_a_newer_revision(seeded):
    first, second = seeded.pair_ids[:2]
    send(seeded, entry(first), entry(second, "edit", question="Other?", answer="11 Nm"))
    before = pairs.pair_by_id(seeded.db, second).question
    reply = send(seeded, entry(second, "undo", rev=None), open=second)
    assert before == "Other?"
    (bundle,) = reply["pairs"]
    assert (bundle["status"], bundle["rev"]) == ("pending", 3)
    assert bundle["question"].startswith("What is the tightening torque")
    assert send(seeded, entry(first, "undo", rev=None))["results"][0]["ok"]
    assert status(seeded, first) == "pending"


def test_nobody_undoes_the_decision_of_another(seeded):
    pair = seeded.pair_ids[0]
    send(seeded, entry(pair), reviewer="ben", tab="t2")
    (result,) = send(seeded, entry(pair, "undo", rev=None))["results"]
    assert (result["ok"], result["why"]) == (False, "nothing_to_undo")
    assert status(seeded, pair) == "approved"


def test_a_refill_leaves_out_pages_that_others_have_open(seeded):
    mine = send(seeded, more=True)["queue"]
    theirs = send(seeded, more=True, reviewer="ben", tab="t2")["queue"]
    assert len(mine) == len(seeded.pair_ids)
    assert theirs == []


def test_two_tabs_of_one_reviewer_get_different_pages(seeded):
    one = handle(seeded.db, {"n": 1, "more": True, "passed": list(seeded.page_ids[1:])}, "ana", "t1")
    two = handle(seeded.db, {"n": 1, "more": True}, "ana", "t2")
    assert {pair.rsplit("-q", 1)[0] for pair in one["queue"]} == {seeded.page_ids[0]}
    assert not set(one["queue"]) & set(two["queue"])


def test_a_refill_sends_only_what_the_browser_does_not_hold(seeded):
    whole = send(seeded, more=True)
    held = {pair["id"]: pair["rev"] for pair in whole["pairs"]}
    known = [page["id"] for page in whole["pages"]]
    again = send(seeded, more=True, held=held, known=known)
    assert sorted(again["queue"]) == sorted(whole["queue"])
    assert (again["pairs"], again["pages"]) == ([], [])


def test_a_skipped_pair_comes_back_last(seeded):
    first = send(seeded, more=True)["queue"][0]
    assert send(seeded, entry(first, "skip"), more=True)["queue"][-1] == first


def test_pages_passed_over_are_left_out_until_asked_for(seeded):
    page = send(seeded, more=True)["pages"][0]["id"]
    rest = send(seeded, more=True, passed=[page])["queue"]
    assert rest
    assert not any(pair.startswith(f"{page}-") for pair in rest)


def test_a_link_opens_a_decided_pair_with_by_whom(seeded):
    pair = seeded.pair_ids[0]
    send(seeded, entry(pair), reviewer="ben", tab="t2")
    reply = send(seeded, open=pair)
    assert reply["opened"] == {"id": pair}
    assert (reply["pairs"][0]["status"], reply["pairs"][0]["by"]) == ("approved", "ben")
    assert reply["pages"][0]["id"] == reply["pairs"][0]["page"]


def test_a_link_to_an_unknown_pair_says_so(seeded):
    assert send(seeded, open="nothing-q01")["opened"] == {"id": "nothing-q01", "error": "unknown_pair"}


def test_drafts_are_kept_for_each_reviewer_and_dropped_when_done(seeded):
    pair = seeded.pair_ids[0]
    send(seeded, drafts={pair: {"rev": 1, "question": "Half a ques", "answer": ""}})
    assert drafts.draft_of(seeded.db, "ana", pair).question == "Half a ques"
    assert send(seeded, open=pair)["pairs"][0]["draft"]["question"] == "Half a ques"
    assert send(seeded, open=pair, reviewer="ben", tab="t2")["pairs"][0]["draft"] is None
    send(seeded, drafts={pair: None})
    assert drafts.draft_of(seeded.db, "ana", pair) is None


def test_a_text_being_typed_is_checked_against_the_page_and_not_stored(seeded):
    pair = seeded.pair_ids[0]
    question = pairs.pair_by_id(seeded.db, pair).question
    reply = send(seeded, check={"k": 7, "pair": pair, "question": question, "answer": "999 Nm", "type": "factual"})
    assert (reply["check"]["k"], reply["check"]["pair"]) == (7, pair)
    assert reply["check"]["evidence"]["unsupported"]
    assert pairs.pair_by_id(seeded.db, pair).revision == 1


def new_pair(page, uid="n1", **more):
    return {"uid": uid, "page": page, "verdict": "edit", "question": "Which oil?", "answer": "SAE 30", **more}


def test_a_pair_written_for_a_page_is_approved_once_and_comes_back_with_its_page(seeded):
    page, box = seeded.page_ids[0], [0.1, 0.2, 0.3, 0.25]
    reply = send(seeded, new_pair(page, boxes=[box], type="tool"), known=[page])
    (result,), (pair,) = reply["results"], reply["pairs"]
    assert (result["ok"], result["pair"], pair["status"], pair["by"]) == (True, pair["id"], "approved", "ana")
    assert (pair["type"], pair["evidence"]["boxes"], pair["drawn"], pair["why"] != []) == ("tool", [box], True, True)
    assert [each["id"] for each in reply["pages"][0]["pairs"]][-1] == pair["id"]
    assert reply["pages"][0]["pairs"][-1]["boxes"] == [box]
    again = send(seeded, new_pair(page, boxes=[box], type="tool"))
    assert (again["results"][0]["again"], again["results"][0]["pair"]) == (True, pair["id"])
    assert event_count(seeded) == 1


def test_a_new_pair_that_cannot_be_is_refused_with_the_reason_and_the_rest_is_stored(seeded):
    page, first = seeded.page_ids[0], pairs.pair_by_id(seeded.db, seeded.pair_ids[0])
    same = new_pair(page, question=first.question, answer=first.answer)
    nowhere, empty = new_pair("no-such-page", uid="n2"), new_pair(page, uid="n3", answer=" ")
    reply = send(seeded, same, nowhere, empty, entry(first.pair_id))
    whys = [result.get("why") for result in reply["results"]]
    assert whys == ["pair_exists", "unknown_page", "empty_text", None]


def test_evidence_drawn_on_the_scan_is_stored_with_the_approval(seeded):
    pair, box = seeded.pair_ids[0], [0.1, 0.2, 0.3, 0.25]
    (result,) = send(seeded, entry(pair, "edit", boxes=[box]))["results"]
    assert (result["ok"], result["rev"]) == (True, 2)
    (bundle,) = send(seeded, open=pair)["pairs"]
    assert (bundle["evidence"]["boxes"], bundle["drawn"], bundle["authorName"]) == ([box], True, "ana")
    assert bundle["original"]["author"] == "model"
    assert send(seeded, entry(seeded.pair_ids[1], boxes="all"))["results"][0]["ok"]  # no list of boxes: says nothing
    refused = send(seeded, entry(seeded.pair_ids[2], boxes=[[0, 0, 2, 2]]))["results"][0]
    assert refused["why"] == "bad_boxes"


def test_a_text_typed_for_a_new_pair_is_checked_against_its_page(seeded):
    check = {"k": 3, "page": seeded.page_ids[0], "question": "What is the torque of item 1?", "answer": "10 Nm"}
    reply = send(seeded, check=check)["check"]
    assert (reply["k"], reply["pair"], reply["page"]) == (3, None, seeded.page_ids[0])
    assert reply["evidence"]["boxes"]
    assert send(seeded, check={"k": 4, "page": "nowhere"})["check"] == {"k": 4, "pair": None}


def test_the_history_of_a_pair_is_told_with_how_surely_its_evidence_was_read(seeded):
    pair = seeded.pair_ids[0]
    send(seeded, entry(pair, "edit", question="New?", answer="10 Nm"), entry(pair, "undo", rev=None))
    told = send(seeded, history=pair)["history"]
    assert told["pair"] == pair
    assert [row["kind"] for row in told["rows"]].count("revision") == 3
    assert 0.5 < told["read"] <= 1
    assert send(seeded, history="nothing-q01")["history"] == {"pair": "nothing-q01", "rows": [], "read": None}


def test_the_words_of_a_page_come_with_their_places(seeded):
    page = seeded.page_ids[0]
    told = send(seeded, words=page)["words"]
    assert told["page"] == page
    assert all(len(word) == 6 for word in told["words"])
    assert send(seeded, words="nowhere")["words"] == {"page": "nowhere", "words": []}


def test_every_signal_of_the_risk_has_a_name_and_a_sentence(seeded):
    assert set(provenance.REASONS) == set(SHIPPED.weights)
    doubtful = seeded.pair_ids[3]
    names = [name for name, _ in send(seeded, open=doubtful)["pairs"][0]["why"]]
    assert names == ["Warning", "Not all found", "Read by rules"]


def test_a_check_that_breaks_costs_no_decision(seeded, monkeypatch):
    def broken(*_):
        raise RuntimeError("a bug in the checks")

    monkeypatch.setattr("app.review.messages.checks.examine", broken)
    pair = seeded.pair_ids[0]
    (result,) = send(seeded, entry(pair, "edit", question="New?", answer="1 Nm"))["results"]
    assert result["ok"]
    assert pairs.pair_by_id(seeded.db, pair).evidence.verdict == "not_checkable"


def test_a_write_that_fails_answers_with_an_error_and_confirms_nothing(seeded, monkeypatch):
    def full(*_args, **_more):
        raise OSError("the disk is full")

    pair = seeded.pair_ids[0]
    with monkeypatch.context() as patched:
        patched.setattr(decisions, "_append", full)
        reply = send(seeded, entry(pair, uid="u1"))
    assert reply["error"]
    assert reply["results"] == []
    assert status(seeded, pair) == "pending"
    assert send(seeded, entry(pair, uid="u1"))["results"][0]["ok"]


@pytest.mark.parametrize(
    "message",
    [
        {},
        {"n": 1, "outbox": "no list"},
        {"n": 1, "outbox": [None, 3, {"verdict": "approve"}, {"uid": "x", "verdict": 7, "rev": "one"}]},
        {"n": 1, "more": True, "held": [], "known": 5, "passed": "a"},
        {"n": 1, "drafts": [1], "check": "no", "open": 12},
    ],
)
def test_a_malformed_envelope_is_answered_and_changes_nothing(seeded, message):
    reply = handle(seeded.db, message, "ana", "t1")
    assert reply["tab"] == "t1"
    assert not any(result["ok"] for result in reply["results"])
    assert event_count(seeded) == 0


def test_a_page_names_the_other_reviewer_who_has_it_open(seeded):
    pair = send(seeded, more=True)["queue"][0]
    assert send(seeded, open=pair)["pages"][0]["holder"] is None
    assert send(seeded, open=pair, reviewer="ben", tab="t2")["pages"][0]["holder"] == "ana"
    assert send(seeded, open=pair, tab="t3")["pages"][0]["holder"].startswith("You")


def test_every_envelope_prolongs_the_leases_of_its_tab(seeded, monkeypatch):
    page = send(seeded, more=True)["pages"][0]["id"]
    start = queue.time.monotonic()
    monkeypatch.setattr(queue.time, "monotonic", lambda: start + 80)
    send(seeded, beat=True)
    monkeypatch.setattr(queue.time, "monotonic", lambda: start + 160)
    assert queue.lease_holder(seeded.db, page) is not None


def test_a_text_page_comes_as_rows_with_its_source_row_quoted(seeded):
    reply = send(seeded, open="html-techspec-q01")
    (page,) = reply["pages"]
    assert page["scan"] is None
    assert page["sheet"][:2] == [["Engine"], ["Displacement", "2494 cm3"]]
    assert reply["pairs"][0]["evidence"]["quote"] == "Displacement 2494 cm3"


def test_eight_reviewers_at_once_decide_every_pair_once(tmp_path, monkeypatch):
    monkeypatch.setenv("MANUALQA_WORKSPACE", str(tmp_path))
    seeded = seeded_workspace(tmp_path, page_count=16, pairs_per_page=6)
    answers: list[dict] = []

    def review(name: str) -> None:
        db = open_review_db(seeded.database, migrate=False)
        for turn in range(200):
            waiting = handle(db, {"n": turn, "more": True}, name, "t")["queue"]
            if not waiting:
                break
            outbox = [entry(pair, uid=f"{name}-{pair}") for pair in waiting[:3]]
            answers.extend(handle(db, {"n": turn, "outbox": outbox}, name, "t")["results"])
        db.close()

    threads = [threading.Thread(target=review, args=(f"reviewer {n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    accepted = [answer for answer in answers if answer["ok"]]
    assert len(accepted) == len(seeded.pair_ids) == event_count(seeded)
    assert len({event["pair_id"] for event in listings.events(seeded.db)}) == len(seeded.pair_ids)
