"""The signals of a text: stored with its check, kept through an undo, and added to databases made before them."""

from review_db import listings, pairs, signals
from review_db.connection import open_review_db
from review_db.records import Evidence, Finding
from tests.stored import a_page, a_pair, decide


def test_a_database_from_before_the_signals_keeps_its_pairs(tmp_path, database_without):
    with database_without("0007_risk") as db:
        pair = a_pair(db, a_page(db))
    db = open_review_db(tmp_path / "review.sqlite")
    assert [row["pair_id"] for row in listings.pairs(db)] == [pair.pair_id]
    assert signals.signals_of(db, [pair.pair_key]) == {}


def test_an_undone_edit_brings_its_signals_back(fresh_db):
    pair = a_pair(fresh_db, a_page(fresh_db))
    pairs.save_finding(fresh_db, pair.pair_key, 1, Finding(Evidence("partly"), (), 0.7, 0.2, {"doubted": 1.0}), "test")
    decide(fresh_db, pair.pair_id, "edit", revision=1, answer="30 Nm")
    assert signals.signals_of(fresh_db, [pair.pair_key]) == {pair.pair_key: {}}
    decide(fresh_db, pair.pair_id, "undo")
    assert signals.signals_of(fresh_db, [pair.pair_key]) == {pair.pair_key: {"doubted": 1.0}}


def test_the_listing_gives_both_risks(fresh_db):
    pair = a_pair(fresh_db, a_page(fresh_db))
    pairs.save_finding(fresh_db, pair.pair_key, 1, Finding(Evidence("partly"), (), 0.7, 0.2), "test")
    (row,) = listings.pairs(fresh_db)
    assert (row["risk"], row["reject_risk"]) == (0.7, 0.2)
