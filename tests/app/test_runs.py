"""A lead's way to a run: scans added, the estimate seen, one run started, never two."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from app import runs
from app.actions import WorkerStarter
from review_db import facts, files, jobs
from review_db.connection import Database
from review_db.records import SourceFile

ESTIMATE = {
    "engines": [
        {"engine": "offline", "pages": 12, "calls": 0, "usd": 0.0, "most_usd": 0.0},
        {"engine": "claude", "pages": 12, "calls": 24, "usd": 0.4321, "most_usd": 1.5},
    ],
    "usable": ["offline", "claude"],
}


@pytest.fixture
def db(fresh_db: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A workspace whose jobs wait: no worker is started."""
    monkeypatch.setenv("MANUALQA_WORKSPACE", str(tmp_path))
    monkeypatch.setattr("app.actions._start", lambda where: None)
    monkeypatch.setattr("app.actions._starter", WorkerStarter())
    return fresh_db


def estimated(db: Database, *sections: str) -> int:
    job = runs.ask_estimate(db, sections, "ana")
    jobs.claim(db, "w")
    jobs.finish(db, job, "done", None, ESTIMATE)
    return job


def scan(name: str = "21-01.jpg") -> tuple[str, io.BytesIO]:
    made = io.BytesIO()
    Image.new("RGB", (40, 30)).save(made, "JPEG")
    return name, made


def test_a_run_may_start_only_once_its_own_estimate_is_there(db):
    assert not runs.may_start(db, ())
    assert runs.ask_run(db, runs.Choice(), "ana") is None
    estimated(db, "21 - Clutch")
    assert not runs.may_start(db, ())  # the estimate was for something else
    assert runs.may_start(db, ("21 - Clutch",))


def test_the_run_carries_what_was_chosen_and_a_second_click_starts_no_second_one(db):
    estimated(db, "21 - Clutch")
    choice = runs.Choice(("21 - Clutch",), "claude", 2.5)
    job = jobs.job_by_id(db, runs.ask_run(db, choice, "ana"))
    assert (job.kind, job.requested_by) == ("run", "ana")
    assert job.payload == {"sections": ["21 - Clutch"], "engine": "claude", "budget_usd": 2.5}
    assert runs.ask_run(db, choice, "ben") is None
    assert [each.kind for each in jobs.recent(db)].count("run") == 1


def test_an_upload_or_a_run_makes_an_estimate_old(db):
    estimated(db)
    assert runs.may_start(db, ())
    assert runs.add_scans(db, "21 - Clutch", [scan()]) == ["Added 21 - Clutch/21-01.jpg."]
    assert not runs.may_start(db, ())
    estimated(db)
    run = runs.ask_run(db, runs.Choice(), "ana")
    jobs.finish(db, run, "done", None, {})
    assert not runs.may_start(db, ())


def test_every_upload_gets_a_sentence_and_a_refused_one_stops_no_other(db, tmp_path):
    said = runs.add_scans(db, "", [("notes.txt", io.BytesIO(b"x")), scan("a.jpg"), ("b.jpg", io.BytesIO(b""))])
    assert said == [
        "Not added: notes.txt is no scan. JPEG, PNG, TIFF, WebP, BMP, GIF, PDF and HTML are read.",
        "Added a.jpg.",
        "Not added: b.jpg is empty. Copy it from the scanner again.",
    ]
    assert [path.name for path in (tmp_path / "data_src").iterdir()] == ["a.jpg"]


def test_scans_go_to_the_folder_that_runs_read_unless_it_is_the_sample_itself(db, tmp_path):
    facts.remember_fact(db, facts.SOURCE_ROOT, str(tmp_path / "elsewhere"))
    runs.add_scans(db, "", [scan("a.jpg")])
    assert (tmp_path / "elsewhere" / "a.jpg").is_file()
    facts.remember_fact(db, facts.SOURCE_ROOT, str(tmp_path / "sample-manual"))
    (said,) = runs.add_scans(db, "", [scan("a.jpg")])
    assert said.startswith("Nothing was added")


def test_sections_are_folders_with_readable_files_and_new_folders_but_no_links(db, tmp_path):
    source = tmp_path / "data_src"
    for name in ("21 - Clutch", "33 - Axle", ".git", "sample-manual"):
        (source / name).mkdir(parents=True)
    (source / "link").symlink_to(tmp_path)
    for path, status in (("z/11 - Engine/a.jpg", "ok"), ("icons/b.png", "ignored"), ("loose.jpg", "ok")):
        files.record_file(db, str(source), SourceFile(path, "image", path, 1, 1, status))
    assert runs.sections(db) == ["11 - Engine", "21 - Clutch", "33 - Axle"]


def test_the_estimate_is_told_for_each_reader_and_only_usable_ones_are_offered(db):
    job = jobs.job_by_id(db, estimated(db))
    assert runs.estimate_rows(job) == [
        ["Built-in reader (free, no key)", 12, 0, "free", "free"],
        ["Claude (answers at once)", 12, 24, "$0.43", "$1.50"],
    ]
    assert runs.usable_engines(job) == ["offline", "claude"]
    assert runs.pages_due(job) == 12
