"""A loopback service that the environment points at, and the database of the workspace."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.workspace import Workspace
from review_db.connection import Database, open_review_db
from tests.doubles.claude.answers import answer
from tests.doubles.claude.server import KEY, ClaudeDouble


@pytest.fixture
def double(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ClaudeDouble]:
    """A strict service that knows the sample manual."""
    service = ClaudeDouble(tmp_path / "bill.jsonl", answer)
    with service.running():
        monkeypatch.setenv("ANTHROPIC_BASE_URL", service.url)
        monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        yield service


@pytest.fixture
def fresh_db(workspace: Workspace) -> Iterator[Database]:
    """The workspace's own database, where a run looks for it."""
    db = open_review_db(workspace.database)
    yield db
    db.close()
