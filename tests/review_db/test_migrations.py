"""Databases of earlier versions open with everything that they held."""

import pytest
from sqlite_utils import Database

from review_db import index_links, migrations, pages
from review_db.connection import open_review_db


@pytest.fixture
def before(tmp_path, monkeypatch):
    """Make a database as it was before a step of the schema: `before("0004", script)`."""

    def make(step, script):
        schema = tmp_path / "schema"
        schema.mkdir()
        for file in sorted(migrations.SCHEMA.glob("*.sql")):
            if file.name < step:
                (schema / file.name).write_bytes(file.read_bytes())
        path = tmp_path / "review.sqlite"
        with monkeypatch.context() as patch:
            patch.setattr(migrations, "SCHEMA", schema)
            open_review_db(path).close()
        old = Database(path)
        old.executescript(script)
        old.close()
        return path

    return make


def test_pages_and_index_entries_of_the_version_before_languages_stay(before):
    path = before(
        "0004",
        """
        INSERT INTO manuals (manual_id, name) VALUES (1, 'Book');
        INSERT INTO pages (page_id, manual_id, source, origin, sort_key)
            VALUES ('a', 1, '21 - Clutch/a.jpg', 'scan', 'a');
        INSERT INTO page_versions (page_version_id, page_id, identity, kind, status, created_at)
            VALUES (1, 'a', 'a', 'image', 'ok', '');
        INSERT INTO page_classes (page_version_id, engine, source_type, content_type, is_index, confidence, section_id,
            section_name, title, created_at)
            VALUES (1, 'offline', 'service_manual', 'index', 1, 0.9, '21', 'Clutch', 'T', '');
        INSERT INTO index_entries (page_version_id, position, section_id, code, title, page, engine)
            VALUES (1, 0, '21', '21 00 006', 'Clutch - bleed', '21-1', 'offline');
        """,
    )
    db = open_review_db(path)
    page = pages.page_by_id(db, "a")
    assert (page.title, page.language) == ("T", None)
    assert [entry.title for entry in index_links.linked_entries(db)] == ["Clutch - bleed"]
    db.close()
