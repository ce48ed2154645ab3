"""The stage classify: pages with words in the database become classified pages, index pages become rows."""

from dataclasses import dataclass, replace

import pytest

from pipeline import settings
from pipeline.engines.offline.classification import classify_page
from pipeline.engines.offline.index_pages import read_index
from pipeline.ocr import READER
from pipeline.progress import Progress
from pipeline.selection import Selection
from pipeline.stage import UnitError, run_stage
from pipeline.stages import classify
from review_db import corrections, files, index_entries, listings, pages, stage_outcomes, words
from review_db.records import SourceFile
from tests.pipeline.engines.drawn_page import drawn

SETTINGS = settings.load([])[0]
HEADED = "64 12 310   REPLACING HEATER CORE\n\nDrain the coolant.\nPull off both hoses (1).\nUnscrew the bolts (2)."
GOES_ON = "Lift out the core (3).\nReplace the gasket.\nPull off the cover (4)."
INDEX = (
    "64 Heater\n\n64 12 310   Heater core - replace . . . .   64-3\n      320   Heater valve - adjust . . . .   64-4"
)


@dataclass(frozen=True)
class Rules:
    """The rules of the offline reader as an engine; remembers nothing, refuses pages that say so."""

    name: str = "offline"
    rules: object = SETTINGS.classification

    def classify(self, page):
        if any(word.text == "UNREADABLE" for word in page.words):
            raise UnitError("nothing can be made of this page")
        return classify_page(page.words, source=page.page.source, previous=page.previous, patterns=self.rules)

    def read_index(self, page):
        return read_index(page.words, page.page.section_id)

    def generate(self, page):
        return []


@pytest.fixture
def book(fresh_db, workspace):
    """Adds a page to the workspace's database: `book("64-03", text)`; without text it stays unread."""

    def add(name, text=None, *, status="ok", kind="image", folder="64 - Heater"):
        path = f"{folder}/{name}.{'html' if kind == 'html' else 'jpg'}"
        root = str(workspace.source)
        file = SourceFile(path, kind, name.ljust(64, "0"), 10, 1, "ok", manual="Book")
        file_id = files.record_file(fresh_db, root, file)
        version = pages.add_page_version(
            fresh_db,
            page_id=name,
            manual="Book",
            source=path,
            page_number=None,
            sort_key=path,
            file_id=file_id,
            identity=name,
            kind=kind,
            image_sha256=f"sha-{name}",
            image_path=None,
            width=800,
            height=600,
            status=status,
        )
        if text is not None:
            words.save_words(fresh_db, f"sha-{name}", READER, drawn(text), 0.1)
        return version

    return add


@pytest.fixture
def run(fresh_db, workspace):
    """Runs the stage; options: selection, force, engine, rules."""

    def run(selection=None, *, force=False, engine=None, rules=SETTINGS):
        stage = classify.stage(
            fresh_db,
            workspace,
            rules,
            selection or Selection(),
            engine or Rules(rules=rules.classification),
            force=force,
        )
        return run_stage(stage, fresh_db, Progress.silent(), force=force)

    return run


def test_pages_get_kind_section_title_and_printed_page(fresh_db, book, run):
    book("64-03", "                64 - 3\n\n" + HEADED)
    assert run().done == 1
    page = pages.page_by_id(fresh_db, "64-03")
    assert (page.source_type, page.content_type, page.section_id) == ("service_manual", "procedure", "64")
    assert (page.title, page.printed_page) == ("64 12 310 REPLACING HEATER CORE", "64-3")
    assert page.confidence is not None
    assert 0 < page.confidence <= 1


def test_index_pages_are_read_into_rows_that_name_the_pages_they_cover(fresh_db, book, run):
    book("64-00-index-a", INDEX)
    book("64-04", "                64 - 4\n\n" + HEADED)
    run()
    assert pages.page_by_id(fresh_db, "64-00-index-a").is_index
    covering = index_entries.codes_covering(fresh_db, pages.page_by_id(fresh_db, "64-04"))
    assert covering[0].code == "64 12 320"


def test_a_page_that_is_no_index_any_more_loses_its_rows(fresh_db, book, run):
    version = book("64-00", INDEX)
    run()
    words.save_words(fresh_db, "sha-64-00", READER, drawn(HEADED), 0.1)
    run(force=True)
    assert version
    assert list(listings.index(fresh_db)) == []


def test_blank_pages_and_spec_sheets_are_told_without_the_engine(fresh_db, book, run):
    book("64-02", status="blank")
    book("car-techspec", kind="html", folder=".")
    assert run().done == 2
    blank, sheet = (pages.page_by_id(fresh_db, name) for name in ("64-02", "car-techspec"))
    assert (blank.content_type, blank.nothing_to_ask, blank.section_id) == ("blank", True, "64")
    assert (sheet.source_type, sheet.content_type, sheet.section_id) == ("html_specs", "specification", "techspec")


def test_a_page_that_was_not_read_yet_waits(fresh_db, book, run):
    book("64-03")
    assert run().done == 0
    words.save_words(fresh_db, "sha-64-03", READER, drawn(HEADED), 0.1)
    assert run().done == 1


def test_a_page_without_title_goes_on_with_the_page_before_it_in_one_run(fresh_db, book, run):
    book("64-03", HEADED)
    book("64-04", status="blank")
    book("64-05", GOES_ON)
    run()
    assert pages.page_by_id(fresh_db, "64-05").title == "64 12 310 REPLACING HEATER CORE"


def test_the_title_is_carried_over_also_when_only_the_later_page_is_selected(fresh_db, book, run):
    book("64-03", HEADED)
    book("64-04", GOES_ON)
    assert run(Selection(page_id="64-04")).done == 1
    assert pages.page_by_id(fresh_db, "64-04").title == "64 12 310 REPLACING HEATER CORE"
    assert pages.page_by_id(fresh_db, "64-03").content_type is None


def test_what_is_stored_of_the_page_before_counts(fresh_db, book, run):
    version = book("64-03", HEADED)
    run()
    found = classify_page(
        drawn(HEADED), source="64 - Heater/64-03.jpg", previous=None, patterns=SETTINGS.classification
    )
    pages.save_class(fresh_db, version, replace(found, engine="claude", title="Heater core"))
    book("64-04", GOES_ON)
    run()
    assert pages.page_by_id(fresh_db, "64-04").title == "Heater core"


def test_titles_do_not_run_from_folder_to_folder(fresh_db, book, run):
    book("64-03", HEADED)
    book("65-01", GOES_ON, folder="65 - Radio")
    run()
    assert pages.page_by_id(fresh_db, "65-01").title is None


def test_a_second_run_does_nothing_also_with_another_engine(fresh_db, book, run):
    book("64-03", HEADED)
    assert run().done == 1
    assert run().done == 0
    assert run(engine=Rules("claude")).done == 0


def test_changed_rules_and_a_corrected_rotation_make_a_page_due_again(fresh_db, book, run):
    book("64-03", HEADED)
    run()
    electrical = replace(SETTINGS.classification.source_patterns[0], pattern="heater", source_type="ecu_technical")
    rules = replace(SETTINGS, classification=replace(SETTINGS.classification, source_patterns=(electrical,)))
    assert run(rules=rules).done == 1
    assert pages.page_by_id(fresh_db, "64-03").source_type == "ecu_technical"
    corrections.correct_page(fresh_db, "64-03", "rotation", "1", "Ann")
    assert run(rules=rules).done == 1


def test_force_classifies_finished_pages_again(fresh_db, book, run):
    book("64-03", HEADED)
    run()
    assert run(force=True).done == 1


def test_a_correction_stays_above_what_the_engine_says(fresh_db, book, run):
    book("64-03", HEADED)
    run()
    corrections.correct_page(fresh_db, "64-03", "content_type", "diagram", "Ann")
    run(force=True)
    assert pages.page_by_id(fresh_db, "64-03").content_type == "diagram"


def test_a_page_that_the_engine_cannot_judge_is_noted_and_the_others_go_on(fresh_db, book, run):
    book("64-03", "UNREADABLE")
    book("64-04", HEADED)
    summary = run()
    assert (summary.done, summary.failures) == (1, [("64-03", "nothing can be made of this page")])
    assert list(stage_outcomes.failed_units(fresh_db)) == [("classify", "64-03", "nothing can be made of this page")]


def test_a_section_is_selected_by_its_folder(fresh_db, book, run):
    book("64-03", HEADED)
    book("65-01", HEADED, folder="65 - Radio")
    assert run(Selection(section_glob="65*")).done == 1
    assert pages.page_by_id(fresh_db, "64-03").content_type is None
