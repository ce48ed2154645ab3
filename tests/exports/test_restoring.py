"""A release taken up by an empty workspace gives the same release again: ids, texts, reviewers, splits."""

import json
import shutil
from collections import Counter

import pytest

from pipeline.cli import main
from review_db import listings, pairs
from review_db.connection import open_review_db
from tests.exports.shelf import approved, contents, fill, open_shelf
from tests.stored import a_page, a_pair, decide

DRAWN = ((0.1, 0.2, 0.3, 0.25),)


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    """Gaps among the ids, an edit, two reviewers, a page without an image, pairs that were never decided."""
    shelf = open_shelf(tmp_path_factory.mktemp("shelf"))
    made = fill(shelf, 12, 4)
    decide(shelf.db, f"{made[0].page_id}-q02", "reject", revision=1, reason="1", redecide=True)
    decide(shelf.db, f"{made[1].page_id}-q01", "edit", revision=1, answer="26 Nm", reviewer="bo", redecide=True)
    decide(shelf.db, f"{made[3].page_id}-q03", "approve", revision=1, boxes=DRAWN, redecide=True)
    sheet = a_page(shelf.db, "html-m3", source="M3.html", kind="html", image_sha256=None, image_path=None)
    approved(shelf, sheet, 2)
    a_pair(shelf.db, made[2], "Is this one still waiting?", "Yes")
    path = shelf.export(include="all").path
    shelf.db.close()
    return path


def manualqa(home, *arguments):
    return main([arguments[0], "--workspace", str(home), *map(str, arguments[1:])])


def decided_in(home):
    db = open_review_db(home / "review_db" / "review.sqlite")
    try:
        return list(listings.events(db))
    finally:
        db.close()


def without_manifest(folder):
    """What a release holds of the pairs themselves."""
    return {name: content for name, content in contents(folder).items() if name.startswith(("vlm_", "images/"))}


def test_the_new_workspace_exports_the_same_records_images_and_reviewers(release, tmp_path, capsys):
    assert manualqa(tmp_path, "import", release, "--decisions", "--later") == 0
    assert "approved 49" in capsys.readouterr().out
    assert manualqa(tmp_path, "export", "--include", "all") == 0
    again = tmp_path / "exports/latest"
    assert without_manifest(again.resolve()) == without_manifest(release)
    old, new = (json.loads((folder / "manifest.json").read_text("utf-8"))["pairs"] for folder in (release, again))
    for entry, restored in zip(old, new, strict=True):
        assert entry["decision"]["reviewer"] == restored["decision"]["reviewer"]
        assert (entry["pair_id"], entry["split"], entry["status"]) == (
            restored["pair_id"], restored["split"], restored["status"],
        )  # fmt: skip
    assert Counter(event["reviewer"] for event in decided_in(tmp_path)) == {"ana": 48, "bo": 1}


def test_an_edit_comes_back_as_an_edit_of_the_text_that_was_proposed_and_drawn_boxes_stay(release, tmp_path, capsys):
    assert manualqa(tmp_path, "import", release, "--decisions", "--later") == 0
    edits = [event for event in decided_in(tmp_path) if event["verdict"] == "edit"]
    assert [(event["reviewer"], event["from_revision"], event["to_revision"]) for event in edits] == [
        ("bo", 1, 2), ("ana", 1, 2),
    ]  # fmt: skip
    db = open_review_db(tmp_path / "review_db" / "review.sqlite")
    mended, drawn = (pairs.pair_by_id(db, event["pair_id"]) for event in edits)
    texts = db.conn.execute(
        "SELECT revision, answer, author, author_name FROM revisions WHERE pair_key = ? ORDER BY 1", [mended.pair_key]
    ).fetchall()
    assert texts == [
        (1, f"10 Nm at {mended.page_id}", "import", release.name), (2, "26 Nm", "reviewer", "bo"),
    ]  # fmt: skip
    assert drawn.evidence.boxes == DRAWN
    db.close()
    assert manualqa(tmp_path, "export", "--include", "all", "--evidence") == 0
    again = tmp_path / "exports/latest"
    old, new = (json.loads((folder / "manifest.json").read_text("utf-8"))["pairs"] for folder in (release, again))
    kept = ("pair_id", "revision", "original", "drawn_boxes")
    assert [[entry[key] for key in kept] for entry in old] == [[entry[key] for key in kept] for entry in new]
    assert [entry["decision"]["verdict"] for entry in old] == [entry["decision"]["verdict"] for entry in new]
    assert sum(bool(entry["original"]) for entry in new) == sum(bool(entry["drawn_boxes"]) for entry in new) == 1


def test_the_same_release_again_changes_nothing(release, tmp_path, capsys):
    for _ in range(2):
        assert manualqa(tmp_path, "import", release / "manifest.json", "--decisions", "--later") == 0
    assert "approved 0" in capsys.readouterr().out
    assert len(decided_in(tmp_path)) == 49


def test_a_decision_made_here_is_kept(release, tmp_path, capsys):
    record = json.loads((release / "vlm_train.jsonl").read_text("utf-8").split("\n")[0])
    (tmp_path / "one.jsonl").write_text(json.dumps(record))
    assert manualqa(tmp_path, "import", tmp_path / "one.jsonl", "--images", release, "--later") == 0
    db = open_review_db(tmp_path / "review_db" / "review.sqlite")
    (pair,) = pairs.pairs_of_page(db, record["metadata"]["page_id"])
    decide(db, pair.pair_id, "reject", revision=1, reason="1", reviewer="cy")
    db.close()
    assert manualqa(tmp_path, "import", release, "--decisions", "--later") == 0
    captured = capsys.readouterr()
    assert "approved 48, kept as decided here 1" in captured.out
    assert "rejected by cy" in captured.err


def test_a_page_that_shows_the_same_here_under_another_id_takes_the_pairs(release, tmp_path, capsys):
    record = json.loads((release / "vlm_train.jsonl").read_text("utf-8").split("\n")[0])
    theirs = record["metadata"]["page_id"]
    record["metadata"]["page_id"] = "my-own-page"
    (tmp_path / "one.jsonl").write_text(json.dumps(record))
    assert manualqa(tmp_path, "import", tmp_path / "one.jsonl", "--images", release, "--later") == 0
    assert manualqa(tmp_path, "import", release, "--decisions", "--later") == 0
    assert "approved 49" in capsys.readouterr().out
    db = open_review_db(tmp_path / "review_db" / "review.sqlite")
    mine = pairs.pairs_of_page(db, "my-own-page")
    assert len(mine) > 1
    assert {pair.status for pair in mine} == {"approved"}
    assert theirs not in {page["page_id"] for page in listings.pages(db)}
    db.close()


def test_altered_records_are_not_taken_with_their_decisions(release, tmp_path, capsys):
    copy = tmp_path / "copy"
    shutil.copytree(release, copy)
    file = copy / "vlm_train.jsonl"
    file.write_text(file.read_text("utf-8").replace("10 Nm", "11 Nm", 1), "utf-8")
    assert manualqa(tmp_path, "import", copy, "--decisions") == 1
    assert "vlm_train.jsonl is not as it was exported" in capsys.readouterr().err
    assert manualqa(tmp_path, "import", tmp_path, "--decisions") == 1
    assert "is no release" in capsys.readouterr().err


def test_a_release_without_its_report_is_taken_all_the_same(release, tmp_path, capsys):
    copy = tmp_path / "copy"
    shutil.copytree(release, copy)
    (copy / "report.md").unlink()
    assert manualqa(tmp_path, "import", copy, "--decisions", "--later") == 0
    assert manualqa(tmp_path, "import", release / "vlm_val.jsonl") == 1
    assert "--images is missing" in capsys.readouterr().err
