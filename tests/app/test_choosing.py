"""What the review screen asks of the queue: choices, search, who else is here, second opinions, work shared out."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.review.messages import handle
from review_db import assignments, listings, pairs
from tests.app.seeded import Seeded, seeded_workspace
from tests.stored import decide


@pytest.fixture
def seeded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Seeded]:
    monkeypatch.setenv("MANUALQA_WORKSPACE", str(tmp_path))
    made = seeded_workspace(tmp_path)
    yield made
    made.db.close()


def send(seeded, *entries, reviewer="ana", tab="t1", **wishes):
    return handle(seeded.db, {"n": 1, "tab": tab, "outbox": list(entries), **wishes}, reviewer, tab)


def entry(pair_id, verdict="approve", **more):
    return {"uid": f"{verdict}-{pair_id}", "pair": pair_id, "rev": 1, "verdict": verdict, **more}


def test_the_queue_follows_the_choice_and_the_reply_names_it(seeded):
    reply = send(seeded, more=True, choice={"order": "page", "section": "21"}, choiceKey="k1")
    assert reply["choiceKey"] == "k1"
    assert {pair["page"] for pair in reply["pairs"]} == {"21-01"}
    assert send(seeded, more=True, afresh=True, choice={"order": "page"})["queue"][0] == "21-01-q01"
    assert len(send(seeded, more=True, afresh=True, choice={"flag": "number_not_on_page"})["queue"]) == 3


@pytest.mark.parametrize(
    "choice", [None, 7, [], {"order": "no such"}, {"order": 3, "section": 4, "q": ["x"]}, {"q": "\x00"}]
)
def test_a_choice_that_is_none_queues_everything_by_risk(seeded, choice):
    assert send(seeded, more=True, choice=choice)["queue"] == send(seeded, more=True)["queue"]


def test_counts_come_with_what_is_left_of_the_choice_and_the_panel_gets_them_all(seeded):
    choice = {"section": "21"}
    assert send(seeded, counts=True, choice=choice)["left"] == 4
    reply = send(seeded, choices=True, choice=choice, measure={"k": 3, "choice": {"type": "factual"}})
    assert (reply["measured"]["k"], reply["measured"]["left"]) == (3, 13)
    assert (reply["measured"]["orders"]["page"], reply["measured"]["orders"]["mine"]) == (13, 0)
    assert ("21", "Clutch", 4) in reply["choices"]["filters"]["section"]
    assert set(reply["choices"]["filters"]) == {"section", "type", "engine", "flag", "by", "manual"}


def test_search_answers_with_texts_and_status(seeded):
    decide(seeded.db, "21-01-q01", "approve", revision=1, reviewer="bo")
    found = send(seeded, find={"k": 5, "text": "flywheel"})["found"]
    assert (found["k"], found["total"]) == (5, 3)
    found = send(seeded, find={"k": 6, "text": "cylinder head 1"})["found"]
    assert ("21-01-q01", "approved", "bo") in [(row["id"], row["status"], row["by"]) for row in found["pairs"]]


def test_any_reply_tells_who_else_is_on_the_page_and_who_changed_the_pair(seeded):
    pair, at = "21-01-q01", {"page": "21-01", "pair": "21-01-q01", "rev": 1, "status": "pending"}
    send(seeded, open=pair, reviewer="bo", tab="t2")  # a link leads bo there: the page is his while he is on it
    here = send(seeded, beat=True, at=at)["here"]
    assert here == {"page": "21-01", "holder": "bo"}
    assert pair not in send(seeded, more=True)["queue"]
    send(seeded, entry(pair, "edit", question="New?", answer="1 Nm"), reviewer="bo", tab="t2")
    changed = send(seeded, beat=True, at=at)["here"]["changed"]
    assert changed == {"pair": pair, "rev": 2, "status": "approved", "by": "bo"}
    assert "changed" not in send(seeded, beat=True, at=at | {"rev": 2, "status": "approved"})["here"]


def test_a_pair_for_a_second_opinion_is_blind_until_it_is_judged(seeded):
    pair, second = "21-01-q01", {"order": "second"}
    decide(seeded.db, pair, "reject", revision=1, reviewer="bo", reason="trivial")
    reply = send(seeded, more=True, choice=second)
    (blind,) = reply["pairs"]
    assert (blind["id"], blind["blind"], blind["status"], blind["by"], blind["reason"]) == (
        pair,
        True,
        "pending",
        None,
        None,
    )
    assert {row["status"] for row in reply["pages"][0]["pairs"]} == {"pending"}
    found = send(seeded, find={"k": 1, "text": pair}, choice=second)["found"]["pairs"]
    assert (found[0]["status"], found[0]["by"]) == ("pending", None)
    (result,) = send(seeded, entry(pair, "reject", second=True))["results"]
    assert (result["ok"], result["why"]) == (False, "reason_missing")
    for _ in range(2):
        (result,) = send(seeded, entry(pair, second=True), choice=second)["results"]
        assert result["second"] == {"by": "bo", "status": "rejected", "reason": "trivial", "agrees": False}
    (seen,) = send(seeded, open=pair, choice=second)["pairs"]
    assert (seen["status"], seen["by"]) == ("rejected", "bo")
    assert pairs.pair_by_id(seeded.db, pair).decided_by == "bo"
    assert sum(1 for _ in listings.events(seeded.db)) == 1
    reply = send(seeded, entry(pair, "undo", second=True), choice=second, open=pair)
    assert reply["results"][0]["ok"]
    assert reply["pairs"][0]["blind"]


def test_what_stands_round_a_pair_gives_no_decision_away_before_the_second_opinion(seeded):
    pair, second = "21-01-q01", {"order": "second"}
    for number in range(1, 5):
        decide(seeded.db, f"21-01-q0{number}", "reject", revision=1, reviewer="bo", reason="trivial")
    around = send(seeded, context=pair, history=pair, choice=second)
    assert "history" not in around
    assert {(row["status"], row["reason"]) for row in around["context"]["pairs"]} == {("pending", None)}
    assert not around["context"]["done"]
    assert "rejected" not in str(around)
    assert "'bo'" not in str(around)
    send(seeded, entry(pair, second=True), choice=second)
    around = send(seeded, context=pair, history=pair, choice=second)
    assert around["history"]
    assert [row["status"] for row in around["context"]["pairs"]].count("rejected") == 1


def test_pairs_already_looked_at_in_a_list_do_not_come_again(seeded):
    for pair in ("21-01-q01", "21-01-q02"):
        decide(seeded.db, pair, "approve", revision=1)
    mine = send(seeded, more=True, choice={"order": "mine"})["queue"]
    assert mine == ["21-01-q02", "21-01-q01"]
    assert send(seeded, more=True, choice={"order": "mine"}, seen=mine[:1])["queue"] == mine[1:]


def test_work_is_shared_out_and_made_common_again(seeded):
    give = {"uid": "u1", "verdict": "assign", "to": " bo ", "filters": {"section": "21", "by": "ana", "x": 1}}
    (result,) = send(seeded, give)["results"]
    (given,) = assignments.active(seeded.db)
    assert (given.reviewer, given.filters, given.assigned_by) == ("bo", {"section": "21"}, "ana")
    listed = send(seeded, choices=True)["choices"]["assignments"]
    assert listed == [{"id": result["assignment"], "reviewer": "bo", "filters": {"section": "21"}, "left": 4}]
    assert not any(pair.startswith("21") for pair in send(seeded, more=True, choice={"order": "assigned"})["queue"])
    take = {"uid": "u2", "verdict": "unassign", "assignment": result["assignment"]}
    assert [send(seeded, take)["results"][0]["again"] for _ in range(2)] == [False, True]
    (refused,) = send(seeded, {"uid": "u3", "verdict": "assign", "to": "", "filters": {}})["results"]
    assert not refused["ok"]
