"""Measure, in a real browser, the time from a key press to the next pair painted with its decoded scan.

`python tests/bench/key_to_paint.py [PRESSES] [PAGES]` prints p50, p95 and maximum for pairs of the same page and of a
new page, and how many decisions the database holds at the end.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from playwright.sync_api import sync_playwright

from review_db import listings
from tests.app.seeded import seeded_workspace
from tests.app.server import running_app
from tests.browser import find_browser, launch_arguments

BETWEEN_MS = 400
# Runs before the page's own scripts, since the review screen stops the propagation of its keys.
PROBE = """
window.painted = [];
window.addEventListener('keydown', (event) => {
  const find = (selector) => {
    for (const host of document.querySelectorAll('*')) {
      const found = host.shadowRoot?.querySelector(selector);
      if (found) return found;
    }
    return document.querySelector(selector);
  };
  const review = find('[data-testid=review]');
  const before = review.dataset.pairId;
  const page = find('[data-stage] img')?.dataset.page;
  const look = () => {
    const image = find('[data-stage] img');
    if (review.dataset.pairId === before || !image.complete || !image.naturalWidth) requestAnimationFrame(look);
    else requestAnimationFrame((at) => window.painted.push([at - event.timeStamp, image.dataset.page !== page]));
  };
  requestAnimationFrame(look);
}, true);
"""


def measured(presses: int, page_count: int) -> tuple[list[tuple[float, bool]], int]:
    """(milliseconds, whether the page changed) of each press, and the decisions stored."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        seeded = seeded_workspace(Path(folder), page_count=page_count, pairs_per_page=6, with_sheet=False)
        browser = playwright.chromium.launch(executable_path=str(find_browser()), args=launch_arguments())
        with running_app(Path(folder)) as address:
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.add_init_script(PROBE)
            page.goto(f"{address}/?reviewer=bench")
            page.locator("[data-testid=review][data-state=ready]").wait_for(timeout=30_000)
            page.wait_for_timeout(1500)
            for _ in range(presses):
                page.keyboard.press("a")
                page.wait_for_timeout(BETWEEN_MS)
            page.locator("[data-testid=review][data-unsaved='0']").wait_for(timeout=30_000)
            found = page.evaluate("window.painted")
        stored = sum(1 for _ in listings.events(seeded.db))
        seeded.db.close()
        browser.close()
    return [(milliseconds, changed) for milliseconds, changed in found], stored


def main(presses: int = 100, page_count: int = 40) -> None:
    """Print one line for each kind of step."""
    found, stored = measured(presses, page_count)
    for name, wanted in (("same page", False), ("new page", True)):
        times = sorted(milliseconds for milliseconds, changed in found if changed == wanted)
        if len(times) > 1:
            p50, p95 = statistics.median(times), times[int(0.95 * (len(times) - 1))]
            print(f"{name}: n {len(times)}, p50 {p50:.0f} ms, p95 {p95:.0f} ms, max {times[-1]:.0f} ms")
    print(f"pressed {presses}, painted {len(found)}, stored {stored}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
