"""The walk through a source folder, and paths that are stored as text."""

import os
import socket
from pathlib import Path

import pytest

from pipeline.site_assets import is_site_asset
from pipeline.source_paths import opened, real_path, shown_path, walk


def write(path, content=b"x"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def kinds(source):
    return {entry.path: entry.kind for entry in walk(source)}


def test_every_entry_but_directories_is_named_with_a_posix_path(tmp_path):
    for name in ("a.jpg", "54 - Hood, Sun Roof/54-01.jpg", "Getrag265:5/x (1).jpg", "deep/er/est.png", ".hidden"):
        write(tmp_path / name)
    (tmp_path / "empty folder").mkdir()
    assert kinds(tmp_path) == dict.fromkeys(
        ["a.jpg", "54 - Hood, Sun Roof/54-01.jpg", "Getrag265:5/x (1).jpg", "deep/er/est.png", ".hidden"], "file"
    )


def test_links_are_named_and_never_followed(tmp_path):
    source, outside = tmp_path / "source", tmp_path / "outside"
    write(outside / "secret.jpg")
    write(source / "page.jpg")
    (source / "folder link").symlink_to(outside)
    (source / "loop").symlink_to(source)
    (source / "file link").symlink_to(outside / "secret.jpg")
    (source / "broken").symlink_to("nowhere")
    found = kinds(source)
    assert found == {"page.jpg": "file", "folder link": "link", "loop": "link", "file link": "link", "broken": "link"}


def test_the_source_folder_itself_may_be_a_link(tmp_path):
    write(tmp_path / "real" / "page.jpg")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    assert kinds(tmp_path / "link") == {"page.jpg": "file"}


def test_pipes_and_sockets_are_special_and_opening_one_does_not_hang(tmp_path, monkeypatch):
    os.mkfifo(tmp_path / "pipe.jpg")
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.jpg")
        assert kinds(tmp_path) == {"pipe.jpg": "special", "socket.jpg": "special"}
    with pytest.raises(OSError, match="not a regular file"), opened(tmp_path / "pipe.jpg"):
        pass


def test_a_link_is_refused_where_a_file_is_expected(tmp_path):
    write(tmp_path / "real.jpg")
    (tmp_path / "link.jpg").symlink_to(tmp_path / "real.jpg")
    with pytest.raises(OSError, match="symbolic link"), opened(tmp_path / "link.jpg"):
        pass


@pytest.mark.parametrize(
    "name", [b"caf\xe9.jpg", b"\xff\xfe.png", "größe.jpg".encode(), b"back\\xslash.jpg", b"new\nline.jpg"]
)
def test_any_name_becomes_text_that_leads_back_to_the_file(tmp_path, name):
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))
    try:
        write(path, name)
    except OSError:
        pytest.skip("this disk refuses such names")
    (entry,) = walk(tmp_path)
    entry.path.encode("utf-8")
    assert real_path(tmp_path, entry.path).read_bytes() == name


def test_bytes_that_are_no_text_are_escaped():
    assert shown_path(os.fsdecode(b"a/caf\xe9.jpg")) == "a/caf\\xe9.jpg"


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may open every folder")
def test_a_folder_that_cannot_be_opened_is_named_with_a_slash(tmp_path):
    write(tmp_path / "locked" / "page.jpg")
    (tmp_path / "locked").chmod(0)
    try:
        assert kinds(tmp_path) == {"locked/": "folder"}
    finally:
        (tmp_path / "locked").chmod(0o700)


@pytest.mark.parametrize(
    "path",
    [
        "favicon/any.png",
        "x/fonts/a.woff",
        "style.css",
        "SourceCode.otf.woff",
        "CNAME",
        "favicon.ico",
        "apple-touch-icon.png",
    ],
)
def test_parts_of_a_web_site_are_known_by_their_paths(path):
    assert is_site_asset(path)


def test_icons_are_known_by_their_size_and_scans_are_not():
    assert is_site_asset("m.png", (300, 300))
    assert not is_site_asset("m.png", (1200, 900))
    assert not is_site_asset("strip.png", (1200, 90))
    assert not is_site_asset("21 - Clutch/21-01.jpg", (1200, 900))
    assert not is_site_asset("21 - Clutch/21-01.jpg")
