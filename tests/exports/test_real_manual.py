"""Pairs that a vision model wrote for real scans leave as records that load, validate and lead back to their scans."""

import json
from itertools import groupby

import pytest
from PIL import Image

from exports.images import sha256_of
from exports.validation import validate_release
from exports.verify import verify
from review_db.files import record_file
from review_db.records import SourceFile
from tests.exports.shelf import SETTINGS, classify, open_shelf, splits_of
from tests.stored import a_page, a_pair, decide

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def release(corpus, tmp_path_factory):
    shelf = open_shelf(tmp_path_factory.mktemp("shelf"))
    records = sorted(map(json.loads, (corpus / "candidates.jsonl").open(encoding="utf-8")), key=lambda r: r["image"])
    for image, of_page in groupby(records, key=lambda record: record["image"]):
        of_page = list(of_page)
        page = store_page(shelf, corpus, image, of_page[0]["metadata"])
        for record in of_page:
            question, answer = (turn["content"] for turn in record["conversations"])
            kind = record["metadata"]["question_type"]
            pair = a_pair(shelf.db, page, question, answer, question_type=kind, engine="import", author="import")
            assert decide(shelf.db, pair.pair_id, "approve", revision=1).ok
    made = shelf.export()
    shelf.db.close()
    return made


def store_page(shelf, corpus, image, metadata):
    scan = corpus / image
    state = scan.stat()
    file = SourceFile(image, "image", sha256_of(scan), state.st_size, state.st_mtime_ns, "ok")
    with Image.open(scan) as opened:
        width, height = opened.size
    page = a_page(
        shelf.db, metadata["page_id"], source=image, file_id=record_file(shelf.db, str(corpus), file),
        image_path=str(scan), image_sha256=file.sha256, width=width, height=height,
    )  # fmt: skip
    classify(shelf, page, metadata["section_id"], metadata["section_name"])
    return page


def test_every_pair_leaves_and_the_release_is_sound(release, corpus):
    with (corpus / "candidates.jsonl").open(encoding="utf-8") as lines:
        count = len({json.dumps(json.loads(line)["conversations"]) for line in lines})
    assert release.unusable == {}
    assert release.counts["pairs"] >= count - 5  # a text that stands twice on a page is one pair
    assert verify(release.path) == []
    found = validate_release(release.path, SETTINGS)
    assert found.passed(), found.errors.lines()


def test_about_a_tenth_validates_and_no_page_is_in_both_splits(release):
    split = splits_of(release.path)
    assert not split["train"] & split["validation"]
    assert release.counts["validation"] / release.counts["pairs"] == pytest.approx(0.1, abs=0.04)


def test_images_are_the_scans_byte_for_byte(release, corpus):
    manifest = json.loads((release.path / "manifest.json").read_text("utf-8"))
    scans = {entry["image"]: corpus / entry["source"] for entry in manifest["pairs"]}
    assert len(scans) == release.counts["images"] > 50
    assert all((release.path / image).read_bytes() == scan.read_bytes() for image, scan in scans.items())
