"""How well pairs that say the same are told from pairs that only sound alike, on labelled pairs of odd facts.

Thresholds were fitted on the even facts. Beside it what plain cosine of the same vectors reaches at .90, and other
machines and facts (fresh_pairs), which were written before the guards were made and then looked at.
"""

from collections.abc import Sequence
from pathlib import Path

from pipeline.embedder import load_embedder
from tests.accept.rows import Row, WordsByPage
from tests.labelled_pairs import Likeness, cosines, labelled, measured, relations

PLAIN = 0.90


def rows(corpus: Path, words_by_page: WordsByPage) -> Sequence[Row]:
    """Precision and recall by meaning (where embeddings are installed) and by words."""
    odd, fresh = labelled("dedup_pairs", "odd"), labelled("fresh_pairs")
    embedder = load_embedder(print)
    found: list[Row] = []
    if embedder is not None:
        by_meaning = cosines([*odd, *fresh], embedder)
        found += _merged_and_found(f"by meaning ({len(odd)})", odd, by_meaning, merged=0.25)
        plain = measured(odd, [(by_meaning(row) or 0) >= PLAIN for row in odd])
        found.append(Row(f"... plain cosine at {PLAIN}, for comparison: precision", plain.precision, 0))
        found.append(Row(f"... plain cosine at {PLAIN}, for comparison: recall", plain.recall, 0))
        found += _merged_and_found(f"by meaning, other machines ({len(fresh)})", fresh, by_meaning, merged=0.25)
    found += _merged_and_found(f"by words alone ({len(odd)})", odd, lambda row: None, merged=0)
    return found


def _merged_and_found(name: str, chosen: list[dict[str, object]], likeness: Likeness, merged: float) -> list[Row]:
    relation = relations(chosen, likeness)
    same = measured(chosen, [one in ("duplicate", "suspected") for one in relation])
    auto = measured(chosen, [one == "duplicate" for one in relation])
    return [
        Row(f"duplicates {name}: precision", same.precision, 0.95),
        Row(f"duplicates {name}: recall", same.recall, 0.85),
        Row("... set aside without a person: precision", auto.precision, 0.99),
        Row("... set aside without a person: recall", auto.recall, merged),
    ]
