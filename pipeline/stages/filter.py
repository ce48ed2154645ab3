"""filter: set aside pairs that are not worth a person's time, each with the name of the rule.

Inputs: pairs that wait for review, those that an earlier run of this stage set aside, the sections `filters` and
`generation.questions_per_page` of the configuration. Outputs: status set_aside with reason `filtered:RULE`, or back to
pending.

Rules, the first that applies:
- `question_short`, `no_question_mark`, `unknown_type`: no proper question.
- `self_reference`: the question points at the page ("in this image") and cannot stand alone.
- `empty_answer`: the whole answer is one of `filters.empty_answers`, or a yes or no to an open question.
- `answer_short`, `answer_long`: outside `filters.shortest_answer` and `filters.longest_answer` of the question's type
  (`default` where a thing, place or count is asked for). A number, a quantity ("9 Nm"), a code, a side, a colour, a
  state ("open"), and a yes or no that was asked for are never too short.
- `generic_answer`: the answer says that it does not know, and holds no number or code.
- `alike`: an earlier pair of the page asks the same in at least `filters.similarity` of the same words, with the same
  numbers, codes and sides, and is answered alike. Exact duplicates are left to dedupe.
- `page_full`: a page has more pairs of one engine than `generation.questions_per_page` wants of its kind; those that
  stay keep a spread over types of question and places of the page (`pipeline/checks/spread.py`). Decided pairs count
  as taken. Imports, spec sheets, pages without a kind and pages of a kind that is never asked about have no such limit:
  a page that is corrected to be a cover keeps its pairs until a person decides.
- A pair that a person decided on, or put back in the queue, is never touched. Pairs whose rule no longer applies come
  back (`refilter` after a change of the configuration).

Failures: none of its own. The whole queue is judged, or the pages that --section and --page name.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping
from itertools import chain, groupby

from pipeline.checks.duplicates import compare
from pipeline.checks.filters import FilterRules, Gist, alike, filtered_by, gist
from pipeline.checks.spread import proposed, spread
from pipeline.progress import Progress
from pipeline.selection import Selection
from pipeline.settings import Filters, Settings
from pipeline.settings import Generation as Rules
from pipeline.stage import StageSummary
from pipeline.workspace import Workspace
from review_db.connection import Database, immediate
from review_db.funnel import decided_counts
from review_db.pages import page_by_id
from review_db.pairs import (
    PAGE_FULL,
    RESTORED,
    pairs_by_key,
    pending_pairs,
    restore,
    set_aside,
    set_aside_keys,
)
from review_db.records import Page, Pair
from review_db.statuses import DuplicateRelation, PairStatus

PREFIX = "filtered:"


def run(
    db: Database, workspace: Workspace, settings: Settings, selection: Selection, progress: Progress
) -> StageSummary:
    """Judge every pair of the selected pages by the rules as they are now."""
    summary, started = StageSummary("filter"), time.monotonic()
    rules = rules_of(settings.filters)
    pairs = [pair for pair in _judged_pairs(db) if selection.matches(pair.page_id, pair.source)]
    verdicts: dict[int, str | None] = {}
    decided = decided_counts(db)
    with progress.stage("filter", len({pair.page_id for pair in pairs})) as bar:
        for page_id, of_page in groupby(pairs, key=lambda pair: pair.page_id):
            judged = list(of_page)
            verdicts.update(_verdicts(judged, rules))
            fit = [pair for pair in judged if verdicts[pair.pair_key] is None]
            above = _above(fit, page_by_id(db, page_id), decided, settings.generation)
            verdicts.update(dict.fromkeys(above, PAGE_FULL))
            bar.advance(page_id)
    summary.done = _store(db, pairs, verdicts)
    summary.seconds = time.monotonic() - started
    return summary


def rules_of(filters: Filters) -> FilterRules:
    """The rules as the configuration gives them."""
    return FilterRules(
        min_question_length=filters.min_question_length,
        shortest_answer=filters.shortest_answer,
        longest_answer=filters.longest_answer,
        generic_phrases=filters.generic_phrases,
        self_reference_phrases=filters.self_reference_phrases,
        similarity=filters.similarity,
        empty_answers=filters.empty_answers,
    )


def _judged_pairs(db: Database) -> list[Pair]:
    """Pending pairs and those that this stage set aside, page by page, each page's oldest first."""
    aside = set_aside_keys(db, PREFIX)
    batches = (aside[start : start + 500] for start in range(0, len(aside), 500))
    earlier = chain.from_iterable(pairs_by_key(db, batch) for batch in batches)
    return sorted(chain(pending_pairs(db), earlier), key=lambda pair: (pair.page_id, pair.pair_key))


def _verdicts(pairs: list[Pair], rules: FilterRules) -> dict[int, str | None]:
    """Pair key -> the reason to set it aside, or None; a pair that is kept is the measure for the later ones."""
    kept: defaultdict[object, list[tuple[Pair, Gist]]] = defaultdict(list)
    verdicts: dict[int, str | None] = {}
    for pair in pairs:
        rule = filtered_by(pair.question, pair.answer, pair.question_type, rules)
        what = gist(pair.question, pair.answer)
        if rule is None and any(_repeats(pair, what, *before, rules.similarity) for before in kept[what.values]):
            rule = "alike"
        if rule is None or pair.reason == RESTORED:
            kept[what.values].append((pair, what))
            rule = None
        verdicts[pair.pair_key] = rule and PREFIX + rule
    return verdicts


def _above(pairs: list[Pair], page: Page, decided: Mapping[tuple[str, str], int], rules: Rules) -> list[int]:
    """Keys of the pairs, in the order in which they were made, that are too many of their engine on the page."""
    most = rules.questions_per_page.get(page.content_type or "")
    if page.kind == "html" or not most:
        return []
    of_engine: defaultdict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        if pair.author == "model":
            of_engine[pair.engine].append(pair)
    return [
        key
        for engine, made in of_engine.items()
        for key in _too_many(made, most - decided.get((page.page_id, engine), 0))
    ]


def _too_many(pairs: list[Pair], most: int) -> list[int]:
    """Keys of the pairs that do not stay; those that a person put back stay and take their share."""
    free = [pair for pair in pairs if pair.reason != RESTORED]
    places = [proposed(pair.question_type, pair.evidence.boxes) for pair in free]
    stay = set(spread(places, most - (len(pairs) - len(free))))
    return [pair.pair_key for number, pair in enumerate(free) if number not in stay]


def _repeats(pair: Pair, what: Gist, earlier: Pair, earlier_gist: Gist, similarity: float) -> bool:
    """Whether a pair is alike an earlier one; exact duplicates are left to the stage dedupe, which links them."""
    if not alike(what, earlier_gist, similarity):
        return False
    return compare(pair.question, pair.answer, earlier.question, earlier.answer).relation != DuplicateRelation.DUPLICATE


def _store(db: Database, pairs: list[Pair], verdicts: dict[int, str | None]) -> int:
    """Bring the statuses in line with the verdicts and return how many changed."""
    changed = [pair for pair in pairs if _reason(pair) != verdicts[pair.pair_key]]
    by_reason: defaultdict[str, list[int]] = defaultdict(list)
    for pair in changed:
        if reason := verdicts[pair.pair_key]:
            by_reason[reason].append(pair.pair_key)
    with immediate(db):
        restore(db, [pair.pair_key for pair in changed if pair.status == PairStatus.SET_ASIDE])
        for reason, keys in sorted(by_reason.items()):
            set_aside(db, keys, reason)
    return len(changed)


def _reason(pair: Pair) -> str | None:
    return pair.reason if pair.status == PairStatus.SET_ASIDE else None
