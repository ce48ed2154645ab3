"""Backups: whole, checked before they are put back, and a few of them kept."""

import pytest

from review_db import backups
from review_db.connection import open_review_db
from review_db.errors import DamagedDatabaseError, ReviewDbError
from review_db.funnel import pair_counts
from tests.stored import a_page, a_pair


def test_a_backup_put_back_brings_the_pairs_back(fresh_db, tmp_path):
    a_pair(fresh_db, a_page(fresh_db))
    copy = backups.backup(fresh_db, tmp_path / "backups", "manual")
    fresh_db.close()
    (tmp_path / "review.sqlite").write_bytes(b"broken")
    backups.restore(copy, tmp_path / "review.sqlite")
    db = open_review_db(tmp_path / "review.sqlite")
    assert pair_counts(db)["pending"] == 1
    assert (tmp_path / "review.sqlite.replaced").read_bytes() == b"broken"
    db.close()


def test_a_damaged_backup_is_not_put_back(fresh_db, tmp_path):
    copy = backups.backup(fresh_db, tmp_path / "backups", "manual")
    copy.write_bytes(copy.read_bytes()[:5000])
    with pytest.raises(DamagedDatabaseError, match="damaged"):
        backups.restore(copy, tmp_path / "review.sqlite")
    with pytest.raises(ReviewDbError, match="no file"):
        backups.restore(tmp_path / "none", tmp_path / "review.sqlite")


def test_the_newest_ten_backups_are_kept(fresh_db, tmp_path):
    for _ in range(12):
        backups.backup(fresh_db, tmp_path / "backups", "manual")
    names = sorted(path.name for path in (tmp_path / "backups").iterdir())
    assert len(names) == 10
    assert names[-1] == "review-manual-0012.sqlite"


def test_each_backup_before_a_schema_step_is_made_by_opening(tmp_path, monkeypatch):
    from review_db import migrations

    path = tmp_path / "review.sqlite"
    open_review_db(path).close()
    schema = tmp_path / "schema"
    schema.mkdir()
    for file in migrations.SCHEMA.glob("*.sql"):
        (schema / file.name).write_bytes(file.read_bytes())
    (schema / "9000_more.sql").write_text("CREATE TABLE more (x INTEGER) STRICT;\n", encoding="utf-8")
    monkeypatch.setattr(migrations, "SCHEMA", schema)
    open_review_db(path).close()
    assert [file.name for file in (tmp_path / "backups").iterdir()] == ["review-before-9000_more-0001.sqlite"]
