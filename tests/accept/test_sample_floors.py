"""Floors of quality on the sample's own truth, from the words that the pipeline stored."""

import shutil
from pathlib import Path

import pytest

from review_db.connection import open_review_db
from review_db.listings import pages as listed_pages
from review_db.pages import page_by_id
from review_db.words import words_of
from tests.accept import classification, coverage, evidence, index, reading, spec_sheets
from tests.sample_run import SAMPLE

pytestmark = pytest.mark.slow
TRUTH = Path(__file__).resolve().parents[1] / "sample_manual" / "truth.jsonl"
FLOORS = {
    reading: 0.97,
    classification: 0.85,
    index: 0.95,
    coverage: 0.60,
    spec_sheets: 0.98,
    evidence: 0.80,
}


@pytest.fixture(scope="module")
def sample_corpus(tmp_path_factory):
    """The sample laid out as the measures expect a corpus; records that no measure of scans knows are left out."""
    folder = tmp_path_factory.mktemp("corpus")
    shutil.copytree(SAMPLE, folder / "data_src")
    lines = TRUTH.read_text(encoding="utf-8").splitlines(keepends=True)
    scans = [line for line in lines if '"page_number"' not in line and ".html" not in line.split(",")[0]]
    (folder / "truth.jsonl").write_text("".join(scans), encoding="utf-8")
    (folder / "public").mkdir()
    (folder / "public" / "truth.jsonl").write_text("", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def stored_words(sample_workspace):
    """Words as the pipeline stored them, by the page's path."""
    db = open_review_db(sample_workspace / "review_db" / "review.sqlite")
    found = {row["source"]: words_of(db, page_by_id(db, row["page_id"])) for row in listed_pages(db)}
    db.close()
    return lambda path: found[path.removeprefix("data_src/")]


@pytest.mark.parametrize("measure", FLOORS, ids=lambda measure: measure.__name__.rpartition(".")[2])
def test_the_sample_is_read_as_well_as_ever(sample_corpus, stored_words, measure):
    values = {name: value for name, value, _ in measure.rows(sample_corpus, stored_words) if "public" not in name}
    assert values
    poor = {name: value for name, value in values.items() if value < FLOORS[measure]}
    assert not poor
