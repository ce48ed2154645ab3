"""From approved pairs to a dataset on the Hub, all in the app: look, write a release, look again, publish."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from exports.verify import verify
from review_db import decisions, jobs
from review_db.records import DecisionRequest, Evidence, Finding, Job
from tests.app.seeded import Seeded, seeded_workspace
from tests.app.server import running_app
from tests.doubles.hub.server import TOKEN, HubDouble
from tests.end_to_end.reviewer import SIZES, sits_down

pytestmark = pytest.mark.browser
NAME = "me/torques"
SCHEMES = ("light", "dark")


@pytest.fixture
def seeded(tmp_path: Path) -> Iterator[Seeded]:
    """Two pages whose pairs are approved, but for the last of each page, and an approved sheet."""
    made = seeded_workspace(tmp_path, page_count=2)
    chosen = [pair_id for number, pair_id in enumerate(made.pair_ids) if number % 4 != 3]
    requests = [DecisionRequest(f"u-{each}", "approve", "ana", pair_id=each, revision=1) for each in chosen]
    assert all(
        done.ok for done in decisions.apply_decisions(made.db, requests, lambda *_: Finding(Evidence("supported")))
    )
    yield made
    made.db.close()


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HubDouble]:
    with HubDouble(tmp_path / "hub.jsonl").running() as double:
        monkeypatch.setenv("HF_ENDPOINT", double.url)
        monkeypatch.setenv("HF_TOKEN", TOKEN)
        yield double


def ended(seeded: Seeded, kind: str, count: int) -> Job:
    """The newest job of a kind once `count` of them have ended."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found = [job for job in jobs.recent(seeded.db) if job.kind == kind]
        if len(found) == count and found[0].state not in ("queued", "running"):
            return found[0]
        time.sleep(0.2)
    raise AssertionError(f"the {kind} did not end")


def test_a_newcomer_writes_a_release_and_publishes_it(browser, seeded, hub):
    with running_app(seeded.root) as address:
        me = sits_down(browser, address, "?reviewer=ana")
        page = me.page
        page.get_by_role("link", name="Export", exact=True).click()
        expect(page.locator(".records li")).to_have_count(5, timeout=20_000)
        expect(page.locator(".records img").first).to_be_visible()
        page.locator(".records summary").first.click()
        expect(page.locator(".records pre").first).to_contain_text("conversations")
        me.shows("export-first")

        page.get_by_role("button", name="Write the release").click()
        release = ended(seeded, "export", 1)
        expect(page.get_by_text(str(release.result["path"]))).to_be_visible(timeout=20_000)
        assert verify(Path(str(release.result["path"]))) == []

        page.get_by_label("Repository", exact=True).fill(NAME)
        page.get_by_label("Repository", exact=True).press("Enter")
        page.get_by_role("button", name="Look first").click()
        assert ended(seeded, "publish", 1).state == "done"
        expect(page.get_by_text("would be created, private")).to_be_visible(timeout=20_000)
        assert hub.repositories == {}
        me.shows("export-look")

        page.get_by_role("button", name="Publish", exact=True).click()
        sent = ended(seeded, "publish", 2)
        assert (sent.state, sent.requested_by) == ("done", "ana")
        expect(page.get_by_role("link", name="Open it on the Hub")).to_have_attribute(
            "href", f"{hub.url}/datasets/{NAME}", timeout=20_000
        )
        repository = hub.repositories[NAME]
        assert repository.private
        assert repository.tags == {sent.result["tag"]: repository.branches["main"]}
        assert (me.foreign, me.errors) == ([], [])
        if os.environ.get("MANUALQA_SCREENSHOTS"):
            for_people(browser, address)


def for_people(browser: Browser, address: str) -> None:
    """The whole view at every size and in both schemes."""
    for size, pixels in SIZES.items():
        for scheme in SCHEMES:
            me = sits_down(browser, address, "?reviewer=ana", size=pixels, scheme=scheme)
            me.page.goto(f"{address}/export")
            me.page.locator(".records li").first.wait_for(timeout=20_000)
            me.page.set_viewport_size({"width": pixels[0], "height": 2600})
            me.page.wait_for_timeout(800)
            me.shows(f"export-{size}-{scheme}")
            me.page.context.close()
