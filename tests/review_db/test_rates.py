"""What people decided, counted by group."""

from review_db.pages import save_class
from review_db.rates import Rate, rates
from review_db.records import PageClass
from tests.stored import a_page, a_pair, decide


def test_each_pair_is_counted_once_under_what_became_of_it(fresh_db):
    page, other = a_page(fresh_db, "21-01"), a_page(fresh_db, "33-01")
    kind = PageClass("offline", "service_manual", "procedure", False, 0.9, "21", "Clutch")
    save_class(fresh_db, page.page_version_id, kind)
    made = [a_pair(fresh_db, page, f"What is part {n}?", f"value {n}") for n in range(5)]
    decide(fresh_db, made[0].pair_id, "approve", revision=1)
    decide(fresh_db, made[1].pair_id, "edit", revision=1, question="What is it?", answer="better")
    decide(fresh_db, made[2].pair_id, "reject", revision=1, reason="trivial")
    decide(fresh_db, made[3].pair_id, "edit", revision=1, boxes=((0.1, 0.1, 0.2, 0.2),))
    a_pair(fresh_db, other, "What else?", "nothing", engine="claude", question_type="visual")
    found = rates(fresh_db)
    assert found["section"] == [Rate("", 0, 0, 0, 1, 0), Rate("21 Clutch", 2, 1, 1, 1, 0)]
    assert found["content_type"] == [Rate("", 0, 0, 0, 1, 0), Rate("procedure", 2, 1, 1, 1, 0)]
    assert [each.group for each in found["engine"]] == ["claude", "offline"]
    assert [each.group for each in found["question_type"]] == ["factual", "visual"]


def test_what_people_wrote_and_planted_pairs_are_left_out(fresh_db):
    page = a_page(fresh_db)
    a_pair(fresh_db, page, author="reviewer", engine="reviewer")
    planted = a_pair(fresh_db, page, "How many rollers?", "two")
    fresh_db.conn.execute("UPDATE pairs SET is_planted = 1 WHERE pair_key = ?", [planted.pair_key])
    assert rates(fresh_db) == {"section": [], "content_type": [], "question_type": [], "engine": []}
