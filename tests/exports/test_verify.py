"""Every changed byte, every missing and every added file is named."""

import json
import shutil

import pytest

from exports.errors import NoReleaseError
from exports.manifest import read_manifest
from exports.verify import verify
from tests.exports.shelf import fill, open_shelf


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    shelf = open_shelf(tmp_path_factory.mktemp("shelf"))
    fill(shelf, 4, 2)
    path = shelf.export(formats=("csv", "llava", "ms-swift")).path
    shelf.db.close()
    return path


@pytest.fixture
def copy(exported, tmp_path):
    """The release moved to another place, as people do."""
    return shutil.copytree(exported, tmp_path / "copy")


def flip(file, position):
    content = bytearray(file.read_bytes())
    content[position] ^= 1
    file.write_bytes(content)


def test_an_untouched_copy_is_sound_wherever_it_lies(copy):
    assert verify(copy) == []


def test_one_flipped_byte_in_any_file_names_that_file_alone(copy):
    files = sorted(path for path in copy.rglob("*") if path.is_file())
    assert len(files) == 4 + 6 + 5
    for file in files:
        for position in (0, file.stat().st_size // 2, file.stat().st_size - 1):
            flip(file, position)
            assert verify(copy) == [file.relative_to(copy).as_posix()]
            flip(file, position)
    assert verify(copy) == []


def test_every_single_byte_of_the_manifest_is_guarded(exported):
    raw = (exported / "manifest.json").read_bytes()
    assert read_manifest(raw).is_sealed
    for position in range(0, len(raw), 3):
        changed = bytearray(raw)
        changed[position] ^= 4
        assert not read_manifest(bytes(changed)).is_sealed, position
    assert not read_manifest(raw + b"\n").is_sealed
    assert not read_manifest(raw[:-1]).is_sealed


def test_the_manifest_is_json_and_its_last_key_is_its_own_hash(exported):
    content = json.loads((exported / "manifest.json").read_text("utf-8"))
    assert list(content)[-1] == "manifest_sha256"
    assert len(content["manifest_sha256"]) == 64


def test_missing_added_shortened_and_renamed_files_are_named(copy):
    (copy / "vlm_val.jsonl").unlink()
    (copy / "notes.txt").write_text("mine")
    (copy / "images" / "more").mkdir()
    train = copy / "vlm_train.jsonl"
    train.write_bytes(train.read_bytes()[:-1])
    report = copy / "report.md"
    report.rename(copy / "report.txt")
    assert verify(copy) == [
        "images/more",
        "notes.txt",
        "report.md",
        "report.txt",
        "vlm_train.jsonl",
        "vlm_val.jsonl",
    ]


def test_a_link_in_the_place_of_a_file_is_named_even_with_the_same_bytes(copy, exported):
    (copy / "report.md").unlink()
    (copy / "report.md").symlink_to(exported / "report.md")
    (copy / "formats" / "more").symlink_to(exported / "images")
    assert verify(copy) == ["formats/more", "report.md"]


def test_a_release_without_its_manifest_has_lost_just_that(copy):
    (copy / "manifest.json").unlink()
    assert verify(copy) == ["manifest.json"]


@pytest.mark.parametrize("raw", [b"", b"{}", b"[" * 100_000, b"\xff\xfe", b'{"files": 1}', b"null"])
def test_a_manifest_that_is_none_is_named_and_breaks_nothing(copy, raw):
    (copy / "manifest.json").write_bytes(raw)
    assert verify(copy) == ["manifest.json"]


def test_a_folder_that_is_not_there_is_a_sentence(tmp_path):
    with pytest.raises(NoReleaseError, match="no folder"):
        verify(tmp_path / "none")
