"""The stage dedupe: pairs that say the same are linked, the later ones leave the queue, conflicts are shown."""

import io
import time

import pytest

from pipeline import settings
from pipeline.checks.duplicates import Relation
from pipeline.near_duplicates import Found, set_one_aside
from pipeline.progress import Progress
from pipeline.selection import Selection
from pipeline.stages import dedupe
from review_db import pairs
from review_db.compared import texts_of
from review_db.connection import immediate
from review_db.duplicates import link, links_of
from review_db.records import CandidatePair
from tests.stored import a_page, a_pair, decide

SETTINGS = settings.load([])[0]
QUESTION = "How tight is the drum cover bolted?"


@pytest.fixture
def run(fresh_db, workspace):
    def run():
        return dedupe.run(fresh_db, workspace, SETTINGS, Selection(), Progress.silent())

    return run


@pytest.fixture
def two_pages(fresh_db):
    return a_page(fresh_db, "21-01_clutch"), a_page(fresh_db, "21-02_clutch")


def stands(db, pair):
    pair = pairs.pair_by_id(db, pair.pair_id)
    return pair.status, pair.reason


def test_of_exact_duplicates_the_earliest_stays_and_all_are_linked(fresh_db, two_pages, run):
    first = a_pair(fresh_db, two_pages[0], QUESTION, "24 Nm")
    second = a_pair(fresh_db, two_pages[1], "How tight is the drum cover bolted ?", "24 N·m.")
    third = a_pair(fresh_db, two_pages[1], QUESTION, "24Nm")
    run()
    assert stands(fresh_db, first) == ("pending", None)
    assert stands(fresh_db, second) == stands(fresh_db, third) == ("set_aside", "duplicate_of")
    assert links_of(fresh_db, first.pair_key) == [(second.pair_id, "duplicate"), (third.pair_id, "duplicate")]


def test_an_approved_pair_is_never_taken_and_stays_before_a_pending_one(fresh_db, two_pages, run):
    pending = a_pair(fresh_db, two_pages[0], QUESTION, "24 Nm")
    approved = [a_pair(fresh_db, page, QUESTION, "24 N·m") for page in two_pages]
    for pair in approved:
        decide(fresh_db, pair.pair_id, "approve", revision=1)
    run()
    assert stands(fresh_db, pending) == ("set_aside", "duplicate_of")
    assert {stands(fresh_db, pair)[0] for pair in approved} == {"approved"}
    assert (approved[1].pair_id, "duplicate") in links_of(fresh_db, approved[0].pair_key)


def test_the_same_question_with_another_value_is_a_conflict_and_both_stay(fresh_db, two_pages, run):
    one, other = a_pair(fresh_db, two_pages[0], QUESTION, "24 Nm"), a_pair(fresh_db, two_pages[1], QUESTION, "42 Nm")
    run()
    assert stands(fresh_db, one) == stands(fresh_db, other) == ("pending", None)
    assert links_of(fresh_db, one.pair_key) == [(other.pair_id, "conflict")]


def test_two_steps_of_one_page_are_no_conflict(fresh_db, two_pages, run):
    question = "What is removed from the drum?"
    one, other = (a_pair(fresh_db, two_pages[0], question, answer) for answer in ("the cover", "the roller"))
    run()
    assert links_of(fresh_db, one.pair_key) == links_of(fresh_db, other.pair_key) == []


def test_a_question_with_many_answers_asks_for_no_single_fact(fresh_db, run):
    for number in range(12):
        a_pair(fresh_db, a_page(fresh_db, f"21-{number}_clutch"), QUESTION, f"{number + 10} Nm")
    assert run().done == 0


def test_pairs_of_two_manuals_are_never_linked(fresh_db, two_pages, run):
    here = a_pair(fresh_db, two_pages[0], QUESTION, "24 Nm")
    there = a_pair(fresh_db, a_page(fresh_db, "m2-01", manual="another manual"), QUESTION, "24 Nm")
    run()
    assert stands(fresh_db, there) == ("pending", None)
    assert links_of(fresh_db, here.pair_key) == []


def test_a_second_run_changes_nothing(fresh_db, two_pages, run):
    for page in two_pages:
        a_pair(fresh_db, page, QUESTION, "24 Nm")
        a_pair(fresh_db, page, QUESTION, f"{25 + len(page.page_id)} Nm")
    assert run().done > 0
    assert run().done == 0


def test_a_duplicate_comes_back_when_the_pair_it_repeats_has_gone(fresh_db, two_pages, run):
    first, second = (a_pair(fresh_db, page, QUESTION, "24 Nm") for page in two_pages)
    run()
    pairs.set_aside(fresh_db, [first.pair_key], "superseded")
    run()
    assert stands(fresh_db, second) == ("pending", None)


def test_a_duplicate_of_a_rejected_pair_does_not_come_back(fresh_db, two_pages, run):
    first, second = (a_pair(fresh_db, page, QUESTION, "24 Nm") for page in two_pages)
    run()
    decide(fresh_db, first.pair_id, "reject", revision=1, reason="trivial")
    run()
    assert stands(fresh_db, second) == ("set_aside", "duplicate_of")


def test_a_duplicate_that_a_person_put_back_stays(fresh_db, two_pages, run):
    first, second = (a_pair(fresh_db, page, QUESTION, "24 Nm") for page in two_pages)
    run()
    with immediate(fresh_db):
        pairs.set_machine_status(fresh_db, second.pair_key, "pending", "restored")
    run()
    assert stands(fresh_db, first)[0] == stands(fresh_db, second)[0] == "pending"


IN_OTHER_WORDS = "How tight should the bolts of the drum cover be?"


def test_a_question_in_other_words_is_linked_as_suspected_and_stays(fresh_db, two_pages, run):
    one = a_pair(fresh_db, two_pages[0], QUESTION, "24 Nm")
    other = a_pair(fresh_db, two_pages[1], IN_OTHER_WORDS, "24 N·m (18 lbf·ft)")
    apart = a_pair(fresh_db, two_pages[1], "How tight should the bolts of the shaft be?", "24 Nm")
    run()
    assert links_of(fresh_db, one.pair_key) == [(other.pair_id, "suspected")]
    assert stands(fresh_db, one) == stands(fresh_db, other) == stands(fresh_db, apart) == ("pending", None)


def test_a_duplicate_in_small_words_leaves_once_and_comes_back_with_nothing_to_repeat(fresh_db, two_pages, run):
    general = a_pair(fresh_db, two_pages[0], "What is the torque of the nut?", "24 Nm")
    duplicate = a_pair(fresh_db, two_pages[1], "What is the torque for the nut?", "24 Nm")
    run()
    assert stands(fresh_db, duplicate) == ("set_aside", "duplicate_of")
    assert links_of(fresh_db, general.pair_key) == [(duplicate.pair_id, "duplicate")]
    assert run().done == 0
    pairs.set_aside(fresh_db, [general.pair_key], "superseded")
    run()
    assert stands(fresh_db, duplicate) == ("pending", None)


def test_what_differs_from_a_pair_that_left_does_not_leave_for_the_same_pair(fresh_db, two_pages, run):
    kept = a_pair(fresh_db, two_pages[0], "What is the torque of the axle nut?", "24 Nm")
    left, right = (
        a_pair(fresh_db, two_pages[1], f"What is the torque of the {side} axle nut?", "24 Nm")
        for side in ("left", "right")
    )
    for pair in (left, right):
        link(fresh_db, kept.pair_key, pair.pair_key, "duplicate", ["told so"])
    pairs.set_aside(fresh_db, [left.pair_key], "duplicate_of")
    ends = texts_of(fresh_db, [kept.pair_key, right.pair_key])
    found = Found(ends[right.pair_key], ends[kept.pair_key], Relation("duplicate"))
    assert set_one_aside(fresh_db, found, "duplicate_of") == 0
    assert stands(fresh_db, right) == ("pending", None)


def test_a_changed_pair_loses_its_links_and_is_compared_again(fresh_db, two_pages, run):
    one = a_pair(fresh_db, two_pages[0], QUESTION, "24 Nm")
    other = a_pair(fresh_db, two_pages[1], IN_OTHER_WORDS, "24 Nm")
    run()
    decide(fresh_db, other.pair_id, "edit", revision=1, question="How tight is the lid of the tank?", answer="9 Nm")
    run()
    assert links_of(fresh_db, one.pair_key) == []


def test_in_other_words_too_two_manuals_are_never_linked(fresh_db, two_pages, run):
    here = a_pair(fresh_db, two_pages[0], QUESTION, "24 Nm")
    a_pair(fresh_db, a_page(fresh_db, "m2-01", manual="another manual"), IN_OTHER_WORDS, "24 Nm")
    run()
    assert links_of(fresh_db, here.pair_key) == []


def test_without_embeddings_that_is_said_once_and_only_when_something_is_compared(fresh_db, two_pages, workspace):
    def told():
        out = io.StringIO()
        dedupe.run(fresh_db, workspace, SETTINGS, Selection(), Progress(out))
        return out.getvalue().count("comparing words, not meanings")

    assert told() == 0
    a_pair(fresh_db, two_pages[0], QUESTION, "24 Nm")
    assert [told(), told()] == [1, 0]


@pytest.mark.slow
def test_by_meaning_only_new_pairs_get_a_vector_and_find_what_words_do_not(fresh_db, two_pages, run, embeddings):
    one = a_pair(fresh_db, two_pages[0], "At what engine speed does the over-rev limiter cut in?", "6,200 rpm")
    run()
    other = a_pair(
        fresh_db, two_pages[1], "The rev limiter starts to work at how many revolutions per minute?", "At 6200 r/min"
    )
    run()
    assert links_of(fresh_db, one.pair_key) == [(other.pair_id, "suspected")]
    assert fresh_db["vectors"].count == 2
    assert run().done == 0


@pytest.mark.slow
def test_four_thousand_pairs_are_compared_in_seconds(fresh_db, run):
    page = a_page(fresh_db)
    candidates = [
        CandidatePair(
            f"What is the play of roller {n % 3500}?", f"0,{n % 3500} mm" if n < 3500 else f".{n} mm", "factual"
        )
        for n in range(4000)
    ]
    pairs.add_candidates(fresh_db, page, None, "offline", candidates)
    started = time.monotonic()
    run()
    assert time.monotonic() - started < 15
