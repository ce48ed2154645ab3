"""What a run would ask and cost before anything is spent: pages, calls, tokens and dollars for each engine.

Images are counted exactly, by the documented rule. What else a call costs comes from the calls that this workspace has
already paid for, once there are a few (their mean, and the 95th percentile), until then from what a page usually takes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from math import ceil, fsum
from statistics import fmean
from typing import Any

from pipeline.engines.choice import CLAUDE, OFFLINE, stand_in
from pipeline.engines.claude.images import limits_of
from pipeline.engines.claude.prompts import Wording, generation_prompt, generation_wording, reading_wording
from pipeline.engines.claude.requests import Purpose, Terms, is_within, most_input_tokens, terms_of, tokens_of, within
from pipeline.engines.claude.schemas import CLASSIFICATION, INDEX, generation_schema
from pipeline.engines.claude.views import View, fitted, small_print, views_of
from pipeline.engines.engine import Engine
from pipeline.engines.offline.classification import is_index_by_name
from pipeline.prices import cost, worst_case
from pipeline.selection import Selection
from pipeline.settings import Settings
from pipeline.stage import due_units
from pipeline.stages import classify, generate_qa
from pipeline.workspace import Workspace
from review_db import costs, files
from review_db.connection import Database
from review_db.pages import current_pages
from review_db.records import Page, SourceFile
from review_db.statuses import FileStatus
from review_db.words import turns_of, words_of

BATCH_SHARE = 0.5
FEWEST_CALLS = 5
PAPER = (1240, 1754)
"""Pixels of a page that was not looked at yet: A4 at 150 dots an inch."""

USUAL_OUTPUT = {Purpose.CLASSIFY: 150, Purpose.INDEX: 1500, Purpose.GENERATE: 1500}
USUAL_SHARE_OF_BOUND = 0.55
"""Tokens of a reply with its thinking, and what part of the bound of a prompt's text its tokens usually are."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a run is asked to do."""

    stages: Sequence[str] = ("classify", "generate-qa")
    selection: Selection = field(default_factory=Selection)
    limit: int | None = None
    force: bool = False


@dataclass(frozen=True, slots=True)
class Estimate:
    """What one engine would take; `usd` is expected, `usd_p95` if every call were as dear as one in twenty.

    `most_usd` is the worst case, of which the budgets let pass what they allow; `measured` counts the settled calls
    that the expectation can rest on (below FEWEST_CALLS of a purpose it takes usual values).
    """

    engine: str
    pages: int
    calls: int
    input_tokens: int
    output_tokens: int
    usd: float
    usd_p95: float
    most_usd: float
    measured: int


@dataclass(frozen=True, slots=True)
class _Planned:
    """One call that a run would make, for a page of this size and with small print so high, both in pixels."""

    purpose: Purpose
    size: tuple[int, int]
    print_pixels: float | None = None
    source_type: str | None = None
    content_type: str | None = None


@dataclass(frozen=True, slots=True)
class _Cost:
    """Expected tokens and dollars of a call, the 95th percentile, and the worst case."""

    input_tokens: float
    output_tokens: float
    usd: float
    usd_p95: float
    most_usd: float


def estimates(db: Database, workspace: Workspace, settings: Settings, scope: Scope) -> list[Estimate]:
    """What each engine would take for what is due now, files not yet prepared included. Raises NoPriceError."""
    planned = list(_planned(db, workspace, settings, scope, stand_in(CLAUDE, settings)))
    offline = list(_planned(db, workspace, settings, scope, stand_in(OFFLINE, settings)))
    terms = {purpose: terms_of(purpose, settings.api) for purpose in Purpose}
    paid = {purpose: costs.settled_calls(db, purpose, terms[purpose].model) for purpose in Purpose}
    each = [_cost(call, terms[call.purpose], paid[call.purpose], settings) for call in planned]
    claude = Estimate(
        engine=CLAUDE,
        pages=_pages(planned),
        calls=len(each),
        input_tokens=round(sum(one.input_tokens for one in each)),
        output_tokens=round(sum(one.output_tokens for one in each)),
        usd=fsum(one.usd for one in each),
        usd_p95=fsum(one.usd_p95 for one in each),
        most_usd=fsum(one.most_usd for one in each),
        measured=sum(len(paid[purpose]) for purpose in {call.purpose for call in planned}),
    )
    return [Estimate(OFFLINE, _pages(offline), 0, 0, 0, 0.0, 0.0, 0.0, 0), claude, _at_half_price(claude)]


def _pages(planned: Sequence[_Planned]) -> int:
    """How many pages are asked about, or read where none is asked about."""
    return sum(call.purpose == Purpose.GENERATE for call in planned) or len(planned)


def as_row(estimate: Estimate) -> dict[str, Any]:
    """An estimate as the command line prints it, dollars to the hundredth of a cent."""
    return {name: round(value, 4) if isinstance(value, float) else value for name, value in asdict(estimate).items()}


def _at_half_price(estimate: Estimate) -> Estimate:
    return replace(
        estimate,
        engine="claude-batch",
        usd=BATCH_SHARE * estimate.usd,
        usd_p95=BATCH_SHARE * estimate.usd_p95,
        most_usd=BATCH_SHARE * estimate.most_usd,
    )


def _planned(
    db: Database, workspace: Workspace, settings: Settings, scope: Scope, engine: Engine
) -> Iterator[_Planned]:
    selection = scope.selection
    asked = {
        module.NAME: [
            unit.page
            for unit in due_units(
                module.stage(db, workspace, settings, selection, engine, force=scope.force), db, force=scope.force
            )
            if unit.page.kind == "image" and unit.page.width and unit.page.height
        ]
        for module in (classify, generate_qa)
        if module.NAME in scope.stages
    }
    unclassified = [
        page
        for page in asked.get(classify.NAME, ())
        if page.content_type is None and generate_qa.may_be_asked(page, settings.generation)
    ]
    unprepared = _unprepared(db, workspace, selection)
    if classify.NAME in scope.stages:
        yield from _readings(asked[classify.NAME][: scope.limit], settings)
        yield from [_Planned(Purpose.CLASSIFY, PAPER)] * _within(unprepared, scope.limit, asked[classify.NAME])
    if generate_qa.NAME in scope.stages:
        due = [*asked[generate_qa.NAME], *unclassified]
        limits = limits_of(settings.api.models[Purpose.GENERATE])
        yield from (_generation(db, page, limits) for page in due[: scope.limit])
        yield from [_Planned(Purpose.GENERATE, PAPER)] * _within(unprepared, scope.limit, due)


def _within(count: int, limit: int | None, before: Sequence[object]) -> int:
    return count if limit is None else max(0, min(count, limit - len(before)))


def _readings(pages: Sequence[Page], settings: Settings) -> Iterator[_Planned]:
    """A classification for each page that its name does not tell, and the rows of each index page."""
    for page in pages:
        named = is_index_by_name(page.source, settings.classification)
        if not named:
            yield _Planned(Purpose.CLASSIFY, _size(page))
        if named or page.is_index:
            yield _Planned(Purpose.INDEX, _size(page))


def _generation(db: Database, page: Page, limits: tuple[int, int]) -> _Planned:
    """The call that asks for a page's pairs; its words are looked at only where the model is shown it smaller."""
    size, turns = _size(page), turns_of(db, page)
    print_pixels = None if fitted(*size, limits) == size else small_print(words_of(db, page), size, turns)
    upright = size if turns % 2 == 0 else size[::-1]
    return _Planned(Purpose.GENERATE, upright, print_pixels, page.source_type, page.content_type)


def _size(page: Page) -> tuple[int, int]:
    return page.width or PAPER[0], page.height or PAPER[1]


def _unprepared(db: Database, workspace: Workspace, selection: Selection) -> int:
    """Pages in files that the inventory found good and that were not prepared yet."""
    if selection.page_id is not None:
        return 0
    root = str(workspace.source)
    known = {page.source for page in current_pages(db, source_root=root)}
    return sum(
        _pages_in(file)
        for file in files.current_files(db, root)
        if file.status == FileStatus.OK and file.path not in known and selection.takes_source(file.path)
    )


def _pages_in(file: SourceFile) -> int:
    return {"image": 1, "pdf": file.page_count or 0}.get(file.kind, 0)


def _cost(call: _Planned, terms: Terms, paid: Sequence[costs.SettledCall], settings: Settings) -> _Cost:
    views, bound = _shown(call, terms, settings)
    most = worst_case(terms.price, bound, terms.max_tokens)
    if len(paid) >= FEWEST_CALLS:
        return _Cost(
            input_tokens=fmean(one.input_tokens for one in paid),
            output_tokens=fmean(one.output_tokens for one in paid),
            usd=fmean(one.usd for one in paid),
            usd_p95=percentile([one.usd for one in paid], 0.95),
            most_usd=most,
        )
    image, written = tokens_of(views), USUAL_OUTPUT[call.purpose]
    given = image + USUAL_SHARE_OF_BOUND * (bound - image)
    usual = cost(terms.price, round(given), written, 0, 0)
    return _Cost(given, written, usual, min(2 * usual, most), most)


def _shown(call: _Planned, terms: Terms, settings: Settings) -> tuple[Sequence[View], int]:
    """The images of a call, as the engine would choose them, and the most input tokens that it can take."""
    rules, limits = settings.generation, limits_of(terms.model)

    def bound(views: Sequence[View]) -> int:
        return most_input_tokens(views, _wording(call, views, settings), _schema(call, views))

    def bears(views: Sequence[View]) -> bool:
        most = bound(views)
        return is_within(within(terms, most, rules.page_budget_usd), most, rules.page_budget_usd)

    views = views_of(call.size, limits, call.print_pixels, rules.smallest_print, bears)
    return views, bound(views)


def _schema(call: _Planned, views: Sequence[View]) -> dict[str, Any]:
    if call.purpose == Purpose.GENERATE:
        return generation_schema(views)
    return CLASSIFICATION if call.purpose == Purpose.CLASSIFY else INDEX


def _wording(call: _Planned, views: Sequence[View], settings: Settings) -> Wording:
    if call.purpose == Purpose.GENERATE:
        task = generation_prompt(call.source_type, call.content_type)
        return generation_wording(task, facts="", views=views, most_pairs=0, language=settings.output.language)
    return reading_wording("classify" if call.purpose == Purpose.CLASSIFY else "index_rows", "")


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of the values do not pass."""
    return sorted(values)[max(0, ceil(share * len(values)) - 1)]
