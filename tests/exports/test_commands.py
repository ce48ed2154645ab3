"""export, emit, validate, finalize and verify as people and programs call them."""

import json
from pathlib import Path

import pytest
from PIL import Image

from exports.format_names import ABOUT
from pipeline.cli import main
from tests.exports.shelf import a_scan, approved, contents, fill, open_shelf
from tests.stored import a_page


@pytest.fixture
def home(tmp_path):
    shelf = open_shelf(tmp_path)
    fill(shelf, 6, 5)
    shelf.db.close()
    return tmp_path


def manualqa(home, *arguments):
    return main([arguments[0], "--workspace", str(home), *map(str, arguments[1:])])


def test_export_prints_an_absolute_path_and_counts_as_json(home, capsys):
    assert manualqa(home, "export", "--json", "--formats", "all") == 0
    printed = json.loads(capsys.readouterr().out)
    assert Path(printed["path"]) == home / "exports/releases/release-0001"
    assert (printed["counts"]["pairs"], printed["counts"]["validation"]) == (30, 5)
    assert sorted(path.name for path in (home / "exports/latest/formats").iterdir()) == list(ABOUT)


def test_the_help_names_every_format_with_a_line(capsys):
    with pytest.raises(SystemExit):
        main(["export", "--help"])
    printed = capsys.readouterr().out
    assert all(f"  {name} " in printed and about in printed for name, about in ABOUT.items())


def test_options_of_an_export_reach_the_release(home, capsys):
    assert manualqa(home, "export", "--image-size", "100", "--crops", "--evidence", "--conversations") == 0
    manifest = json.loads((home / "exports/latest/manifest.json").read_text("utf-8"))
    assert manifest["options"] == {"image_size": 100, "crops": True, "evidence": True, "conversations": True}
    with Image.open(next((home / "exports/latest/images").iterdir())) as image:
        assert max(image.size) == 100


def test_export_to_a_folder_of_ones_own(home, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert manualqa(home, "export", "--json", "--out", "mine") == 0
    assert Path(json.loads(capsys.readouterr().out)["path"]) == tmp_path / "mine"
    assert manualqa(home, "export", "--out", "mine") == 1
    assert "not empty" in capsys.readouterr().err


def test_people_read_path_and_counts(home, capsys):
    assert manualqa(home, "export") == 0
    out = capsys.readouterr().out
    assert out.splitlines()[0] == str(home / "exports/releases/release-0001")
    assert "30 pairs (25 train, 5 validation) on 6 pages" in out


def test_people_read_what_a_format_could_not_hold(home, capsys):
    shelf = open_shelf(home)
    sheet = a_page(shelf.db, "html-m3", source="M3.html", kind="html", image_sha256=None, image_path=None)
    approved(shelf, sheet, 2)
    shelf.db.close()
    assert manualqa(home, "export", "--formats", "imagefolder,csv") == 0
    out = capsys.readouterr().out
    assert "left out of imagefolder: 2 without_image" in out
    assert "most similar across splits: " in out


def test_an_unknown_format_and_an_empty_workspace_are_sentences_with_hints(home, capsys, tmp_path):
    assert manualqa(home, "export", "--formats", "word") == 1
    assert "hint: choose all, or some of csv" in capsys.readouterr().err
    assert manualqa(tmp_path / "empty", "export") == 1
    assert "nothing is approved yet" in capsys.readouterr().err


def test_an_approved_pair_that_cannot_leave_is_named_and_the_exit_code_says_so(home, capsys):
    next((home / "data_src").rglob("*.jpg")).unlink()
    assert manualqa(home, "export", "--json") == 3
    captured = capsys.readouterr()
    assert json.loads(captured.out)["counts"]["pairs"] == 25
    assert captured.err.count("image_missing") == 5


def test_finalize_is_emit_and_validate(home, capsys):
    assert manualqa(home, "finalize", "--strict") == 0
    assert "PASS" in capsys.readouterr().out.splitlines()


def test_validate_fails_for_errors_and_for_warnings_only_when_strict(home, capsys):
    assert manualqa(home, "validate") == 1
    assert "no release yet" in capsys.readouterr().err
    shelf = open_shelf(home)
    a_scan(shelf, 20)
    shelf.db.close()
    assert manualqa(home, "emit") == 0
    (home / "config.yaml").write_text("output: {smallest_section: 11}\n")
    assert manualqa(home, "validate") == 0
    assert "warning: section has fewer than 11 pairs: 3" in capsys.readouterr().out
    assert manualqa(home, "validate", "--strict") == 1
    next((home / "exports/latest/images").resolve().iterdir()).unlink()
    assert manualqa(home, "validate") == 1
    assert "error: image is missing: 1" in capsys.readouterr().out


def test_verify_prints_the_altered_files_and_nothing_else(home, capsys):
    manualqa(home, "emit")
    capsys.readouterr()
    latest = home / "exports" / "latest"
    assert manualqa(home, "verify", latest) == 0
    assert capsys.readouterr().out == ""
    (latest / "report.md").write_text("better")
    (latest / "extra.txt").write_text("mine")
    assert manualqa(home, "verify", latest) == 1
    assert capsys.readouterr().out.splitlines() == ["extra.txt", "report.md"]


def test_an_undecodable_name_is_printed_escaped(home, capsys):
    import os

    manualqa(home, "emit")
    capsys.readouterr()
    (home / "exports/latest" / os.fsdecode(b"bad\xff.txt")).write_text("x")
    assert manualqa(home, "verify", home / "exports/latest") == 1
    assert capsys.readouterr().out == "bad\\udcff.txt\n"


def test_two_exports_of_one_state_are_the_same_bytes_from_the_command_line_too(home, capsys):
    assert manualqa(home, "emit") == manualqa(home, "emit") == 0
    releases = home / "exports/releases"
    assert contents(releases / "release-0001") == contents(releases / "release-0002")
