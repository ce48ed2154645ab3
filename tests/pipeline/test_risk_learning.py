"""What the workspace's own decisions teach about risk, and when the lesson is used."""

import pytest

from pipeline import settings
from pipeline.checks.risk import LEAST, SHIPPED, risk_of
from pipeline.progress import Progress
from pipeline.risk_learning import learn
from pipeline.selection import Selection
from pipeline.stages import prioritise
from review_db import pairs, queue, risk_models, signals
from review_db.records import Evidence, Finding
from tests.stored import a_page, a_pair, decide


def judged(db, count, verdict_of, strengths_of, **facts):
    """Pairs on twelve pages, each checked with its signals and decided."""
    pages = [a_page(db, f"21-{number:02}") for number in range(12)]
    for number in range(count):
        pair = a_pair(db, pages[number // 2 % 12], f"What is part {number}?", f"value {number}", engine="claude")
        pairs.save_finding(db, pair.pair_key, 1, Finding(Evidence("supported"), signals=strengths_of(number)), "test")
        verdict = verdict_of(number)
        text = {"question": f"What is it, {number}?", "answer": "better"} if verdict == "edit" else {}
        decide(db, pair.pair_id, verdict, revision=1, reason="other" if verdict == "reject" else None, **text, **facts)


def test_without_decisions_the_shipped_weights_are_in_force_and_nothing_is_stored(fresh_db):
    assert learn(fresh_db) is SHIPPED
    assert risk_models.newest(fresh_db) is None


def test_too_few_decisions_are_measured_but_teach_nothing(fresh_db):
    judged(fresh_db, 12, lambda n: "reject" if n % 2 else "approve", lambda n: {"doubted": float(n % 2)})
    assert learn(fresh_db) is SHIPPED
    measures = risk_models.newest(fresh_db).measures
    assert (measures["judged"], measures["faulty"], measures["learned"], measures["auc"]) == (12, 6, False, 1.0)


def test_enough_decisions_move_the_weights_where_unseen_pages_agree(fresh_db):
    # Here, unlike elsewhere, look-ups are what goes wrong.
    judged(
        fresh_db,
        LEAST + 60,
        lambda n: ("edit" if n % 4 == 1 else "reject") if n % 2 else "approve",
        lambda n: {"lookup": float(n % 2)},
    )
    model = learn(fresh_db)
    assert model.weights["lookup"][0] > 0 > SHIPPED.weights["lookup"][0]
    assert risk_of({"lookup": 1.0}, model)[0] > 0.5 > risk_of({}, model)[0]
    stored = risk_models.newest(fresh_db)
    assert stored.measures["learned"]
    assert stored.measures["brier"] < stored.measures["brier_shipped"]
    assert stored.measures["precision"]["0.3"] == 1.0


def test_the_same_decisions_are_stored_once(fresh_db):
    judged(fresh_db, 4, lambda n: "approve", lambda n: {})
    learn(fresh_db)
    learn(fresh_db)
    assert fresh_db.conn.execute("SELECT count(*) FROM risk_models").fetchone()[0] == 1


@pytest.mark.parametrize(("verdict", "faulty", "rejected"), [("approve", 0, 0), ("edit", 1, 0), ("reject", 1, 1)])
def test_the_text_that_was_judged_is_the_one_that_counts(fresh_db, verdict, faulty, rejected):
    judged(fresh_db, 1, lambda n: verdict, lambda n: {"doubted": 1.0})
    (one,) = signals.judged_texts(fresh_db)
    assert (one.strengths, one.is_faulty, one.is_rejected) == ({"doubted": 1.0}, faulty, rejected)


def test_an_undone_decision_and_evidence_drawn_anew_teach_no_fault(fresh_db):
    judged(fresh_db, 1, lambda n: "reject", lambda n: {})
    pair_id = next(fresh_db.query("SELECT pair_id FROM pairs"))["pair_id"]
    decide(fresh_db, pair_id, "undo")
    assert not list(signals.judged_texts(fresh_db))
    decide(fresh_db, pair_id, "edit", revision=1, boxes=((0.1, 0.1, 0.2, 0.2),))
    assert [one.is_faulty for one in signals.judged_texts(fresh_db)] == [False]


def test_enough_decisions_turn_the_order_of_the_queue_round(fresh_db, workspace):
    looked_up, plain = (
        a_pair(fresh_db, a_page(fresh_db, page_id), "What is waiting here?", page_id) for page_id in ("31-01", "31-02")
    )
    for pair, strengths in ((looked_up, {"lookup": 1.0}), (plain, {})):
        pairs.save_finding(fresh_db, pair.pair_key, 1, Finding(Evidence("supported"), signals=strengths), "test")

    def looked_up_is_riskier():
        prioritise.run(fresh_db, workspace, settings.load([])[0], Selection(), Progress.silent())
        return pairs.pair_by_id(fresh_db, looked_up.pair_id).risk > pairs.pair_by_id(fresh_db, plain.pair_id).risk

    assert not looked_up_is_riskier()  # what is looked up is seldom wrong elsewhere
    judged(fresh_db, LEAST - 2, lambda n: "reject" if n % 2 else "approve", lambda n: {"lookup": float(n % 2)})
    assert not looked_up_is_riskier()  # too few decisions
    extra = a_page(fresh_db, "41-01")
    for number in range(12):
        pair = a_pair(fresh_db, extra, f"What is number {number}?", f"part {number}")
        finding = Finding(Evidence("supported"), signals={"lookup": float(number % 2)})
        pairs.save_finding(fresh_db, pair.pair_key, 1, finding, "test")
        verdict, reason = ("reject", "other") if number % 2 else ("approve", None)
        decide(fresh_db, pair.pair_id, verdict, revision=1, reason=reason)
    assert looked_up_is_riskier()
    assert queue.next_pairs(fresh_db, holder="ana", limit=1)[0].page_id == "31-01"
