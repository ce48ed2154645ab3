"""The stage filter: pairs not worth a person's time are set aside with the rule's name, and come back when it goes."""

from dataclasses import replace

import pytest

from pipeline import settings
from pipeline.progress import Progress
from pipeline.selection import Selection
from pipeline.stages import filter as filter_stage
from review_db import funnel, pairs
from review_db.connection import immediate
from review_db.pages import save_class
from review_db.records import PageClass
from tests.stored import a_page, a_pair, decide

SETTINGS = settings.load([])[0]
QUESTION = "How tight is the drum cover bolted?"


@pytest.fixture
def run(fresh_db, workspace):
    def run(selection=None, most=None, **filters):
        changed = replace(SETTINGS, filters=replace(SETTINGS.filters, **filters))
        if most is not None:
            wanted = replace(SETTINGS.generation, questions_per_page={"procedure": most})
            changed = replace(changed, generation=wanted)
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


def full_page(db, page, count=4):
    """A page of procedure with pairs of one type in one row, then one of another type."""
    save_class(db, page.page_version_id, PageClass("offline", "service_manual", "procedure", False, 0.9))
    texts = [("factual", f"What is the gap at place number {n}?", f"{n + 1} mm") for n in range(count)]
    texts.append(("safety", "Which side must be secured first?", "left"))
    return [a_pair(db, page, question, answer, question_type=kind) for kind, question, answer in texts]


def test_a_full_page_keeps_a_spread_and_names_the_reason_for_the_others(fresh_db, page, run):
    made = full_page(fresh_db, page)
    assert run(most=3).done == 2
    assert [stands(fresh_db, pair)[0] for pair in made] == ["pending", "pending", "set_aside", "set_aside", "pending"]
    assert stands(fresh_db, made[3]) == ("set_aside", "filtered:page_full")
    (row,) = funnel.funnel(fresh_db)
    assert row["reasons"] == {"filtered:page_full": 2}
    assert run(most=3).done == 0
    assert run(most=5).done == 2
    assert {stands(fresh_db, pair) for pair in made} == {("pending", None)}


def test_decided_pairs_take_their_share_of_a_full_page_and_restored_ones_stay(fresh_db, page, run):
    made = full_page(fresh_db, page)
    run(most=3)
    decide(fresh_db, made[0].pair_id, "reject", revision=1, reason="trivial")
    assert run(most=3).done == 0
    pairs.restore(fresh_db, [made[3].pair_key], pairs.RESTORED)
    run(most=3)
    assert stands(fresh_db, made[3]) == ("pending", "restored")
    assert [stands(fresh_db, pair)[0] for pair in made].count("pending") == 2


def test_each_engine_has_its_own_share_and_imports_have_no_limit(fresh_db, page, run):
    made = full_page(fresh_db, page, 2)
    other = a_pair(fresh_db, page, "What is greased on the drum cover?", "the roller", engine="claude")
    given = a_pair(fresh_db, page, "What is cleaned on the drum cover?", "the edge", engine="import", author="import")
    run(most=1)
    assert [stands(fresh_db, pair)[0] for pair in made] == ["pending", "set_aside", "set_aside"]
    assert stands(fresh_db, other)[0] == stands(fresh_db, given)[0] == "pending"


def test_a_page_of_a_kind_that_is_never_asked_about_keeps_what_it_has(fresh_db, page, run):
    made = full_page(fresh_db, page)
    run(most=0)
    assert {stands(fresh_db, pair)[0] for pair in made} == {"pending"}
