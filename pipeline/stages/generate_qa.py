"""generate-qa: propose question-answer pairs for every page that has something to ask about.

Inputs: pages whose status is ok and that are classified, with their words (prepare) and the index rows that cover them
(classify); HTML spec sheets. Unit: one page.

Outputs: for each page one generation run and its candidate pairs, pending. An HTML sheet also gets its words, so that
its pairs can be checked like any other.

Rules:
- No image is read here: prepare did that.
- A repeated page, a blank page, a cover, a photo, a page that an engine found nothing to ask about, and a page whose id
  matches `generation.skip_page_patterns` yield no pair.
- HTML sheets are read by rules with every engine; their pairs say engine `offline`.
- At most `generation.questions_per_page` pairs of a page's content type wait for review: those that keep a spread over
  types of question and places of the page, the best first (`pipeline/checks/spread.py`). The others are stored too,
  set aside as `filtered:page_full`.
- The same text on the same page again changes nothing; a rejected pair is never proposed a second time.
- A page that another engine has done keeps what it has unless `--force`: the offline reader then adds nothing, Claude
  adds its pairs beside the offline ones. With `--force` the engine gets to know which
  pairs of the page were rejected and why, which ones stay, and what a reviewer said; pending pairs that a model wrote
  and that this run does not propose again become set_aside:superseded when the run commits; approved and edited pairs
  stay. A failed run changes nothing.

Failures: a page that its engine cannot read is noted with its reason and tried again by the next run.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from fnmatch import fnmatch

from pipeline.checks.spread import proposed, spread
from pipeline.engines.engine import Engine, Feedback, Generation, PageInput, RejectedPair
from pipeline.engines.spec_sheets import MOST_PAIRS, pairs_from_sheet, read_spec_sheet, sheet_words
from pipeline.selection import Selection
from pipeline.settings import Generation as Rules
from pipeline.settings import Settings
from pipeline.source_paths import real_path
from pipeline.stage import Stage, UnitError
from pipeline.workspace import Workspace
from review_db.connection import Database
from review_db.history import rejections_of_page
from review_db.index_entries import codes_covering
from review_db.pages import current_pages, page_before
from review_db.pairs import PAGE_FULL, add_candidates, pairs_of_page
from review_db.records import CandidatePair, Page, Word
from review_db.runs import runs_of, start_run
from review_db.statuses import PageStatus, PairStatus
from review_db.superseded import supersede_pending
from review_db.words import save_words, turns_of, words_of

NAME = "generate-qa"
SHEET_READER = "spec sheet 1"
SHEET_ENGINE = "offline"


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a run found on a page; `words` only for a sheet, whose words this stage reads; `above` what is too much."""

    engine: str
    generation: Generation
    words: tuple[Word, ...] = ()
    above: tuple[CandidatePair, ...] = ()


def stage(
    db: Database,
    workspace: Workspace,
    settings: Settings,
    selection: Selection,
    engine: Engine,
    *,
    force: bool = False,
    feedback: Feedback | None = None,
    job_id: int | None = None,
) -> Stage[PageInput, Proposed]:
    """The stage over the selected pages that may be asked about; `feedback` is a reviewer's reason and comment."""
    rules = settings.generation
    digest = hashlib.sha256(json.dumps(asdict(rules), sort_keys=True).encode()).hexdigest()[:12]

    def select() -> Iterator[PageInput]:
        for page in current_pages(db, source_root=str(workspace.source), status=PageStatus.OK):
            if (
                selection.matches(page.page_id, page.source)
                and _is_askable(page, rules)
                and _is_due(db, page, engine, force)
            ):
                yield replace(_input(db, page, workspace), again=force, feedback=_feedback(db, page, feedback))

    return Stage(
        name=NAME,
        select=select,
        name_of=lambda unit: unit.page.page_id,
        fingerprint=lambda unit: _fingerprint(unit.page, engine, digest),
        work=lambda unit: _proposed(unit, engine, rules),
        save=lambda db, unit, result: _save(db, unit, result, job_id),
        note_of=lambda result: result.generation.note,
    )


def may_be_asked(page: Page, rules: Rules) -> bool:
    """Whether pairs are wanted of a page, as far as its name and, where it is classified, its kind tell."""
    skipped = any(fnmatch(page.page_id, pattern) for pattern in rules.skip_page_patterns)
    silent = page.nothing_to_ask or page.content_type in rules.skip_content_types
    return page.duplicate_of is None and not skipped and not silent


def _is_askable(page: Page, rules: Rules) -> bool:
    return page.content_type is not None and may_be_asked(page, rules)


def _is_due(db: Database, page: Page, engine: Engine, force: bool) -> bool:
    """Pages that no engine has done, and for a paid engine those that only the offline one has done."""
    done = runs_of(db, page.page_version_id)
    first_paid = engine.name != SHEET_ENGINE and set(done) == {SHEET_ENGINE} and page.kind != "html"
    return force or not done or first_paid


def _fingerprint(page: Page, engine: Engine, digest: str) -> str:
    facts = (page.page_version_id, page.content_type, page.rotation, page.section_id, engine.name, digest)
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:32]


def _input(db: Database, page: Page, workspace: Workspace) -> PageInput:
    image = workspace.cache / page.image_path if page.image_path else real_path(workspace.source, page.source)
    codes = tuple(codes_covering(db, page))
    return PageInput(page, words_of(db, page), codes, page_before(db, page), image, turns_of(db, page))


def _feedback(db: Database, page: Page, said: Feedback | None) -> Feedback:
    """What a reviewer said, with the pairs of the page that were rejected and those that stay."""
    staying = (pair for pair in pairs_of_page(db, page.page_id) if pair.status == PairStatus.APPROVED)
    return replace(
        said or Feedback(),
        rejected=tuple(RejectedPair(*rejection) for rejection in rejections_of_page(db, page.page_id)),
        kept=tuple((pair.question, pair.answer) for pair in staying),
    )


def _proposed(unit: PageInput, engine: Engine, rules: Rules) -> Proposed:
    if unit.page.kind == "html":
        return _read_sheet(unit)
    most = rules.questions_per_page.get(unit.page.content_type or "", 0)
    generation = engine.generate(unit)
    stay = set(spread([proposed(pair.question_type, pair.boxes) for pair in generation.pairs], most))
    kept = tuple(pair for number, pair in enumerate(generation.pairs) if number in stay)
    above = tuple(pair for number, pair in enumerate(generation.pairs) if number not in stay)
    cut = f"{len(above)} pairs above the {most} that the settings want of such a page" if above else ""
    note = "; ".join(filter(None, (generation.note, cut))) or None
    return Proposed(engine.name, replace(generation, pairs=kept, note=note), above=above)


def _read_sheet(unit: PageInput) -> Proposed:
    try:
        html = unit.image.read_bytes() if unit.image else b""
    except OSError as error:
        raise UnitError(f"cannot read {unit.page.source}: {error.strerror}") from error
    sheet = read_spec_sheet(html)
    pairs = tuple(pairs_from_sheet(sheet))
    note = f"no more than {MOST_PAIRS} pairs are taken from one sheet" if len(pairs) == MOST_PAIRS else None
    return Proposed(SHEET_ENGINE, Generation(pairs, note=note), tuple(sheet_words(sheet)))


def _save(db: Database, unit: PageInput, result: Proposed, job_id: int | None) -> None:
    page, made = unit.page, result.generation
    if result.words and page.image_sha256:
        save_words(db, page.image_sha256, SHEET_READER, result.words, 0.0)
    run = start_run(
        db,
        page_version_id=page.page_version_id,
        engine=result.engine,
        model=made.model,
        prompt_name=made.prompt_name,
        prompt_sha256=made.prompt_sha256,
        feedback=_said(unit.feedback),
        job_id=job_id,
        call_id=made.call_id,
        proposed=len(made.pairs) + len(result.above),
    )
    stored = add_candidates(db, page, run, result.engine, made.pairs, model=made.model)
    stored += add_candidates(
        db, page, run, result.engine, result.above, model=made.model, status=PairStatus.SET_ASIDE, reason=PAGE_FULL
    )
    if unit.again:
        supersede_pending(db, page.page_id, keep=[key for key, _ in stored])


def _said(feedback: Feedback | None) -> dict[str, object] | None:
    if feedback is None or not (feedback.reason or feedback.comment):
        return None
    return {"reason": feedback.reason, "comment": feedback.comment}
