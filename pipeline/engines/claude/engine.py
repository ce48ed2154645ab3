"""The engine `claude`: each page is shown to a vision model, each call goes through the ledger.

Classification asks a cheap model and weighs its word against the offline reader's; where there is no usable word of
the model, the offline reader's stands, for pages and for index rows alike. Pairs come from the model alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Generic, Protocol, TypeVar

from pipeline.engines.claude import classification, schemas
from pipeline.engines.claude.images import SentImage, limits_of, sent_images, upright_size
from pipeline.engines.claude.page_facts import classification_facts, feedback_text, generation_facts, index_facts
from pipeline.engines.claude.prompts import Wording, generation_prompt, generation_wording, reading_wording
from pipeline.engines.claude.replies import reading_of
from pipeline.engines.claude.requests import (
    Purpose,
    Terms,
    is_within,
    most_input_tokens,
    most_pairs_in,
    paid_request,
    terms_of,
    within,
)
from pipeline.engines.claude.schemas import Items, Json
from pipeline.engines.claude.views import View, small_print, views_of
from pipeline.engines.engine import Engine, Generation, PageInput
from pipeline.engines.offline.classification import is_index_by_name
from pipeline.ledger import Answer, PaidRequest, Reading, TooLargeError
from pipeline.ocr import turned_back
from pipeline.settings import Settings
from pipeline.stage import UnitError
from review_db.records import Box, CandidatePair, IndexRow, Page, PageClass, Word
from review_db.statuses import ContentType

NAME = "claude"
ASKS_AGAIN = "the reply is kept, and --force asks again"
T = TypeVar("T")
Views = Sequence[View]


class Asker(Protocol):
    """What of the ledger an engine needs."""

    def ask(self, request: PaidRequest, read: Callable[[bytes], Reading[T]]) -> Answer[T]:
        """The reading of this request's reply."""
        ...


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked about a page, whatever the size at which it is shown; `in_parts` shows small print enlarged."""

    purpose: Purpose
    page: PageInput
    list_key: str
    in_parts: bool = False


@dataclass(frozen=True, slots=True)
class _Asked(Generic[T]):
    """How it is asked of images of these sizes: on what terms, in which words, and how a reply is understood."""

    terms: Terms
    wording: Wording
    schema: Mapping[str, Any]
    interpret: Callable[[Json], T | None]


class ClaudeEngine:
    """Reads pages with Claude's vision; safe to use from many threads.

    `generation_of` tells which generation of a request asks it afresh, by the request's hash.
    """

    def __init__(
        self,
        ledger: Asker,
        settings: Settings,
        offline: Engine,
        *,
        generation_of: Callable[[str], int] = lambda request_hash: 1,
        name: str = NAME,
        keeps_prompts: bool = True,
    ) -> None:
        """`keeps_prompts`: the service can keep what requests begin with alike. Raises NoPriceError."""
        self.name, self._keeps_prompts = name, keeps_prompts
        self._ledger, self._settings, self._offline = ledger, settings, offline
        self._generation_of = generation_of
        self._terms = {purpose: terms_of(purpose, settings.api) for purpose in Purpose}

    def classify(self, page: PageInput) -> PageClass:
        """What the page is; an index page known by its name costs nothing."""
        offline = self._offline.classify(page)
        if is_index_by_name(page.page.source, self._settings.classification):
            return classification.index_class(offline, self.name)
        wording = reading_wording("classify", classification_facts(page, offline))
        question = _Question(Purpose.CLASSIFY, page, schemas.KIND)
        asked = _Asked(self._terms[Purpose.CLASSIFY], wording, schemas.CLASSIFICATION, schemas.class_from)
        try:
            reading = self._answered(question, lambda views: asked)[0].reading
        except UnitError as error:
            return classification.fallen_back(offline, f"{NAME} gave no answer: {error}")
        if reading.result is None:
            return classification.fallen_back(offline, f"{NAME} gave no answer: {reading.problem}")
        return classification.weighed(reading.result, offline, len(page.words), self.name)

    def read_index(self, page: PageInput) -> list[IndexRow]:
        """The rows of an index page, codes in full; the offline reader's where the model gave none."""
        if not page.page.is_index and page.page.content_type != ContentType.INDEX:
            return []
        wording = reading_wording("index_rows", index_facts(page))
        question = _Question(Purpose.INDEX, page, schemas.ROWS)
        asked = _Asked(self._terms[Purpose.INDEX], wording, schemas.INDEX, schemas.rows_from)
        try:
            rows = self._answered(question, lambda views: asked)[0].reading.result
        except UnitError:
            rows = None
        return list(rows.kept) if rows else self._offline.read_index(page)

    def generate(self, page: PageInput) -> Generation:
        """The pairs that the model writes for the page. Raises UnitError where it gave no usable reply."""
        known, generation = page.page, self._settings.generation
        wanted = generation.questions_per_page.get(known.content_type or "", 0)
        if not wanted:
            return Generation((), note=f"no pairs are wanted of a page of kind {known.content_type}")
        task = generation_prompt(known.source_type, ContentType.INDEX if known.is_index else known.content_type)
        worded = partial(
            generation_wording,
            task,
            facts=generation_facts(page),
            language=self._language_for(known),
            feedback=feedback_text(page.feedback),
        )
        question = _Question(Purpose.GENERATE, page, schemas.PAIRS, in_parts=True)

        def asked(views: Views) -> _Asked[Items[CandidatePair]]:
            longest, schema = worded(views=views, most_pairs=wanted), schemas.generation_schema(views)
            most_input = most_input_tokens(views, longest, schema)
            terms = within(self._terms[Purpose.GENERATE], most_input, generation.page_budget_usd)
            most = most_pairs_in(wanted, terms.max_tokens)
            wording = worded(views=views, most_pairs=most)
            return _Asked(terms, wording, schema, lambda found: schemas.pairs_from(found, views, most))

        return _generation(page, *self._answered(question, asked))

    def _language_for(self, page: Page) -> str:
        own = page.language if self._settings.generation.in_page_language else None
        return own or self._settings.output.language

    def _answered(self, question: _Question, asked: Callable[[Views], _Asked[T]]) -> tuple[Answer[T], _Asked[T]]:
        """The answer to a question about a page, shown whole and smaller once if the service finds it too large."""
        limits = limits_of(self._terms[question.purpose].model)
        try:
            return self._answered_at(question, asked, limits)
        except TooLargeError:
            whole = replace(question, in_parts=False)
            return self._answered_at(whole, asked, (limits[0] * 2 // 3, limits[1] // 2))

    def _answered_at(
        self, question: _Question, asked: Callable[[Views], _Asked[T]], limits: tuple[int, int]
    ) -> tuple[Answer[T], _Asked[T]]:
        page, rules = question.page, self._settings.generation

        def bears(views: Views) -> bool:
            how = asked(views)
            return is_within(how.terms, most_input_tokens(views, how.wording, how.schema), rules.page_budget_usd)

        images = _shown(page, limits, rules.smallest_print if question.in_parts else 0, bears)
        how = asked(images)
        request = paid_request(
            question.purpose,
            how.terms,
            images,
            how.wording,
            how.schema,
            page_id=page.page.page_id,
            engine=self.name,
            keeps_prompts=self._keeps_prompts,
        )
        if page.again:
            request = replace(request, generation=self._generation_of(request.hash))
        price, list_key = how.terms.price, question.list_key
        return self._ledger.ask(request, lambda body: reading_of(body, price, how.interpret, list_key)), how


def _shown(
    page: PageInput, limits: tuple[int, int], smallest_print: float, bears: Callable[[Views], bool]
) -> tuple[SentImage, ...]:
    """The page's images, upright as a reader would turn it. Raises UnitError."""
    if page.image is None:
        raise UnitError("the page has no image to show")
    try:
        size = upright_size(page.image, page.turns)
        stored = size if page.turns % 2 == 0 else size[::-1]
        views = views_of(size, limits, small_print(page.words, stored, page.turns), smallest_print, bears)
        return sent_images(page.image, views, page.turns)
    except (OSError, ValueError) as error:
        raise UnitError(f"the page's image cannot be read: {error}") from error


def _generation(page: PageInput, answer: Answer[Items[CandidatePair]], how: _Asked[Items[CandidatePair]]) -> Generation:
    reading = answer.reading
    if reading.result is None:
        raise UnitError(f"{NAME} gave no pairs: {reading.problem}; {ASKS_AGAIN}")
    if reading.result.dropped and not reading.result:
        raise UnitError(f"{NAME} gave no usable pair: all {reading.result.dropped} were malformed; {ASKS_AGAIN}")
    if page.again and not reading.result:
        raise UnitError(f"{NAME} found nothing to ask this time; the page keeps the pairs that it has")
    dropped = f"{reading.result.dropped} malformed or surplus items were left out" if reading.result.dropped else None
    return Generation(
        pairs=tuple(_turned_back(pair, page.turns) for pair in reading.result.kept),
        model=how.terms.model,
        prompt_name=how.wording.name,
        prompt_sha256=how.wording.sha256,
        call_id=answer.call_id,
        note="; ".join(note for note in (reading.problem, dropped) if note) or None,
    )


def _turned_back(pair: CandidatePair, turns: int) -> CandidatePair:
    """The pair with its box in the frame of the stored image, where the model saw that image turned."""
    return replace(pair, boxes=tuple(_box_turned_back(box, turns) for box in pair.boxes)) if turns % 4 else pair


def _box_turned_back(box: Box, turns: int) -> Box:
    return turned_back(Word("", box, 1.0, 0), -turns % 4).box
