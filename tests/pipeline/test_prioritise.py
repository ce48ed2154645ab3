"""The stage prioritise: the risk of each waiting pair, by which the queue is ordered."""

import pytest

from pipeline import settings
from pipeline.progress import Progress
from pipeline.selection import Selection
from pipeline.stage import run_stage
from pipeline.stages import check, dedupe, prioritise
from review_db import pages, pairs, queue, words
from review_db.records import PageClass
from tests.pipeline.checks.printed import column, printed
from tests.stored import a_page, a_pair, decide

SETTINGS = settings.load([])[0]
QUESTION = "How tight is the drum cover?"


@pytest.fixture
def run(fresh_db, workspace):
    def run():
        silent = Progress.silent()
        run_stage(check.stage(fresh_db, workspace, SETTINGS, Selection()), fresh_db, silent)
        dedupe.run(fresh_db, workspace, SETTINGS, Selection(), silent)
        return prioritise.run(fresh_db, workspace, SETTINGS, Selection(), silent)

    return run


def read_page(db, page_id, content_type="procedure"):
    page = a_page(db, page_id)
    lines = column(0.1, 0.1, "Tighten the drum cover with 24 Nm.", "Grease the roller.")
    words.save_words(db, page.image_sha256, "reader", printed(*lines), 0.1)
    pages.save_class(db, page.page_version_id, PageClass("offline", "service_manual", content_type, False, 0.9))
    return page


def risk(db, pair):
    return pairs.pair_by_id(db, pair.pair_id).risk


def test_the_page_with_the_riskiest_pair_comes_first(fresh_db, run):
    safe = a_pair(fresh_db, read_page(fresh_db, "21-01"), QUESTION, "24 Nm")
    risky = a_pair(fresh_db, read_page(fresh_db, "21-02"), "How tight is the roller?", "99 Nm")
    run()
    assert risk(fresh_db, risky) > risk(fresh_db, safe)
    waiting = queue.next_pairs(fresh_db, holder="ana", limit=2)
    assert [pair.pair_id for pair in waiting] == [risky.pair_id, safe.pair_id]


def test_a_drawing_is_riskier_than_a_page_of_text(fresh_db, run):
    text = a_pair(fresh_db, read_page(fresh_db, "21-01"), QUESTION, "24 Nm")
    drawing = a_pair(fresh_db, read_page(fresh_db, "21-02", "wiring"), "What is greased on the drum?", "roller")
    run()
    assert risk(fresh_db, drawing) > risk(fresh_db, text)


def test_a_conflict_raises_the_risk_of_both(fresh_db, run):
    alone = a_pair(fresh_db, read_page(fresh_db, "21-01"), "Which torque has the drum cover?", "24 Nm")
    pair = [
        a_pair(fresh_db, read_page(fresh_db, f"21-0{n}"), QUESTION, answer)
        for n, answer in ((2, "24 Nm"), (3, "the roller"))
    ]
    run()
    assert min(risk(fresh_db, one) for one in pair) > risk(fresh_db, alone)


def test_only_changed_risks_are_written_and_decided_pairs_keep_theirs(fresh_db, run):
    page = read_page(fresh_db, "21-01", "wiring")
    decided, waiting = a_pair(fresh_db, page, QUESTION, "24 Nm"), a_pair(fresh_db, page, "What is greased?", "roller")
    decide(fresh_db, decided.pair_id, "approve", revision=1)
    before = risk(fresh_db, decided)
    assert run().done == 1
    assert run().done == 0
    assert risk(fresh_db, decided) != risk(fresh_db, waiting)
    assert before != 0
