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
PAINTED = "image => image.decode().then(() => new Promise((done) => requestAnimationFrame(() => done(true))))"


def cold_start(browser: Browser, root: Path) -> tuple[float, float]:
    """Seconds until the server answers, and until the first pair is painted."""
    began = time.perf_counter()
    process, address = start_app(root)
    try:
        answers = time.perf_counter() - began
        page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        page.goto(f"{address}/?reviewer=bench")
        page.locator("[data-testid=review][data-state=ready]").wait_for(timeout=60_000)
        page.locator("[data-stage] img").evaluate(PAINTED)
        painted = time.perf_counter() - began
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
