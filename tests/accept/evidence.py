"""How often the boxes of a fact's evidence mark the place on the scan where the fact stands.

Every fact of the truth becomes a pair (question q, answer a). Hit: boxes not empty, their union at most 15 % of the
page, the union's centre inside the true box grown by 3 % of the page on each side.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.checks import examine
from review_db.records import Box
from tests.accept.rows import Row, WordsByPage

LARGEST_UNION = 0.15
GROWN_BY = 0.03
GOAL = 0.90
ON_DRAWINGS = ("wire", "callout")


def rows(corpus: Path, words_by_page: WordsByPage) -> Sequence[Row]:
    """The share of hits over all facts, those read off drawings apart, and the share of facts found supported."""
    judged = list(_judged(corpus, words_by_page))
    drawn = [hit for kind, hit, _ in judged if kind in ON_DRAWINGS]
    others = [hit for kind, hit, _ in judged if kind not in ON_DRAWINGS]
    return [
        Row(f"evidence marks the place of the fact ({len(judged)} facts)", _share([*others, *drawn]), GOAL),
        Row(f"... of all kinds but wire and callout ({len(others)})", _share(others), GOAL),
        Row(f"... of the kinds wire and callout ({len(drawn)})", _share(drawn), 0.80),
        Row("true facts whose verdict is supported", _share([verdict == "supported" for *_, verdict in judged]), 0.90),
    ]


def _judged(corpus: Path, words_by_page: WordsByPage) -> Iterator[tuple[str, bool, str]]:
    """(kind of the fact, hit, verdict) of every fact."""
    for line in (corpus / "truth.jsonl").open(encoding="utf-8"):
        page = json.loads(line)
        words = words_by_page(page["page"])
        for fact in page["facts"]:
            found = examine("image", words, fact["q"], fact["a"], "factual").evidence
            yield fact["kind"], is_hit(found.boxes, fact["box"]), found.verdict


def is_hit(boxes: Sequence[Box], truth: Sequence[float]) -> bool:
    """Whether the boxes, taken together, are small and centred on the true place."""
    if not boxes:
        return False
    x0, y0 = min(box[0] for box in boxes), min(box[1] for box in boxes)
    x1, y1 = max(box[2] for box in boxes), max(box[3] for box in boxes)
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    inside = truth[0] - GROWN_BY <= x <= truth[2] + GROWN_BY and truth[1] - GROWN_BY <= y <= truth[3] + GROWN_BY
    return inside and (x1 - x0) * (y1 - y0) <= LARGEST_UNION


def _share(hits: Sequence[bool]) -> float:
    return sum(hits) / max(1, len(hits))
