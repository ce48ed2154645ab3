"""Measure, in a real browser, the time from a key press to the next pair painted with its decoded scan.

`python -m tests.bench key_to_paint`: 20,000 pairs on 2,000 real scans, 200 presses 400 ms apart, four approvals on a
page, then N for the next page. A press counts as painted at the frame after the one in which the new pair stands in the
document and its page's image is decoded.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from review_db import listings
from review_db.connection import open_review_db
from tests.accept.rows import Row
from tests.app.server import running_app
from tests.bench.big_workspace import lent
from tests.browser import find_browser, launch_arguments

PRESSES, BETWEEN_MS = 200, 400
KEYS = "aaaan"
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
  const pageOf = (pairId) => pairId.replace(/-q\\d+$/, '');
  const before = review.dataset.pairId;
  const look = async () => {
    const image = find('[data-stage] img');
    const after = review.dataset.pairId;
    if (!after || after === before || image?.dataset.page !== pageOf(after) || !image.complete || !image.naturalWidth) {
      requestAnimationFrame(look);
      return;
    }
    await image.decode();
    requestAnimationFrame(() =>
      window.painted.push([performance.now() - event.timeStamp, pageOf(after) !== pageOf(before)]));
  };
  requestAnimationFrame(look);
}, true);
"""


def press_all(page: Page) -> list[tuple[float, bool]]:
    """(milliseconds, whether the page changed) of each press."""
    page.locator("[data-testid=review][data-state=ready]").wait_for(timeout=60_000)
    page.wait_for_timeout(2000)
    for key in islice(cycle(KEYS), PRESSES):
        page.keyboard.press(key)
        page.wait_for_timeout(BETWEEN_MS)
    page.locator("[data-testid=review][data-unsaved='0']").wait_for(timeout=60_000)
    return [(milliseconds, changed) for milliseconds, changed in page.evaluate("window.painted")]


def rows() -> list[Row]:
    """The measured figures and their goals."""
    with tempfile.TemporaryDirectory() as folder, lent(Path(folder)) as root, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(find_browser()), args=launch_arguments())
        with running_app(root) as address:
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.add_init_script(PROBE)
            page.goto(f"{address}/?reviewer=bench")
            found = press_all(page)
        browser.close()
        db = open_review_db(root / "review_db" / "review.sqlite")
        stored = sum(1 for _ in listings.events(db))
        db.close()
    decisions = sum(key == "a" for key in islice(cycle(KEYS), PRESSES))
    return [
        *_times("same page", [milliseconds for milliseconds, changed in found if not changed]),
        *_times("new page", [milliseconds for milliseconds, changed in found if changed]),
        Row("key presses that painted nothing", PRESSES - len(found), "<= 0"),
        Row("decisions pressed and not stored", abs(decisions - stored), "<= 0"),
    ]


def _times(name: str, times: Sequence[float]) -> list[Row]:
    ordered = sorted(times)
    print(f"{name}: {len(ordered)} presses, most {ordered[-1]:.0f} ms")
    return [
        Row(f"key to next pair painted, {name}, p50, ms", statistics.median(ordered), "<= 30"),
        Row(f"key to next pair painted, {name}, p95, ms", ordered[int(0.95 * (len(ordered) - 1))], "<= 80"),
    ]
