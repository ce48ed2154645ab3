"""One person at one browser tab: what they press, what they wait for, what they see."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

SCREENSHOTS = Path(os.environ.get("MANUALQA_SCREENSHOTS") or Path(__file__).parent / "out")
SIZES = {"1440x900": (1440, 900), "1920x1080": (1920, 1080), "390x844": (390, 844)}


@dataclass
class Reviewer:
    """One person at one browser tab."""

    page: Page
    foreign: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def root(self):
        return self.page.locator("[data-testid=review]")

    def seen(self, name: str) -> str | None:
        return self.root.get_attribute(f"data-{name}")

    def waits_for(self, **attributes: object) -> None:
        for name, value in attributes.items():
            expect(self.root).to_have_attribute(f"data-{name.replace('_', '-')}", str(value), timeout=20_000)

    def looks(self) -> None:
        """Long enough for a press to count."""
        self.page.wait_for_timeout(220)

    def presses(self, *keys: str) -> None:
        for key in keys:
            self.looks()
            self.page.keyboard.press(key)

    def moves_on(self, *keys: str) -> str:
        """Press keys until another pair is on the screen; gives the pair that was decided."""
        before = self.seen("pair-id")
        for _ in range(8):
            self.presses(*keys)
            try:
                expect(self.root).not_to_have_attribute("data-pair-id", before or "", timeout=700)
                return before or ""
            except AssertionError:
                continue
        raise AssertionError(f"{keys} did not lead on from {before}")

    def shows(self, name: str) -> None:
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.wait_for_timeout(350)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")


def sits_down(
    browser: Browser, address: str, query: str = "", *, size=SIZES["1440x900"], scheme="light", script: str = ""
) -> Reviewer:
    """Open the review in a new browser profile, `script` before its own, and wait for the first pair."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
    reviewer = Reviewer(context.new_page())
    if script:
        reviewer.page.add_init_script(script)
    reviewer.page.on("request", lambda r: _is_ours(r.url, address) or reviewer.foreign.append(r.url))
    reviewer.page.on("websocket", lambda w: _is_ours(w.url, address) or reviewer.foreign.append(w.url))
    reviewer.page.on("pageerror", lambda error: reviewer.errors.append(str(error)))
    reviewer.page.goto(f"{address}/{query}")
    reviewer.page.locator("[data-testid=review][data-state]").wait_for(timeout=30_000)
    return reviewer


def _is_ours(url: str, address: str) -> bool:
    host = address.removeprefix("http://")
    return url.startswith((address, f"ws://{host}", "data:", "blob:"))
