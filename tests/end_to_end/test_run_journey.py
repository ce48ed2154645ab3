"""A lead's first hour without a command line: add scans, see what they take, start the run, watch, review."""

import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from review_db import funnel, jobs, listings
from review_db.connection import Database, open_review_db
from tests.app.server import running_app
from tests.end_to_end.reviewer import Reviewer, sits_down
from tests.sample_run import SAMPLE, manualqa

pytestmark = pytest.mark.browser

OWN = SAMPLE / "21 - Clutch" / "21-05.jpg"
OF_SAMPLE = "sample-manual/tarn-techspec.html"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace that has read a sheet of the sample."""
    target = tmp_path / "data_src" / OF_SAMPLE
    target.parent.mkdir(parents=True)
    shutil.copy(SAMPLE / target.name, target)
    manualqa(tmp_path, "run", "--engine", "offline")
    return tmp_path


@pytest.fixture
def db(root: Path) -> Iterator[Database]:
    opened = open_review_db(root / "review_db" / "review.sqlite")
    yield opened
    opened.close()


def opens(me: Reviewer, view: str) -> None:
    me.page.get_by_role("link", name=view, exact=True).click()


def ended(db: Database, kind: str):
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        job = next((job for job in jobs.recent(db) if job.kind == kind), None)
        if job and job.state not in ("queued", "running"):
            return job
        time.sleep(0.2)
    raise AssertionError(f"the {kind} did not end")


def test_scans_are_added_estimated_read_and_reviewed_without_a_command_line(browser, root, db, tmp_path):
    assert funnel.pair_counts(db)["pending"] > 0
    notes = tmp_path / "notes.jpg"
    notes.write_text("no scan")
    with running_app(root) as address:
        me = sits_down(browser, address, "?reviewer=lea")
        opens(me, "Run")
        start = me.page.get_by_role("button", name="Start the run")
        expect(start).to_be_disabled(timeout=20_000)
        me.shows("run_fresh")
        me.page.locator("input[type=file]").set_input_files([OWN, notes])
        expect(me.page.get_by_text("notes.jpg").first).to_be_visible(timeout=20_000)
        folder = me.page.get_by_role("combobox", name="Folder")
        folder.fill("21 - Clutch")
        folder.press("Enter")
        me.page.get_by_role("button", name="Add to the source folder").click()
        expect(me.page.get_by_text("Added 21 - Clutch/21-05.jpg.")).to_be_visible(timeout=20_000)
        expect(me.page.get_by_text("Not added: the content of notes.jpg is no image")).to_be_visible()
        assert (root / "data_src" / "21 - Clutch" / "21-05.jpg").read_bytes() == OWN.read_bytes()

        me.page.get_by_role("button", name="Work out what it takes").click()
        assert ended(db, "estimate").state == "done"
        expect(start).to_be_enabled(timeout=20_000)
        me.shows("run_estimated")
        start.click()
        expect(me.page.get_by_text("A run is on its way")).to_be_visible(timeout=20_000)
        opens(me, "Jobs")
        expect(me.page.get_by_role("row", name="run").first).to_be_visible(timeout=20_000)
        me.shows("run_in_jobs")
        run = ended(db, "run")
        assert (run.state, run.message, run.requested_by) == ("done", None, "lea")
        opens(me, "Run")
        expect(me.page.get_by_text("Review the pairs")).to_be_visible(timeout=20_000)
        me.shows("run_done")
        me.page.goto(address)  # in the open review the pair that was looked at would still be there, as set aside
        me.waits_for(state="ready")
        assert (me.seen("pair-id") or "").startswith("21-05")
        assert (me.foreign, me.errors) == ([], [])

    stored = {row["path"]: (row["status"], row["reason"]) for row in listings.files(db, None)}
    assert stored[OF_SAMPLE] == ("ignored", "sample")
    reasons = {(row["source"], row["status"], row["reason"]) for row in listings.pairs(db)}
    assert {each for each in reasons if each[0] == OF_SAMPLE} == {(OF_SAMPLE, "set_aside", "sample")}
    assert {source for source, status, _ in reasons if status == "pending"} == {"21 - Clutch/21-05.jpg"}
