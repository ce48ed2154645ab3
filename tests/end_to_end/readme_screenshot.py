"""Makes the README's picture: the review page on the sample manual. `python -m tests.end_to_end.readme_screenshot`."""

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.app.server import running_app
from tests.browser import find_browser, launch_arguments
from tests.sample_run import listed, run_on_sample

PICTURE = Path(__file__).resolve().parents[2] / "app" / "screenshot.jpg"
SIZE = {"width": 1440, "height": 900}
CONTENT = ("specification", "procedure")


def pair_to_show(workspace: Path) -> str:
    """A pair whose page has several supported ones, with a value for an answer."""
    kinds = {page["page_id"]: page["content_type"] for page in listed(workspace, "pages")}
    shown = [
        pair
        for pair in listed(workspace, "pairs")
        if pair["status"] == "pending"
        and pair["evidence"]["verdict"] == "supported"
        and len(pair["evidence"]["boxes"]) == 1
        and kinds[pair["page_id"]] in CONTENT
        and " Nm" in pair["answer"]
    ]
    return shown[len(shown) // 2]["pair_id"]


def picture_of(address: str, pair_id: str) -> Image.Image:
    """What a reviewer sees when the pair is open and its scan is drawn."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=launch_arguments())
        page = browser.new_page(viewport=SIZE)
        page.goto(f"{address}/?reviewer=ana&pair={pair_id}")
        page.locator(f"[data-testid=review][data-pair-id='{pair_id}']").wait_for(timeout=30_000)
        page.wait_for_timeout(1500)
        taken = Image.open(io.BytesIO(page.screenshot()))
        browser.close()
    return taken.convert("RGB")


def main() -> int:
    """Read the sample, open the app and store the picture."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = run_on_sample(Path(folder))
        with running_app(workspace) as address:
            picture_of(address, pair_to_show(workspace)).save(PICTURE, quality=88, optimize=True)
    print(PICTURE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
