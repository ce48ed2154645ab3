"""The tables for the Hub: every record, an image once however many pairs share it, the same bytes each time."""

import json

import pytest
from pyarrow import parquet

from exports import hub_rows
from exports.hub_rows import write_tables
from tests.exports.shelf import contents, fill, open_shelf


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    shelf = open_shelf(tmp_path_factory.mktemp("shelf"))
    fill(shelf, 4, 12)
    path = shelf.export(include="all").path
    shelf.db.close()
    return path


def test_the_same_release_gives_the_same_bytes_and_an_image_is_stored_once(release, tmp_path):
    facts = write_tables(release, tmp_path / "a", with_status=True)
    write_tables(release, tmp_path / "b", with_status=True)
    made = contents(tmp_path / "a")
    assert made == contents(tmp_path / "b")
    assert sum(split.rows for split in facts.values()) == 48
    images = sum(file.stat().st_size for file in (release / "images").iterdir())
    assert sum(split.bytes for split in facts.values()) > 10 * images
    assert sum(len(content) for content in made.values()) < 2 * images + 40_000


def test_large_splits_become_several_shards_that_keep_order_and_say_how_many_they_are(release, tmp_path, monkeypatch):
    monkeypatch.setattr(hub_rows, "GROUP_ROWS", 5)
    monkeypatch.setattr(hub_rows, "SHARD_BYTES", 1)
    write_tables(release, tmp_path / "t", with_status=True)
    shards = sorted((tmp_path / "t" / "data").glob("train-*"))
    assert len(shards) > 5
    assert shards[-1].name == f"train-{len(shards) - 1:05d}-of-{len(shards):05d}.parquet"
    found = [row["qa_id"] for shard in shards for row in parquet.read_table(shard).to_pylist()]
    lines = (release / "vlm_train.jsonl").read_text("utf-8").splitlines()
    assert found == [json.loads(line)["metadata"]["qa_id"] for line in lines]
    row = parquet.read_table(shards[0]).to_pylist()[0]
    assert row["status"] == "approved"
    assert row["image"]["bytes"] == (release / "images" / row["image"]["path"]).read_bytes()
    assert [turn["role"] for turn in row["messages"]] == ["user", "assistant"]
