"""The database of the workspace."""

from collections.abc import Iterator

import pytest

from pipeline.workspace import Workspace
from review_db.connection import Database, open_review_db


@pytest.fixture
def fresh_db(workspace: Workspace) -> Iterator[Database]:
    """The workspace's own database, where a run looks for it."""
    db = open_review_db(workspace.database)
    yield db
    db.close()
