"""What a page is, from its name, its words and its layout: source type, content type and a confidence.

Every kind of page collects points: signs of the layout (page_signs) and configured patterns in the lines, those in
the page's head worth more. The points go through a softmax, so a page that looks like two kinds gets a low confidence.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import PurePosixPath
from typing import Protocol

from pipeline.checks.levelling import levelling_of
from pipeline.engines.offline.language import told_language
from pipeline.engines.offline.layout import Line
from pipeline.engines.offline.page_signs import View, signs_of, view_of
from pipeline.engines.offline.sections import (
    capital_share,
    continued_title,
    is_continued,
    page_title,
    printed_page,
    section_of,
)
from review_db.records import Page, PageClass, Word
from review_db.statuses import ContentType, SourceType

ENGINE = "offline"
HEAD = 0.16
"""Lines that begin above this share of the page height are its head."""

_WEIGHTS: Mapping[str, Mapping[str, float]] = {
    "index": {"index_rows": 7, "led": 2.5, "orders": -2, "wires": -3, "": -1.5},
    "procedure": {
        "orders": 6,
        "steps": 1.5,
        "coded": 2,
        "callouts": 1,
        "prose": 0.5,
        "check_sheet": -2,
        "": 0.2,
    },
    "specification": {"values": 4, "numeric": 2.5, "table": 1, "prose": -1, "orders": -3, "wires": -2, "": 0},
    "diagram": {
        "few_words": 2,
        "labels": 2,
        "legend": 1,
        "capitals": 0.5,
        "wires": -3,
        "orders": -2,
        "captions": -1.5,
        "": -0.5,
    },
    "troubleshooting": {"lettered": 2, "table": 0.5, "": -0.5},
    "text": {"prose": 3, "check_sheet": 4, "orders": -1.5, "numeric": -1, "": 0},
    "wiring": {
        "wires": 3,
        "circuit_parts": 2.5,
        "labels": 1,
        "capitals": 0.5,
        "turned": 1,
        "prose": -2,
        "": -1,
    },
    "pinout": {"labels": 0.5, "numeric": 0.5, "wires": -0.5, "": -1},
    "fuse_chart": {"amperes": 2.5, "table": 0.5, "wires": -2, "": -1},
    "flowchart": {"yes_no": 6, "": -1},
    "signal": {"": -1.5},
    "oscilloscope": {"": -0.5},
    "photo": {"few_words": 1.5, "captions": 3, "wordless": 2, "": -0.5},
    "cover": {"large_type": 3, "few_words": 2, "numeric": -1, "": -1.5},
}
"""Points that a full sign gives to a kind; the entry "" is the kind's start."""

_NOTHING_TO_ASK = frozenset({ContentType.BLANK, ContentType.COVER, ContentType.PHOTO})
_STAND_ALONE = _NOTHING_TO_ASK | {ContentType.INDEX, ContentType.DIAGRAM}

_SOFTNESS = 1.4
"""Points that make a kind e times as likely; above 1, because pages of other makers are less sure than ours."""

_IN_TITLE, _IN_HEAD, _IN_BODY, _ENOUGH = 5.0, 2.2, 1.2, 4
"""Points of a pattern found in a title, elsewhere in the head, or below it, and how many patterns count."""


class NamePattern(Protocol):
    """A glob on a page's file name and the kind of page that it tells."""

    @property
    def pattern(self) -> str:
        """Glob, tried on the name without its ending, ignoring case."""

    @property
    def content_type(self) -> str:
        """The kind that the name tells."""


class SourcePattern(Protocol):
    """A regular expression on a page's path and the kind of book that it tells."""

    @property
    def pattern(self) -> str:
        """Regular expression, searched in the path, ignoring case."""

    @property
    def source_type(self) -> str:
        """The kind of book that the path tells."""


class Patterns(Protocol):
    """What of the configuration tells the kinds of pages and books (the section `classification`)."""

    @property
    def section_pattern(self) -> str:
        """Regular expression of section folders: id, name."""

    @property
    def source_patterns(self) -> Sequence[SourcePattern]:
        """Tried in order on the path; the first that is found decides."""

    @property
    def index_name_patterns(self) -> Sequence[str]:
        """Globs of the names of index pages."""

    @property
    def content_name_patterns(self) -> Sequence[NamePattern]:
        """Names that tell the kind of page."""

    @property
    def source_words(self) -> Mapping[str, Sequence[str]]:
        """Regular expressions in the words of a page, by kind of book."""

    @property
    def content_patterns(self) -> Mapping[str, Sequence[str]]:
        """Regular expressions in the lines of a page, by kind of page."""


@dataclass(frozen=True, slots=True)
class _Guess:
    content_type: ContentType
    confidence: float
    is_index: bool
    points: Mapping[str, float]


def classify_page(words: Sequence[Word], *, source: str, previous: Page | None, patterns: Patterns) -> PageClass:
    """Say what a page is; `source` is its path below the source folder, `previous` the stored page before it.

    The confidence is the share that the chosen kind has of all kinds' evidence: below about 0.6 it is often wrong.
    A page without words shows a picture, as far as words can tell. A page without title that is of the kind of
    the page before it, in the same section, or says that it goes on, takes that page's last title; a page of few words
    takes its language.
    """
    section = section_of(source, patterns.section_pattern)
    view = view_of(levelling_of(words).level(words))
    guess = _guess(view, source, section.section_id, patterns)
    title = _title(view, guess)
    if title is None and previous is not None and _goes_on(previous, guess, section.section_id, view):
        title = continued_title(previous.title)
    return PageClass(
        engine=ENGINE,
        source_type=source_type(source, words, previous, patterns),
        content_type=guess.content_type,
        is_index=guess.is_index,
        confidence=round(guess.confidence, 3),
        section_id=section.section_id,
        section_name=section.section_name,
        title=title,
        printed_page=printed_page(view.lines),
        nothing_to_ask=guess.content_type in _NOTHING_TO_ASK,
        reason=_reason(guess),
        language=told_language(view.lines) or (previous.language if previous is not None else None),
    )


def _title(view: View, guess: _Guess) -> str | None:
    title = page_title(view.lines, coded=not guess.is_index)
    if title is None and guess.content_type == ContentType.COVER:
        tallest = max(line.height for line in view.level) if view.level else 0.0
        title = " ".join(line.text for line in view.level if line.height > 0.7 * tallest) or None
    return title


def _goes_on(previous: Page, guess: _Guess, section_id: str, view: View) -> bool:
    if previous.section_id != section_id or previous.is_index or guess.content_type in _STAND_ALONE:
        return False
    return previous.content_type == guess.content_type or is_continued(view.lines)


def is_index_by_name(source: str, patterns: Patterns) -> bool:
    """Whether a page's file name alone tells an index page."""
    name = PurePosixPath(source).stem.lower()
    return any(fnmatch(name, glob.lower()) for glob in patterns.index_name_patterns)


def _guess(view: View, source: str, section_id: str, patterns: Patterns) -> _Guess:
    name, named_index = PurePosixPath(source).stem.lower(), is_index_by_name(source, patterns)
    if not view.lines:
        return _Guess(ContentType.PHOTO, 0.5, named_index, {})
    points = _points(view, section_id, patterns.content_patterns)
    for named in patterns.content_name_patterns:
        if fnmatch(name, named.pattern.lower()):
            points[named.content_type] = points.get(named.content_type, 0.0) + 3
    if named_index:
        points["index"] += 3
    shares = softmax(points)
    kind = max(shares, key=lambda kind: shares[kind])
    return _Guess(ContentType(kind), shares[kind], named_index or kind == ContentType.INDEX, points)


def _points(view: View, section_id: str, content_patterns: Mapping[str, Sequence[str]]) -> dict[str, float]:
    signs = {**signs_of(view, section_id), "": 1.0}
    points = {kind: sum(weight * signs[sign] for sign, weight in weights.items()) for kind, weights in _WEIGHTS.items()}
    for kind, kind_patterns in content_patterns.items():
        points[kind] = points.get(kind, -1.0) + _pattern_points(view.level, kind_patterns)
    return points


def _pattern_points(lines: Sequence[Line], kind_patterns: Sequence[str]) -> float:
    found = sorted((_best_place(lines, pattern) for pattern in kind_patterns), reverse=True)
    return sum(found[:_ENOUGH])


def _best_place(lines: Sequence[Line], pattern: str) -> float:
    """Points of one pattern: the more the nearer to a title it is found."""
    expression = re.compile(pattern, re.IGNORECASE)
    return max((_place_points(line) for line in lines if expression.search(line.text)), default=0.0)


def _place_points(line: Line) -> float:
    if line.box[1] >= HEAD:
        return _IN_BODY
    return _IN_TITLE if capital_share(line.text) > 0.75 else _IN_HEAD


def softmax(points: Mapping[str, float]) -> dict[str, float]:
    """Points as shares of one."""
    highest = max(points.values())
    weights = {kind: math.exp((value - highest) / _SOFTNESS) for kind, value in points.items()}
    total = sum(weights.values())
    return {kind: weight / total for kind, weight in weights.items()}


def _reason(guess: _Guess) -> str | None:
    """The three kinds with the most points, for whoever wonders about a low confidence."""
    best = sorted(guess.points.items(), key=lambda item: -item[1])[:3]
    return ", ".join(f"{kind} {value:.1f}" for kind, value in best) or None


def source_type(source: str, words: Sequence[Word], previous: Page | None, patterns: Patterns) -> SourceType:
    """The kind of book: from the path, else from the words; a page that says little is of the book before it."""
    for known in patterns.source_patterns:
        if re.search(known.pattern, source, re.IGNORECASE):
            return SourceType(known.source_type)
    text = " ".join(word.text for word in words)
    hits = {
        kind: sum(len(re.findall(pattern, text, re.IGNORECASE)) > 0 for pattern in kind_patterns)
        for kind, kind_patterns in patterns.source_words.items()
    }
    if previous is not None and previous.source_type in set(SourceType) - {SourceType.OTHER}:
        hits[str(previous.source_type)] = hits.get(str(previous.source_type), 0) + 2
    best = max(hits, key=lambda kind: hits[kind], default=SourceType.OTHER)
    return SourceType(best) if hits.get(best) else SourceType.OTHER
