"""A connection that breaks and a server that dies in the middle of the work: nothing lost, nothing decided twice."""

import signal
import time
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

import pytest
from playwright.sync_api import expect

from review_db import listings
from tests.app.seeded import Seeded, seeded_workspace
from tests.app.server import running_app, start_app, stop_app
from tests.end_to_end.reviewer import Reviewer, sits_down

pytestmark = [pytest.mark.faults, pytest.mark.browser]

OFFLINE_SECONDS = 10.0
KEEP_SOCKETS = """
window.sockets = [];
window.WebSocket = class extends WebSocket {
  constructor(...given) { super(...given); window.sockets.push(this); }
};
"""
VERDICTS = {("a",): "approve", ("x", "2"): "reject", ("s",): "skip"}


@pytest.fixture
def seeded(tmp_path: Path) -> Iterator[Seeded]:
    made = seeded_workspace(tmp_path, page_count=12, pairs_per_page=6)
    yield made
    made.db.close()


class Pressed:
    """Decides pair after pair by key and keeps a list of what was pressed, in the order of the events listing."""

    def __init__(self, me: Reviewer) -> None:
        self.me, self.made = me, []
        self._keys = cycle(VERDICTS)

    def decide(self, count: int) -> None:
        """So many decisions, each on the pair that is on the screen."""
        for _ in range(count):
            keys, pair = next(self._keys), self.me.seen("pair-id")
            self.me.presses(*keys)
            expect(self.me.root).not_to_have_attribute("data-pair-id", pair or "", timeout=5_000)
            self.made.append((pair, VERDICTS[keys]))

    def decide_for(self, seconds: float) -> None:
        """As a person does, a decision now and then, until the time is over."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            self.decide(1)
            self.me.page.wait_for_timeout(700)


def stored(seeded: Seeded) -> list[tuple[str, str]]:
    return [(event["pair_id"], event["verdict"]) for event in listings.events(seeded.db)]


def test_ten_seconds_offline_with_the_websocket_closed_lose_nothing(browser, seeded):
    with running_app(seeded.root) as address:
        me = sits_down(browser, address, "?reviewer=ana", script=KEEP_SOCKETS)
        me.waits_for(state="ready")
        pressed = Pressed(me)
        pressed.decide(3)
        me.page.context.set_offline(True)
        assert me.page.evaluate("() => window.sockets.map((socket) => socket.close()).length") > 0
        pressed.decide_for(OFFLINE_SECONDS)
        made_offline = len(pressed.made) - 3
        assert made_offline >= 4
        expect(me.root.locator("[data-saving]")).to_contain_text("Not saved yet")
        assert len(stored(seeded)) <= 3
        me.page.context.set_offline(False)
        pressed.decide(3)
        expect(me.root).to_have_attribute("data-unsaved", "0", timeout=60_000)
        me.waits_for(saved=len(pressed.made))
        assert stored(seeded) == pressed.made
        print(f"offline {OFFLINE_SECONDS:.0f} s: {made_offline} decided, {len(pressed.made)} of all stored once")
        assert me.errors == []


def test_a_server_killed_twice_in_the_middle_of_the_work_loses_nothing(browser, seeded):
    process, address = start_app(seeded.root)
    port = int(address.rsplit(":", 1)[1])
    try:
        me = sits_down(browser, address, "?reviewer=ana")
        me.waits_for(state="ready")
        pressed = Pressed(me)
        for _ in range(2):
            pressed.decide(3)
            process.send_signal(signal.SIGKILL)  # right after a press: its envelope is on the way
            process.wait()
            pressed.decide(3)
            process, _ = start_app(seeded.root, port=port)
            pressed.decide(2)
        expect(me.root).to_have_attribute("data-unsaved", "0", timeout=60_000)
        assert stored(seeded) == pressed.made
        assert len(pressed.made) == 16
        me.page.reload()
        me.waits_for(state="ready", unsaved=0)
        assert stored(seeded) == pressed.made
    finally:
        stop_app(process)
