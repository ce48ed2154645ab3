"""generate-qa: every page that has something to ask about gets its pairs once, and nothing a person decided changes."""

import dataclasses

import pytest

from pipeline import settings as settings_module
from pipeline.engines.engine import Generation
from pipeline.progress import Progress
from pipeline.selection import Selection
from pipeline.stage import UnitError, run_stage
from pipeline.stages import generate_qa
from review_db import pages, pairs, runs
from review_db.files import record_file
from review_db.records import CandidatePair, PageClass, SourceFile
from tests.stored import a_page, decide

SETTINGS, _ = settings_module.load([])
SHEET = """<h2>Tarn Tech Specs</h2><table><tr><td>Fuel:</td><td>Unleaded 98</td></tr>
<tr><td>Torque:</td><td>240 Nm</td></tr></table>"""


class Scripted:
    """An engine that proposes what a test tells it to, and refuses a page named "unreadable"."""

    name = "offline"

    def __init__(self, *answers):
        self.answers, self.asked = answers, []

    def generate(self, unit):
        self.asked.append(unit)
        if unit.page.page_id == "unreadable":
            raise UnitError("no words on it")
        found = (
            CandidatePair(f"What is value {n} of {unit.page.page_id}?", a, "factual")
            for n, a in enumerate(self.answers)
        )
        return Generation(tuple(found))


@pytest.fixture
def classified(fresh_db, workspace):
    def make(page_id, content_type="procedure", **facts):
        path = facts.pop("source", f"21 - Clutch/{page_id}.jpg")
        file = SourceFile(path, "image", facts.get("image_sha256") or page_id.ljust(64, "0"), 1, 1, "ok", manual="m")
        page = a_page(
            fresh_db, page_id, source=path, file_id=record_file(fresh_db, str(workspace.source), file), **facts
        )
        found = PageClass("offline", "service_manual", content_type, content_type == "index", 0.9, "21", "Clutch")
        pages.save_class(fresh_db, page.page_version_id, found)
        return page

    return make


@pytest.fixture
def run(fresh_db, workspace):
    def go(engine, rules=SETTINGS, **options):
        stage = generate_qa.stage(fresh_db, workspace, rules, Selection(), engine, **options)
        return run_stage(stage, fresh_db, Progress.silent(), force=options.get("force", False))

    return go


def texts(db, page_id, status="pending"):
    return sorted(pair.answer for pair in pairs.pairs_of_page(db, page_id) if pair.status == status)


def test_each_page_gets_its_pairs_once_with_the_run_that_made_them(fresh_db, classified, run):
    page = classified("21-03")
    assert run(Scripted("25 Nm", "9 mm")).done == 1
    assert run(Scripted("25 Nm", "9 mm")).done == 0
    assert texts(fresh_db, "21-03") == ["25 Nm", "9 mm"]
    assert runs.runs_of(fresh_db, page.page_version_id) == ["offline"]


@pytest.mark.parametrize("kind", ["cover", "blank", "photo"])
def test_pages_without_anything_to_ask_about_are_left_alone(classified, run, kind):
    classified("21-03", kind)
    assert run(engine := Scripted("x")).done == 0
    assert engine.asked == []


def test_repeated_unreadable_unclassified_and_skipped_pages_yield_nothing(fresh_db, classified, run):
    classified("21-03")
    classified("21-04", duplicate_of="21-03")
    classified("21-05", status="unreadable")
    classified("x-title-1")
    a_page(fresh_db, "21-06")
    engine = Scripted("x")
    run(engine)
    assert [unit.page.page_id for unit in engine.asked] == ["21-03"]


def test_the_best_pairs_are_kept_up_to_the_pages_number(fresh_db, classified, run):
    classified("21-03")
    few = dataclasses.replace(SETTINGS.generation, questions_per_page={"procedure": 2})
    run(Scripted("1", "2", "3"), rules=dataclasses.replace(SETTINGS, generation=few))
    assert texts(fresh_db, "21-03") == ["1", "2"]
    (above,) = [pair for pair in pairs.pairs_of_page(fresh_db, "21-03") if pair.status == "set_aside"]
    assert (above.answer, above.reason) == ("3", "filtered:page_full")


def test_what_a_page_had_no_room_for_does_not_come_back_beside_a_new_reading(fresh_db, classified, run):
    classified("21-03")
    few = dataclasses.replace(SETTINGS.generation, questions_per_page={"procedure": 2})
    rules = dataclasses.replace(SETTINGS, generation=few)
    run(Scripted("1", "2", "3"), rules=rules)
    run(Scripted("4"), rules=rules, force=True)
    assert texts(fresh_db, "21-03") == ["4"]
    assert {pair.reason for pair in pairs.pairs_of_page(fresh_db, "21-03")} == {None, "superseded"}


def test_a_page_that_cannot_be_read_is_noted_and_the_others_go_on(fresh_db, classified, run):
    classified("unreadable")
    classified("21-03")
    summary = run(Scripted("25 Nm"))
    assert (summary.done, summary.failures) == (1, [("unreadable", "no words on it")])


def test_force_replaces_pending_pairs_and_keeps_what_people_decided(fresh_db, classified, run):
    classified("21-03")
    run(Scripted("old", "approved", "rejected", "kept"))
    by_answer = {pair.answer: pair for pair in pairs.pairs_of_page(fresh_db, "21-03")}
    decide(fresh_db, by_answer["approved"].pair_id, "approve", revision=1)
    decide(fresh_db, by_answer["rejected"].pair_id, "reject", revision=1, reason="wrong_value")
    engine = Scripted("new", "", "rejected", "kept")
    engine.answers = ("new", "approved", "rejected", "kept")
    run(engine, force=True)
    assert texts(fresh_db, "21-03") == ["kept", "new"]
    assert texts(fresh_db, "21-03", "approved") == ["approved"]
    assert texts(fresh_db, "21-03", "rejected") == ["rejected"]
    assert texts(fresh_db, "21-03", "set_aside") == ["old"]


def test_a_run_that_fails_changes_nothing(fresh_db, classified, run):
    classified("21-03")
    run(Scripted("old"))

    class Failing(Scripted):
        def generate(self, unit):
            raise UnitError("the service is gone")

    assert run(Failing(), force=True).failures == [("21-03", "the service is gone")]
    assert texts(fresh_db, "21-03") == ["old"]


def test_an_offline_run_adds_nothing_to_pages_that_another_engine_has_done(fresh_db, classified, run):
    classified("21-03")

    class Paid(Scripted):
        name = "claude"

    run(Paid("25 Nm"))
    run(Scripted("other"))
    assert texts(fresh_db, "21-03") == ["25 Nm"]


def test_a_paid_engine_adds_its_pairs_beside_those_of_the_offline_one(fresh_db, classified, run):
    classified("21-03")
    run(Scripted("25 Nm"))

    class Paid(Scripted):
        name = "claude"

    assert run(Paid("26 Nm")).done == 1
    assert texts(fresh_db, "21-03") == ["25 Nm", "26 Nm"]
    assert run(Paid("27 Nm")).done == 0


def test_a_sheet_is_read_by_rules_with_every_engine_and_its_words_are_kept(fresh_db, workspace, classified, run):
    (workspace.source / "tarn-techspec.html").write_text(SHEET, encoding="utf-8")
    classified("html-tarn", "specification", source="tarn-techspec.html", kind="html", image_path=None, width=None,
               height=None, image_sha256="b" * 64)  # fmt: skip
    engine = Scripted("never")
    engine.name = "claude"
    run(engine)
    assert engine.asked == []
    found = pairs.pairs_of_page(fresh_db, "html-tarn")
    assert {(pair.engine, pair.answer) for pair in found} == {("offline", "Unleaded 98"), ("offline", "240 Nm")}
    from review_db.words import words_of_image

    assert "Unleaded" in [word.text for word in words_of_image(fresh_db, "b" * 64)]
