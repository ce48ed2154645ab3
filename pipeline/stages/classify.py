"""classify: say of every page what it is, and read the index pages.

Inputs: pages whose status is ok and whose words were read (prepare), blank pages, HTML spec sheets.

Outputs: for each page one classification: source type, content type with a confidence from 0 to 1, section, title,
printed page number, language, whether it is an index page and whether there is anything to ask; for each index page
its rows (full repair code, title, page as printed), in the place of those read before. A reviewer's corrections stay on
top.

Rules:
- A blank page is of type blank, an HTML spec sheet of types html_specs and specification; neither is shown to the
  engine. A page that is not blank but on which no text was found is judged like any other (offline: a photo).
- The path decides the source type where `classification.source_patterns` knows it; where not, the words do, and a
  page that says little is of the book of the page before it.
- A page without title goes on with the title of the page before it in the same folder or PDF. That page is taken as
  stored; where it is not classified yet, from its own stored words, so that the outcome never depends on the order in
  which pages are finished.
- A confidence below about 0.6 is often wrong.
- A page is due again when its image, its reader, a reviewer's rotation or the section `classification` of the
  configuration changed; another engine alone changes nothing.

Failures: a page that the engine cannot judge is noted with its reason and tried again by the next run.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import groupby
from pathlib import PurePosixPath

from pipeline.engines.engine import Engine, PageInput
from pipeline.engines.offline.classification import classify_page, source_type
from pipeline.engines.offline.sections import Section, section_of
from pipeline.ocr import READER
from pipeline.selection import Selection
from pipeline.settings import Classification, Settings
from pipeline.stage import Stage
from pipeline.workspace import Workspace
from review_db.connection import Database
from review_db.index_entries import replace_index
from review_db.pages import current_pages, save_class
from review_db.records import IndexRow, Page, PageClass, Word
from review_db.stage_outcomes import finished_units
from review_db.statuses import ContentType, PageStatus
from review_db.words import has_words, turns_of, words_of

NAME = "classify"
HTML = "html"
HTML_SECTION = ("techspec", "Technical specifications")


@dataclass(frozen=True, slots=True)
class Classified:
    """What a page is, and the rows of an index page."""

    page_class: PageClass
    index: Sequence[IndexRow] = ()


def stage(
    db: Database,
    workspace: Workspace,
    settings: Settings,
    selection: Selection,
    engine: Engine,
    *,
    force: bool = False,
) -> Stage[PageInput, Classified]:
    """The stage that classifies the selected pages; without `force` the words of finished pages are not loaded."""
    task = _Classify(workspace, settings.classification)
    return Stage(
        name=NAME,
        select=lambda: task.inputs(db, selection, {} if force else finished_units(db, NAME)),
        name_of=lambda unit: unit.page.page_id,
        fingerprint=lambda unit: task.fingerprint(unit.page),
        work=lambda unit: _classified(replace(unit, again=force), engine, task.rules),
        save=_save,
    )


@dataclass
class _Classify:
    """One run of the stage: where it works and by which rules."""

    workspace: Workspace
    rules: Classification
    digest: str = field(init=False)

    def __post_init__(self) -> None:
        rules = json.dumps(asdict(self.rules), sort_keys=True)
        self.digest = hashlib.sha256(rules.encode()).hexdigest()[:12]

    def fingerprint(self, page: Page) -> str:
        """Name what the outcome depends on: content, reader, a reviewer's rotation, the rules."""
        return f"{page.image_sha256}|{READER}|{page.rotation}|{self.digest}"

    def inputs(self, db: Database, selection: Selection, done: Mapping[str, str]) -> Iterator[PageInput]:
        """Yield the selected pages that are not done, in manual order, each with the page before it."""
        for _, group in groupby(current_pages(db, source_root=str(self.workspace.source)), key=_book_part):
            pages = list(group)
            due = {
                page.page_id
                for page in pages
                if selection.matches(page.page_id, page.source) and done.get(page.page_id) != self.fingerprint(page)
            }
            yield from self._in_order(db, pages, due)

    def _in_order(self, db: Database, pages: Sequence[Page], due: set[str]) -> Iterator[PageInput]:
        before: Page | None = None
        for page in pages:
            if not due:
                return
            words = words_of(db, page) if page.page_id in due or page.source_type is None else []
            if page.page_id in due and (_is_plain(page) or _was_read(db, page)):
                image = self.workspace.cache / page.image_path if page.image_path else None
                yield PageInput(page, words, previous=before, image=image, turns=turns_of(db, page))
            due.discard(page.page_id)
            if words or (page.source_type is not None and not _is_plain(page)):
                before = _as_stored(page, words, before, self.rules)


def _book_part(page: Page) -> tuple[str, str]:
    """Pages that may go on with each other: those of one PDF, or the images of one folder."""
    return page.manual, page.source if page.page_number is not None else str(PurePosixPath(page.source).parent)


def _is_plain(page: Page) -> bool:
    """A page that is what it is without being read."""
    return page.status == PageStatus.BLANK or (page.status == PageStatus.OK and page.kind == HTML)


def _was_read(db: Database, page: Page) -> bool:
    return page.status == PageStatus.OK and page.image_sha256 is not None and has_words(db, page.image_sha256, READER)


def _as_stored(page: Page, words: Sequence[Word], before: Page | None, rules: Classification) -> Page:
    """The page as the next one sees it: its stored class, or the one that its stored words give."""
    if page.source_type is not None:
        return page
    found = classify_page(words, source=page.source, previous=before, patterns=rules)
    return replace(
        page,
        section_id=found.section_id,
        section_name=found.section_name,
        source_type=found.source_type,
        content_type=found.content_type,
        is_index=found.is_index,
        title=found.title,
        language=found.language,
    )


def _classified(unit: PageInput, engine: Engine, rules: Classification) -> Classified:
    if _is_plain(unit.page):
        return Classified(_plain_class(unit, engine.name, rules))
    page_class = engine.classify(unit)
    if not page_class.is_index:
        return Classified(page_class)
    known = replace(unit.page, section_id=page_class.section_id, is_index=True)
    return Classified(page_class, engine.read_index(replace(unit, page=known)))


def _plain_class(unit: PageInput, engine: str, rules: Classification) -> PageClass:
    """The class of a blank page or an HTML spec sheet."""
    is_sheet = unit.page.kind == HTML
    section = Section(*HTML_SECTION) if is_sheet else section_of(unit.page.source, rules.section_pattern)
    return PageClass(
        engine=engine,
        source_type=source_type(unit.page.source, (), unit.previous, rules),
        content_type=ContentType.SPECIFICATION if is_sheet else ContentType.BLANK,
        is_index=False,
        confidence=1.0,
        section_id=section.section_id,
        section_name=section.section_name,
        nothing_to_ask=not is_sheet,
    )


def _save(db: Database, unit: PageInput, result: Classified) -> None:
    version, found = unit.page.page_version_id, result.page_class
    save_class(db, version, found)
    if found.is_index or unit.page.is_index:
        replace_index(db, version, found.section_id, result.index, found.engine)
