"""Exports read one moment of the database: pairs with their page version and decision in force, links and groups."""

import pytest

from review_db import duplicates, exportable, pairs, releases
from review_db.connection import open_review_db
from review_db.corrections import correct_page
from review_db.pages import mark_duplicate, save_class
from review_db.records import PageClass
from tests.stored import a_page, a_pair, decide


def approve(db, pair):
    assert decide(db, pair.pair_id, "approve", revision=1).ok
    return pair


def ids(db, **options):
    return [pair.pair_id for pair in exportable.exportable_pairs(db, **options)]


def test_only_what_is_approved_leaves_unless_pending_pairs_are_asked_for(fresh_db):
    page = a_page(fresh_db)
    good, waiting, bad, aside = (a_pair(fresh_db, page, answer=f"{n} Nm") for n in range(4))
    approve(fresh_db, good)
    decide(fresh_db, bad.pair_id, "reject", revision=1, reason="1")
    pairs.set_aside(fresh_db, [aside.pair_key], "superseded")
    assert ids(fresh_db) == [good.pair_id]
    assert ids(fresh_db, include="all") == [good.pair_id, waiting.pair_id]
    assert exportable.left_out(fresh_db) == {
        "pending": 1,
        "rejected:wrong_value": 1,
        "set_aside:superseded": 1,
    }


def test_a_pair_carries_its_newest_text_and_the_decision_in_force(fresh_db):
    page = a_page(fresh_db)
    pair = approve(fresh_db, a_pair(fresh_db, page))
    decide(fresh_db, pair.pair_id, "edit", revision=1, answer="26 Nm", reviewer="bo", redecide=True)
    decide(fresh_db, pair.pair_id, "flag", revision=2, reviewer="cy")
    (found,) = exportable.exportable_pairs(fresh_db)
    assert (found.answer, found.revision, found.decided_by, found.decision_verdict) == (
        "26 Nm",
        2,
        "bo",
        "edit",
    )
    assert found.evidence.verdict == "supported"
    decide(fresh_db, pair.pair_id, "undo", reviewer="cy")
    decide(fresh_db, pair.pair_id, "undo", reviewer="bo")
    (found,) = exportable.exportable_pairs(fresh_db)
    assert (found.answer, found.decided_by, found.decision_verdict) == ("25 Nm", "ana", "approve")
    assert found.decided_at


def test_a_pair_keeps_the_page_version_that_was_decided_on_with_todays_corrections(fresh_db):
    page = a_page(fresh_db, image_path="/old.jpg")
    save_class(
        fresh_db,
        page.page_version_id,
        PageClass("offline", "service_manual", "text", False, 0.5, "21", "Clutch"),
    )
    approve(fresh_db, a_pair(fresh_db, page))
    a_page(fresh_db, identity="another edition", image_path="/new.jpg")
    correct_page(fresh_db, page.page_id, "content_type", "wiring", "ana")
    (found,) = exportable.exportable_pairs(fresh_db)
    assert (found.page.image_path, found.page.section_name, found.page.content_type) == (
        "/old.jpg",
        "Clutch",
        "wiring",
    )


def test_every_linked_pair_is_named_from_both_ends(fresh_db):
    page = a_page(fresh_db)
    one, other = (approve(fresh_db, a_pair(fresh_db, page, answer=f"{n} Nm")) for n in range(2))
    duplicates.link(fresh_db, other.pair_key, one.pair_key, "conflict", ["value"])
    first, second = exportable.exportable_pairs(fresh_db)
    assert first.duplicates == ((other.pair_id, "conflict"),)
    assert second.duplicates == ((one.pair_id, "conflict"),)


@pytest.mark.parametrize(("relation", "joins"), [("duplicate", True), ("suspected", False), ("conflict", True)])
def test_linked_pairs_join_their_pages_but_a_suspicion_alone_does_not(fresh_db, relation, joins):
    one, other = (a_pair(fresh_db, a_page(fresh_db, name)) for name in ("a", "b"))
    duplicates.link(fresh_db, one.pair_key, other.pair_key, relation, [])
    assert list(exportable.group_edges(fresh_db)) == ([("a", "b")] if joins else [])
    suspected = [tuple(end.page_id for end in link) for link in exportable.suspected_texts(fresh_db)]
    assert suspected == ([("a", "b")] if relation == "suspected" else [])


def test_a_pair_that_cannot_leave_joins_no_pages(fresh_db):
    one, other = (a_pair(fresh_db, a_page(fresh_db, name)) for name in ("a", "b"))
    duplicates.link(fresh_db, one.pair_key, other.pair_key, "duplicate", [])
    pairs.set_aside(fresh_db, [other.pair_key], f"duplicate_of:{one.pair_id}")
    assert list(exportable.group_edges(fresh_db)) == []
    assert exportable.left_out(fresh_db) == {"pending": 1, "set_aside:duplicate_of": 1}


def test_equal_images_repeats_and_near_images_join_pages(fresh_db):
    for name in ("a", "b", "c"):
        a_page(fresh_db, name, image_sha256="same")
    d, e, f = (a_page(fresh_db, name) for name in ("d", "e", "f"))
    mark_duplicate(fresh_db, e.page_version_id, d.page_id)
    fresh_db.conn.execute(
        "INSERT INTO page_links (from_page_id, to_page_id, relation) "
        "VALUES ('d', 'f', 'near_image'), ('a', 'f', 'index')"
    )
    assert set(exportable.group_edges(fresh_db)) == {
        ("b", "a"),
        ("c", "a"),
        ("e", "d"),
        (d.page_id, f.page_id),
    }


def test_groups_are_stored_and_updated(fresh_db):
    for name in ("a", "b"):
        a_page(fresh_db, name)
    exportable.save_groups(fresh_db, {"a": ("a", "validation"), "b": ("b", "train")})
    exportable.save_groups(fresh_db, {"a": ("a", "train")})
    assert exportable.split_groups(fresh_db) == {"a": ("a", "train"), "b": ("b", "train")}


def test_scans_in_place_come_with_the_hash_of_their_file_and_renders_do_not(fresh_db):
    from review_db.files import record_file
    from review_db.records import SourceFile

    file_id = record_file(fresh_db, "/scans", SourceFile("a.jpg", "image", "f" * 64, 10, 20, "ok"))
    page = a_page(fresh_db, "a", file_id=file_id, image_path="/scans/a.jpg")
    a_page(fresh_db, "b", file_id=file_id, image_path="renders/b.jpg")
    assert exportable.scans_in_place(fresh_db) == {page.page_version_id: ("f" * 64, 10, 20)}


def test_reads_of_one_moment_do_not_see_later_writes_and_do_not_hinder_them(fresh_db, tmp_path):
    page = a_page(fresh_db)
    writer = open_review_db(tmp_path / "review.sqlite")
    with exportable.one_moment(fresh_db):
        assert exportable.left_out(fresh_db) == {}
        a_pair(writer, page)
        assert exportable.left_out(fresh_db) == {}
    assert exportable.left_out(fresh_db) == {"pending": 1}
    writer.close()


def test_releases_are_remembered_newest_first_with_the_splits_of_their_pages(fresh_db):
    assert releases.newest_release(fresh_db) is None
    pair = approve(fresh_db, a_pair(fresh_db, a_page(fresh_db, "a")))
    releases.record_release(fresh_db, "/one", "f" * 64, {"pairs": 1}, [(pair.pair_key, 1, "validation")])
    releases.record_release(fresh_db, "/two", "f" * 64, {"pairs": 1}, [(pair.pair_key, 1, "train")])
    assert releases.release_paths(fresh_db) == ["/two", "/one"]
    assert releases.newest_release(fresh_db) == "/two"
    assert releases.earlier_splits(fresh_db) == {"a": {"train", "validation"}}
