"""What happened to pairs: rejections in force, with the reviewer's words."""

from review_db import history, pairs
from tests.stored import a_page, a_pair, decide


def test_rejections_in_force_are_told_with_reason_and_comment(fresh_db):
    page = a_page(fresh_db)
    wrong, odd, undone, kept = (a_pair(fresh_db, page, f"What is value {n}?", f"{n} mm") for n in range(4))
    decide(fresh_db, wrong.pair_id, "reject", revision=1, reason="wrong_value", comment="it is 7 mm")
    decide(fresh_db, odd.pair_id, "reject", revision=1)
    decide(fresh_db, undone.pair_id, "reject", revision=1, reason="trivial")
    decide(fresh_db, undone.pair_id, "undo")
    decide(fresh_db, kept.pair_id, "approve", revision=1)
    assert history.rejections_of_page(fresh_db, page.page_id) == [
        ("What is value 0?", "0 mm", "wrong_value: it is 7 mm"),
        ("What is value 1?", "1 mm", ""),
    ]


def test_other_pages_rejections_are_not_told(fresh_db):
    pair = a_pair(fresh_db, a_page(fresh_db, "one"))
    decide(fresh_db, pair.pair_id, "reject", revision=1, reason="trivial")
    assert history.rejections_of_page(fresh_db, a_page(fresh_db, "two").page_id) == []


def test_a_pairs_history_is_in_order(fresh_db):
    pair = a_pair(fresh_db, a_page(fresh_db))
    decide(fresh_db, pair.pair_id, "edit", revision=1, answer="26 Nm")
    kinds = [row["kind"] for row in history.history_of(fresh_db, pair.pair_id)]
    assert sorted(kinds) == ["decision", "revision", "revision"]
    assert kinds[0] == "revision"


def test_history_tells_which_decision_was_taken_back_and_who_wrote_what(fresh_db):
    pair = a_pair(fresh_db, a_page(fresh_db))
    first = decide(fresh_db, pair.pair_id, "edit", revision=1, answer="26 Nm")
    decide(fresh_db, pair.pair_id, "undo")
    rows = history.history_of(fresh_db, pair.pair_id)
    assert [row["undoes"] for row in rows if row["verdict"] == "undo"] == [first.seq]
    written = [(row["author"], row["answer"]) for row in rows if row["kind"] == "revision"]
    assert written == [("model", "25 Nm"), ("reviewer", "26 Nm"), ("model", "25 Nm")]


def test_the_first_text_of_a_pair_outlives_every_edit(fresh_db):
    pair = a_pair(fresh_db, a_page(fresh_db))
    decide(fresh_db, pair.pair_id, "edit", revision=1, question="How tight?", answer="26 Nm", question_type="safety")
    assert history.first_text(fresh_db, pair.pair_key) == (pair.question, "25 Nm", "factual", "model")


def test_what_the_checks_did_by_themselves_is_told_with_its_reason(fresh_db):
    pair = a_pair(fresh_db, a_page(fresh_db))
    pairs.set_aside(fresh_db, [pair.pair_key], "filtered:page_full")
    pairs.restore(fresh_db, [pair.pair_key], pairs.RESTORED)
    told = [(row["kind"], row["verdict"], row["reason"]) for row in history.history_of(fresh_db, pair.pair_id)]
    assert told == [
        ("revision", None, None),
        ("machine", "set_aside", "filtered:page_full"),
        ("machine", "pending", "restored"),
    ]
