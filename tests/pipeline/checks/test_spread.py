"""Which pairs stay where a page has too many."""

from pipeline.checks.spread import Proposed, proposed, spread

TOP, BOTTOM = (0, 0), (7, 1)


def test_all_stay_where_there_is_room():
    assert spread([Proposed("factual", TOP)] * 3, 3) == [0, 1, 2]


def test_only_the_kind_that_dominates_is_cut_and_its_best_stay():
    pairs = [Proposed("factual", TOP)] * 8 + [Proposed("safety", TOP), Proposed("factual", BOTTOM)]
    assert spread(pairs, 5) == [0, 1, 2, 8, 9]


def test_where_there_are_more_kinds_than_room_the_best_kinds_stay():
    pairs = [Proposed(kind, TOP) for kind in ("factual", "safety", "tool")]
    assert spread(pairs, 2) == [0, 1]
    assert spread(pairs, 0) == spread(pairs, -3) == []


def test_the_place_is_that_of_the_first_box_and_none_without():
    assert proposed("factual", []) == Proposed("factual", None)
    assert proposed("factual", [(0.6, 0.9, 1.0, 1.0), (0, 0, 1, 1)]).place == BOTTOM
    assert proposed("factual", [(0.0, 0.0, 0.1, 0.01)]).place == TOP
    assert proposed("factual", [(1.0, 1.0, 1.0, 1.0)]).place == BOTTOM
