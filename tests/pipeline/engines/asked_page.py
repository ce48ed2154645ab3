"""A drawn page as the offline engine gets it, and what the engine asks about it."""

from dataclasses import fields

from pipeline.engines.engine import PageInput
from pipeline.engines.offline.engine import OfflineEngine
from pipeline.engines.offline.layout import Line, lines_of
from pipeline.engines.offline.prose import Passage, passages_of
from review_db.records import CandidatePair, Page
from tests.pipeline.engines.drawn_page import drawn

_EMPTY = {
    "page_version_id": 1, "width": 1000, "height": 1400, "rotation": 0, "is_index": False, "section_id": "",
    "section_name": "", "status": "ok", "kind": "scan", "origin": "classifier", "sort_key": "", "nothing_to_ask": False,
}  # fmt: skip


def page(content_type: str = "procedure", **facts: object) -> Page:
    """A page of a manual about an invented pump."""
    known = dict.fromkeys(field.name for field in fields(Page)) | _EMPTY
    known |= {"page_id": "pump-31-04", "manual": "pump", "source": "pump/31-04.png", "content_type": content_type}
    return Page(**(known | facts))


def pairs(text: str, content_type: str = "procedure", **facts: object) -> list[CandidatePair]:
    """The pairs of a page drawn with a typewriter."""
    unit = PageInput(page(content_type, **facts), drawn(text), (), None, None)
    return list(OfflineEngine().generate(unit).pairs)


def asked(text: str, content_type: str = "procedure", **facts: object) -> dict[str, str]:
    """Question and answer of each of these pairs."""
    return {pair.question: pair.answer for pair in pairs(text, content_type, **facts)}


def lines(text: str) -> list[Line]:
    """The lines of a drawn page."""
    return lines_of(drawn(text))


def passages(text: str) -> list[Passage]:
    """The running text of a drawn page."""
    return passages_of(lines(text))


def answers(items: object) -> dict[str, str]:
    """Question and answer of pairs that one module makes."""
    return {item.pair.question: item.pair.answer for item in items}
