"""Which sentences, row labels and column headers of a page speak of the value that stands at a place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from pipeline.checks.layout import SAME_ROW, Segment
from pipeline.checks.page_text import Occurrence, PageText
from pipeline.checks.tokens import Kind, Token

# Lengths count in text heights.
LINES_BACK = 3  # labels of a picture may be read between two lines of a text
LINE_STEP = 1.7  # from a line to the next one of its paragraph, at most
INDENT = 3.0
LABEL_GAP = 30.0  # from a value to the label of its row, at most ...
CELL_GAP = 14.0  # ... and from a label to another cell of its row
HEADER_STEP = 4.0  # from a cell to the one above it, at most
HEADER_WORDS = 4

_ENDS = re.compile(r"[.!?:][)\"'*]*\s*$")
_ENDS_INSIDE = re.compile(r"[.!?;][)\"'*]*\s")
_DIGIT = re.compile(r"\d")


class Scopes:
    """The sentences of a page, numbered, and for each place those that say what its value is about."""

    def __init__(self, page: PageText) -> None:
        self._page = page
        self._of_token: list[int] = []
        self._of_segment: list[list[int]] = [[] for _ in page.segments]
        self._around: dict[int, frozenset[int]] = {}
        self._number_sentences()
        words = zip(self._of_token, page.tokens, strict=True)
        self._in_words = {number for number, token in words if token.kind == Kind.WORD}

    def sentence(self, place: Occurrence) -> int:
        """The number of the sentence that a place stands in."""
        return self._of_token[self._page.token_at(place)]

    def text(self, sentence: int) -> str:
        """The words of a sentence, its lines joined."""
        pieces: dict[int, list[Token]] = {}
        for number, of in enumerate(self._of_token):
            if of == sentence:
                pieces.setdefault(self._page.places[number].segment, []).append(self._page.tokens[number])
        return " ".join(self._piece(segment, held) for segment, held in pieces.items())

    def _piece(self, segment: int, tokens: Sequence[Token]) -> str:
        text = self._page.segments[segment].text
        start, end = tokens[0].start, tokens[-1].end
        start -= text[start - 1 : start] in ("(", "[")
        return text[start : end + 1]

    def about(self, place: Occurrence) -> frozenset[int]:
        """The sentence of a place; for a table's cell also its row's label and cells and its column's header."""
        own = self.sentence(place)
        return self._beside(place.segment) | {own} if own not in self._in_words else frozenset({own})

    def is_in_words(self, place: Occurrence) -> bool:
        """Whether a place stands in a sentence, not in a table's cell or alone on a picture."""
        return self.sentence(place) in self._in_words

    def _beside(self, segment: int) -> frozenset[int]:
        if segment not in self._around:
            others = [*self._row(segment), *self._headers(segment)] if self._page.is_cell(segment) else ()
            self._around[segment] = frozenset(number for other in others for number in self._of_segment[other])
        return self._around[segment]

    # ------------------------------------------------------------ sentences

    def _number_sentences(self) -> None:
        page, count = self._page, -1
        for number, (token, place) in enumerate(zip(page.tokens, page.places, strict=True)):
            held = self._of_segment[place.segment]
            if not held:
                before = self._line_before(place.segment)
                goes_on = before is not None and self._goes_on(before, place.segment)
                current = self._of_segment[before][-1] if before is not None and goes_on else count + 1
            else:
                between = page.segments[place.segment].text[page.tokens[number - 1].end : token.start + 1]
                new = _ENDS_INSIDE.search(between) and between[-1].isupper()
                current = count + 1 if new else held[-1]
            count = max(count, current)
            self._of_token.append(current)
            if not held or held[-1] != current:
                held.append(current)

    def _line_before(self, segment: int) -> int | None:
        own = self._page.segments[segment]
        for other in range(segment - 1, max(-1, segment - 1 - LINES_BACK), -1):
            above = self._page.segments[other]
            if 0.3 < own.y0 - above.y0 < LINE_STEP and abs(own.x0 - above.x0) < INDENT and self._of_segment[other]:
                return other
        return None

    def _goes_on(self, before: int, segment: int) -> bool:
        """Whether a line goes on with the sentence of the line above it."""
        above, text = self._page.segments[before].text, self._page.segments[segment].text
        if _ENDS.search(above) or self._page.is_cell(before):
            return False
        last = self._of_segment[before][-1]
        stop = self._page.tokens[len(self._of_token) - 1 - self._of_token[::-1].index(last)].kind == Kind.STOP
        return text[:1].islower() or stop or not text[:1].isupper()

    # ------------------------------------------------------------ tables

    def _row(self, segment: int) -> Iterator[int]:
        """The cells of the row up to its label, which stands to the left, else to the right."""
        for left in (True, False):
            cells = list(self._row_towards(segment, left=left))
            if any(not self._page.is_cell(cell) for cell in cells):
                yield from cells
                return

    def _row_towards(self, segment: int, *, left: bool) -> Iterator[int]:
        segments, own = self._page.segments, self._page.segments[segment]
        row = [i for i, other in enumerate(segments) if i != segment and _same_row(own, other)]
        beyond = [i for i in row if (segments[i].x1 <= own.x0 + 1 if left else segments[i].x0 >= own.x1 - 1)]
        at, labelled = own, False
        for index in sorted(beyond, key=lambda i: -segments[i].x1 if left else segments[i].x0):
            other = segments[index]
            gap = at.x0 - other.x1 if left else other.x0 - at.x1
            if gap > (CELL_GAP if labelled else LABEL_GAP):
                return
            yield index
            at, labelled = other, labelled or not self._page.is_cell(index)

    def _headers(self, segment: int) -> Iterator[int]:
        """Short texts without digits that stand above a column of cells."""
        segments, at = self._page.segments, self._page.segments[segment]
        above = [i for i, other in enumerate(segments) if other.y0 < at.y0 - SAME_ROW and _same_column(at, other)]
        found = False
        for index in sorted(above, key=lambda i: -segments[i].y0):
            other = segments[index]
            if at.y0 - other.y1 > HEADER_STEP or (found and at.y0 - other.y0 > LINE_STEP + 0.5):
                return
            is_header = not _DIGIT.search(other.text) and len(other.words) <= HEADER_WORDS
            if is_header:
                yield index
            elif found or not self._page.is_cell(index):
                return
            at, found = other, found or is_header


def _same_row(one: Segment, other: Segment) -> bool:
    return abs(one.y0 + one.y1 - other.y0 - other.y1) < one.y1 - one.y0


def _same_column(one: Segment, other: Segment) -> bool:
    return min(one.x1, other.x1) - max(one.x0, other.x0) > 0


@lru_cache(maxsize=16)
def scopes_of(page: PageText) -> Scopes:
    """The scopes of a page, remembered for its next pair."""
    return Scopes(page)
