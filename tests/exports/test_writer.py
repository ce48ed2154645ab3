"""A folder is written whole or not at all, and leftovers of killed exports go."""

import hashlib
from pathlib import Path

import pytest

from exports.errors import ExportError, TargetError
from exports.writer import UNFINISHED, point_to, remove_unfinished, whole_folder


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_the_folder_has_its_name_only_when_it_is_complete(tmp_path):
    target = tmp_path / "release"
    with whole_folder(target, 0) as folder:
        written = folder.write("deep/er/text.md", ["25 ", "°C"])
        assert not target.exists()
        assert names(tmp_path)[0].startswith(".")
    assert (target / "deep/er/text.md").read_text("utf-8") == "25 °C"
    assert written.sha256 == hashlib.sha256("25 °C".encode()).hexdigest()
    assert (written.size, names(tmp_path)) == (6, ["release"])


@pytest.mark.parametrize("error", [ExportError("no"), KeyboardInterrupt(), OSError(28, "No space left on device")])
def test_nothing_is_left_when_the_writing_stops(tmp_path, error):
    with pytest.raises((ExportError, KeyboardInterrupt)), whole_folder(tmp_path / "release", 0) as folder:
        folder.write("a.txt", ["a"])
        raise error
    assert names(tmp_path) == []


def test_an_error_of_the_disk_says_how_much_room_is_needed(tmp_path):
    with pytest.raises(TargetError) as caught, whole_folder(tmp_path / "release", 12_000_000):
        raise OSError(28, "No space left on device")
    assert "No space left on device" in str(caught.value)
    assert "12 MB" in caught.value.hint


def test_too_little_room_is_told_before_anything_is_written(tmp_path):
    with pytest.raises(TargetError, match="too little room"), whole_folder(tmp_path / "release", 1 << 60):
        raise AssertionError("never reached")


def test_an_empty_folder_is_filled_and_a_full_one_is_left_alone(tmp_path):
    (tmp_path / "empty").mkdir()
    with whole_folder(tmp_path / "empty", 0) as folder:
        folder.write("a.txt", ["a"])
    assert names(tmp_path / "empty") == ["a.txt"]
    with pytest.raises(TargetError, match="not empty"), whole_folder(tmp_path / "empty", 0):
        raise AssertionError("never reached")
    assert names(tmp_path / "empty") == ["a.txt"]


def test_a_file_in_the_way_is_left_alone(tmp_path):
    (tmp_path / "release").write_text("mine")
    with pytest.raises(TargetError), whole_folder(tmp_path / "release", 0):
        raise AssertionError("never reached")
    assert (tmp_path / "release").read_text() == "mine"


def test_a_parent_that_is_a_file_is_told_in_a_sentence(tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(TargetError, match="cannot write"), whole_folder(tmp_path / "file" / "release", 0):
        raise AssertionError("never reached")


def test_leftovers_of_killed_exports_go_and_those_in_work_stay(tmp_path):
    (tmp_path / f".old{UNFINISHED}" / "images").mkdir(parents=True)
    (tmp_path / ".mine").mkdir()
    with whole_folder(tmp_path / "new", 0) as folder:
        assert names(tmp_path) == sorted([".mine", folder.root.name])
        assert remove_unfinished(tmp_path) == []
        folder.write("a.txt", ["a"])
    assert names(tmp_path) == [".mine", "new"]


def test_a_second_export_to_the_same_folder_is_refused_while_the_first_writes(tmp_path):
    with whole_folder(tmp_path / "release", 0) as folder:
        with pytest.raises(TargetError, match="another export"), whole_folder(tmp_path / "release", 0):
            raise AssertionError("never reached")
        folder.write("a.txt", ["a"])
    assert names(tmp_path / "release") == ["a.txt"]


def test_a_copy_is_a_file_of_its_own_with_the_bytes_that_were_expected(tmp_path):
    scan = tmp_path / "scan.jpg"
    scan.write_bytes(b"pixels")
    digest = hashlib.sha256(b"pixels").hexdigest()
    with whole_folder(tmp_path / "release", 0) as folder:
        folder.copy("images/a.jpg", scan, digest)
    copied = tmp_path / "release/images/a.jpg"
    assert copied.read_bytes() == b"pixels"
    assert copied.stat().st_ino != scan.stat().st_ino
    assert scan.stat().st_nlink == 1
    with pytest.raises(ExportError, match="has changed"), whole_folder(tmp_path / "other", 0) as folder:
        folder.copy("images/a.jpg", scan, "0" * 64)
    assert not (tmp_path / "other").exists()


def test_a_link_is_relative_and_counts_as_what_it_points_to(tmp_path):
    scan = tmp_path / "scans" / "scan.jpg"
    scan.parent.mkdir()
    scan.write_bytes(b"pixels")
    with whole_folder(tmp_path / "releases/release", 0) as folder:
        written = folder.link("images/a.jpg", scan)
    link = tmp_path / "releases/release/images/a.jpg"
    assert not link.readlink().is_absolute()
    assert link.read_bytes() == b"pixels"
    assert written.sha256 == hashlib.sha256(b"pixels").hexdigest()


def test_the_link_to_the_newest_changes_in_one_step_and_can_be_moved_with_its_folder(tmp_path):
    for name in ("one", "two"):
        (tmp_path / "releases" / name).mkdir(parents=True)
        point_to(tmp_path / "latest", tmp_path / "releases" / name)
    assert (tmp_path / "latest").readlink() == Path("releases/two")
    assert names(tmp_path) == ["latest", "releases"]
    outside = tmp_path.parent / f"{tmp_path.name}-outside"
    outside.mkdir()
    point_to(tmp_path / "latest", outside)
    assert (tmp_path / "latest").resolve() == outside.resolve()
