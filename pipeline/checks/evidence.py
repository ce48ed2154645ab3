"""Turn what a page says of a pair into evidence: a verdict, the boxes to mark and the lines they stand in."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.checks.page_text import Occurrence
from pipeline.checks.support import Support
from pipeline.checks.tokens import EXACT, Kind
from review_db.records import Box, Evidence, TokenEvidence
from review_db.statuses import EvidenceVerdict

LONGEST_QUOTE = 300
GAP_TO_JOIN = 0.02  # boxes of one segment's row nearer than this share of the page become one
STRAY = 0.12  # a lone word with a smaller share of its place's weight is not marked
ENOUGH_WORDS = {
    True: 0.5,
    False: 0.7,
}  # share of words to find, with and without a number, code or side in place
FEW_WORDS = 0.3


def evidence_of(support: Support, *, with_boxes: bool = True) -> Evidence:
    """The evidence for a pair; without boxes for pages that have no image."""
    marked = _marked(support)
    with_boxes = with_boxes and support.page.has_boxes
    boxes = _joined(support.page.box_of(place) for place in marked) if with_boxes else ()
    quote = " ".join(support.page.segments[segment].text for segment in sorted({p.segment for p in marked}))
    return Evidence(
        verdict=_verdict(support),
        quote=quote[:LONGEST_QUOTE] or None,
        boxes=boxes,
        unsupported=_unsupported(support),
        tokens=tuple(_token_evidence(support, with_boxes)),
    )


def _verdict(support: Support) -> EvidenceVerdict:
    if not support.page.words or not support.clues:
        return EvidenceVerdict.NOT_CHECKABLE
    exact = {index for index, c in enumerate(support.clues) if c.token.kind in EXACT}
    share = found_share(support)
    if exact & support.amiss:
        return EvidenceVerdict.UNSUPPORTED if _has_nothing(support, exact, share) else EvidenceVerdict.PARTLY
    if share >= ENOUGH_WORDS[bool(exact)]:
        return EvidenceVerdict.SUPPORTED
    return EvidenceVerdict.PARTLY if exact or share >= FEW_WORDS else EvidenceVerdict.UNSUPPORTED


def _has_nothing(support: Support, exact: set[int], share: float) -> bool:
    """Whether no number, code or side and hardly a word is on the page; a unit alone proves nothing."""
    values = {index for index in exact if support.clues[index].token.kind != Kind.UNIT}
    has_words = len(exact) < len(support.clues)
    return values <= support.missing and (share < FEW_WORDS or not has_words)


def found_share(support: Support) -> float:
    """Share of the answer's words and colours that the page or the question has; 1 where it has none."""
    words = [index for index, c in enumerate(support.clues) if c.token.kind not in EXACT]
    return 1 - len(support.missing.intersection(words)) / len(words) if words else 1.0


def _unsupported(support: Support) -> tuple[str, ...]:
    """The answer's tokens as written that the page does not say in the place asked about, each once."""
    return tuple(dict.fromkeys(t.written for t in support.tokens if support.index_of(t) in support.amiss))


def _token_evidence(support: Support, with_boxes: bool) -> Iterable[TokenEvidence]:
    for token in support.tokens:
        index = support.index_of(token)
        if index is not None:
            place = support.stands(index) if with_boxes else None
            yield TokenEvidence(
                token.written, index not in support.amiss, support.page.box_of(place) if place else None
            )


def _marked(support: Support) -> list[Occurrence]:
    """What to mark: per segment from the first to the last word that the answer uses, but not lone stray words.

    Where nothing of the answer is on the page: the question's words, for there a reviewer looks first.
    """
    spans: dict[int, Occurrence] = {}
    for place in support.places:
        whole = sum(support.clues[index].weight for index in place.chosen) or 1.0
        for segment in {found.segment for found in place.chosen.values()}:
            held = {index: found for index, found in place.chosen.items() if found.segment == segment}
            if not _is_stray(support, held, whole):
                span = Occurrence(segment, min(f.first for f in held.values()), max(f.last for f in held.values()))
                spans[segment] = _widened(spans.get(segment), span)
    return list(spans.values()) or list(support.asked_at)


def _is_stray(support: Support, held: dict[int, Occurrence], whole: float) -> bool:
    exact = any(support.clues[index].token.kind in EXACT - {Kind.UNIT} for index in held)
    return not exact and sum(support.clues[index].weight for index in held) < STRAY * whole


def _widened(known: Occurrence | None, span: Occurrence) -> Occurrence:
    if known is None:
        return span
    return Occurrence(span.segment, min(known.first, span.first), max(known.last, span.last))


def _joined(boxes: Iterable[Box]) -> tuple[Box, ...]:
    """Boxes of one row that nearly touch become one, from left to right; rows stay apart."""
    joined: list[Box] = []
    for box in sorted(boxes, key=lambda b: (round((b[1] + b[3]) * 50), b[0])):
        last = joined[-1] if joined else None
        if last and _same_row(last, box) and box[0] - last[2] < GAP_TO_JOIN:
            joined[-1] = (
                min(last[0], box[0]),
                min(last[1], box[1]),
                max(last[2], box[2]),
                max(last[3], box[3]),
            )
        else:
            joined.append(box)
    return tuple(joined)


def _same_row(one: Box, other: Box) -> bool:
    overlap = min(one[3], other[3]) - max(one[1], other[1])
    return overlap > 0.6 * min(one[3] - one[1], other[3] - other[1])
