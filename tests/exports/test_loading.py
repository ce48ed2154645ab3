"""What other libraries read back is what was reviewed, however strange the text."""

import json

import pytest

from tests.exports.shelf import a_scan, classify, open_shelf
from tests.stored import a_page, a_pair, decide

STRANGE = (
    "a\u2028b\u2029c\x85d", "NaN", "null", "1e999", '"quoted" \\ back', "tab\tand\nline",
    "20 °C ± ½ µm", "日本語", "🔧",
    "\u202eright to left", "{}", "[]", "x" * 5_000,
)  # fmt: skip


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    shelf = open_shelf(tmp_path_factory.mktemp("shelf"))
    for number in range(2):
        page = a_scan(shelf, number)
        classify(shelf, page, "21", "Clutch\u2028\x85")
        for text in STRANGE:
            pair = a_pair(shelf.db, page, f"What is {number}: {text}", f"{number} {text}")
            assert decide(shelf.db, pair.pair_id, "approve", revision=1).ok
    sheet = a_page(shelf.db, "html-m3", source="M3.html", kind="html", image_sha256=None, image_path=None)
    pair = a_pair(shelf.db, sheet, "What is the weight of the car?", "1200 kg")
    decide(shelf.db, pair.pair_id, "approve", revision=1)
    path = shelf.export().path
    shelf.db.close()
    return path


def expected(release):
    """qa_id -> (question, answer), read by nothing but the JSON module."""
    found = {}
    for name in ("vlm_train.jsonl", "vlm_val.jsonl"):
        for line in (release / name).read_text("utf-8").splitlines():
            record = json.loads(line)
            found[record["metadata"]["qa_id"]] = tuple(turn["content"] for turn in record["conversations"])
    return found


def test_every_line_is_one_record_even_for_readers_that_split_at_unicode_line_ends(release):
    texts = {answer.partition(" ")[2] for _, answer in expected(release).values()}
    assert texts == {*STRANGE, "kg"}


@pytest.mark.slow
def test_pyarrow_reads_the_same(release):
    from pyarrow import json as arrow_json

    found = {}
    for name in ("vlm_train.jsonl", "vlm_val.jsonl"):
        for record in arrow_json.read_json(release / name).to_pylist():
            found[record["metadata"]["qa_id"]] = tuple(turn["content"] for turn in record["conversations"])
    assert found == expected(release)


@pytest.mark.slow
def test_datasets_reads_the_same(release, tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    from datasets import load_dataset

    files = {"train": str(release / "vlm_train.jsonl"), "validation": str(release / "vlm_val.jsonl")}
    loaded = load_dataset("json", data_files=files, cache_dir=str(tmp_path))
    found = {
        record["metadata"]["qa_id"]: tuple(turn["content"] for turn in record["conversations"])
        for split in loaded.values()
        for record in split
    }
    assert found == expected(release)
