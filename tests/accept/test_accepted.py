"""The technician's sheet: which pairs are drawn, and how verdicts are counted."""

from pathlib import Path

import pytest

from review_db.records import CandidatePair
from tests.accept.accepted import _row, verdicts
from tests.accept.sheet import Drawn, drawn_from


def pair(text):
    return CandidatePair(f"What is {text}?", text, "factual", text, ())


@pytest.fixture
def twenty_pages():
    return {f"page {n}": [pair(f"fact {n}.{m}") for m in range(8)] for n in range(20)}


def keys(pages, seed):
    return [item.key for item in drawn_from(pages.items(), Path("corpus"), seed)]


def test_a_page_gives_three_pairs_and_another_seed_draws_others(twenty_pages):
    assert len(keys(twenty_pages, seed=1)) == 60
    assert set(keys(twenty_pages, seed=1)) != set(keys(twenty_pages, seed=2))


def test_a_pair_that_an_engine_adds_leaves_the_rest_of_the_sheet_as_it_was(twenty_pages):
    before = set(keys(twenty_pages, seed=1))
    twenty_pages["page 7"].append(pair("a new fact"))
    assert len(set(keys(twenty_pages, seed=1)) - before) <= 1


def test_a_pair_without_a_verdict_is_not_accepted(tmp_path):
    drawn = [Drawn("page", Path("page.jpg"), pair(text)) for text in ("one", "two", "three", "four")]
    file = tmp_path / "verdicts.jsonl"
    lines = [f'{{"key": "{drawn[0].key}", "verdict": "accept"}}', f'{{"key": "{drawn[1].key}", "verdict": "trivial"}}']
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    row = _row(5, drawn, verdicts(file))
    assert row.value == 0.25
    assert "2 not judged yet" in row.name
