"""What people decided, counted by section, kind of page, type of question and writer of the pair."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from review_db.connection import Database

DIMENSIONS = ("section", "content_type", "question_type", "engine")
OUTCOMES = ("approved", "edited", "rejected", "pending", "set_aside")


class Rate(NamedTuple):
    """One group and its pairs: approved as proposed, approved with another text, rejected, waiting, set aside."""

    group: str
    approved: int
    edited: int
    rejected: int
    pending: int
    set_aside: int

    @property
    def decided(self) -> int:
        """Pairs that a person decided on."""
        return self.approved + self.edited + self.rejected


# Pages are few and their view is costly, so pairs are counted by page before the page's facts are joined.
_COUNTS = """
WITH placed AS MATERIALIZED (
    SELECT page_id, trim(section_id || ' ' || section_name) AS section, IFNULL(content_type, '') AS content_type
    FROM current_pages),
counted AS MATERIALIZED (
    SELECT q.page_id, last.question_type, q.engine, CASE
        WHEN q.status = 'approved' AND (first.question, first.answer) IS NOT (last.question, last.answer) THEN 'edited'
        ELSE q.status END AS outcome, count(*) AS pairs
    FROM pairs q
    JOIN revisions last ON last.pair_key = q.pair_key AND last.revision = q.revision
    JOIN revisions first ON first.pair_key = q.pair_key AND first.revision = 1
    WHERE q.is_planted = 0 AND first.author <> 'reviewer'
    GROUP BY q.page_id, last.question_type, q.engine, outcome)
SELECT section, content_type, question_type, engine, outcome, sum(pairs)
FROM counted JOIN placed USING (page_id) GROUP BY 1, 2, 3, 4, 5
"""


def rates(db: Database) -> dict[str, list[Rate]]:
    """DIMENSIONS -> its groups by name; pairs that people wrote themselves and planted ones are left out."""
    counts: dict[str, dict[str, dict[str, int]]] = {
        name: defaultdict(lambda: dict.fromkeys(OUTCOMES, 0)) for name in DIMENSIONS
    }
    for *groups, outcome, pairs in db.conn.execute(_COUNTS):
        for name, group in zip(DIMENSIONS, groups, strict=True):
            counts[name][group][outcome] += pairs
    return {name: [Rate(group, **found[group]) for group in sorted(found)] for name, found in counts.items()}
