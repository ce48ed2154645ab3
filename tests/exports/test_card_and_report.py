"""Card and report say what is in a release, and show text of scans and people as text."""

import os
import re
import subprocess
import sys
from dataclasses import replace

import pytest
import yaml

from exports.markdown import block, plain, table
from tests.exports.shelf import SETTINGS, a_scan, approved, classify, fill, open_shelf
from tests.stored import a_pair, decide

HOSTILE = "![x](http://evil/p.png) <img src=x> [a](b) `code` | *b* $x$ :smile: @you\n# Title"

CHECKS = """
assert page.size == (240, 160) and question and answer
assert {split: len(pairs[split]) for split in pairs} == {"train": 25, "validation": 5}
by_card = load_dataset(str(folder.resolve()))
assert {split: len(by_card[split]) for split in by_card} == {"train": 25, "validation": 5}
"""


@pytest.fixture
def shelf(tmp_path):
    opened = open_shelf(tmp_path)
    yield opened
    opened.db.close()


def front_matter(release):
    return yaml.safe_load((release.path / "README.md").read_text("utf-8").split("---\n")[1])


def test_the_cards_front_matter_is_what_the_hub_reads(shelf):
    fill(shelf, 6, 5)
    head = front_matter(shelf.export())
    assert head["license"] == "unknown"
    assert head["size_categories"] == ["n<1K"]
    assert head["task_categories"] == ["visual-question-answering", "image-text-to-text"]
    assert [file["split"] for file in head["configs"][0]["data_files"]] == ["train", "validation"]


def test_the_card_describes_columns_and_splits_and_counts_reviewers_without_naming_them(shelf):
    pages = fill(shelf, 6, 5)
    wrong = a_pair(shelf.db, pages[0], "Is this one wrong?", "Yes")
    decide(shelf.db, wrong.pair_id, "reject", revision=1, reason="wrong_value", reviewer="bert")
    release = shelf.export()
    head, text = front_matter(release), (release.path / "README.md").read_text("utf-8")
    info = head["dataset_info"]
    assert [feature["name"] for feature in info["features"]] == ["image", "conversations", "metadata"]
    assert [(split["name"], split["num_examples"]) for split in info["splits"]] == [("train", 25), ("validation", 5)]
    assert "1 reviewer decided" in text
    assert "| Approved as proposed | 30 |" in text
    assert "| Rejected, wrong value | 1 |" in text
    assert "ana" not in re.sub(r"[a-z]*ana[a-z]+", "", text)
    assert "bert" not in text


def test_a_license_that_was_chosen_stands_in_the_card(shelf):
    fill(shelf, 2, 2)
    assert front_matter(shelf.export(replace(SETTINGS, license="cc-by-4.0")))["license"] == "cc-by-4.0"


def test_a_split_without_pairs_is_not_named_to_loaders(shelf):
    approved(shelf, a_scan(shelf, 1), 2)
    head = front_matter(shelf.export())
    assert [file["split"] for file in head["configs"][0]["data_files"]] == ["train"]


def test_the_report_counts_every_dimension_and_shows_samples_of_each_split(shelf):
    fill(shelf, 6, 5)
    text = (shelf.export().path / "report.md").read_text("utf-8")
    assert "**PASS**" in text
    assert "| 02 Clutch |" in text
    assert "| factual |" in text
    assert "### Train" in text
    assert "### Validation" in text
    assert text.count("\nQ: ") == 10


def test_an_empty_validation_split_is_explained(shelf):
    approved(shelf, a_scan(shelf, 1), 30)
    release = shelf.export(replace(SETTINGS, test_ratio=0.1))
    text = (release.path / "report.md").read_text("utf-8")
    assert "Validation is empty: all pairs belong" in text
    assert "warning: validation split is empty" in text
    assert "warning: test split is empty" in text


def test_hostile_text_and_names_stay_text(shelf):
    page = a_scan(shelf, 1)
    classify(shelf, page, "21", HOSTILE)
    pair = a_pair(shelf.db, page, f"```\n{HOSTILE}", "````\nescaped?")
    decide(shelf.db, pair.pair_id, "approve", revision=1)
    shelf.db.conn.execute("UPDATE manuals SET name = ?", [HOSTILE])
    release = shelf.export()
    for name in ("README.md", "report.md"):
        outside = re.sub(r"(?s)(`{3,})text\n.*?\n\1\n", "", (release.path / name).read_text("utf-8"))
        assert "evil" in outside
        assert not re.search(r"(?<!\\)!\[|(?<!\\)<img|(?<!\\)\]\(|\n# Title", outside)


def test_plain_text_is_one_line_without_markup():
    assert plain("a|b\n# c") == "a\\|b # c"
    assert plain("# c") == "\\# c"
    assert plain("21-03_clutch") == "21-03_clutch"
    assert table(["A", "B"], [("x|y", 1200)]) == "| A | B |\n|---|---:|\n| x\\|y | 1,200 |\n"


def test_a_block_cannot_be_closed_from_inside():
    assert block("a\n````\nb").startswith("`````text\n")


@pytest.mark.slow
def test_the_loading_snippet_of_the_card_runs(shelf, tmp_path):
    fill(shelf, 6, 5)
    release = shelf.export()
    (snippet,) = re.findall(r"```python\n(.*?)```", (release.path / "README.md").read_text("utf-8"), re.DOTALL)
    ran = subprocess.run(
        [sys.executable, "-c", snippet + CHECKS],
        cwd=release.path, capture_output=True, text=True, timeout=110,
        env=os.environ | {"HF_HOME": str(tmp_path / "hf"), "HF_HUB_OFFLINE": "1"},
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
