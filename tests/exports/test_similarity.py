"""The greatest similarity across splits is exact, named, and quick enough for every export."""

from types import SimpleNamespace

from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from exports import similarity
from exports.similarity import greatest_similarity
from exports.splits import plain_text

words = st.lists(
    st.sampled_from(["bolt", "cover", "torque", "clutch", "10", "12", "25", "Nm", "of", "the"]), min_size=1, max_size=12
)
rows = st.lists(st.tuples(words, words, st.sampled_from(["train", "validation", "test"])), min_size=1, max_size=25)


def ready(number, question, answer, split):
    pair = SimpleNamespace(pair_id=f"p-q{number:03d}")
    return SimpleNamespace(question=question, answer=answer, split=split, pair=pair)


def pairs(*texts):
    return [ready(number, question, answer, split) for number, (question, answer, split) in enumerate(texts)]


@settings(deadline=None, max_examples=100)
@given(rows)
def test_it_is_the_greatest_of_all_pairs_of_different_splits(found):
    listed = pairs(*((" ".join(question), " ".join(answer), split) for question, answer, split in found))
    every = [
        fuzz.ratio(plain_text(a.question, a.answer), plain_text(b.question, b.answer)) / 100
        for a in listed
        for b in listed
        if a.split < b.split
    ]
    nearest = greatest_similarity(listed)
    if not every:
        assert nearest is None
    elif max(every) > 0:
        assert abs(nearest.score - max(every)) < 1e-5


def test_both_pairs_are_named_with_their_splits():
    nearest = greatest_similarity(
        pairs(
            ("What is the torque of the cover bolts?", "24 Nm", "train"),
            ("Where is the flywheel?", "Behind the engine.", "train"),
            ("What is the torque of the cover bolts?", "25 Nm", "validation"),
        )
    )
    assert (nearest.pair_id, nearest.split, nearest.other_pair_id, nearest.other_split) == (
        "p-q000", "train", "p-q002", "validation",
    )  # fmt: skip
    assert str(nearest).endswith("p-q000 (train) and p-q002 (validation)")


def test_of_a_huge_split_a_part_is_compared_and_said_so(monkeypatch):
    monkeypatch.setattr(similarity, "MOST_HELD_OUT", 3)
    many = [(f"What is number {number}?", "This one", "validation") for number in range(9)]
    nearest = greatest_similarity(pairs(("What is it?", "That one", "train"), *many))
    assert not nearest.is_exact
    assert "among those compared" in str(nearest)
