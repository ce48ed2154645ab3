"""Uploaded scans land in the source folder whole, under a tame name, over nothing, and nowhere else."""

import io
import os
from pathlib import Path

import pytest
from PIL import Image

from app import uploads
from app.uploads import UploadRefusedError, add_scan, clean_name


def picture(width: int = 40, colour: int = 200, kind: str = "JPEG") -> io.BytesIO:
    made = io.BytesIO()
    Image.new("RGB", (width, 30), (colour, 10, 10)).save(made, kind)
    return made


def add(source: Path, folder: str = "21 - Clutch", name: str = "21-01.jpg", content=None) -> str:
    return add_scan(source, folder, name, content or picture(), most_megapixels=80)


def files_below(source: Path) -> list[str]:
    return sorted(path.relative_to(source).as_posix() for path in source.rglob("*") if not path.is_dir())


def test_a_scan_lies_in_its_folder_byte_for_byte_and_nothing_else_is_left(tmp_path):
    content = picture()
    assert add(tmp_path / "data_src", content=content) == "21 - Clutch/21-01.jpg"
    assert add(tmp_path / "data_src", folder="", name="manual.pdf", content=io.BytesIO(b"%PDF-1.4 ...")) == "manual.pdf"
    assert files_below(tmp_path / "data_src") == ["21 - Clutch/21-01.jpg", "manual.pdf"]
    assert (tmp_path / "data_src/21 - Clutch/21-01.jpg").read_bytes() == content.getvalue()


def test_the_same_file_again_changes_nothing_and_another_one_overwrites_nothing(tmp_path):
    add(tmp_path)
    before = (tmp_path / "21 - Clutch/21-01.jpg").read_bytes()
    assert add(tmp_path) == "21 - Clutch/21-01.jpg"
    with pytest.raises(UploadRefusedError, match="another file called"):
        add(tmp_path, content=picture(colour=90))
    assert files_below(tmp_path) == ["21 - Clutch/21-01.jpg"]
    assert (tmp_path / "21 - Clutch/21-01.jpg").read_bytes() == before


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("../../etc/21-02.jpg", "21-02.jpg"),
        ("C:\\scans\\21-03.JPG", "21-03.JPG"),
        (".hidden.png", "hidden.png"),
        ('a<b>:"c|d?*\x00\x1b.png', "a_b___c_d__.png"),
        ("x" * 300 + ".jpeg", "x" * 115 + ".jpeg"),
        ("ä" * 300 + ".tif", "ä" * 58 + ".tif"),
        ("  spaces  .pdf", "spaces.pdf"),
    ],
)
def test_names_become_tame_and_keep_their_ending(given, stored):
    assert clean_name(given) == stored


@pytest.mark.parametrize("name", ["", ".jpg", "...", "notes.txt", "scan", "a.jpg.exe", "a.svg", "a.zip"])
def test_what_is_no_scan_by_its_name_is_refused(name):
    with pytest.raises(UploadRefusedError, match="is no scan"):
        clean_name(name)


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.jpg", b"", "is empty"),
        ("a.jpg", b"\xff\xd8\xffnot really", "is no image"),
        ("a.png", b"%PDF-1.4", "is no image"),
        ("a.pdf", picture().getvalue(), "is no PDF"),
        ("a.html", b"just words", "is no HTML"),
        ("a.html", b"<p>" + b"x" * 5_000_001, "larger than 5 MB"),
    ],
)
def test_content_that_is_not_what_the_name_says_is_refused_in_a_sentence(tmp_path, name, content, why):
    with pytest.raises(UploadRefusedError, match=why) as refused:
        add(tmp_path, name=name, content=io.BytesIO(content))
    assert refused.value.hint
    assert files_below(tmp_path) == []


def test_an_image_with_too_many_pixels_is_refused_before_it_is_decoded(tmp_path):
    huge = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(huge, "PNG")
    with pytest.raises(UploadRefusedError, match="more than 80 megapixels"):
        add(tmp_path, name="huge.png", content=huge)


def test_links_lead_nowhere(tmp_path):
    source, outside = tmp_path / "data_src", tmp_path / "outside"
    source.mkdir()
    outside.mkdir()
    (source / "21 - Clutch").symlink_to(outside)
    with pytest.raises(UploadRefusedError, match="is a link"):
        add(source)
    (source / "11 - Engine").mkdir()
    (source / "11 - Engine" / "21-01.jpg").symlink_to(outside / "target.jpg")
    with pytest.raises(UploadRefusedError, match="another file"):
        add(source, folder="11 - Engine")
    assert files_below(outside) == []
    assert add(source, folder="../outside") == "-outside/21-01.jpg"


def test_a_pipe_under_the_same_name_is_not_opened(tmp_path):
    (tmp_path / "21 - Clutch").mkdir()
    os.mkfifo(tmp_path / "21 - Clutch" / "21-01.jpg")
    with pytest.raises(UploadRefusedError, match="another file"):
        add(tmp_path)


def test_the_samples_folder_takes_no_scans_of_ones_own(tmp_path):
    with pytest.raises(UploadRefusedError, match="belongs to the sample"):
        add(tmp_path, folder="Sample-Manual")


def test_where_the_file_system_has_no_hard_links_nothing_is_overwritten_either(tmp_path, monkeypatch):
    def no_links(*_, **__):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(uploads.os, "link", no_links)
    add(tmp_path)
    with pytest.raises(UploadRefusedError, match="another file"):
        add(tmp_path, content=picture(colour=90))
    assert files_below(tmp_path) == ["21 - Clutch/21-01.jpg"]


def test_a_full_disk_is_said_and_leaves_nothing_behind(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(uploads.shutil, "copyfileobj", full)
    with pytest.raises(UploadRefusedError, match="could not be stored: No space left on device"):
        add(tmp_path)
    assert files_below(tmp_path) == []
