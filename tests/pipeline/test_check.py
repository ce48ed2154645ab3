"""The stage check: new texts are compared with the words of their page."""

import pytest

from pipeline import settings
from pipeline.checks import CHECKER
from pipeline.progress import Progress
from pipeline.selection import Selection
from pipeline.stage import run_stage
from pipeline.stages import check
from review_db import pairs, words
from tests.pipeline.checks.printed import column, printed, without_boxes
from tests.stored import a_page, a_pair, decide

SETTINGS = settings.load([])[0]
DRUM = printed(*column(0.1, 0.1, "Tighten the drum cover with 24 Nm.", "Grease the roller."))
QUESTION = "How tight is the drum cover?"


@pytest.fixture
def run(fresh_db, workspace):
    def run(selection=None):
        return run_stage(
            check.stage(fresh_db, workspace, SETTINGS, selection or Selection()), fresh_db, Progress.silent()
        )

    return run


@pytest.fixture
def page(fresh_db):
    page = a_page(fresh_db)
    words.save_words(fresh_db, page.image_sha256, "reader", DRUM, 0.1)
    return page


def again(db, pair):
    return pairs.pair_by_id(db, pair.pair_id)


def test_each_pair_gets_evidence_warnings_and_risk(fresh_db, page, run):
    good, bad = a_pair(fresh_db, page, QUESTION, "24 Nm"), a_pair(fresh_db, page, QUESTION, "25 Nm")
    assert run().done == 1
    good, bad = again(fresh_db, good), again(fresh_db, bad)
    assert good.evidence.verdict == "supported"
    assert good.evidence.boxes
    assert good.flags == ()
    assert (bad.evidence.verdict, bad.evidence.unsupported) == ("unsupported", ("25",))
    assert [flag.name for flag in bad.flags] == ["number_not_on_page"]
    assert good.risk < 0.5 < bad.risk


def test_a_second_run_checks_nothing_again(fresh_db, page, run):
    a_pair(fresh_db, page, QUESTION, "24 Nm")
    run()
    assert run().done == 0


def test_a_new_pair_of_a_checked_page_is_due(fresh_db, page, run):
    a_pair(fresh_db, page, QUESTION, "24 Nm")
    run()
    later = a_pair(fresh_db, page, "What is greased?", "the roller")
    assert run().done == 1
    assert again(fresh_db, later).evidence.verdict == "supported"


def test_a_reviewers_edit_is_checked_again_by_this_version(fresh_db, page, run):
    pair = a_pair(fresh_db, page, QUESTION, "24 Nm")
    run()
    decide(fresh_db, pair.pair_id, "edit", revision=1, question=QUESTION, answer="26 Nm")
    run()
    edited = again(fresh_db, pair)
    assert (edited.status, edited.revision, edited.evidence.unsupported) == ("approved", 2, ("26",))
    assert not list(pairs.pairs_to_check(fresh_db, CHECKER))


def test_pairs_of_an_unread_page_are_not_checkable_until_it_is_read(fresh_db, run):
    page = a_page(fresh_db)
    pair = a_pair(fresh_db, page, QUESTION, "24 Nm")
    run()
    assert again(fresh_db, pair).evidence.verdict == "not_checkable"
    assert run().done == 0
    words.save_words(fresh_db, page.image_sha256, "reader", DRUM, 0.1)
    assert run().done == 1
    assert again(fresh_db, pair).evidence.verdict == "supported"


def test_a_page_without_an_image_gives_a_quote_and_no_boxes(fresh_db, run):
    page = a_page(fresh_db, "html-drum", kind="html", image_path=None, width=None, height=None)
    words.save_words(fresh_db, page.image_sha256, "parser", without_boxes("Drum capacity 38 m"), 0.0)
    pair = a_pair(fresh_db, page, "What is the drum's capacity?", "38 m")
    run()
    found = again(fresh_db, pair).evidence
    assert (found.verdict, found.quote, found.boxes) == ("supported", "Drum capacity 38 m", ())


def test_only_selected_pages_are_checked(fresh_db, page, run):
    other = a_page(fresh_db, "34-02_brakes", source="34 - Brakes/34-02.jpg")
    a_pair(fresh_db, page, QUESTION, "24 Nm")
    a_pair(fresh_db, other, QUESTION, "24 Nm")
    assert run(Selection(section_glob="34*")).done == 1
    assert run().done == 1
