"""Candidate pairs: stored once, never proposed again once rejected, set aside with a reason."""

from review_db import duplicates, listings, pairs, words
from review_db.records import CandidatePair, Evidence, Finding, Flag, TokenEvidence, Word
from review_db.superseded import supersede_pending
from tests.stored import a_page, a_pair, decide


def test_the_same_text_on_the_same_page_changes_nothing(fresh_db):
    page = a_page(fresh_db)
    first = pairs.add_candidates(fresh_db, page, None, "offline", [CandidatePair("What is it?", "25 Nm", "factual")])
    again = pairs.add_candidates(fresh_db, page, None, "claude", [CandidatePair("What  is it?", "25 Nm ", "factual")])
    assert first == [(first[0][0], True)]
    assert again == [(first[0][0], False)]


def test_a_rejected_pair_is_not_proposed_again_but_a_superseded_one_is(fresh_db):
    page = a_page(fresh_db)
    rejected, superseded = a_pair(fresh_db, page, answer="1 Nm"), a_pair(fresh_db, page, answer="2 Nm")
    decide(fresh_db, rejected.pair_id, "reject", revision=1, reason="wrong_value")
    assert supersede_pending(fresh_db, page.page_id) == 1
    a_pair(fresh_db, page, answer="1 Nm")
    a_pair(fresh_db, page, answer="2 Nm")
    assert pairs.pair_by_id(fresh_db, rejected.pair_id).status == "rejected"
    assert pairs.pair_by_id(fresh_db, superseded.pair_id).status == "pending"


def test_pair_ids_count_up_on_their_page(fresh_db):
    page = a_page(fresh_db, "34-05_brakes")
    assert [a_pair(fresh_db, page, answer=f"{n} mm").pair_id for n in (1, 2)] == [
        "34-05_brakes-q01",
        "34-05_brakes-q02",
    ]


def test_superseding_spares_what_a_person_wrote_and_what_the_new_run_proposes(fresh_db):
    page = a_page(fresh_db)
    kept, old = a_pair(fresh_db, page, answer="1 Nm"), a_pair(fresh_db, page, answer="2 Nm")
    edited = a_pair(fresh_db, page, answer="3 Nm")
    decide(fresh_db, edited.pair_id, "edit", revision=1, answer="4 Nm")
    assert supersede_pending(fresh_db, page.page_id, keep=[kept.pair_key]) == 1
    assert pairs.pair_by_id(fresh_db, old.pair_id).reason == "superseded"


def test_a_finding_is_stored_with_evidence_flags_and_risk_and_listed(fresh_db):
    pair = a_pair(fresh_db, a_page(fresh_db))
    evidence = Evidence(
        "partly", "25 Nm", ((0.1, 0.2, 0.3, 0.4),), ("Nm",), (TokenEvidence("25", True, (0.1, 0.2, 0.3, 0.4)),)
    )
    finding = Finding(evidence, (Flag("unit_changed", "The page says lb-ft."),), 0.75)
    pairs.save_finding(fresh_db, pair.pair_key, 1, finding, "v1")
    stored = pairs.pair_by_id(fresh_db, pair.pair_id)
    assert (stored.evidence, stored.flags, stored.risk) == (evidence, finding.flags, 0.75)
    (row,) = listings.pairs(fresh_db)
    assert row["evidence"] == {
        "verdict": "partly", "quote": "25 Nm", "boxes": [[0.1, 0.2, 0.3, 0.4]], "unsupported": ["Nm"]
    }  # fmt: skip
    assert (row["flags"], row["risk"]) == (["unit_changed"], 0.75)
    assert list(pairs.pairs_to_check(fresh_db, "v1")) == []
    assert [p.pair_id for p in pairs.pairs_to_check(fresh_db, "v2")] == [pair.pair_id]


def test_what_was_set_aside_is_restored_with_one_call(fresh_db):
    pair = a_pair(fresh_db, a_page(fresh_db))
    assert pairs.set_aside(fresh_db, [pair.pair_key], "filtered:length") == 1
    assert pairs.set_aside_keys(fresh_db, "filtered:") == [pair.pair_key]
    assert pairs.restore(fresh_db, [pair.pair_key]) == 1
    assert pairs.pair_by_id(fresh_db, pair.pair_id).status == "pending"


def test_links_show_on_both_sides(fresh_db):
    page = a_page(fresh_db)
    one, two = a_pair(fresh_db, page, answer="1"), a_pair(fresh_db, page, answer="2")
    duplicates.link(fresh_db, two.pair_key, one.pair_key, "conflict", ["1 against 2"])
    assert duplicates.links_of(fresh_db, one.pair_key) == [(two.pair_id, "conflict")]
    assert [row["duplicates"] for row in listings.pairs(fresh_db)] == [
        [{"pair_id": two.pair_id, "relation": "conflict"}],
        [{"pair_id": one.pair_id, "relation": "conflict"}],
    ]


def test_words_come_back_in_reading_order(fresh_db):
    page = a_page(fresh_db)
    read = [Word("tighten", (0.1, 0.1, 0.2, 0.12), 0.98, 0), Word("25", (0.21, 0.1, 0.24, 0.12), 0.9, 0)]
    words.save_words(fresh_db, page.image_sha256, "reader-1", read, 1.5)
    assert words.words_of(fresh_db, page) == read
    assert [row["text"] for row in listings.words(fresh_db, page.page_id)] == ["tighten", "25"]
