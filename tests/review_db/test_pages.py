"""Pages: stable ids, versions, classifications and a reviewer's corrections on top."""

import pytest

from review_db import corrections, index_entries, listings, pages
from review_db.errors import UnknownPageError
from review_db.records import IndexRow, PageClass
from tests.stored import a_page, a_pair, decide


def test_a_changed_file_makes_a_new_version_and_decisions_stay_with_the_old_one(fresh_db):
    old = a_page(fresh_db)
    pair = a_pair(fresh_db, old)
    decide(fresh_db, pair.pair_id, "approve", revision=1)
    new = a_page(fresh_db, identity="other bytes")
    assert new.page_version_id != old.page_version_id
    assert new.page_id == old.page_id
    stored = fresh_db.conn.execute("SELECT page_version_id FROM pairs").fetchall()
    assert stored == [(old.page_version_id,)]


def test_the_same_version_again_changes_nothing(fresh_db):
    first = a_page(fresh_db, image_sha256="a" * 64)
    assert a_page(fresh_db, image_sha256="a" * 64) == first


def test_the_newest_classification_holds_below_a_persons_correction(fresh_db):
    page = a_page(fresh_db)
    for kind in ("procedure", "diagram"):
        pages.save_class(fresh_db, page.page_version_id, PageClass("offline", "service_manual", kind, False, 0.8, "21"))
    assert pages.page_by_id(fresh_db, page.page_id).content_type == "diagram"
    corrections.correct_page(fresh_db, page.page_id, "content_type", "wiring", "ana")
    corrected = pages.page_by_id(fresh_db, page.page_id)
    assert (corrected.content_type, corrected.section_id) == ("wiring", "21")


def test_only_named_fields_can_be_corrected(fresh_db):
    page = a_page(fresh_db)
    with pytest.raises(ValueError, match="rotation"):
        corrections.correct_page(fresh_db, page.page_id, "sha256", "x", "ana")


def test_an_unknown_page_is_named(fresh_db):
    with pytest.raises(UnknownPageError, match="nobody"):
        pages.page_by_id(fresh_db, "nobody")


def test_pages_can_be_chosen_by_the_name_of_their_section_folder(fresh_db):
    a_page(fresh_db, "a", source="21 - Clutch/a.jpg")
    a_page(fresh_db, "b", source="34 - Brakes/b.jpg")
    a_page(fresh_db, "c", source="sample/34 - Brakes/c.jpg")
    assert [page.page_id for page in pages.current_pages(fresh_db, section_glob="34*")] == ["b", "c"]


def test_the_page_before_is_the_one_before_in_manual_order(fresh_db):
    first, second = a_page(fresh_db, "p1"), a_page(fresh_db, "p2")
    assert pages.page_before(fresh_db, second) == first
    assert pages.page_before(fresh_db, first) is None


def test_an_index_that_is_read_again_replaces_the_earlier_reading(fresh_db):
    page = a_page(fresh_db)
    index_entries.replace_index(fresh_db, page.page_version_id, "21", [IndexRow("", "old", "21-1")], "offline")
    rows = [IndexRow("21 00 006", "Clutch - bleed", "21-1"), IndexRow("21 11 000", "Housing", "21-1")]
    index_entries.replace_index(fresh_db, page.page_version_id, "21", rows, "offline")
    listed = [(row["code"], row["title"], row["page"]) for row in listings.index(fresh_db)]
    assert listed == [(row.code, row.title, row.page) for row in rows]
