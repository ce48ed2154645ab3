"""The stage filter: pairs not worth a person's time are set aside with the rule's name, and come back when it goes."""

from dataclasses import replace

import pytest

from pipeline import settings
from pipeline.progress import Progress
from pipeline.selection import Selection
from pipeline.stages import filter as filter_stage
from review_db import pairs
from review_db.connection import immediate
from tests.stored import a_page, a_pair, decide

SETTINGS = settings.load([])[0]
QUESTION = "How tight is the drum cover bolted?"


@pytest.fixture
def run(fresh_db, workspace):
    def run(selection=None, **filters):
        changed = replace(SETTINGS, filters=replace(SETTINGS.filters, **filters))
        return filter_stage.run(fresh_db, workspace, changed, selection or Selection(), Progress.silent())

    return run


@pytest.fixture
def page(fresh_db):
    return a_page(fresh_db)


def stands(db, pair):
    pair = pairs.pair_by_id(db, pair.pair_id)
    return pair.status, pair.reason


def test_short_specifications_stay(fresh_db, page, run):
    kept = [
        a_pair(fresh_db, page, f"{QUESTION[:-1]} in step {n}?", answer)
        for n, answer in enumerate(["9 Nm", "4 Nm", "M8"])
    ]
    assert run().done == 0
    assert {stands(fresh_db, pair) for pair in kept} == {("pending", None)}


def test_each_pair_set_aside_names_its_rule(fresh_db, page, run):
    bad = {
        "question_short": a_pair(fresh_db, page, "Which oil?", "SAE 90"),
        "no_question_mark": a_pair(fresh_db, page, "Say how tight the cover is.", "9 Nm"),
        "self_reference": a_pair(fresh_db, page, "What is shown in this image?", "a winch drum"),
        "generic_answer": a_pair(fresh_db, page, "Which grease suits the roller?", "It is not visible here."),
        "answer_long": a_pair(fresh_db, page, "What is done with the roller?", "grease it " * 60),
    }
    assert run().done == len(bad)
    assert {name: stands(fresh_db, pair) for name, pair in bad.items()} == {
        name: ("set_aside", f"filtered:{name}") for name in bad
    }


def test_a_pair_alike_an_earlier_one_of_its_page_is_set_aside(fresh_db, page, run):
    first = a_pair(fresh_db, page, "What torque is used for the drum cover bolts?", "9 Nm")
    later = a_pair(fresh_db, page, "What torque is used for the bolts of the drum cover?", "9 N·m")
    other = a_pair(fresh_db, page, "What torque is used for the drum cover bolts?", "10 Nm")
    run()
    assert stands(fresh_db, first) == stands(fresh_db, other) == ("pending", None)
    assert stands(fresh_db, later) == ("set_aside", "filtered:alike")


def test_a_changed_rule_brings_back_what_the_old_one_took_out(fresh_db, page, run):
    pair = a_pair(fresh_db, page, "Which oil?", "SAE 90")
    run()
    assert run(min_question_length=5).done == 1
    assert stands(fresh_db, pair) == ("pending", None)
    run()
    assert stands(fresh_db, pair) == ("set_aside", "filtered:question_short")


def test_another_rule_takes_the_place_of_the_one_before(fresh_db, page, run):
    pair = a_pair(fresh_db, page, "Which oil", "SAE 90")
    run()
    run(min_question_length=5)
    assert stands(fresh_db, pair) == ("set_aside", "filtered:no_question_mark")


def test_a_persons_decision_is_never_touched(fresh_db, page, run):
    approved = a_pair(fresh_db, page, "Which oil?", "SAE 90")
    rejected = a_pair(fresh_db, page, "Which fat?", "none")
    decide(fresh_db, approved.pair_id, "approve", revision=1)
    decide(fresh_db, rejected.pair_id, "reject", revision=1, reason="trivial")
    assert run().done == 0
    assert stands(fresh_db, approved)[0] == "approved"
    assert stands(fresh_db, rejected)[0] == "rejected"


def test_a_pair_that_a_person_put_back_stays(fresh_db, page, run):
    pair = a_pair(fresh_db, page, "Which oil?", "SAE 90")
    run()
    with immediate(fresh_db):
        pairs.set_machine_status(fresh_db, pair.pair_key, "pending", "restored")
    run()
    assert stands(fresh_db, pair) == ("pending", "restored")


def test_a_second_run_changes_nothing(fresh_db, page, run):
    a_pair(fresh_db, page, "Which oil?", "SAE 90")
    run()
    assert run().done == 0


def test_only_selected_pages_are_filtered(fresh_db, page, run):
    other = a_page(fresh_db, "34-02_brakes", source="34 - Brakes/34-02.jpg")
    here, there = a_pair(fresh_db, page, "Which oil?", "SAE 90"), a_pair(fresh_db, other, "Which oil?", "SAE 90")
    run(Selection(page_id=other.page_id))
    assert stands(fresh_db, here)[0] == "pending"
    assert stands(fresh_db, there)[0] == "set_aside"
