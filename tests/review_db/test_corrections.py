"""Reviewers' words on pages: a named history, a drawn sample that stays, doubtful pages first."""

from review_db import corrections, pages
from review_db.records import PageClass
from tests.stored import a_page


def classified(db, page_id, confidence, kind="procedure"):
    page = a_page(db, page_id)
    kind = PageClass("offline", "service_manual", kind, False, confidence, "21")
    pages.save_class(db, page.page_version_id, kind)
    return page_id


def test_every_correction_stays_in_the_history_and_the_newest_holds(fresh_db):
    page_id = classified(fresh_db, "p1", 0.5)
    for value, reviewer in (("1", "ana"), ("0", "ben")):
        corrections.correct_page(fresh_db, page_id, "nothing_to_ask", value, reviewer)
    found = corrections.corrections_of(fresh_db, page_id)
    assert [(each.field, each.value, each.reviewer) for each in found] == [
        ("nothing_to_ask", "0", "ben"),
        ("nothing_to_ask", "1", "ana"),
    ]
    assert pages.page_by_id(fresh_db, page_id).nothing_to_ask is False


def test_doubtful_pages_come_least_confidence_first_until_a_person_has_looked(fresh_db):
    for page_id, confidence in (("p1", 0.9), ("p2", 0.4), ("p3", 0.6)):
        classified(fresh_db, page_id, confidence)
    corrections.correct_page(fresh_db, "p2", "content_type", "procedure", "ana")
    assert [page.page_id for page in corrections.doubtful_pages(fresh_db, 2)] == ["p3", "p1"]


def test_the_ten_random_pages_stay_the_same_and_tell_what_a_person_changed(fresh_db):
    for number in range(14):
        classified(fresh_db, f"p{number:02d}", 0.9)
    drawn = [page.page_id for page in corrections.random_pages(fresh_db)]
    assert len(set(drawn)) == 10
    corrections.correct_page(fresh_db, drawn[0], "content_type", "procedure", "ana")
    corrections.correct_page(fresh_db, drawn[1], "content_type", "diagram", "ben")
    assert [page.page_id for page in corrections.random_pages(fresh_db)] == drawn
    assert corrections.checked_by(fresh_db, drawn) == {drawn[0]: ("ana", False), drawn[1]: ("ben", True)}
