"""The order in which a person reads the text of a page: columns, table rows, scattered labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from heapq import heapify, heappop, heappush
from itertools import chain
from statistics import median

from pipeline.segments import Segment, bands, columns, flat, gutters, is_prose, is_values, text_lines
from pipeline.table_rows import by_rows, is_table, joined_tables

Rectangle = tuple[float, float, float, float]

_WIDE_GAP = 2.5  # white bands higher than this many text heights part a page whatever its columns
_DEEPEST = 20  # splits within splits; no printed page needs as many
_INSET = 0.24  # running text that starts this far into its half leaves room for a photo beside it
# Lines at the top and at the bottom that may cross the middle of a page in two halves, fewest first.
_MARGINS = sorted(((head, foot) for head in range(5) for foot in range(3)), key=sum)


def reading_order(boxes: Sequence[Rectangle], texts: Sequence[str]) -> list[int]:
    """Return the positions of the segments (x0, y0, x1, y1 in any unit) in reading order.

    A page whose left and right half repeat one layout (photo and text beside photo and text, two columns of
    prose, two lists side by side) is read down the left half first. Tables are read row by row, each cell
    whole. Anything else is read in blocks from top to bottom, left to right.
    """
    if not boxes:
        return []
    height = max(1e-6, median(y1 - y0 for _, y0, _, y1 in boxes))
    segments = [
        Segment(x0 / height, y0 / height, x1 / height, y1 / height, text, number)
        for number, ((x0, y0, x1, y1), text) in enumerate(zip(boxes, texts, strict=True))
    ]
    return [segment.number for segment in _ordered(segments)]


def _ordered(segments: list[Segment], depth: int = 0) -> list[Segment]:
    stacked = bands(segments)
    if len(stacked) == len(segments) or depth > _DEEPEST:
        return flat(text_lines(segments))
    parts = _halves(segments) or _peeled(segments) or _runs(stacked)
    if len(parts) == 1:
        side_by_side = columns(segments)
        if len(side_by_side) == 1:
            return _by_blocks(segments)
        parts = joined_tables(side_by_side)
        if len(parts) == 1:
            return by_rows(side_by_side)
    return flat(_ordered(part, depth + 1) for part in parts)


# ---------------------------------------------------------------- two halves of one layout


def _halves(segments: list[Segment]) -> list[list[Segment]] | None:
    """Return head, left, right, foot (empty ones left out) of a page in two halves of one layout, else None.

    A strip very near the middle is tried first, for photos leave other strips.
    """
    lines = text_lines(segments)
    for off_middle in (0.07, 0.14):
        for head, foot in _MARGINS:
            body = lines[head : len(lines) - foot]
            if len(body) < 4 or any(_is_centred(line, segments) for line in (body[0], body[-1])):
                continue
            halves = _parted(flat(body), off_middle)
            if halves:
                return _filled(flat(lines[:head]), *halves, flat(lines[len(lines) - foot :]))
    return None


def _is_centred(line: list[Segment], segments: list[Segment]) -> bool:
    """Tell whether a line is one short text in the middle of the page: a page number, over both halves."""
    left_edge, right_edge = min(s.x0 for s in segments), max(s.x1 for s in segments)
    off = (line[0].x0 + line[-1].x1 - left_edge - right_edge) / 2
    return len(line) == 1 and abs(off) < 0.06 * (right_edge - left_edge)


def _parted(body: list[Segment], off_middle: float) -> list[list[Segment]] | None:
    """Part at a white strip near the middle whose two sides carry the same layout."""
    if len(body) < 8:
        return None
    left_edge, right_edge = min(s.x0 for s in body), max(s.x1 for s in body)
    for start, end in gutters(body):
        if abs(((start + end) / 2 - left_edge) / (right_edge - left_edge) - 0.5) > off_middle:
            continue
        left, right = [s for s in body if s.x1 <= start], [s for s in body if s.x0 >= end]
        if min(len(left), len(right)) >= 4 and _alike(left, right, left_edge, right_edge):
            return [left, right]
    return None


def _alike(left: list[Segment], right: list[Segment], left_edge: float, right_edge: float) -> bool:
    """Tell whether both halves carry the same layout, as distinct from two columns of one table."""
    half = (right_edge - left_edge) / 2
    inset_left = _inset_share(left, left_edge + _INSET * half)
    inset_right = _inset_share(right, left_edge + (1 + _INSET) * half)
    if min(inset_left, inset_right) >= 0.3 or _same_columns(left, right, tolerance=0.12 * half):
        return True
    return is_prose(left) and is_prose(right) and not is_table([left, right])


def _inset_share(half: list[Segment], x: float) -> float:
    """Return the share of running text that starts right of x: text beside its photo."""
    running = [s for s in half if s.word_count >= 3]
    return sum(s.x0 > x for s in running) / len(running) if len(running) >= 2 else 0.0


def _same_columns(left: list[Segment], right: list[Segment], tolerance: float) -> bool:
    """Two lists side by side: as many columns, of the same kinds, at the same distances."""
    ones, others = (columns(max(_runs(bands(half)), key=len)) for half in (left, right))
    if not 2 <= len(ones) == len(others):
        return False
    shifts = [min(s.x0 for s in b) - min(s.x0 for s in a) for a, b in zip(ones, others, strict=True)]
    same_kinds = [is_values(c) for c in ones] == [is_values(c) for c in others]
    return same_kinds and max(shifts) - min(shifts) <= tolerance


# ---------------------------------------------------------------- heads, feet, changes of layout


def _peeled(segments: list[Segment]) -> list[list[Segment]] | None:
    """Return head, body and foot, empty ones left out, when the body can be told from them, else None.

    Lines in the middle of the top are a head; so are a few lines, or a foot, that close a gutter of the body.
    """
    lines, closed = text_lines(segments), len(gutters(segments))
    centred = next((number for number, line in enumerate(lines) if not _is_centred(line, segments)), 0)
    if centred and closed:
        return [flat(lines[:centred]), flat(lines[centred:])]
    if len(segments) < 8:
        return None
    for head, foot in _MARGINS:
        body = flat(lines[head : len(lines) - foot])
        if len(body) >= 4 and len(gutters(body)) > closed:
            return _filled(flat(lines[:head]), body, flat(lines[len(lines) - foot :]))
    return None


def _filled(*parts: list[Segment]) -> list[list[Segment]]:
    return [part for part in parts if part]


def _runs(stacked: list[list[Segment]]) -> list[list[Segment]]:
    """Join neighbouring bands as long as none closes a gutter of the others: a run has one column layout."""
    runs: list[list[Segment]] = []
    for band in stacked:
        if runs and _keeps_gutters(runs[-1], band):
            runs[-1].extend(band)
        else:
            runs.append(list(band))
    return runs


def _keeps_gutters(run: list[Segment], band: list[Segment]) -> bool:
    if min(s.y0 for s in band) - max(s.y1 for s in run) > _WIDE_GAP:
        return False
    return len(gutters([*run, *band])) >= max(len(gutters(run)), len(gutters(band)))


# ---------------------------------------------------------------- scattered text


def _by_blocks(segments: list[Segment]) -> list[Segment]:
    """Join lines that stand under each other into blocks, then read the blocks down and to the right."""
    blocks: list[list[Segment]] = []
    for segment in flat(text_lines(segments)):
        home = next((block for block in blocks if _stands_under(block[-1], segment)), None)
        if home is None:
            blocks.append([segment])
        else:
            home.append(segment)
    return flat(_sorted_blocks(blocks))


def _stands_under(above: Segment, segment: Segment) -> bool:
    near = -0.5 <= segment.y0 - above.y1 <= 0.5 and segment.middle > above.middle + 0.3
    same_edge = abs(segment.x0 - above.x0) <= 1
    same_centre = abs(segment.x0 + segment.x1 - above.x0 - above.x1) <= 2
    return near and (same_edge or same_centre)


def _sorted_blocks(blocks: list[list[Segment]]) -> list[list[Segment]]:
    """Sort so that a block comes after all that stand above it or, at its height, to the left of it."""
    extents = [_extent(block) for block in blocks]
    followers = [[n for n, b in enumerate(extents) if n != m and _precedes(a, b)] for m, a in enumerate(extents)]
    waits_for = Counter(chain.from_iterable(followers))
    heap = [(extent[1], extent[0], n) for n, extent in enumerate(extents) if not waits_for[n]]
    heapify(heap)
    ordered: list[list[Segment]] = []
    while heap:
        *_, block = heappop(heap)
        ordered.append(blocks[block])
        for follower in followers[block]:
            waits_for[follower] -= 1
            if not waits_for[follower]:
                heappush(heap, (extents[follower][1], extents[follower][0], follower))
    return ordered if len(ordered) == len(blocks) else sorted(blocks, key=lambda block: block[0].middle)


def _precedes(a: Rectangle, b: Rectangle) -> bool:
    if min(a[2], b[2]) > max(a[0], b[0]):
        return a[1] < b[1]
    overlap = min(a[3], b[3]) - max(a[1], b[1])
    return a[0] < b[0] and overlap > 0.5 * min(a[3] - a[1], b[3] - b[1])


def _extent(block: list[Segment]) -> Rectangle:
    return (
        min(s.x0 for s in block),
        min(s.y0 for s in block),
        max(s.x1 for s in block),
        max(s.y1 for s in block),
    )
