"""Page images get safe, distinct names, the bytes that were reviewed, and never share a file with a scan."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from exports.errors import ExportError
from exports.images import name_images, page_image, sha256_of, why_unusable
from review_db.exportable import ScanFile
from tests.exports.shelf import SETTINGS, draw_scan
from tests.exports.test_records import PAGE


def page(page_id="21-03_clutch", version=1, **facts):
    return replace(PAGE, page_id=page_id, page_version_id=version, **facts)


def test_an_image_is_called_as_its_page():
    assert name_images([page(image_path="x/21-03.JPEG")], SETTINGS) == {1: "images/21-03_clutch.jpg"}
    assert name_images([page(image_path="x/render.png")], SETTINGS) == {1: "images/21-03_clutch.png"}


def test_an_older_version_of_a_page_has_its_own_name():
    names = name_images([page(version=1, image_sha256="old"), page(version=2)], SETTINGS)
    assert names[2] == "images/21-03_clutch.jpg"
    assert names[1].startswith("images/21-03_clutch-")


@pytest.mark.parametrize("page_id", ["../../etc/passwd", ".hidden", "a/b", "für", "con", "x" * 300, "", "a\nb", "-x"])
def test_a_page_id_that_is_no_file_name_becomes_one(page_id):
    (name,) = name_images([page(page_id)], SETTINGS).values()
    assert Path(name).parent == Path("images")
    assert Path(name).name[0].isalnum()
    assert len(Path(name).name) < 120


@settings(deadline=None, max_examples=50)
@given(st.lists(st.text(max_size=8), min_size=1, max_size=12, unique=True))
def test_names_are_distinct_on_every_file_system(page_ids):
    names = name_images([page(page_id, version) for version, page_id in enumerate(page_ids)], SETTINGS)
    assert len({name.casefold() for name in names.values()}) == len(page_ids)
    assert all(name.isascii() and ".." not in name.split("/") for name in names.values())


def test_a_scan_that_was_replaced_or_is_gone_is_not_exported(tmp_path):
    scan = tmp_path / "21-03.jpg"
    draw_scan(scan, "one")
    state = scan.stat()
    seen = ScanFile(sha256_of(scan), state.st_size, state.st_mtime_ns)
    here = page(image_path=str(scan))
    assert why_unusable(here, tmp_path, seen) is None
    os.utime(scan, ns=(1, 1))
    assert why_unusable(here, tmp_path, seen) is None
    draw_scan(scan, "another")
    assert why_unusable(here, tmp_path, seen) == "image_changed"
    scan.unlink()
    assert why_unusable(here, tmp_path, seen) == "image_missing"


def test_a_large_image_is_made_smaller_once_and_kept_in_the_cache(tmp_path):
    scan = tmp_path / "21-03.jpg"
    draw_scan(scan, "large", (400, 300))
    small = replace(SETTINGS, image_mode="resize", resize_long_edge=200)
    here = page(image_path=str(scan), width=400, height=300)
    made = page_image(here, "images/x.jpg", tmp_path / "cache", {}, small)
    with Image.open(made.file) as image:
        assert image.size == (200, 150)
    assert made.file.is_relative_to(tmp_path / "cache")
    kept = made.file.stat().st_mtime_ns
    assert page_image(here, "images/x.jpg", tmp_path / "cache", {}, small).file.stat().st_mtime_ns == kept


def test_an_image_that_is_small_enough_stays_as_it_is(tmp_path):
    scan = tmp_path / "21-03.jpg"
    draw_scan(scan, "small", (150, 120))
    small = replace(SETTINGS, image_mode="resize", resize_long_edge=200)
    here = page(image_path=str(scan), width=150, height=120)
    assert page_image(here, "images/x.jpg", tmp_path, {}, small).file == scan


def test_what_is_transparent_becomes_paper(tmp_path):
    scan = tmp_path / "spread.png"
    Image.new("RGBA", (400, 300), (0, 0, 0, 0)).save(scan)
    small = replace(SETTINGS, image_mode="resize", resize_long_edge=200)
    made = page_image(page(image_path=str(scan), width=400, height=300), "images/x.jpg", tmp_path / "c", {}, small)
    with Image.open(made.file) as image:
        assert image.convert("L").getextrema()[0] > 250


def test_an_image_that_cannot_be_opened_stops_the_export_with_a_sentence(tmp_path):
    scan = tmp_path / "broken.jpg"
    scan.write_bytes(b"no image")
    small = replace(SETTINGS, image_mode="resize", resize_long_edge=200)
    with pytest.raises(ExportError, match="21-03_clutch"):
        page_image(page(image_path=str(scan), width=400, height=300), "images/x.jpg", tmp_path / "c", {}, small)


def test_only_a_scan_in_place_is_linked_and_a_render_is_copied(tmp_path):
    linked = replace(SETTINGS, image_mode="relative")
    scan = {1: ScanFile("f" * 64, 1, 1)}
    assert page_image(page(image_path="/scans/a.jpg"), "images/a.jpg", tmp_path, scan, linked).link
    assert not page_image(page(image_path="renders/a.jpg"), "images/a.jpg", tmp_path, {}, linked).link
