"""Databases as an earlier version of the schema left them."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from review_db import migrations
from review_db.connection import Database, open_review_db

Without = Callable[[str], AbstractContextManager[Database]]


@pytest.fixture
def database_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Without:
    """`with database_without("0007_risk") as db`: tmp_path/review.sqlite before this step of the schema was added."""

    @contextmanager
    def opened(step: str) -> Iterator[Database]:
        older = tmp_path / "schema"
        older.mkdir()
        for file in migrations.SCHEMA.glob("*.sql"):
            if file.stem != step:
                (older / file.name).write_bytes(file.read_bytes())
        with monkeypatch.context() as patched:
            patched.setattr(migrations, "SCHEMA", older)
            db = open_review_db(tmp_path / "review.sqlite")
            yield db
            db.close()

    return opened
