"""A page that its reader turned wrongly: a reviewer's word brings its words, and the evidence, back upright."""

import pytest

from app import corrections
from pipeline import settings
from pipeline.images import image_sha256
from pipeline.ocr import READER
from pipeline.worker import work_through
from review_db import jobs, pages, pairs, words
from review_db.records import Evidence, Finding, PageClass, Word
from tests.pipeline.scans import drawn_page
from tests.stored import a_page, a_pair

pytestmark = pytest.mark.slow

LINES = ["Tightening torques of the clutch", "Clutch housing to engine 25 Nm", "Flywheel bolts 105 Nm", "Renew"]


@pytest.fixture
def page(fresh_db, workspace):
    """An upright page that was taken for one on its head, with a pair that was checked against the wrong words."""
    image = drawn_page(LINES)
    image.save(workspace.source / "p1.png")
    place = str(workspace.source / "p1.png")
    made = a_page(fresh_db, "p1", image_sha256=image_sha256(image), image_path=place, width=900, height=1200)
    kind = PageClass("offline", "service_manual", "specification", False, 0.9, "21", "Clutch")
    pages.save_class(fresh_db, made.page_version_id, kind)
    misread = [Word("wN", (0.1, 0.1, 0.2, 0.2), 0.4, 0)]
    words.save_words(fresh_db, made.image_sha256, READER, misread, 0.1, 2)
    pair = a_pair(fresh_db, made, "What is the torque of the clutch housing to the engine?", "25 Nm")
    pairs.save_finding(fresh_db, pair.pair_key, 1, Finding(Evidence("unsupported", unsupported=("25",))), "misread")
    return made


def test_a_turn_put_right_reads_the_words_again_and_finds_the_evidence(fresh_db, workspace, page, monkeypatch):
    monkeypatch.setattr("os.nice", lambda by: 0)
    workspace.database.parent.mkdir()  # where the worker puts its lock
    loaded, _ = settings.load([])
    assert corrections.store(fresh_db, "p1", {"rotation": "0"}, "ana") == ["rotation"]
    assert corrections.ask_to_read_again(fresh_db, "p1", "ana")
    assert not corrections.ask_to_read_again(fresh_db, "p1", "ana")  # it waits already

    assert work_through(fresh_db, workspace, loaded, until_idle=True) == 0
    (job,) = jobs.recent(fresh_db)
    assert (job.kind, job.state, job.result["read"]) == ("read_again", "done", True)
    corrected = pages.page_by_id(fresh_db, "p1")
    assert (words.turns_of(fresh_db, corrected), words.turns_read(fresh_db, corrected)) == (0, 0)
    assert "flywheel" in {word.text.lower() for word in words.words_of(fresh_db, corrected)}
    (pair,) = pairs.pairs_of_page(fresh_db, "p1")
    assert pair.evidence.verdict == "supported"
    assert not corrections.ask_to_read_again(fresh_db, "p1", "ana")
