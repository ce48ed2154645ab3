"""What a reply must look like, and how its items become ours: any JSON in, checked records out, never an exception.

The schemas keep to what structured output supports: every object closed, every field required, no bounds. A reply can
still break them (a local server ignores them), so every item is checked again; a malformed one is dropped and counted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from pipeline.engines.claude.views import View
from pipeline.engines.offline.sections import tidy_page
from review_db.records import Box, CandidatePair, IndexRow
from review_db.statuses import ContentType, QuestionType

T = TypeVar("T")
Json = dict[str, Any]

PAIRS, ROWS, KIND = "pairs", "rows", "content_type"
"""The field that a generation, an index and a classification reply cannot do without."""

LONGEST_QUESTION, LONGEST_ANSWER, LONGEST_QUOTE = 1_000, 4_000, 1_000
LONGEST_TITLE, LONGEST_CELL = 300, 40
MOST_ROWS = 1_000
SMALLEST_BOX_PIXELS = 2.0

_CODE = re.compile(r"^(\d{2}) ?(\d{2}) ?(\d{3})$")
_DOTTED_CODE = re.compile(r"^(\d{2}) (\d{2})\s*(?:[.…·]\s*)+$")
_SHORT_CODE = re.compile(r"^\d{3}$")
_DIRECTION_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def _closed(**properties: Json) -> Json:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _or_null(kind: Json) -> Json:
    return {"anyOf": [kind, {"type": "null"}]}


def _list_of(name: str, item: Json) -> Json:
    return _closed(**{name: {"type": "array", "items": item}})


_TEXT: Json = {"type": "string"}
_PIXELS: Json = {
    "type": "array",
    "items": {"type": "integer"},
    "description": "x1, y1, x2, y2 in pixels of the image",
}

_PAIR: Json = {
    "question": _TEXT,
    "answer": _TEXT,
    "question_type": {"type": "string", "enum": [kind.value for kind in QuestionType]},
    "quote": {"type": "string", "description": "the words of the page that hold the answer, exactly as printed"},
    "box": _or_null(_PIXELS),
}
GENERATION = _list_of(PAIRS, _closed(**_PAIR))
GENERATION_OF_PARTS = _list_of(
    PAIRS, _closed(**_PAIR, image={"type": "integer", "description": "the image in whose pixels the box is"})
)
CLASSIFICATION = _closed(
    content_type={"type": "string", "enum": [kind.value for kind in ContentType]},
    confidence={"type": "number", "description": "0 to 1"},
    title=_or_null(_TEXT),
    printed_page=_or_null(_TEXT),
    nothing_to_ask={"type": "boolean"},
)
INDEX = _list_of(ROWS, _closed(code=_TEXT, title=_TEXT, page=_TEXT))


@dataclass(frozen=True, slots=True)
class Items(Generic[T]):
    """What of a list could be used, and how many of its items could not; false when nothing could."""

    kept: tuple[T, ...]
    dropped: int = 0

    def __bool__(self) -> bool:
        return bool(self.kept)


@dataclass(frozen=True, slots=True)
class ClassReply:
    """What a model says a page is; confidence is 0 to 1 and its own."""

    content_type: ContentType
    confidence: float
    title: str | None
    printed_page: str | None
    nothing_to_ask: bool


def generation_schema(views: Sequence[View]) -> Json:
    """What a generation reply must look like: of several images, each box says in which it is."""
    return GENERATION if len(views) == 1 else GENERATION_OF_PARTS


def pairs_from(found: Mapping[str, Any], views: Sequence[View], most: int) -> Items[CandidatePair] | None:
    """The pairs of a generation reply, at most `most`; None where it holds no list of them.

    Boxes come in pixels of one of the images that were sent and leave as fractions of the page.
    """
    listed = found.get(PAIRS)
    if not isinstance(listed, list):
        return None
    pairs = [_pair(item, views) for item in listed]
    return _items(pairs, most)


def rows_from(found: Mapping[str, Any]) -> Items[IndexRow] | None:
    """The rows of an index reply with their codes in full; None where it holds no list of them."""
    listed = found.get(ROWS)
    if not isinstance(listed, list):
        return None
    items = _items([_row(item) for item in listed], MOST_ROWS)
    return Items(tuple(_with_full_codes(items.kept)), items.dropped)


def class_from(found: Mapping[str, Any]) -> ClassReply | None:
    """A classification reply; None where it names no kind of page that we know."""
    kind = _member(found.get(KIND), ContentType)
    if kind is None:
        return None
    return ClassReply(
        content_type=kind,
        confidence=_share(found.get("confidence")),
        title=_line(found.get("title"), LONGEST_TITLE) or None,
        printed_page=_line(found.get("printed_page"), LONGEST_CELL) or None,
        nothing_to_ask=found.get("nothing_to_ask") is True,
    )


def clean_text(value: object) -> str:
    """`value` as text that any file can store: no lone surrogates, no control or direction characters."""
    if not isinstance(value, str):
        return ""
    kept = (" " if unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" else c for c in value)
    return _DIRECTION_MARKS.sub("", "".join(kept)).strip()


def _items(found: Sequence[T | None], most: int) -> Items[T]:
    kept = tuple(item for item in found if item is not None)[: max(most, 0)]
    return Items(kept, len(found) - len(kept))


def _pair(item: object, views: Sequence[View]) -> CandidatePair | None:
    if not isinstance(item, dict):
        return None
    question, answer = clean_text(item.get("question")), clean_text(item.get("answer"))
    if not question or not answer or len(question) > LONGEST_QUESTION or len(answer) > LONGEST_ANSWER:
        return None
    kind = _member(item.get("question_type"), QuestionType) or QuestionType.FACTUAL
    quote = clean_text(item.get("quote"))[:LONGEST_QUOTE].strip() or None
    view = _view_of(item, views)
    box = _box(item.get("box"), view) if view else None
    return CandidatePair(question, answer, kind, quote, (box,) if box else ())


KindT = TypeVar("KindT", ContentType, QuestionType)


def _member(value: object, kinds: type[KindT]) -> KindT | None:
    """The member that is meant; the case of a structured reply is not guaranteed."""
    name = re.sub(r"[\s-]+", "_", clean_text(value).lower())
    return next((kind for kind in kinds if kind.value == name), None)


def _view_of(item: Mapping[str, Any], views: Sequence[View]) -> View | None:
    """The image in whose pixels an item's box is; of several it must be named by its number, from 1."""
    number = item.get("image") if len(views) > 1 else 1
    if not isinstance(number, int) or isinstance(number, bool) or not 1 <= number <= len(views):
        return None
    return views[number - 1]


def _box(value: object, view: View) -> Box | None:
    """A box as fractions of the page, its corners in order and inside; None for one that frames nothing."""
    width, height = view.width, view.height
    if not isinstance(value, list) or len(value) != 4 or not all(_is_pixel(edge) for edge in value):
        return None
    x0, x1 = sorted(min(max(float(edge), 0.0), float(width)) for edge in (value[0], value[2]))
    y0, y1 = sorted(min(max(float(edge), 0.0), float(height)) for edge in (value[1], value[3]))
    if x1 - x0 < SMALLEST_BOX_PIXELS or y1 - y0 < SMALLEST_BOX_PIXELS:
        return None
    return view.on_page((x0 / width, y0 / height, x1 / width, y1 / height))


def _is_pixel(edge: object) -> bool:
    """Whether it is a number that could be one; whole numbers of any length come in JSON."""
    return isinstance(edge, int | float) and not isinstance(edge, bool) and -1e6 < edge < 1e6


def _share(value: object) -> float:
    """A confidence from 0 to 1, also where it was given as a percentage; 0.5 where it makes no sense."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0.5
    if 0 <= value <= 1:
        return float(value)
    return float(value) / 100 if 1 < value <= 100 else 0.5


def _line(value: object, longest: int) -> str:
    return " ".join(clean_text(value).split())[:longest].strip()


def _row(item: object) -> IndexRow | None:
    if not isinstance(item, dict):
        return None
    title = _line(item.get("title"), LONGEST_TITLE)
    code, page = (_line(item.get(name), LONGEST_CELL) for name in ("code", "page"))
    return IndexRow(code, title, tidy_page(page)) if title else None


def _with_full_codes(rows: Iterable[IndexRow]) -> Iterable[IndexRow]:
    """Rows with codes as "21 21 565": one printed short belongs to the group of the last full or dotted one."""
    group = ""
    for row in rows:
        full, dotted = _CODE.match(row.code), _DOTTED_CODE.match(row.code)
        found = full or dotted
        group = f"{found.group(1)} {found.group(2)}" if found else group
        if full:
            yield replace(row, code=f"{group} {full.group(3)}")
        elif dotted:
            yield replace(row, code=f"{group} ...")
        else:
            yield replace(row, code=f"{group} {row.code}") if group and _SHORT_CODE.match(row.code) else row
