"""A loopback service that the environment points at."""

from collections.abc import Iterator
from pathlib import Path

import pytest

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
