"""The app's own routes beside the scans: assets by version, and leaving; and the guards before them."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from app import assets, guards, identity, leaving
from app.review.messages import handle
from tests.app.seeded import Seeded, seeded_workspace


@pytest.fixture
def seeded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Seeded]:
    monkeypatch.setenv("MANUALQA_WORKSPACE", str(tmp_path))
    made = seeded_workspace(tmp_path, page_count=2)
    yield made
    made.db.close()


@pytest.fixture
def client() -> TestClient:
    routes = [
        Route("/", lambda request: PlainTextResponse("page")),
        Route("/review-assets/{version}/{name}", assets.asset),
        Route("/review-leave", leaving.leave, methods=["POST"]),
    ]
    middleware = [
        Middleware(guards.HostAllowList, hosts=["manuals.example"]),
        Middleware(guards.SecurityHeaders, policy="default-src 'none'", page_links=assets.preload_header()),
        Middleware(guards.HostConfig),
    ]
    return TestClient(Starlette(routes=routes, middleware=middleware), base_url="http://localhost:8501")


def test_an_asset_of_this_version_is_cached_for_good_and_an_old_one_is_not(client):
    answer = client.get(f"{assets.BASE}screen.js")
    assert answer.headers["content-type"].startswith("text/javascript")
    assert "immutable" in answer.headers["cache-control"]
    assert client.get("/review-assets/older/screen.js").headers["cache-control"] == "no-store"


@pytest.mark.parametrize("name", ["component.py", "..%2fmain.py", "messages.py", "nothing.js"])
def test_nothing_but_the_assets_is_served(client, name):
    assert client.get(f"{assets.BASE}{name}").status_code == 404


def test_every_module_that_a_script_imports_is_an_asset():
    scripts = {name: text.decode() for name, text in assets.SOURCES.items() if name.endswith(".js")}
    imported = {found for text in scripts.values() for found in re.findall(r'from "\./([^"]+)"', text)}
    assert imported <= set(scripts)
    unused = set(scripts) - imported - {"screen.js", "browser.js", "component.js", "browser_component.js"}
    assert not unused


def test_no_script_turns_a_text_into_markup():
    for name, content in assets.FILES.items():
        assert not re.search(rb"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", content), name


def test_the_first_page_names_the_scripts_to_load_ahead(client):
    links = client.get("/").headers["link"]
    assert f"<{assets.BASE}review.js>; rel=modulepreload" in links
    assert all(client.get(address).status_code == 200 for address in re.findall("<(.+?)>", links))
    assert "link" not in client.get(f"{assets.BASE}screen.js").headers


def test_closing_a_tab_frees_its_pages_for_the_others(seeded, client):
    assert handle(seeded.db, {"n": 1, "more": True}, "ana", "tab-1")["queue"]
    assert handle(seeded.db, {"n": 1, "more": True}, "ben", "tab-2")["queue"] == []
    assert client.post("/review-leave", content=json.dumps({"reviewer": "ana", "tab": "guess"})).status_code == 204
    assert handle(seeded.db, {"n": 2, "more": True}, "ben", "tab-2")["queue"] == []
    assert client.post("/review-leave", content=json.dumps({"reviewer": "ana", "tab": "tab-1"})).status_code == 204
    assert handle(seeded.db, {"n": 3, "more": True}, "ben", "tab-2")["queue"]


@pytest.mark.parametrize("body", ["", "no json", "[]", '{"tab": 1}', "x" * 5000])
def test_a_malformed_farewell_does_no_harm(seeded, client, body):
    assert client.post("/review-leave", content=body).status_code == 204


@pytest.mark.parametrize(
    ("host", "code"),
    [
        ("localhost:8501", 200),
        ("127.0.0.1", 200),
        ("[::1]:8501", 200),
        ("MANUALS.example.", 200),
        ("evil.example", 403),
        ("localhost.evil.example", 403),
        ("", 403),
        ("[broken", 403),
    ],
)
def test_only_our_own_host_names_are_answered(client, host, code):
    assert client.get("/", headers={"Host": host}).status_code == code


@pytest.mark.parametrize(
    ("given", "kept"), [("  Ana \t Lima ", "Ana Lima"), ("a\x00b\u202ec", "a b c"), ("x" * 99, "x" * 60), ("", "")]
)
def test_a_name_is_kept_short_and_printable(given, kept):
    assert identity.clean_name(given) == kept
