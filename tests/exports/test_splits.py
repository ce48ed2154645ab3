"""Splits never overlap, never move, are even over sections and types, and depend on nothing but seed and pages."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exports.errors import SplitOverlapError
from exports.splits import assign_splits, connected, moved_pages, near_edges, plain_text, refuse_overlap, twin_edges
from review_db.exportable import SuspectedText

PAGES = [f"p{number:03d}" for number in range(60)]
page_lists = st.lists(st.sampled_from(PAGES), min_size=1, max_size=120)
edge_lists = st.lists(st.tuples(st.sampled_from(PAGES), st.sampled_from(PAGES)), max_size=40)


def rows(pages, sections=4):
    return [(page, f"{PAGES.index(page) % sections:02d}", ("factual", "tool")[i % 2]) for i, page in enumerate(pages)]


def assign(pages, edges=(), stored=None, ratio=0.1, seed=42, test=0.0):
    return assign_splits(rows(pages), edges, stored or {}, validation_ratio=ratio, test_ratio=test, seed=seed)


def splits(groups):
    return {page: split for page, (_, split) in groups.items()}


def test_linked_pages_are_one_group_named_by_its_first_page():
    group_of = connected(["d"], [("b", "c"), ("c", "a"), ("d", "e")])
    assert group_of == {"a": "a", "b": "a", "c": "a", "d": "d", "e": "d"}


@settings(deadline=None, max_examples=50)
@given(page_lists, edge_lists)
def test_no_link_ever_spans_two_splits(pages, edges):
    groups = assign(pages, edges)
    refuse_overlap(groups, edges, [])
    assert set(pages) <= set(groups)


@settings(deadline=None, max_examples=50)
@given(page_lists, edge_lists, page_lists, edge_lists)
def test_a_page_that_validates_only_moves_when_it_is_joined_to_one_that_trains(pages, edges, more, later):
    first = assign(pages, edges)
    second = assign([*pages, *more], [*edges, *later], first)
    refuse_overlap(second, [*edges, *later], [])
    group_of = connected([*first, *pages, *more], [*edges, *later])
    training = {group_of[page] for page, (_, split) in first.items() if split == "train"}
    for page, (_, split) in first.items():
        assert second[page][1] == split or (second[page][1] == "train" and group_of[page] in training)


@settings(deadline=None, max_examples=50)
@given(page_lists, page_lists)
def test_pages_keep_their_split_when_pairs_and_pages_are_added(pages, more):
    first = assign(pages)
    second = assign([*pages, *more], stored=first)
    assert {page: second[page] for page in first} == first


@settings(deadline=None, max_examples=50)
@given(st.permutations(PAGES[:20]))
def test_the_order_of_pairs_does_not_matter(pages):
    assert splits(assign_splits([(p, "01", "tool") for p in pages], [], {}, validation_ratio=0.1, seed=1)) == splits(
        assign_splits([(p, "01", "tool") for p in sorted(pages)], [], {}, validation_ratio=0.1, seed=1)
    )


@settings(deadline=None, max_examples=50)
@given(page_lists.filter(lambda pages: len(set(pages)) > 1), edge_lists)
def test_validation_is_never_empty_where_two_groups_are(pages, edges):
    groups = assign(pages, edges)
    if len({groups[page][0] for page in pages}) > 1:
        assert "validation" in {groups[page][1] for page in pages}
        assert "train" in {groups[page][1] for page in pages}


def test_thirty_pairs_have_a_validation_split_even_if_the_first_export_held_three():
    first = assign(PAGES[:3])
    second = assign(PAGES[:3] * 12, stored=first)
    assert Counter(splits(second).values())["validation"] >= 1


def test_one_group_cannot_be_split():
    assert set(splits(assign(PAGES[:1] * 40)).values()) == {"train"}


def test_the_ratio_holds_for_the_whole_and_for_every_section_and_type():
    pages = [(f"page-{n:04d}", f"{n % 12:02d}") for n in range(1200)]
    pairs = [
        (page, section, ("factual", "tool", "safety", "visual")[k % 4]) for page, section in pages for k in range(9)
    ]
    groups = assign_splits(pairs, [], {}, validation_ratio=0.1, seed=42)
    held = [pair for pair in pairs if groups[pair[0]][1] == "validation"]
    assert len(held) / len(pairs) == pytest.approx(0.1, abs=0.005)
    for position in (1, 2):
        whole, some = Counter(pair[position] for pair in pairs), Counter(pair[position] for pair in held)
        assert all(some[value] / whole[value] == pytest.approx(0.1, abs=0.03) for value in whole)


def test_sections_of_one_page_each_are_represented_too():
    pairs = [(f"page-{n}", f"section {n}", "tool") for n in range(200) for _ in range(6)]
    groups = assign_splits(pairs, [], {}, validation_ratio=0.1, seed=42)
    share = sum(groups[page][1] == "validation" for page, _, _ in pairs) / len(pairs)
    assert share == pytest.approx(0.1, abs=0.02)


def test_later_exports_make_up_for_the_share_of_earlier_ones():
    stored = assign(PAGES[:3])
    second = assign(PAGES, stored=stored)
    assert Counter(splits(second).values())["validation"] == pytest.approx(6, abs=1)


def test_another_seed_draws_other_pages():
    assert splits(assign(PAGES, seed=1)) != splits(assign(PAGES, seed=2))


def test_another_ratio_gives_another_share_and_zero_gives_none():
    assert Counter(splits(assign(PAGES, ratio=0.3)).values())["validation"] == pytest.approx(18, abs=2)
    assert "validation" not in splits(assign(PAGES, ratio=0)).values()


def test_a_page_joins_the_split_of_a_page_that_has_no_pair_any_more():
    groups = assign(["p001"], [("p001", "p002")], {"p002": ("p002", "validation")})
    assert splits(groups) == {"p001": "validation", "p002": "validation"}


def test_groups_of_two_splits_that_turn_out_to_belong_together_all_train():
    stored = {"p001": ("p001", "validation"), "p002": ("p002", "train"), "p003": ("p003", "validation")}
    groups = assign(PAGES[1:4], [("p001", "p002")], stored)
    assert splits(groups) == {"p001": "train", "p002": "train", "p003": "validation"}
    assert moved_pages(groups, {"p001": {"validation"}, "p002": {"train"}}) == {"p001": ["validation"]}


@settings(deadline=None, max_examples=50)
@given(page_lists, edge_lists, page_lists, edge_lists)
def test_a_test_split_is_as_fixed_and_apart_as_validation(pages, edges, more, later):
    first = assign(pages, edges, test=0.1)
    second = assign([*pages, *more], [*edges, *later], first, test=0.1)
    refuse_overlap(second, [*edges, *later], [])
    order = ["train", "validation", "test"]
    assert all(order.index(second[page][1]) <= order.index(split) for page, (_, split) in first.items())
    assert {page: second[page][1] for page in first} == splits(first) or later or edges


@pytest.mark.parametrize("ratio", [0.1, 0.2])
def test_three_splits_have_their_shares_in_the_whole_and_in_every_section(ratio):
    pairs = [(f"page-{n:04d}", f"{n % 12:02d}", ("factual", "tool")[k % 2]) for n in range(1200) for k in range(9)]
    groups = assign_splits(pairs, [], {}, validation_ratio=0.1, test_ratio=ratio, seed=42)
    for split, share in (("validation", 0.1), ("test", ratio)):
        held = [pair for pair in pairs if groups[pair[0]][1] == split]
        assert len(held) / len(pairs) == pytest.approx(share, abs=0.005)
        whole, some = Counter(pair[1] for pair in pairs), Counter(pair[1] for pair in held)
        assert all(some[section] / whole[section] == pytest.approx(share, abs=0.03) for section in whole)


def test_three_pages_make_three_splits_and_two_keep_one_for_training():
    assert sorted(splits(assign(PAGES[:3], test=0.1)).values()) == ["test", "train", "validation"]
    assert sorted(splits(assign(PAGES[:2], test=0.1)).values()) == ["train", "validation"]


def test_a_test_split_asked_for_later_takes_new_pages_only():
    first = assign(PAGES[:20])
    second = assign(PAGES, stored=first, test=0.2)
    assert {page: second[page] for page in first} == first
    assert Counter(splits(second).values())["test"] == pytest.approx(12, abs=2)


def test_pages_that_validate_and_test_and_belong_together_validate():
    stored = {"p001": ("p001", "validation"), "p002": ("p002", "test")}
    assert splits(assign(PAGES[1:3], [("p001", "p002")], stored)) == {"p001": "validation", "p002": "validation"}


def test_pages_that_say_the_same_word_for_word_are_joined():
    texts = [("a", "What is it?", "25 Nm."), ("b", "what is IT", "25 Nm"), ("c", "What is it?", "26 Nm.")]
    assert list(twin_edges(texts)) == [("a", "b")]


def test_punctuation_and_case_say_nothing_but_numbers_do():
    assert plain_text("What is it?", "25 Nm") == plain_text("what is it", "25 nm.")
    assert plain_text("What is it?", "25 Nm") != plain_text("What is it?", "2 5 Nm")


@pytest.mark.parametrize(
    ("groups", "edges", "images"),
    [
        ({"a": ("g", "train"), "b": ("g", "validation")}, [], []),
        ({"a": ("a", "train"), "b": ("b", "validation")}, [("a", "b")], []),
        ({"a": ("a", "train"), "b": ("b", "validation")}, [], [("a", "same"), ("b", "same")]),
    ],
)
def test_an_overlap_is_refused_whatever_made_it(groups, edges, images):
    with pytest.raises(SplitOverlapError):
        refuse_overlap(groups, edges, images)


@pytest.mark.parametrize(
    ("question", "answer", "joins"),
    [
        ("Which torque is given to the flywheel bolts?", "35 nm, dry", True),
        ("Which torque is given to the flywheel bolts?", "45 Nm (dry)", False),
        ("Which torque is given to the clutch cover screws?", "35 Nm (dry)", False),
    ],
)
def test_suspected_pairs_join_their_pages_only_where_question_and_answer_say_nearly_the_same(question, answer, joins):
    one = SuspectedText("a", "Which torque is given to the flywheel bolts?", "35 Nm (dry)")
    assert list(near_edges([(one, SuspectedText("b", question, answer))])) == ([("a", "b")] if joins else [])
