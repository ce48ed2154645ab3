"""What Claude says a page is, weighed against what the offline reader says of the same page."""

from __future__ import annotations

from dataclasses import replace

from pipeline.engines.claude.schemas import ClassReply
from pipeline.engines.offline.sections import tidy_page
from review_db.records import PageClass
from review_db.statuses import ContentType

INDEX_BY_NAME = 0.95
MOST_SURE = 0.99
DOUBT = 0.5
FEW_WORDS = 40
QUIET = frozenset({ContentType.BLANK, ContentType.COVER, ContentType.PHOTO, ContentType.TEXT, ContentType.DIAGRAM})
"""Kinds of which the model is believed that there is nothing to ask, however many words they hold."""


def index_class(offline: PageClass, engine: str) -> PageClass:
    """The class of a page whose name says that it is an index."""
    return replace(
        offline,
        engine=engine,
        content_type=ContentType.INDEX,
        is_index=True,
        confidence=INDEX_BY_NAME,
        nothing_to_ask=False,
        reason="an index page by its name",
    )


def weighed(reply: ClassReply, offline: PageClass, words: int, engine: str) -> PageClass:
    """The class in force: the model's kind, the path's section and book, and a confidence that both readers bear.

    The model's own confidence says little (in the seed's run none was ever low), so a page on which the two readers
    differ is never surer than the offline reader leaves room for.
    """
    return replace(
        offline,
        engine=engine,
        content_type=reply.content_type,
        is_index=reply.content_type == ContentType.INDEX,
        confidence=round(_confidence(reply, offline), 3),
        title=reply.title or offline.title,
        printed_page=tidy_page(reply.printed_page) if reply.printed_page else offline.printed_page,
        nothing_to_ask=_is_silent(reply, offline, words),
        reason=f"{engine}: {reply.content_type} {reply.confidence:.2f}; "
        f"{offline.engine}: {offline.content_type} {offline.confidence:.2f}",
    )


def fallen_back(offline: PageClass, why: str) -> PageClass:
    """The offline reader's class, with the reason why Claude's is missing."""
    return replace(offline, reason=f"{why}; {offline.reason}" if offline.reason else why)


def _confidence(reply: ClassReply, offline: PageClass) -> float:
    if reply.content_type == offline.content_type:
        return min(reply.confidence, MOST_SURE)
    return min(reply.confidence, 1 - DOUBT * offline.confidence)


def _is_silent(reply: ClassReply, offline: PageClass, words: int) -> bool:
    """A page full of values is never passed over on one word of a model."""
    believed = reply.content_type in QUIET or words < FEW_WORDS or offline.nothing_to_ask
    return reply.nothing_to_ask and believed
