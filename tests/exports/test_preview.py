"""The preview is what the export then holds, and writes nothing."""

import pytest

from exports.errors import NothingToExportError
from exports.preview import preview
from review_db.exportable import split_groups
from tests.exports.shelf import SETTINGS, fill, open_shelf
from tests.stored import a_pair


@pytest.fixture
def shelf(tmp_path):
    opened = open_shelf(tmp_path)
    yield opened
    opened.db.close()


def test_the_preview_agrees_with_the_release(shelf):
    (page, *_) = fill(shelf, 9, 4)
    a_pair(shelf.db, page, "Is this one still waiting?", "Yes")
    seen = preview(shelf.db, shelf.cache, SETTINGS)
    assert split_groups(shelf.db) == {}
    assert not shelf.releases.exists()
    counts = shelf.export().counts
    assert (seen.pairs, seen.train, seen.validation) == (
        counts["pairs"],
        counts["train"],
        counts["validation"],
    )
    assert (seen.pages, seen.images, seen.left_out) == (counts["pages"], counts["images"], counts["left_out"])
    assert preview(shelf.db, shelf.cache, SETTINGS).by == seen.by


def test_the_tables_add_up_and_the_first_records_are_shown(shelf):
    fill(shelf, 9, 4)
    seen = preview(shelf.db, shelf.cache, SETTINGS)
    for rows in seen.by.values():
        assert sum(row[3] for row in rows) == seen.pairs
        assert all(train + held == whole for _, train, held, whole in rows)
    assert [record["metadata"]["qa_id"] for record in seen.records[:2]] == [
        "00-00_maintena-q01",
        "00-00_maintena-q02",
    ]


def test_nothing_to_export_says_what_to_do_first(shelf):
    with pytest.raises(NothingToExportError) as caught:
        preview(shelf.db, shelf.cache, SETTINGS)
    assert caught.value.hint
