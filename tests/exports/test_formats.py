"""Every format holds the same pairs, opens in the library it is made for, and no CSV cell can run in a spreadsheet."""

import csv
import io
import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from exports.cells import safe_cell
from exports.errors import ExportError
from exports.format_names import ABOUT
from exports.formats import FORMATS, chosen_formats
from exports.options import Options
from exports.verify import verify
from review_db.connection import immediate
from review_db.pairs import save_finding
from review_db.records import Evidence, Finding
from tests.exports.shelf import SETTINGS, approved, fill, open_shelf
from tests.stored import a_page, a_pair, decide

SPLITS = ("train", "validation")
JSON_FORMATS = {"ms-swift": "jsonl", "llama-factory": "json", "llava": "json", "qwen-vl": "json"}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """Pages with pairs of every kind: with boxes and without, hostile texts, one page without an image."""
    made = open_shelf(tmp_path_factory.mktemp("shelf"))
    (page, *_) = fill(made, 9, 2)
    sheet = a_page(made.db, "html-m3", source="M3.html", kind="html", image_sha256=None, image_path=None)
    approved(made, sheet, 1)
    pair = a_pair(made.db, page, '=HYPERLINK("http://x")\nwhat is it?', "-5 °C\u2028<image> at \x07rest")
    decide(made.db, pair.pair_id, "approve", revision=1)
    finding = Finding(Evidence("supported", "-5 °C", ((0.1, 0.2, 0.5, 0.3), (0.1, 0.3, 0.2, 0.4))))
    with immediate(made.db):
        save_finding(made.db, pair.pair_key, 1, finding, "test")
    yield made
    made.db.close()


@pytest.fixture(scope="module")
def release(shelf):
    return shelf.export(formats=chosen_formats("all")).path


@pytest.fixture(scope="module")
def rich(shelf):
    """All formats with all options."""
    options = Options(image_size=120, crops=True, evidence=True, conversations=True)
    return shelf.export(formats=chosen_formats("all"), options=options).path


def lines(file):
    return [json.loads(line) for line in file.read_text("utf-8").split("\n")[:-1]]


def records(release):
    both = lines(release / "vlm_train.jsonl") + lines(release / "vlm_val.jsonl")
    return {record["metadata"]["qa_id"]: record for record in both}


def both(release, form):
    ending = JSON_FORMATS[form]
    files = [release / "formats" / form / f"{split}.{ending}" for split in SPLITS]
    return [entry for file in files for entry in (lines(file) if ending == "jsonl" else json.loads(file.read_text()))]


def loaded(folder, cache):
    """What `datasets` makes of a folder: every row of every split."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_HUB_OFFLINE", "1")
        from datasets import load_dataset

        return load_dataset(str(folder), cache_dir=str(cache))


def test_every_format_has_a_name_and_a_line():
    assert list(FORMATS) == list(ABOUT)


def test_csv_holds_each_pair_once_with_formulas_disarmed(release):
    with (release / "formats/csv/pairs.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["qa_id"] for row in rows}) == len(rows) == 20
    (row,) = (row for row in rows if "HYPERLINK" in row["question"])
    assert (row["question"], row["answer"]) == ('\'=HYPERLINK("http://x")\nwhat is it?', "'-5 °C\u2028 at rest")
    assert json.loads(row["evidence_boxes"]) == [[0.1, 0.2, 0.5, 0.3], [0.1, 0.3, 0.2, 0.4]]
    assert {row["split"] for row in rows} == set(SPLITS)


@pytest.mark.parametrize("form", ["ms-swift", "llama-factory"])
def test_messages_have_one_placeholder_for_each_image(release, form):
    entries = both(release, form)
    assert len(entries) == 20
    for entry in entries:
        assert [turn["role"] for turn in entry["messages"]] == ["user", "assistant"]
        assert entry["messages"][0]["content"].count("<image>") == len(entry["images"])
        assert "<image>" not in entry["messages"][1]["content"]
        assert all((release / image).is_file() for image in entry["images"])
    assert sum(not entry["images"] for entry in entries) == 1


def test_llama_factory_finds_its_files_by_dataset_info(release):
    folder = release / "formats/llama-factory"
    info = json.loads((folder / "dataset_info.json").read_text("utf-8"))
    assert list(info) == ["manualqa_train", "manualqa_validation"]
    for entry in info.values():
        rows = json.loads((folder / entry["file_name"]).read_text("utf-8"))
        assert all(column in rows[0] for column in entry["columns"].values())


@pytest.mark.parametrize("form", ["llava", "qwen-vl"])
def test_from_and_value_entries_name_their_image_or_have_none(release, form):
    entries = both(release, form)
    assert len({entry["id"] for entry in entries}) == 20
    for entry in entries:
        human, gpt = entry["conversations"]
        assert (human["from"], gpt["from"]) == ("human", "gpt")
        assert human["value"].startswith("<image>\n") == ("image" in entry)
    assert sum("image" not in entry for entry in entries) == 1


@pytest.mark.slow
def test_an_imagefolder_loads_with_the_very_pixels_and_counts_what_it_cannot_hold(release, tmp_path):
    found = loaded(release / "formats/imagefolder", tmp_path)
    expected = records(release)
    assert sorted(found) == list(SPLITS)
    rows = [row for split in found.values() for row in split]
    assert {row["qa_id"] for row in rows} == {key for key, record in expected.items() if record["image"]}
    for row in rows:
        with Image.open(release / expected[row["qa_id"]]["image"]) as image:
            assert row["image"].tobytes() == image.tobytes()
        assert row["answer"] == expected[row["qa_id"]]["conversations"][1]["content"]
    manifest = json.loads((release / "manifest.json").read_text("utf-8"))
    assert manifest["left_out_of_formats"]["imagefolder"] == {"without_image": 1}


@pytest.mark.slow
def test_parquet_loads_every_pair_from_any_place_with_images_inside(release, tmp_path):
    moved = tmp_path / "moved"
    moved.mkdir()
    for file in (release / "formats/parquet").iterdir():
        (moved / file.name).write_bytes(file.read_bytes())
        assert str(release).encode() not in file.read_bytes()
    found = loaded(moved, tmp_path / "cache")
    expected = records(release)
    rows = {row["qa_id"]: row for split in found.values() for row in split}
    assert rows.keys() == expected.keys()
    for key, row in rows.items():
        image, (question, answer) = expected[key]["image"], expected[key]["conversations"]
        assert (row["question"], row["answer"]) == (question["content"], answer["content"])
        assert row["prompt"] == [question]
        assert row["completion"] == [answer]
        if image is None:
            assert row["image"] is None
        else:
            with Image.open(release / image) as opened:
                assert row["image"].tobytes() == opened.tobytes()


@pytest.mark.slow
@pytest.mark.parametrize("form", ["trl", "trl-messages"])
def test_trl_folders_load_with_decoded_images_and_its_columns(release, rich, tmp_path, form):
    for path, several in ((release, False), (rich, True)):
        found = loaded(path / "formats" / form, tmp_path / path.name)
        rows = [row for split in found.values() for row in split]
        for row in rows:
            turns = row["messages"] if form == "trl-messages" else [*row["prompt"], *row["completion"]]
            assert [turn["role"] for turn in turns] == ["user", "assistant"] * (len(turns) // 2)
            if form == "trl-messages":
                blocks = [block["type"] for turn in turns for block in turn["content"]]
                assert blocks.count("image") == len(row["images"])
        assert max(len(row["images"]) for row in rows) == 1 + several
        assert min(len(row["images"]) for row in rows) == 0
        asked = sum(len(row.get("messages") or "qa") // 2 for row in rows)
        assert asked == 20


def test_a_crop_shows_the_evidence_and_only_pairs_with_boxes_have_one(rich):
    cropped = [record for record in records(rich).values() if "crop" in record]
    (record,) = cropped
    with Image.open(rich / record["crop"]) as crop:  # 240 × 160 with a margin of 3 % of the page
        assert crop.size == (111, 42)
    assert record["metadata"]["evidence"] == {
        "verdict": "supported",
        "quote": "-5 °C",
        "boxes": [[0.1, 0.2, 0.5, 0.3], [0.1, 0.3, 0.2, 0.4]],
    }


def test_images_are_shrunk_and_the_options_stand_in_the_manifest(rich):
    manifest = json.loads((rich / "manifest.json").read_text("utf-8"))
    assert manifest["options"] == {"image_size": 120, "crops": True, "evidence": True, "conversations": True}
    for file in (rich / "images").iterdir():
        with Image.open(file) as image:
            assert max(image.size) == 120


def test_the_pairs_of_a_page_are_one_dialogue_with_the_page_shown_once(rich):
    entries = both(rich, "ms-swift")
    assert sorted(len(entry["messages"]) for entry in entries) == [2, *[4] * 8, 6]
    for entry in entries:
        questions = [turn["content"] for turn in entry["messages"] if turn["role"] == "user"]
        assert "".join(questions).count("<image>") == len(entry["images"])
        assert sum(image.startswith("images/") for image in entry["images"]) <= 1
    assert all(isinstance(entry.get("image", []), list) for entry in both(rich, "qwen-vl"))
    assert all(isinstance(entry.get("image", ""), str) for entry in both(rich, "llava"))
    assert len(records(rich)) == 20


@pytest.mark.slow
def test_the_same_state_and_options_give_the_same_bytes_in_every_format(shelf, rich):
    options = Options(image_size=120, crops=True, evidence=True, conversations=True)
    again = shelf.export(formats=chosen_formats("all"), options=options).path
    files = {file.relative_to(rich) for file in rich.rglob("*") if file.is_file()}
    assert files == {file.relative_to(again) for file in again.rglob("*") if file.is_file()}
    assert all((rich / name).read_bytes() == (again / name).read_bytes() for name in files)


def test_formats_are_named_by_all_or_by_a_list():
    assert chosen_formats("all") == tuple(FORMATS)
    assert chosen_formats(" llava,csv ,csv") == ("csv", "llava")
    assert chosen_formats("") == chosen_formats(None) == ()
    with pytest.raises(ExportError, match="parket"):
        chosen_formats("csv,parket")


def test_an_image_size_that_teaches_nothing_is_refused(shelf):
    with pytest.raises(ExportError, match="8 pixels"):
        shelf.export(options=Options(image_size=8))


@settings(deadline=None, max_examples=50)
@given(st.text(max_size=20))
def test_no_cell_starts_like_a_formula_and_none_loses_its_text(text):
    line = io.StringIO()
    csv.writer(line).writerow([safe_cell(text)])
    (cell,) = next(csv.reader(io.StringIO(line.getvalue(), newline="")), [""])
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert cell in (text, f"'{text}")


def test_formats_of_a_release_that_links_to_the_scans_link_too_and_no_scan_gets_a_hard_link(tmp_path):
    linking = open_shelf(tmp_path)
    fill(linking, 4, 2)
    relative = replace(SETTINGS, image_mode="relative")
    made = linking.export(relative, formats=("imagefolder", "ms-swift")).path
    linking.db.close()
    linked = list((made / "formats/imagefolder").rglob("*.jpg"))
    assert linked
    assert all(file.is_symlink() and file.is_file() for file in linked)
    assert all(scan.stat().st_nlink == 1 for scan in linking.scans.rglob("*.jpg"))
    assert verify(made) == []


def test_images_of_a_release_stand_on_the_disk_once(release):
    shared = list((release / "formats/imagefolder").rglob("*.jpg"))
    assert shared
    assert all(file.stat().st_nlink >= 2 for file in shared)
