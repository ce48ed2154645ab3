"""Hashes of questions' normal forms: who asks the same, and what a run has to look at."""

import pytest

from review_db import normal_forms, pairs
from review_db.connection import immediate, open_review_db
from review_db.duplicates import link
from tests.stored import a_page, a_pair, decide

RULES = "1"


@pytest.fixture
def three(fresh_db):
    """Two pairs that ask the same on pages of one manual, and one of another manual; all were linked."""
    homes = [("m1-01", "one"), ("m1-02", "one"), ("m2-01", "other")]
    made = [a_pair(fresh_db, a_page(fresh_db, page, manual=manual), "How much?", page) for page, manual in homes]
    normal_forms.store(fresh_db, RULES, [(pair.pair_key, 1, "same") for pair in made])
    with immediate(fresh_db):
        normal_forms.mark_linked(fresh_db, [pair.pair_key for pair in made])
    return made


def test_only_pairs_of_one_manual_ask_the_same(fresh_db, three):
    found = normal_forms.asking_the_same(fresh_db, [three[0].pair_key])
    assert [asked.pair_id for asked in found] == [pair.pair_id for pair in three[:2]]


def test_what_was_linked_is_not_looked_at_again(fresh_db, three):
    assert list(normal_forms.without_form(fresh_db, RULES)) == []
    assert normal_forms.to_look_at(fresh_db) == []


def test_a_new_text_and_new_rules_ask_for_a_new_form(fresh_db, three):
    assert len(list(normal_forms.without_form(fresh_db, "2"))) == 3
    decide(fresh_db, three[0].pair_id, "edit", revision=1, question="How many?", answer="3")
    assert [row[:2] for row in normal_forms.without_form(fresh_db, RULES)] == [(three[0].pair_key, 2)]
    assert three[0].pair_id not in {p.pair_id for p in normal_forms.asking_the_same(fresh_db, [three[1].pair_key])}


def test_a_pair_that_was_rejected_and_comes_back_is_looked_at(fresh_db, three):
    decided = decide(fresh_db, three[0].pair_id, "reject", revision=1, reason="trivial")
    normal_forms.forget_absent(fresh_db)
    assert normal_forms.to_look_at(fresh_db) == []
    decide(fresh_db, three[0].pair_id, "undo", revision=1)
    assert decided.ok
    assert normal_forms.to_look_at(fresh_db) == [three[0].pair_key]


def test_a_twin_whose_pair_has_gone_is_looked_at(fresh_db, three):
    link(fresh_db, three[0].pair_key, three[1].pair_key, "duplicate", ["told so"])
    pairs.set_aside(fresh_db, [three[1].pair_key], normal_forms.REASON)
    assert normal_forms.to_look_at(fresh_db) == []
    pairs.set_aside(fresh_db, [three[0].pair_key], "superseded")
    assert normal_forms.to_look_at(fresh_db) == [three[1].pair_key]


def test_a_database_from_before_the_forms_keeps_its_pairs(tmp_path, database_without):
    with database_without("0005_normal_forms") as db:
        pair = a_pair(db, a_page(db), "How much?", "3 l")
    db = open_review_db(tmp_path / "review.sqlite")
    assert [(key, question) for key, _, question in normal_forms.without_form(db, RULES)] == [
        (pair.pair_key, "How much?")
    ]
    db.close()
