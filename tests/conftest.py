"""Fixtures for every test: the corpus, a fresh database, a workspace; no key and no network for anyone."""

import ipaddress
import os
import platform
import shutil
import socket
import sqlite3
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # so that tests can share builders as `tests.…` without becoming a package
os.environ["HF_TOKEN_PATH"] = os.devnull  # read once, when huggingface_hub is imported; so are the next two
os.environ["HF_HUB_DISABLE_XET"] = "1"
os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"

SECRETS = ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_ENDPOINT")
SHOWN_VERSIONS = ("streamlit", "sqlite-utils", "rapidocr", "pillow", "playwright")
LAST = ("faults", "browser", "slow")

os.environ["EMBEDDINGS"] = "0"  # loading them costs many seconds: all tests compare words but those with `embeddings`


def pytest_report_header() -> str:
    """Name the versions that most often explain a difference between two machines."""
    libraries = ", ".join(f"{name} {metadata.version(name)}" for name in SHOWN_VERSIONS)
    return f"ManualQA on {platform.system()}: SQLite {sqlite3.sqlite_version}, {libraries}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the fast set first, so that a slip shows within seconds."""
    items.sort(key=lambda item: [item.get_closest_marker(name) is not None for name in LAST])


def _stays_here(host: object) -> bool:
    if host in (None, "", "localhost", b"localhost"):
        return True
    try:
        address = ipaddress.ip_address(host.decode() if isinstance(host, bytes) else str(host).partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


@pytest.fixture(autouse=True)
def no_secrets_and_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take keys out of the environment and refuse this process any connection that leaves the machine."""
    for name in (*SECRETS, "MANUALQA_WORKSPACE"):
        monkeypatch.delenv(name, raising=False)
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def guarded_connect(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _stays_here(address[0]):
            raise PermissionError(f"a test tried to reach {address[0]}")
        return connect(self, address)

    def guarded_look_up(host, *rest, **options):
        if not _stays_here(host):
            raise PermissionError(f"a test tried to look up {host!r}")
        return look_up(host, *rest, **options)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_look_up)


@pytest.fixture(scope="session")
def corpus() -> Path:
    """Real scans with what is truly on them; a test that needs them is skipped where they are absent."""
    folder = Path(os.environ.get("MANUALQA_CORPUS") or ROOT.parent / "shared" / "corpus").resolve()
    if not (folder / "truth.jsonl").is_file():
        pytest.skip(f"the test corpus is not at {folder} (MANUALQA_CORPUS names its folder)")
    return folder


@pytest.fixture
def embeddings(monkeypatch: pytest.MonkeyPatch) -> object:
    """The embedder; where it was not installed the test is skipped, but never where CI is set."""
    from pipeline.embedder import SWITCH, load_embedder

    monkeypatch.delenv(SWITCH)
    told: list[str] = []
    found = load_embedder(told.append)
    if found is None and os.environ.get("CI"):
        pytest.fail(told[0])
    if found is None:
        pytest.skip(told[0])
    return found


@pytest.fixture(scope="session")
def migrated_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new database file, made once: a copy opens several times as quickly as a new one."""
    from review_db.connection import open_review_db

    file = tmp_path_factory.mktemp("migrated") / "review.sqlite"
    open_review_db(file).close()
    return file


@pytest.fixture
def fresh_db(tmp_path: Path, migrated_database: Path) -> Iterator[object]:
    """An empty, migrated review database on disk."""
    from review_db.connection import open_review_db

    shutil.copyfile(migrated_database, tmp_path / "review.sqlite")
    db = open_review_db(tmp_path / "review.sqlite")
    yield db
    db.close()


@pytest.fixture
def workspace(tmp_path: Path) -> object:
    """A workspace with an empty source folder."""
    from pipeline.workspace import Workspace

    source = tmp_path / "data_src"
    source.mkdir(exist_ok=True)
    return Workspace(root=tmp_path, source=source)


@pytest.fixture(scope="session")
def browser_path() -> Path:
    """An existing Chromium or Chrome; absent, the test is skipped, but never where CI is set."""
    from tests.browser import find_browser

    found = find_browser()
    if found is None and os.environ.get("CI"):
        pytest.fail("no Chromium: `make test` finds or installs one")
    if found is None:
        pytest.skip("no Chromium or Chrome on this machine (`make test` finds or installs one)")
    return found


@pytest.fixture(scope="module")
def browser(browser_path: Path) -> Iterator["Browser"]:
    """One running browser for the journeys of a module."""
    from playwright.sync_api import sync_playwright

    from tests.browser import launch_arguments

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=str(browser_path), args=launch_arguments())
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def sample_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample manual, read once by the whole offline pipeline; a test that decides works on a copy."""
    from tests.sample_run import run_on_sample

    return run_on_sample(tmp_path_factory.mktemp("sample"))
