"""Scan addresses: only a signed address shows an image, and only the image of its page."""

import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from app import scans, signing
from app.workspace import workspace
from review_db import pages
from tests.app.seeded import Seeded, seeded_workspace


@pytest.fixture
def seeded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Seeded]:
    monkeypatch.setenv("MANUALQA_WORKSPACE", str(tmp_path))
    made = seeded_workspace(tmp_path, page_count=2)
    yield made
    made.db.close()


@pytest.fixture
def client() -> TestClient:
    routes = [Route("/scan/{page_id:path}", scans.scan), Route("/thumbnail/{page_id:path}", scans.thumbnail)]
    return TestClient(Starlette(routes=routes))


def address(seeded: Seeded, page_id: str | None = None, kind: str = "scan") -> str:
    return scans.scan_address(pages.page_by_id(seeded.db, page_id or seeded.page_ids[0]), kind)


def test_a_signed_address_shows_the_scan_with_a_long_private_cache(seeded, client):
    answer = client.get(address(seeded))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["cache-control"] == "private, max-age=86400, immutable"
    assert answer.content == Path(pages.page_by_id(seeded.db, seeded.page_ids[0]).image_path).read_bytes()


@pytest.mark.parametrize("change", ["no token", "wrong token", "another page", "another version", "another day"])
def test_any_other_address_is_refused(seeded, client, change):
    page_id, query = address(seeded).removeprefix("/scan/").split("?")
    version, token = (part.split("=")[1] for part in query.split("&"))
    day, signature = token.split(".")
    wrong = {
        "no token": f"/scan/{page_id}?v={version}",
        "wrong token": f"/scan/{page_id}?v={version}&t={day}.{'0' * len(signature)}",
        "another page": f"/scan/{seeded.page_ids[1]}?{query}",
        "another version": f"/scan/{page_id}?v=0000&t={token}",
        "another day": f"/scan/{page_id}?v={version}&t={int(day) - 1}.{signature}",
    }
    assert client.get(wrong[change]).status_code == 403


def test_an_address_ends_after_a_day_and_stays_the_same_until_then(seeded, client, monkeypatch):
    signed = address(seeded)
    assert address(seeded) == signed
    today = time.time()
    monkeypatch.setattr(scans.time, "time", lambda: today + scans.DAY_SECONDS)
    assert client.get(signed).status_code == 200
    monkeypatch.setattr(scans.time, "time", lambda: today + 2 * scans.DAY_SECONDS)
    assert client.get(signed).status_code == 403


@pytest.mark.parametrize(
    "path",
    ["../../etc/passwd", "%2e%2e/%2e%2e/etc/passwd", "..%2f..%2fetc%2fpasswd", "/etc/passwd", "no-such-page"],
)
def test_a_path_outside_is_never_served(seeded, client, path):
    query = address(seeded).split("?")[1]
    answer = client.get(f"/scan/{path}?{query}")
    assert answer.status_code in (403, 404)
    assert b"root:" not in answer.content


def test_an_image_that_changed_has_another_address_and_the_old_one_ends(seeded, client):
    old = address(seeded)
    page = pages.page_by_id(seeded.db, seeded.page_ids[0])
    pages.add_page_version(
        seeded.db, page_id=page.page_id, manual=page.manual, source=page.source, page_number=None,
        sort_key=page.sort_key, file_id=None, identity="new", kind="image", image_sha256="f" * 64,
        image_path=page.image_path, width=page.width, height=page.height, status="ok",
    )  # fmt: skip
    assert address(seeded) != old
    assert client.get(old).status_code == 404
    assert client.get(address(seeded)).status_code == 200


def test_a_thumbnail_is_small_made_once_and_as_guarded(seeded, client):
    signed = address(seeded, kind="thumbnail")
    assert client.get(signed.split("&t=")[0]).status_code == 403
    assert client.get(signed).status_code == 200
    (made,) = (workspace().cache / "thumbnails").iterdir()
    assert max(Image.open(made).size) == scans.THUMBNAIL_PIXELS
    first = made.stat().st_mtime_ns
    assert client.get(signed).status_code == 200
    assert made.stat().st_mtime_ns == first


def test_a_scan_whose_file_is_gone_says_so(seeded, client):
    Path(pages.page_by_id(seeded.db, seeded.page_ids[0]).image_path).unlink()
    answer = client.get(address(seeded))
    assert answer.status_code == 404
    assert "run the pipeline again" in answer.text


def test_a_file_that_no_browser_shows_is_not_served_as_an_image(seeded, client):
    Path(pages.page_by_id(seeded.db, seeded.page_ids[0]).image_path).write_bytes(b"<script>alert(1)</script>")
    assert client.get(address(seeded)).status_code == 415


def test_a_text_page_has_no_scan(seeded):
    assert scans.scan_address(pages.page_by_id(seeded.db, "html-techspec")) is None


def test_the_signing_key_is_its_owners_alone_and_outlives_the_process(seeded):
    signed = address(seeded)
    assert stat.S_IMODE(workspace().scan_key.stat().st_mode) == 0o600
    signing._key.cache_clear()
    assert address(seeded) == signed
