"""Measure a cold start: from starting the app's process to the first pair painted with its scan in a real browser.

`python -m tests.bench first_page`. The browser is open already and knows nothing of the app; the middle of three starts
counts.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.accept.rows import Row
from tests.app.server import start_app, stop_app
from tests.bench.big_workspace import lent
from tests.browser import find_browser, launch_arguments

STARTS = 3
# The page itself notes the moment: a test that asks from outside looks only every half second.
PROBE = """
const find = (selector) => {
  for (const host of document.querySelectorAll('*')) {
    const found = host.shadowRoot?.querySelector(selector);
    if (found) return found;
  }
  return document.querySelector(selector);
};
window.painted = new Promise((done, failed) => {
  const look = async () => {
    const image = find('[data-testid=review][data-state=ready] [data-stage] img');
    if (!image?.complete || !image.naturalWidth) return requestAnimationFrame(look);
    await image.decode();
    requestAnimationFrame(() => done(Date.now()));
  };
  requestAnimationFrame(look);
  setTimeout(() => failed(new Error('nothing painted in a minute')), 60000);
});
"""


def cold_start(browser: Browser, root: Path) -> tuple[float, float]:
    """Seconds until the server answers, and until the first pair is painted."""
    began = time.time()
    process, address = start_app(root)
    try:
        answers = time.time() - began
        page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        page.add_init_script(PROBE)
        page.goto(f"{address}/?reviewer=bench", wait_until="commit")
        painted = page.evaluate("window.painted") / 1000 - began
        page.context.close()
    finally:
        stop_app(process)
    return answers, painted


def rows() -> list[Row]:
    """The measured figure and its goal."""
    with tempfile.TemporaryDirectory() as folder, lent(Path(folder)) as root, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(find_browser()), args=launch_arguments())
        starts = [cold_start(browser, root) for _ in range(STARTS)]
        browser.close()
    print("answers / painted: " + ", ".join(f"{answers:.2f} / {painted:.2f} s" for answers, painted in starts))
    return [Row("cold start to first pair painted, s", statistics.median(painted for _, painted in starts), "<= 3")]
