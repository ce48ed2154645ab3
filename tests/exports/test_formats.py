"""The other formats hold the same pairs; no CSV cell can run in a spreadsheet."""

import csv
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exports.errors import ExportError
from exports.formats import chosen_formats, safe_cell
from tests.exports.shelf import approved, fill, open_shelf
from tests.stored import a_page, a_pair, decide


@pytest.fixture(scope="module")
def release(tmp_path_factory):
    shelf = open_shelf(tmp_path_factory.mktemp("shelf"))
    (page, *_) = fill(shelf, 4, 2)
    sheet = a_page(shelf.db, "html-m3", source="M3.html", kind="html", image_sha256=None, image_path=None)
    approved(shelf, sheet, 1)
    pair = a_pair(shelf.db, page, '=HYPERLINK("http://x")\nwhat is it?', "-5 °C")
    decide(shelf.db, pair.pair_id, "approve", revision=1)
    path = shelf.export(formats=chosen_formats("all")).path
    shelf.db.close()
    return path


def lines(file):
    return [json.loads(line) for line in file.read_text("utf-8").split("\n")[:-1]]


def both(release, form, ending):
    files = [release / "formats" / form / f"{split}.{ending}" for split in ("train", "validation")]
    return [entry for file in files for entry in (lines(file) if ending == "jsonl" else json.loads(file.read_text()))]


def test_csv_holds_each_pair_once_with_formulas_disarmed(release):
    with (release / "formats/csv/pairs.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["qa_id"] for row in rows}) == len(rows) == 10
    (row,) = (row for row in rows if "HYPERLINK" in row["question"])
    assert (row["question"], row["answer"]) == ('\'=HYPERLINK("http://x")\nwhat is it?', "'-5 °C")
    assert {row["split"] for row in rows} == {"train", "validation"}


def test_messages_have_one_placeholder_for_each_image(release):
    entries = both(release, "messages", "jsonl")
    assert len(entries) == 10
    for entry in entries:
        assert [turn["role"] for turn in entry["messages"]] == ["user", "assistant"]
        assert entry["messages"][0]["content"].count("<image>") == len(entry["images"])
        assert all((release / image).is_file() for image in entry["images"])
    assert sum(not entry["images"] for entry in entries) == 1


def test_llava_entries_name_their_image_or_have_none(release):
    entries = both(release, "llava", "json")
    assert len({entry["id"] for entry in entries}) == 10
    for entry in entries:
        human, gpt = entry["conversations"]
        assert (human["from"], gpt["from"]) == ("human", "gpt")
        assert human["value"].startswith("<image>\n") == ("image" in entry)
    assert sum("image" not in entry for entry in entries) == 1


def test_formats_are_named_by_all_or_by_a_list():
    assert chosen_formats("all") == ("csv", "llava", "messages")
    assert chosen_formats(" llava,csv ,csv") == ("csv", "llava")
    assert chosen_formats("") == chosen_formats(None) == ()
    with pytest.raises(ExportError, match="parket"):
        chosen_formats("csv,parket")


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=20))
def test_no_cell_starts_like_a_formula_and_none_loses_its_text(text):
    line = io.StringIO()
    csv.writer(line).writerow([safe_cell(text)])
    (cell,) = next(csv.reader(io.StringIO(line.getvalue(), newline="")), [""])
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert cell in (text, f"'{text}")
