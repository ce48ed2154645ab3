"""The words of one page made ready to be searched: segments with their places, and what stands where."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import NamedTuple

from rapidfuzz import fuzz, process

from pipeline.checks import notation, vocabulary
from pipeline.checks.layout import Nearness, Segment, segments_of
from pipeline.checks.tokens import Kind, Token, scan
from review_db.records import Box, Word

FUZZY_CUTOFF = 84.0
FUZZY_LENGTH = 5
SHORTEST_GLUED = 5
SCATTERED = 2.0  # words in a segment, on average, below which a page is a drawing with labels ...
NEXT_LINE = 2.0  # text heights from a line to the one below, at most
LONGEST_UNIT = 12  # letters
ROW_HEIGHT, CELLS_OF_ROW, IN_ROWS = 0.4, 3, 0.7  # ... unless this share of its cells has two others beside it
NEXT_CELL = 12.0  # text heights from a value to the cell that holds its unit, at most
_WITHOUT_POINT = ("5", "35", "75", "85")
_HALF_UNITS = frozenset({"u:ft", "u:in", "u:lb"})
_COLOURS = re.compile(r"[a-z]{2}/[a-z]{2}")
_BETWEEN = frozenset({Kind.STOP, Kind.UNIT})


class Occurrence(NamedTuple):
    """Words `first` to `last` of a segment say what a token says; `quality` is 1 for an exact match.

    `number` is that of the page's token, for one word may hold several (190°-230°F); -1 where it is made of pieces.
    """

    segment: int
    first: int
    last: int
    quality: float = 1.0
    number: int = -1


class PageText:
    """The searchable text of one page; `tokens[i]` stands at `places[i]`, both in reading order."""

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = words
        self.segments = segments_of(words)
        self.tokens: list[Token] = []
        self.places: list[Occurrence] = []
        self._by_key: dict[str, list[int]] = {}
        self._by_part: dict[str, list[int]] = {}
        self._units: dict[Occurrence, str | None] = {}
        for index, segment in enumerate(self.segments):
            self._index(index, segment)
        self._vocabulary = [key for key in self._by_key if len(key) >= FUZZY_LENGTH and key.isalpha()]
        self._long_codes = [i for i, token in enumerate(self.tokens) if _is_long_code(token.keys[0])]
        self._leading_units = [
            (place.segment, token)
            for token, place in zip(self.tokens, self.places, strict=True)
            if token.kind == Kind.UNIT and place.first == self.segments[place.segment].words[0]
        ]
        self._cells: dict[int, bool] = {}
        self._near: dict[int, Nearness] = {}
        self._similar: dict[str, list[Occurrence]] = {}

    def _index(self, index: int, segment: Segment) -> None:
        starts = list(accumulate((len(notation.plain(self.words[w].text)) + 1 for w in segment.words), initial=0))
        for token in scan(segment.text):
            first = segment.words[bisect_right(starts, token.start) - 1]
            last = segment.words[bisect_right(starts, token.end - 1) - 1]
            number = len(self.tokens)
            self.tokens.append(token)
            self.places.append(Occurrence(index, first, last, number=number))
            for key in token.keys:
                self._by_key.setdefault(key, []).append(number)
            for part in token.parts:
                self._by_part.setdefault(part, []).append(number)
            self._note_wire(number)

    def _note_wire(self, number: int) -> None:
        """A number right before a colour is a wire size in mm²; its leading point is easily lost: 75 BR is .75 BR."""
        if number == 0 or not _is_colour(self.tokens[number]) or self.tokens[number - 1].kind != Kind.NUMBER:
            return
        place = self.places[number - 1]
        if place.segment == self.places[number].segment:
            self._units[place] = "u:mm2"
            key = self.tokens[number - 1].keys[0]
            if key in _WITHOUT_POINT:
                self._by_key.setdefault(f"0.{key}", []).append(number - 1)

    def find(self, token: Token) -> list[Occurrence]:
        """Everywhere that says what the token says: exact but for notation, words also with a letter or two amiss."""
        found = [number for key in token.keys for number in self._by_key.get(key, ())]
        if found:
            return [self.places[number] for number in found]
        if token.kind == Kind.WORD:
            return self._like(token.keys[0])
        if token.kind in (Kind.CODE, Kind.NUMBER):
            return self._glued(token) or self._in_a_row(token.parts) or self._shortened(token) or self._within(token)
        return []

    def _like(self, key: str) -> list[Occurrence]:
        """A word that differs by a letter or two, or that the reader glued to its neighbour."""
        if key not in self._similar:
            self._similar[key] = list(self._search_like(key))
        return self._similar[key]

    def _search_like(self, key: str) -> Iterator[Occurrence]:
        if len(key) < FUZZY_LENGTH or not self._vocabulary:
            return
        near = process.extract(key, self._vocabulary, scorer=fuzz.ratio, score_cutoff=FUZZY_CUTOFF, limit=3)
        found = [(word, score / 100) for word, score, _ in near]
        for word, quality in found or [(word, 0.85) for word in self._vocabulary if key in word]:
            for number in self._by_key[word]:
                yield self.places[number]._replace(quality=quality)

    def _glued(self, token: Token) -> list[Occurrence]:
        """A code whose spaces the reader lost, put elsewhere or ran into the next word."""
        key = token.keys[0]
        if token.kind != Kind.CODE or (len(key) < SHORTEST_GLUED and key.isdigit()) or len(key) < 2:
            return []
        return [
            Occurrence(index, *span)
            for index, segment in enumerate(self.segments)
            if (span := _span_without_spaces(key, segment)) is not None
        ]

    def _in_a_row(self, parts: Sequence[str]) -> list[Occurrence]:
        """The pieces of a code or the ends of a range, one after the other: 325 iX for 325iX, 40 to 50 for 40-50."""
        found = []
        for start in self._by_key.get(parts[0], ()) if len(parts) > 1 else ():
            last = self._follow(start, parts[1:])
            if last is not None:
                place = self.places[start]
                found.append(Occurrence(place.segment, place.first, max(place.first, last)))
        return found

    def _follow(self, number: int, parts: Sequence[str]) -> int | None:
        """The last word of the tokens after `number` that say the parts in order, on the same segment."""
        segment = self.places[number].segment
        for part in parts:
            number += 1
            while number < len(self.tokens) and self.tokens[number].kind in _BETWEEN:
                number += 1
            if number >= len(self.tokens) or self.places[number].segment != segment:
                return None
            if part not in self.tokens[number].keys:
                return None
        return self.places[number].last

    def _shortened(self, token: Token) -> list[Occurrence]:
        """A repair code that an index page shortens: 565 under 21 21 000 is 21 21 565."""
        key, groups = token.keys[0], token.written.split()
        if len(groups) < 3 or not _is_long_code(key):
            return []
        stem = key[: -len(groups[-1])]
        return [
            self.places[number]
            for number in self._by_key.get(groups[-1], ())
            if self.places[number].first == self.segments[self.places[number].segment].words[0]
            and self._parent(number)[: len(stem)] == stem
        ]

    def _parent(self, number: int) -> str:
        """The full code that stands last before a token in reading order, or nothing."""
        position = bisect_right(self._long_codes, number) - 1
        return self.tokens[self._long_codes[position]].keys[0] if position >= 0 else ""

    def _within(self, token: Token) -> list[Occurrence]:
        """A number or letter that stands on the page only as a piece of a code: 14 in S14/S38."""
        found = [number for key in token.keys for number in self._by_part.get(key, ())]
        return [self.places[number]._replace(quality=0.5) for number in found]

    def is_cell(self, segment: int) -> bool:
        """Whether a segment holds values and no words: a cell of a table, not a label or a line of text."""
        if segment not in self._cells:
            first = bisect_left(self.places, (segment,))
            last = bisect_left(self.places, (segment + 1,))
            self._cells[segment] = all(token.kind != Kind.WORD for token in self.tokens[first:last])
        return self._cells[segment]

    def near(self, segment: int) -> Nearness:
        """How near every segment is to this one; remembered, for pairs of one page ask about the same places."""
        if segment not in self._near:
            self._near[segment] = Nearness(self.segments, segment)
        return self._near[segment]

    def token_at(self, place: Occurrence) -> int:
        """The number of the token that stands at a place, or of the first one there."""
        return place.number if place.number >= 0 else bisect_left(self.places, (place.segment, place.first))

    @property
    def has_boxes(self) -> bool:
        """Whether the words have places on an image; those of an HTML sheet have none."""
        return any(word.box[3] > word.box[1] for word in self.words)

    @cached_property
    def is_scattered(self) -> bool:
        """Whether the page is a drawing with labels rather than lines of text or rows of cells."""
        count = len(self.segments)
        if sum(len(segment.words) for segment in self.segments) >= SCATTERED * count:
            return False
        middles = sorted(segment.y0 + segment.y1 for segment in self.segments)
        beside = (bisect_right(middles, y + ROW_HEIGHT) - bisect_left(middles, y - ROW_HEIGHT) for y in middles)
        return sum(cells >= CELLS_OF_ROW for cells in beside) < IN_ROWS * count

    def unit_of(self, place: Occurrence) -> str | None:
        """The unit of a number: behind it on its segment, else in the next cell of its row, else None."""
        if place not in self._units:
            self._units[place] = self._unit_behind(place) or self._unit_beside(place)
        return self._units[place]

    def _unit_beside(self, place: Occurrence) -> str | None:
        own = self.segments[place.segment]
        if own.words[-1] != place.last:
            return None
        for segment, token in self._leading_units:
            other = self.segments[segment]
            same_row = abs(own.y0 + own.y1 - other.y0 - other.y1) < own.y1 - own.y0
            if same_row and 0 < other.x0 - own.x1 < NEXT_CELL:
                return token.keys[0]
        return None

    def _unit_behind(self, place: Occurrence) -> str | None:
        # The rest of a range or tolerance may stand between: 9 + 1 Nm, 15 to 20 mm.
        number = self.token_at(place) + 1
        while number < len(self.tokens) and self.places[number].segment == place.segment:
            token = self.tokens[number]
            if token.kind == Kind.UNIT and not self._may_go_on(number):
                return token.keys[0]
            if token.kind not in (Kind.NUMBER, Kind.STOP, Kind.UNIT):
                return None
            number += 1
        return self._unit_on_next_line(place)

    def _may_go_on(self, number: int) -> bool:
        """Whether a unit at the end of a line may be the first half of one: ft. / lbs."""
        ends_line = self.places[number].last == self.segments[self.places[number].segment].words[-1]
        return ends_line and self.tokens[number].keys[0] in _HALF_UNITS

    def _unit_on_next_line(self, place: Occurrence) -> str | None:
        """The unit of a number at the end of a line, part of which may stand on this line: 76 ft. / lbs."""
        text = self.segments[place.segment].text[self.tokens[self.token_at(place)].start :]
        if place.segment + 1 < len(self.segments):
            below, own = self.segments[place.segment + 1], self.segments[place.segment]
            if 0 < below.y0 - own.y0 < NEXT_LINE and below.x0 < own.x1:
                text += " " + below.text[:LONGEST_UNIT]
        units = (token for token in scan(text) if token.kind not in (Kind.NUMBER, Kind.STOP))
        first = next(units, None)
        return first.keys[0] if first and first.kind == Kind.UNIT else None

    def box_of(self, place: Occurrence) -> Box:
        """The box around the words of a place, as fractions of the page."""
        inside = (index for index in self.segments[place.segment].words if place.first <= index <= place.last)
        boxes = [self.words[index].box for index in inside]
        return (
            min(box[0] for box in boxes),
            min(box[1] for box in boxes),
            max(box[2] for box in boxes),
            max(box[3] for box in boxes),
        )


@lru_cache(maxsize=16)
def page_text(words: tuple[Word, ...]) -> PageText:
    """The searchable text of these words, remembered for the next pair of the same page."""
    return PageText(words)


def _is_colour(token: Token) -> bool:
    key = token.keys[0]
    return token.kind == Kind.CODE and (key in vocabulary.COLOUR_CODES or _COLOURS.fullmatch(key) is not None)


def _is_long_code(key: str) -> bool:
    return key.isdigit() and len(key) >= 6


def _span_without_spaces(key: str, segment: Segment) -> tuple[int, int] | None:
    """The first and last word of a segment that spell `key` once spaces are dropped, and no longer number or word."""
    text = segment.text.replace(" ", "").casefold()
    start = text.find(key)
    end = start + len(key)
    if start < 0 or _runs_on(text[start - 1 : start], key[0]) or _runs_on(text[end : end + 1], key[-1]):
        return None
    ends = list(accumulate(len(word) for word in segment.text.split(" ")))
    return segment.words[_word_at(ends, start)], segment.words[_word_at(ends, end - 1)]


def _word_at(ends: Sequence[int], position: int) -> int:
    return min(bisect_right(ends, position), len(ends) - 1)


def _runs_on(neighbour: str, edge: str) -> bool:
    return (neighbour.isdigit() and edge.isdigit()) or (neighbour.isalpha() and edge.isalpha())
