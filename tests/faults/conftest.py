"""The double, a nursery of children that pay it, and a fresh workspace for each test."""

import os
import tempfile
from pathlib import Path

import pytest

from pipeline import pacing
from review_db.connection import open_review_db
from tests.asking import answer
from tests.doubles.claude.server import KEY, ClaudeDouble
from tests.faults.nursery import Nursery, a_nursery
from tests.faults.paid_children import PAGE
from tests.stored import a_page

MEMORY = "/dev/shm"


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    """The double, one for all."""
    with ClaudeDouble(tmp_path_factory.mktemp("double") / "bill.jsonl", answer, hang_seconds=30).running() as double:
        yield double


@pytest.fixture(scope="module")
def shared_nursery(service):
    with a_nursery(service.url, KEY) as nursery:
        yield nursery


@pytest.fixture
def double(service, tmp_path, monkeypatch):
    """The double with a bill of this test's own; the environment leads to it."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    monkeypatch.setenv("ANTHROPIC_BASE_URL", service.url)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(pacing, "FIRST_BACKOFF_SECONDS", 0.02)
    service.begin_anew(tmp_path / "bill.jsonl")
    return service


@pytest.fixture
def nursery(shared_nursery, double, tmp_path):
    """The nursery with a fresh database and one page to store pairs for."""
    return at_home_in(shared_nursery, tmp_path)


@pytest.fixture
def nursery_in_memory(shared_nursery, double):
    """The same on a memory disk where there is one: a killed process loses nothing that the disk has yet to write."""
    with tempfile.TemporaryDirectory(dir=MEMORY if os.access(MEMORY, os.W_OK) else None) as folder:
        double.begin_anew(Path(folder) / "bill.jsonl")
        yield at_home_in(shared_nursery, Path(folder))


def at_home_in(nursery: Nursery, folder: Path) -> Nursery:
    db = open_review_db(folder / "review.sqlite")
    a_page(db, PAGE)
    db.close()
    nursery.folder = folder
    return nursery
