"""Every view can be used by everyone: axe finds nothing serious, all works by keyboard, the focus shows."""

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from pipeline.checks.risk import SHIPPED, as_json
from review_db import jobs, risk_models
from review_db.connection import open_review_db
from tests.app.seeded import seeded_workspace
from tests.app.server import running_app
from tests.end_to_end.reviewer import SIZES, Reviewer, sits_down
from tests.stored import decide

pytestmark = pytest.mark.browser

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
RUN_AXE = "() => axe.run(document, {resultTypes: ['violations']}).then((found) => found.violations)"
PANELS = {"l": "context", "i": "guidelines", "h": "history", "q": "choices", "/": "search"}
SEVERE = ("serious", "critical")
TABS = 45
FOCUS = """() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  if (!at || at === document.body) return null;
  const style = getComputedStyle(at);
  const box = at.getBoundingClientRect();
  const ring = parseFloat(style.outlineWidth) > 0 && style.outlineStyle !== 'none';
  return { name: at.dataset.do ?? at.dataset.pair ?? at.tagName, shown: box.width > 0 && box.height > 0,
    ring: ring || style.boxShadow !== 'none', ours: Boolean(at.getRootNode().host) };
}"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pages with pairs, one of them approved, and a job that failed."""
    made = tmp_path_factory.mktemp("accessible")
    seeded = seeded_workspace(made, page_count=40, pairs_per_page=4)
    assert decide(seeded.db, seeded.pair_ids[-2], "approve", revision=1).ok
    jobs.finish(seeded.db, jobs.ask(seeded.db, "regenerate", {"page_id": "21-01"}, "ana"), "failed", "no credit left")
    estimated = jobs.ask(seeded.db, "estimate", {"sections": []}, "ana")
    row = {"engine": "offline", "pages": 7, "calls": 0, "usd": 0.0, "most_usd": 0.0}
    jobs.finish(seeded.db, estimated, "done", None, {"engines": [row], "usable": ["offline"]})
    fit = {
        "judged": 50,
        "faulty": 20,
        "learned": False,
        "auc": 0.7,
        "brier": 0.2,
        "precision": {"0.1": 0.8, "0.3": 0.6},
    }
    bins = [[0.1, 0.2, 30, 0.15, 0.2], [0.6, 0.7, 20, 0.65, 0.7]]
    risk_models.record(seeded.db, as_json(SHIPPED), fit | {"reliability": bins})
    seeded.db.close()
    return made


@pytest.fixture(scope="module")
def address(root: Path) -> Iterator[str]:
    with running_app(root) as running:
        yield running


def severe(page: Page, where: str) -> list[str]:
    """What axe finds on the page as it stands, worth a person's while."""
    page.wait_for_timeout(250)  # colours that fade in would be measured half-way
    return [
        f"{where}: {found['id']} ({found['impact']}) {node['target']} {node.get('failureSummary', '')[:160]}"
        for found in page.evaluate(RUN_AXE)
        if found["impact"] in SEVERE
        for node in found["nodes"]
    ]


def states_of_the_review(me: Reviewer) -> Iterator[str]:
    """Bring the review into each of its states, by keyboard alone."""
    expect(me.root.locator("[data-overlay=name]")).to_be_visible()
    yield "name"
    me.page.keyboard.type("ana")
    me.page.keyboard.press("Enter")
    me.waits_for(state="ready")
    yield "ready"
    me.presses("x")
    yield "reasons"
    me.page.keyboard.press("9")
    yield "reason in words"
    me.page.keyboard.press("Escape")
    me.presses("e")
    me.waits_for(state="editing")
    me.page.keyboard.type(" and 99 Nm")
    expect(me.root.locator("[data-diff] ins").first).to_be_visible()
    yield "editing"
    me.page.keyboard.press("Escape")
    me.presses("m")
    me.waits_for(state="editing")
    yield "new pair"
    me.page.keyboard.press("Escape")
    me.presses("o", "b")
    expect(me.root.locator("[data-drawing-bar]")).to_be_visible()
    yield "drawing"
    me.page.keyboard.press("Escape")
    me.root.locator("[data-why] summary").focus()
    me.page.keyboard.press("Enter")
    yield "reasons of the risk"
    me.presses("h")
    expect(me.root.locator("[data-history-rows] > li").first).to_be_visible()
    yield "history"
    me.page.keyboard.press("Escape")
    me.presses("?")
    yield "help"
    me.page.keyboard.press("Escape")
    me.presses("g")
    expect(me.root.locator("[data-regenerate]")).to_be_visible()
    yield "regenerate"
    for key, panel in PANELS.items():
        me.page.keyboard.press("Escape")
        me.presses(key)
        expect(me.root.locator(f"[data-overlay={panel}]")).to_be_visible()
        yield panel
    me.page.keyboard.press("Escape")
    me.presses("b")
    yield "drawing"
    me.page.keyboard.press("Escape")
    me.presses("m")
    me.waits_for(state="editing")
    yield "new pair"
    me.page.keyboard.press("Escape")
    me.waits_for(state="ready")
    me.moves_on("a")
    me.presses("k")
    expect(me.root.locator("[data-decided]")).to_be_visible()
    yield "decided"


def conflict(me: Reviewer, root: Path) -> None:
    """Someone else decides what is on the screen, then this person does."""
    me.presses("n")
    me.waits_for(state="ready")
    me.looks()
    db = open_review_db(root / "review_db" / "review.sqlite")
    assert decide(db, me.seen("pair-id"), "reject", reviewer="ben", revision=1, reason="wrong_unit").ok
    db.close()
    me.presses("a")
    me.waits_for(state="conflict")


@pytest.mark.parametrize(("scheme", "size"), [("light", "1440x900"), ("dark", "390x844")])
def test_axe_finds_nothing_serious_in_any_view(browser, root, address, scheme, size):
    me = sits_down(browser, address, size=SIZES[size], scheme=scheme, script=AXE)
    found = [each for state in states_of_the_review(me) for each in severe(me.page, f"review {state}")]
    conflict(me, root)
    found += severe(me.page, "review conflict")
    for view in (
        "?pair=html-techspec-q01",
        "pages",
        "pages?page=21-01",
        "pages?check=1",
        "run",
        "bulk",
        "quality",
        "export",
        "jobs",
    ):
        me.page.goto(f"{address}/{view}")
        me.page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(timeout=20_000)
        me.page.locator(".mq:visible").first.wait_for(timeout=20_000)
        found += severe(me.page, view)
        me.shows(f"axe_{view.strip('?').replace('?', '_')}_{size}_{scheme}")
    me.page.context.close()
    assert not found, "\n".join(found)


def test_axe_finds_nothing_serious_where_nothing_is_there_yet(browser, tmp_path):
    open_review_db(tmp_path / "review_db" / "review.sqlite").close()
    with running_app(tmp_path) as address:
        me = sits_down(browser, address, "?reviewer=ana", script=AXE)
        me.waits_for(state="empty")
        found = severe(me.page, "review empty")
        for view in ("pages", "run", "quality"):
            me.page.goto(f"{address}/{view}")
            me.page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(timeout=20_000)
            found += severe(me.page, f"{view} empty")
        me.page.context.close()
    assert not found, "\n".join(found)


def test_tab_reaches_every_control_and_the_focus_shows_and_a_new_pair_is_announced(browser, address):
    me = sits_down(browser, address, "?reviewer=cleo&pair=21-04-q01")
    me.waits_for(state="ready", pair_id="21-04-q01")
    announced = me.root.locator("[data-announce]")
    expect(announced).to_have_text(me.root.locator("[data-question]").inner_text())
    me.root.locator("[data-scan]").focus()
    stops = []
    for _ in range(TABS):
        stops.append(me.page.evaluate(FOCUS))
        me.page.keyboard.press("Tab")
    ours = [stop for stop in stops if stop and stop["ours"]]
    assert [stop for stop in ours if not (stop["ring"] and stop["shown"])] == []
    reached = {stop["name"] for stop in ours}
    buttons = me.root.locator("[data-do]:visible:not([disabled])")
    wanted = {button.get_attribute("data-do") for button in buttons.all()}
    assert wanted - reached <= {"rename"}  # the name stands before the scan
    me.root.locator("[data-do=approve]").focus()
    me.looks()
    me.page.keyboard.press("Enter")
    me.waits_for(saved=1)
    expect(announced).to_have_text(me.root.locator("[data-question]").inner_text())
    expect(me.root.locator("[data-pace]")).to_contain_text("1")
    me.page.context.close()
