"""What stands round a pair, fetched on demand from the real database; the guidelines of the workspace or our own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.review.messages import handle
from review_db import duplicates, index_entries, pages, pairs
from review_db.records import IndexRow, PageClass
from tests.app.seeded import Seeded, seeded_workspace
from tests.stored import a_pair, decide


@pytest.fixture
def seeded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Seeded]:
    monkeypatch.setenv("MANUALQA_WORKSPACE", str(tmp_path))
    made = seeded_workspace(tmp_path)
    yield made
    made.db.close()


def asked(seeded, **wishes):
    return handle(seeded.db, {"n": 1, "tab": "t1", "outbox": [], **wishes}, "ana", "t1")


def test_nothing_round_a_pair_is_sent_unasked(seeded):
    reply = asked(seeded, more=True, open=seeded.pair_ids[0])
    assert "context" not in reply
    assert "guidelines" not in reply


def test_a_pair_comes_with_its_page_and_the_pages_beside_it(seeded):
    second = seeded.page_ids[1]
    here = pairs.pairs_of_page(seeded.db, second)
    for pair in here[1:]:
        decide(seeded.db, pair.pair_id, "approve", revision=1)
    found = asked(seeded, context=here[0].pair_id)["context"]
    assert [each["status"] for each in found["pairs"]] == ["pending", "approved", "approved", "approved"]
    assert found["done"] is False
    assert (found["before"]["id"], found["after"]["id"]) == (seeded.page_ids[0], seeded.page_ids[2])
    assert found["before"]["thumbnail"].startswith("/thumbnail/")
    decide(seeded.db, here[0].pair_id, "reject", revision=1, reason="trivial")
    assert asked(seeded, context=here[0].pair_id)["context"]["done"] is True


def test_the_sheet_at_the_end_is_a_neighbour_with_rows_and_no_scan(seeded):
    last = pairs.pairs_of_page(seeded.db, seeded.page_ids[2])[0]
    found = asked(seeded, context=last.pair_id)["context"]
    assert (found["after"]["scan"], found["after"]["sheet"][1]) == (None, ["Displacement", "2494 cm3"])
    assert asked(seeded, context="html-techspec-q01")["context"]["after"] is None


def test_index_rows_that_name_the_printed_page_are_told(seeded):
    page = pages.page_by_id(seeded.db, seeded.page_ids[0])
    kind = PageClass("offline", "service_manual", "procedure", False, 0.9, "21", "Clutch", "Bleeding", "21-3")
    pages.save_class(seeded.db, page.page_version_id, kind)
    rows = [IndexRow("21 00 006", "Clutch - bleed", "21-3"), IndexRow("21 11 000", "Housing", "21-9")]
    index_entries.replace_index(seeded.db, page.page_version_id, "21", rows, "offline")
    found = asked(seeded, context=seeded.pair_ids[0])["context"]
    assert found["codes"] == [["21 00 006", "Clutch - bleed", "21-3"]]


def test_pairs_alike_come_with_both_crops_conflicts_first(seeded):
    own = pairs.pair_by_id(seeded.db, seeded.pair_ids[0])
    same = pairs.pair_by_id(seeded.db, seeded.pair_ids[5])
    other = a_pair(seeded.db, pages.page_by_id(seeded.db, seeded.page_ids[1]), own.question, "11 Nm")
    duplicates.link(seeded.db, own.pair_key, same.pair_key, "suspected", ["same part"])
    duplicates.link(seeded.db, other.pair_key, own.pair_key, "conflict", ["another number"])
    found = asked(seeded, context=own.pair_id)["context"]
    assert [(each["id"], each["relation"], each["reasons"]) for each in found["alike"]] == [
        (other.pair_id, "conflict", ["another number"]),
        (same.pair_id, "suspected", ["same part"]),
    ]
    assert found["own"]["boxes"]
    assert found["alike"][1]["boxes"]
    assert found["own"]["page"]["scan"] != found["alike"][0]["page"]["scan"]


def test_an_unknown_pair_has_nothing_round_it(seeded):
    assert asked(seeded, context="no-such-pair")["context"] is None


def test_the_workspaces_guidelines_come_before_those_that_ship(seeded):
    assert "What makes a pair good" in asked(seeded, guidelines=True)["guidelines"]
    (seeded.root / "guidelines.md").write_text("# Ours\n", encoding="utf-8")
    assert asked(seeded, guidelines=True)["guidelines"] == "# Ours\n"
