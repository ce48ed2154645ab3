"""What is promised of duplicates holds on labelled facts that no threshold was fitted on, by meaning and by words."""

import pytest

from tests.labelled_pairs import cosines, labelled, measured, relations

SAME = ("duplicate", "suspected")


def shares(rows, found):
    return measured(rows, [one in SAME for one in found]), measured(rows, [one == "duplicate" for one in found])


def test_by_words_alone_duplicates_are_found_and_none_that_is_distinct():
    rows = labelled("dedup_pairs", "odd")
    found, merged = shares(rows, relations(rows))
    assert found.precision >= 0.95
    assert found.recall >= 0.85
    assert merged.precision >= 0.99
    assert merged.recall >= 0.05


def test_other_machines_and_facts_keep_the_same_precision_by_words():
    rows = labelled("fresh_pairs")
    found, merged = shares(rows, relations(rows))
    assert found.precision >= 0.95
    assert found.recall >= 0.75
    assert merged.precision >= 0.99


@pytest.mark.slow
def test_by_meaning_duplicates_are_found_where_plain_cosine_fails(embeddings):
    rows = labelled("dedup_pairs", "odd")
    likeness = cosines(rows, embeddings)
    found, merged = shares(rows, relations(rows, likeness))
    assert found.precision >= 0.95
    assert found.recall >= 0.85
    assert merged.precision >= 0.99
    assert merged.recall >= 0.25
    plain = measured(rows, [likeness(row) >= 0.9 for row in rows])
    assert plain.precision < 0.6
