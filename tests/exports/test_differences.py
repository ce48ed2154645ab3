"""Between two releases every pair that came, went, changed or moved is named, with what it was and what it is."""

import json

import pytest

from pipeline.cli import main
from review_db import duplicates, pairs
from tests.exports.shelf import a_scan, approved, fill, open_shelf, splits_of
from tests.stored import decide


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Two releases: one pair rejected, one edited, three added, one page moved to training."""
    shelf = open_shelf(tmp_path_factory.mktemp("shelf"))
    made = fill(shelf, 12, 3)
    first = splits_of(shelf.export().path)
    held, trains = min(first["validation"]), sorted(first["train"])
    one, other = (pairs.pairs_of_page(shelf.db, page_id)[0] for page_id in (held, trains[0]))
    duplicates.link(shelf.db, one.pair_key, other.pair_key, "duplicate", ["test"])
    decide(shelf.db, f"{trains[1]}-q01", "reject", revision=1, reason="1", redecide=True)
    decide(shelf.db, f"{trains[1]}-q02", "edit", revision=1, answer="26 Nm\nat last", redecide=True)
    approved(shelf, a_scan(shelf, 40, section=1), 3)
    shelf.export(formats=("csv",))
    shelf.db.close()
    return shelf.home, held, trains[1], len(made)


def manualqa(home, *arguments):
    return main([arguments[0], "--workspace", str(home), *map(str, arguments[1:])])


def test_each_kind_of_change_is_found_and_nothing_else(home, capsys):
    folder, held, page, _ = home
    assert manualqa(folder, "diff", "1", "latest", "--jsonl") == 0
    captured = capsys.readouterr()
    found = {row["pair_id"]: row for row in map(json.loads, captured.out.splitlines())}
    assert sum(row["changes"] == ["added"] for row in found.values()) == 3
    assert found[f"{page}-q01"]["changes"] == ["removed"]
    assert found[f"{page}-q01"]["after"] is None
    edited = found[f"{page}-q02"]
    assert (edited["changes"], edited["fields"]) == (["changed"], ["answer"])
    assert (edited["before"]["answer"], edited["after"]["answer"]) == (f"11 Nm at {page}", "26 Nm\nat last")
    moved = [pair_id for pair_id, row in found.items() if row["changes"] == ["moved"]]
    assert moved == [f"{held}-q0{number}" for number in (1, 2, 3)]
    assert len(found) == 8
    assert captured.err.endswith("3 added, 1 removed, 1 changed, 3 moved\n")


def test_people_read_both_texts(home, capsys):
    folder, held, page, _ = home
    assert manualqa(folder, "diff", "release-0001", folder / "exports/releases/release-0002") == 0
    out = capsys.readouterr().out
    assert f"changed: {page}-q02 (train)\n  - answer: 11 Nm at {page}\n  + answer: 26 Nm at last\n" in out
    assert f"moved: {held}-q01 (validation -> train)\n" in out


def test_a_release_is_the_same_as_itself_and_a_name_that_is_none_is_refused(home, capsys):
    folder, *_ = home
    assert manualqa(folder, "diff", "2", "latest") == 0
    assert capsys.readouterr().out == ""
    assert manualqa(folder, "diff", "2", "7") == 1
    assert "there is no release '7'" in capsys.readouterr().err


def test_releases_are_listed_with_their_counts(home, capsys):
    folder, _, _, pages = home
    assert manualqa(folder, "releases", "--jsonl") == 0
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["release"], first["pairs"], first["state"]) == ("release-0001", 3 * pages, "here")
    assert (second["formats"], second["pairs"]) == (["csv"], 3 * pages + 2)
    assert manualqa(folder, "releases") == 0
    assert "release-0002" in capsys.readouterr().out
