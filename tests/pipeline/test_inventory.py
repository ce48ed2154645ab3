"""What becomes of every entry of the source folder, first, again, and after changes."""

import os

import pytest
from PIL import Image

from pipeline.errors import SourceError
from pipeline.progress import Progress
from pipeline.selection import Selection
from pipeline.settings import load
from pipeline.stages import inventory
from pipeline.workspace import Workspace
from review_db import files, pages, pairs
from review_db.records import CandidatePair
from tests.pipeline.scans import drawn_page, encoded, encrypted_pdf, text_pdf

SPEC_SHEET = "<html><body><table>{}</table></body></html>".format(
    "".join(f"<tr><td>Value {number}</td><td>{number}.5 mm</td></tr>" for number in range(30))
).encode()
NAVIGATION = "<html><body><table>{}</table></body></html>".format(
    "".join(f"<tr><td><a href='p{number}.html'>Page {number}</a></td></tr>" for number in range(30))
).encode()


def scan(text="21-1"):
    return encoded(drawn_page([text]))


@pytest.fixture
def put(workspace):
    def write(path, content=b""):
        target = workspace.source / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        return target

    return write


@pytest.fixture
def take(fresh_db, workspace):
    settings, _ = load([])

    def run():
        summary = inventory.run(fresh_db, workspace, settings, Selection(), Progress.silent())
        run.done = summary.done
        return {file.path: file for file in files.current_files(fresh_db, str(workspace.source))}

    return run


def test_scans_documents_and_sheets_are_good(put, take):
    put("21 - Clutch/21-01.jpg", scan())
    put("54 - Hood, Sun Roof/54-01 (a).png", encoded(drawn_page(["54"]), "PNG"))
    put("Getrag265:5.pdf", text_pdf(*[(612, 792, f"page {n}", 0) for n in range(3)]))
    put("M3-techspec.html", SPEC_SHEET)
    found = take()
    assert {path: (file.kind, file.status, file.page_count) for path, file in found.items()} == {
        "21 - Clutch/21-01.jpg": ("image", "ok", 1),
        "54 - Hood, Sun Roof/54-01 (a).png": ("image", "ok", 1),
        "Getrag265:5.pdf": ("pdf", "ok", 3),
        "M3-techspec.html": ("html", "ok", 1),
    }
    assert found["21 - Clutch/21-01.jpg"].manual == "manual"
    assert found["Getrag265:5.pdf"].manual == "Getrag265:5"


@pytest.mark.parametrize(
    ("path", "content", "reason"),
    [
        ("index.html", NAVIGATION, "navigation_html"),
        ("favicon/android-chrome-512x512.png", scan(), "site_asset"),
        ("m.png", encoded(Image.new("RGBA", (300, 300)), "PNG"), "site_asset"),
        ("style.css", b"body {}", "site_asset"),
        ("CNAME", b"example.org", "site_asset"),
        ("notes.txt", b"a note", "unsupported"),
        (".DS_Store", b"\0", "hidden"),
        (".git/page.jpg", scan(), "hidden"),
    ],
)
def test_what_is_no_page_is_ignored_with_its_reason_and_hashed(put, take, path, content, reason):
    put(path, content)
    file = take()[path]
    assert (file.status, file.reason) == ("ignored", reason)
    assert len(file.sha256) == 64


@pytest.mark.parametrize(
    ("path", "content", "reason"),
    [
        ("text.jpg", b"this is a text", "not an image"),
        ("empty.jpg", b"", "the file is empty"),
        ("empty.pdf", b"", "the file is empty"),
        ("header.jpg", b"\xff\xd8\xff\xe0 and no more", "not an image"),
        ("locked.pdf", encrypted_pdf(), "encrypted"),
        ("half.pdf", b"%PDF-1.4\n1 0 obj", "damaged"),
        ("text.pdf", b"no PDF", "damaged"),
        ("large.html", b"<table>" + b"x" * 6_000_000, "larger than 5 MB"),
        ("endless.html", b"<table>" + b"<tr><td>Name:<td>value" * 10_000, "more than 20000 tags"),
        ("deep.html", b"<table>" + b"<div>" * 300, "nested more than 200 deep"),
        ("huge.png", None, "larger than 80 megapixels (10000 x 8001 pixels)"),
    ],
)
def test_what_cannot_be_read_is_named_with_one_sentence_and_the_run_goes_on(put, take, path, content, reason):
    put(path, content if content is not None else encoded(Image.new("1", (10_000, 8_001)), "PNG"))
    put("21 - Clutch/21-01.jpg", scan())
    found = take()
    assert found[path].status == "unreadable"
    assert reason in found[path].reason
    assert found["21 - Clutch/21-01.jpg"].status == "ok"


def test_content_decides_and_not_the_ending(put, take):
    put("jpeg.png", scan("a"))
    put("document.jpg", text_pdf((612, 792, "page", 0)))
    put("scan without ending", scan("b"))
    assert {path: (file.kind, file.status) for path, file in take().items()} == {
        "jpeg.png": ("image", "ok"),
        "document.jpg": ("pdf", "ok"),
        "scan without ending": ("image", "ok"),
    }


def test_links_and_pipes_are_rows_without_a_hash(put, take, workspace, tmp_path):
    put("page.jpg", scan())
    (tmp_path / "secret.jpg").write_bytes(scan("secret"))
    (workspace.source / "link.jpg").symlink_to(tmp_path / "secret.jpg")
    os.mkfifo(workspace.source / "pipe.jpg")
    found = take()
    assert [
        (found[name].kind, found[name].status, found[name].reason, found[name].sha256)
        for name in ("link.jpg", "pipe.jpg")
    ] == [
        ("link", "ignored", "link", None),
        ("special", "ignored", "special", None),
    ]


def test_the_same_bytes_again_are_a_duplicate_of_the_first_in_natural_order(put, take):
    for name in ("10.jpg", "9.jpg", "copy/1.jpg"):
        put(name, scan())
    found = take()
    assert {path: (file.status, file.duplicate_of) for path, file in found.items()} == {
        "9.jpg": ("ok", None),
        "10.jpg": ("duplicate", "9.jpg"),
        "copy/1.jpg": ("duplicate", "9.jpg"),
    }


def test_a_duplicate_takes_the_place_of_an_original_that_went(put, take):
    first = put("1.jpg", scan())
    put("2.jpg", scan())
    take()
    first.unlink()
    found = take()
    assert (found["1.jpg"].status, found["2.jpg"].status, found["2.jpg"].duplicate_of) == ("gone", "ok", None)


def test_a_second_run_changes_nothing_and_opens_no_file(put, take, monkeypatch):
    put("21 - Clutch/21-01.jpg", scan())
    put("bad.jpg", b"text")
    put("notes.txt", b"note")
    before = take()
    monkeypatch.setattr("pipeline.stages.inventory.facts_of", None)
    assert take() == before
    assert take.done == 0


def test_a_changed_file_is_looked_at_again_and_its_old_row_kept(put, take, fresh_db):
    put("page.jpg", b"text")
    old = take()["page.jpg"]
    put("page.jpg", scan())
    new = take()["page.jpg"]
    assert (old.status, new.status) == ("unreadable", "ok")
    assert new.file_id != old.file_id


def test_a_vanished_file_is_gone_and_good_again_when_it_returns(put, take):
    put("other.jpg", scan("other"))
    page = put("page.jpg", scan())
    take()
    page.unlink()
    assert take()["page.jpg"].status == "gone"
    put("page.jpg", scan())
    assert take()["page.jpg"].status == "ok"


def with_pair(db, workspace, source):
    file = next(file for file in files.current_files(db, str(workspace.source)) if file.path == source)
    pages.add_page_version(
        db, page_id="p", manual="m", source=source, page_number=None, sort_key="p", file_id=file.file_id,
        identity="i", kind="image", image_sha256="s", image_path=None, width=1, height=1, status="ok",
    )  # fmt: skip
    pairs.add_candidates(
        db, pages.page_by_id(db, "p"), None, "offline", [CandidatePair("Which one?", "This", "factual")]
    )


def status_of_pair(db):
    (pair,) = pairs.pairs_of_page(db, "p")
    return pair.status, pair.reason


def test_pairs_of_a_vanished_file_are_set_aside_and_come_back_with_it(put, take, fresh_db, workspace):
    put("other.jpg", scan("other"))
    page = put("page.jpg", scan())
    take()
    with_pair(fresh_db, workspace, "page.jpg")
    page.unlink()
    take()
    assert status_of_pair(fresh_db) == ("set_aside", "source_gone")
    put("page.jpg", scan())
    take()
    assert status_of_pair(fresh_db) == ("pending", None)


def test_the_sample_is_read_only_while_nothing_else_can_be(put, take, fresh_db, workspace):
    sample = "sample-manual/21 - Clutch/21-01.jpg"
    put(sample, scan())
    put("README.md", b"put your scans here")
    assert take()[sample].status == "ok"
    with_pair(fresh_db, workspace, sample)
    own = put("34 - Brakes/34-01.jpg", scan("34"))
    assert (take()[sample].status, take()[sample].reason) == ("ignored", "sample")
    assert status_of_pair(fresh_db) == ("set_aside", "sample")
    own.unlink()
    assert take()[sample].status == "ok"
    assert status_of_pair(fresh_db) == ("pending", None)


def test_a_scan_equal_to_one_of_the_sample_is_the_user_s_own(put, take):
    put("21 - Clutch/21-01.jpg", scan())
    put("00 sample", b"")
    put("sample-manual/00.jpg", scan())
    found = take()
    assert found["21 - Clutch/21-01.jpg"].status == "ok"
    assert found["sample-manual/00.jpg"].reason == "sample"


def test_the_sample_named_as_the_source_is_read(tmp_path, fresh_db):
    folder = tmp_path / "sample-manual"
    folder.mkdir()
    (folder / "21-01.jpg").write_bytes(scan())
    place = Workspace(tmp_path, folder)
    inventory.run(fresh_db, place, load([])[0], Selection(), Progress.silent())
    assert [file.status for file in files.current_files(fresh_db, str(folder))] == ["ok"]


def test_a_missing_or_empty_folder_stops_with_one_sentence_and_a_hint(tmp_path, fresh_db):
    for name, words in (("nowhere", "there is no source folder"), ("empty", "is empty")):
        (tmp_path / "empty").mkdir(exist_ok=True)
        with pytest.raises(SourceError, match=words) as stop:
            inventory.run(fresh_db, Workspace(tmp_path, tmp_path / name), load([])[0], Selection(), Progress.silent())
        assert "--source" in stop.value.hint


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may open every file")
def test_locked_files_and_folders_are_unreadable(put, take, workspace):
    put("page.jpg", scan())
    put("locked.jpg", scan("locked")).chmod(0)
    put("locked/inside.jpg", scan("inside"))
    (workspace.source / "locked").chmod(0)
    try:
        found = take()
    finally:
        (workspace.source / "locked").chmod(0o700)
    assert (found["locked.jpg"].status, found["locked.jpg"].reason) == ("unreadable", "the file may not be read")
    assert (found["locked/"].status, found["locked/"].reason) == ("unreadable", "the folder may not be read")


def test_names_that_are_no_text_are_escaped(put, take, workspace):
    try:
        put(os.fsdecode(b"caf\xe9.jpg"), scan())
    except OSError:
        pytest.skip("this disk refuses such names")
    assert take()["caf\\xe9.jpg"].status == "ok"


def test_the_corpus_is_sorted_into_pages_and_the_rest(corpus, tmp_path, fresh_db):
    place = Workspace(tmp_path, corpus / "data_src")
    inventory.run(fresh_db, place, load([])[0], Selection(), Progress.silent())
    found = list(files.current_files(fresh_db, str(place.source)))
    assert len(found) == 261
    assert sum(file.status == "ok" and file.kind == "image" for file in found) == 234
    assert {file.path: file.page_count for file in found if file.kind == "pdf"} == {
        "00 - Torque Specs/BMW_Torque_Specs.pdf": 136,
        "Getrag265:5_Rebuild_ShiftBMW.pdf": 25,
    }
    assert [file.path for file in found if file.kind == "html" and file.status == "ok"] == [
        "320is-techspec.html",
        "M3-techspec.html",
    ]
    assert {file.reason for file in found if file.status != "ok"} == {"site_asset", "navigation_html"}
