"""Makes the README's pictures: every view on the sample manual, in the middle of the work.

`python -m tests.end_to_end.readme_screenshot [WORKSPACE]` decides and exports in a workspace in which the sample was
read; without one it reads the sample first. The pictures go to app/screenshots/.
"""

import io
import json
import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from tests.app.server import running_app
from tests.browser import find_browser, launch_arguments
from tests.sample_run import SAMPLE, listed, manualqa

FOLDER = Path(__file__).resolve().parents[2] / "app" / "screenshots"
SIZE = {"width": 1440, "height": 900}
LARGEST_BYTES = 150_000
CONTENT = ("specification", "procedure")
PATIENCE_MS = 60_000
TORQUE = re.compile(r"\d+ ± \d+ Nm ")
REPAIR_CODE = re.compile(r"\b\d\d \d\d \d{3}\b")
BROKEN = re.compile(r"\d \d")
Row = dict[str, Any]


def pair_to_show(workspace: Path) -> str:
    """A torque with its tolerance, supported by one place on the scan."""
    kinds = {page["page_id"]: page["content_type"] for page in listed(workspace, "pages")}
    shown = [row for row in listed(workspace, "pairs") if kinds[row["page_id"]] in CONTENT and reads_well(row)]
    return str(shown[0]["pair_id"])


def reads_well(pair: Row) -> bool:
    """Nothing doubtful in it, and no number that the reading of the scan broke in two."""
    evidence, text = pair["evidence"], REPAIR_CODE.sub("", f"{pair['question']} {pair['answer']}")
    doubtful = evidence["verdict"] != "supported" or len(evidence["boxes"]) != 1 or pair["flags"]
    return (
        pair["status"] == "pending" and not doubtful and bool(TORQUE.match(pair["answer"])) and not BROKEN.search(text)
    )


def decide_some(workspace: Path, shown: str) -> None:
    """Half of the pages are done, with a rejection here and there; the page to be shown is not touched."""
    page = shown.rpartition("-q")[0]
    pairs = [row for row in listed(workspace, "pairs") if row["status"] == "pending" and row["page_id"] != page]
    lines = []
    for number, row in enumerate(pairs[: len(pairs) // 2]):
        verdict = {"verdict": "reject", "reason": "trivial"} if number % 9 == 8 else {"verdict": "approve"}
        lines.append(json.dumps({"pair_id": row["pair_id"], "revision": 1, "reviewer": "ana", **verdict}))
    manualqa(workspace, "decide", "-", input="\n".join(lines) + "\n")


def review(page: Page, address: str, shown: str) -> None:
    """The pair beside its scan."""
    page.goto(f"{address}/?reviewer=ana&pair={shown}")
    page.locator(f"[data-testid=review][data-pair-id='{shown}']").wait_for(timeout=PATIENCE_MS)


def pages(page: Page, address: str, _shown: str) -> None:
    """Thumbnails with what is decided on each."""
    page.goto(f"{address}/pages")
    page.locator(".page-card").first.wait_for(timeout=PATIENCE_MS)


def run(page: Page, address: str, _shown: str) -> None:
    """The estimate is there, the run can be started."""
    page.goto(f"{address}/run")
    page.get_by_role("button", name="Work out what it takes").click(timeout=PATIENCE_MS)
    expect(page.get_by_role("button", name="Start the run")).to_be_enabled(timeout=PATIENCE_MS)


def bulk(page: Page, address: str, _shown: str) -> None:
    """Many pairs at once, after a look at five of them."""
    page.goto(f"{address}/bulk")
    page.locator(".mq").first.wait_for(timeout=PATIENCE_MS)


def export(page: Page, address: str, _shown: str) -> None:
    """A release is written."""
    page.goto(f"{address}/export")
    page.get_by_role("button", name="Write the release").click(timeout=PATIENCE_MS)
    page.get_by_text("Newest release").wait_for(timeout=PATIENCE_MS)


def jobs(page: Page, address: str, _shown: str) -> None:
    """What was asked for, and what became of it."""
    page.goto(f"{address}/jobs")
    page.get_by_role("table").first.wait_for(timeout=PATIENCE_MS)


VIEWS: tuple[Callable[[Page, str, str], None], ...] = (review, pages, run, bulk, export, jobs)


def store(png: bytes, file: Path) -> None:
    """A JPEG as good as it may be without being large."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    for quality in range(88, 40, -4):
        picture.save(file, quality=quality, optimize=True)
        if file.stat().st_size <= LARGEST_BYTES:
            return


def take_all(workspace: Path) -> None:
    """Decide on some pairs, open the app and store a picture of each view."""
    shown = pair_to_show(workspace)
    decide_some(workspace, shown)
    FOLDER.mkdir(exist_ok=True)
    with running_app(workspace) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=launch_arguments())
        page = browser.new_page(viewport=SIZE)
        for view in VIEWS:
            view(page, address, shown)
            page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(timeout=PATIENCE_MS)
            page.evaluate("() => document.querySelector('[data-testid=stMain]').scrollTo(0, 0)")
            page.mouse.move(0, 0)
            page.wait_for_timeout(2500)
            store(page.screenshot(), FOLDER / f"{view.__name__}.jpg")
        browser.close()


def main(given: list[str]) -> int:
    """Read the sample where no workspace is given, and take the pictures."""
    if given:
        take_all(Path(given[0]).resolve())
    else:
        with tempfile.TemporaryDirectory(prefix="manualqa-") as folder:
            shutil.copytree(SAMPLE, Path(folder) / "data_src" / SAMPLE.name)
            manualqa(Path(folder), "run", "--engine", "offline")
            take_all(Path(folder))
    print(FOLDER)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
