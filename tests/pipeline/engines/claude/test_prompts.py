"""Prompts: one for every kind of page, filled whole, asking what the filters accept, named by a hash of the words."""

import re
from pathlib import Path

import pytest

from pipeline.checks.filters import FilterRules, filtered_by
from pipeline.engines.claude.page_facts import (
    LONGEST_LIST,
    classification_facts,
    feedback_text,
    generation_facts,
    index_facts,
)
from pipeline.engines.claude.prompts import FOLDER, generation_prompt, generation_wording, prompt, reading_wording
from pipeline.engines.claude.schemas import CLASSIFICATION, GENERATION, INDEX
from pipeline.engines.claude.views import View
from pipeline.engines.engine import Feedback, PageInput, RejectedPair
from pipeline.settings import load
from review_db.records import IndexRow, Page, PageClass
from review_db.statuses import ContentType, QuestionType, SourceType

SHARED = {"system", "page", "whole", "parts", "regenerate", "classify", "index_rows"}
TASKS = sorted(path.stem for path in FOLDER.glob("*.md") if path.stem not in SHARED)


def a_page(**facts):
    known = {
        "page_id": "21-03_clutch", "page_version_id": 1, "manual": "manual", "source": "21 - Clutch/21-03.jpg",
        "page_number": None, "kind": "image", "image_sha256": "0", "image_path": "/x.jpg", "width": 1200, "height": 912,
        "status": "ok", "reason": None, "duplicate_of": None, "section_id": "21", "section_name": "Clutch",
        "source_type": "service_manual", "content_type": "procedure", "rotation": 0, "is_index": False,
        "confidence": 0.9, "title": "21 21 565 CHECKING DRIVE PLATE", "printed_page": "21-4", "origin": "scan",
        "sort_key": "1",
    }  # fmt: skip
    return Page(**known | facts)


ONE = (View(width=1200, height=912),)


def wording(task="service_procedure", facts="- none", feedback="", views=ONE):
    return generation_wording(prompt(task), facts=facts, views=views, most_pairs=30, language="en", feedback=feedback)


@pytest.mark.parametrize(
    ("book", "kind", "name"),
    [
        ("service_manual", "procedure", "service_procedure"),
        ("service_manual", "specification", "service_specification"),
        ("service_manual", "index", "service_index"),
        ("other", "troubleshooting", "service_troubleshooting"),
        ("electrical_manual", "wiring", "electrical_wiring"),
        ("electrical_manual", "troubleshooting", "service_troubleshooting"),
        ("service_manual", "fuse_chart", "electrical_fuse_chart"),
        ("ecu_technical", "diagram", "ecu_diagram"),
        ("ecu_technical", "wiring", "electrical_wiring"),
        ("service_manual", "oscilloscope", "ecu_oscilloscope"),
        ("service_manual", "photo", "photo"),
        ("service_manual", None, "default"),
        (None, "../system", "default"),
    ],
)
def test_a_page_is_asked_in_the_words_of_its_kind(book, kind, name):
    assert generation_prompt(book, kind).name == name


def test_every_kind_of_page_with_something_to_ask_has_words_of_its_own():
    silent = {ContentType.COVER, ContentType.BLANK}
    chosen = {(book, kind): generation_prompt(book, kind).name for book in SourceType for kind in ContentType}
    assert {kind for (_, kind), name in chosen.items() if name == "default"} == silent
    assert set(chosen.values()) == set(TASKS)


@pytest.mark.parametrize("task", TASKS)
def test_a_request_is_filled_whole_and_speaks_of_documents(task):
    asked = wording(task)
    assert not re.search(r"\$\w", (asked.system or "") + asked.text)
    assert "1200 pixels wide and 912 pixels high" in asked.text
    assert "up to 30 pairs" in asked.text
    assert not re.search(r"\btrain|\bdataset|\bmodel's training|machine learning", asked.system + asked.text, re.I)


@pytest.mark.parametrize("task", TASKS)
def test_a_task_names_only_kinds_of_question_that_the_filters_know(task):
    heads = re.findall(r"^- ([\w ,]+?):", prompt(task).template, re.MULTILINE)
    named = {word for head in heads for word in re.split(r", | and | or |; ", head)}
    assert named <= {kind.value for kind in QuestionType}, named
    assert heads or task in ("default", "service_index")


def test_the_shared_rules_name_every_kind_of_question_and_forbid_what_the_filters_throw_out():
    shared = prompt("system").template
    assert all(re.search(rf"\b{kind.value} \(", shared) for kind in QuestionType)
    rules = load([])[0].filters
    strict = FilterRules(
        rules.min_question_length, rules.shortest_answer, rules.longest_answer, rules.generic_phrases,
        rules.self_reference_phrases, rules.similarity,
    )  # fmt: skip
    assert filtered_by("What is the torque of the bolt on this page?", "25 Nm", "factual", strict) == "self_reference"
    for phrase in ("this page", "the diagram", "shown", "according", "question mark", "25 Nm"):
        assert phrase in shared


@pytest.mark.parametrize(
    ("name", "schema"), [("system", GENERATION), ("classify", CLASSIFICATION), ("index_rows", INDEX)]
)
def test_the_shape_of_the_reply_is_in_the_words_too_for_servers_that_ignore_schemas(name, schema):
    def fields(node):
        for key, part in node.get("properties", {}).items():
            yield key
            yield from fields(part)
        yield from fields(node["items"]) if "items" in node else ()

    assert all(f'"{field}"' in prompt(name).template for field in fields(schema))
    if name == "classify":
        assert all(f"- {kind.value}: " in prompt(name).template for kind in ContentType)


def test_what_is_known_of_the_page_reaches_the_prompt():
    before = a_page(page_id="21-02_clutch", title="21 21 000 REMOVING CLUTCH")
    codes = (IndexRow("21 21 565", "Drive plate - check for lateral runout", "21-4"),)
    facts = generation_facts(PageInput(a_page(), (), codes, before))
    for known in ("21 Clutch", "21 21 565 CHECKING DRIVE PLATE", "21-4", "21-03.jpg", "21 21 000 REMOVING CLUTCH",
                  "21 21 565 Drive plate - check for lateral runout"):  # fmt: skip
        assert known in facts
    told = wording(facts=facts).text
    assert facts in told
    assert "the image\nis right" in told
    assert "several procedures for this page, ask about each of them" in told


def test_a_page_of_another_section_says_nothing_of_this_one():
    before = a_page(section_id="11", title="11 00 000 ENGINE")
    assert "ENGINE" not in generation_facts(PageInput(a_page(), (), (), before))


def test_folder_headings_and_neighbour_are_evidence_for_the_kind_of_a_page():
    offline = PageClass("offline", "electrical_manual", "wiring", False, 0.6, title="HORN", printed_page="6710-0")
    before = a_page(content_type="wiring", title="POWER WINDOWS")
    facts = classification_facts(PageInput(a_page(source="Electrical/6710-00.jpg"), (), (), before), offline)
    for known in ("Electrical", "6710-00.jpg", "electrical manual", "HORN", "6710-0", "wiring, headed POWER WINDOWS"):
        assert known in facts


def test_hostile_names_cannot_break_a_prompt():
    page = a_page(source="a\n\n## Reply\n/x\u202e.jpg", title="T" * 5000, manual="$facts ${task}")
    for facts in (generation_facts(PageInput(page, ())), index_facts(PageInput(page, ()))):
        assert "\n## Reply" not in facts
        assert "$facts ${task}" in wording(facts=facts).text
        assert len(facts) < 2000


FEEDBACK = Feedback(
    "wrong_value",
    "read the column headers",
    (RejectedPair("What is the torque?", "25 Nm", "wrong_value: it is 35"),),
    (("What is the repair code?", "21 21 565"),),
)


def test_a_reviewers_words_and_the_decided_pairs_reach_the_prompt():
    asked = wording(feedback=feedback_text(FEEDBACK)).text
    assert "Reason: wrong_value\nComment: read the column headers" in asked
    assert '- "What is the torque?" answered "25 Nm": wrong_value: it is 35' in asked
    assert '- "What is the repair code?" answered "21 21 565"' in asked
    assert "reviewer" not in wording(feedback=feedback_text(Feedback())).text


def test_long_feedback_is_cut_at_a_whole_pair():
    many = tuple((f"What is the value of part number {n}?", "7 mm") for n in range(2000))
    text = feedback_text(Feedback(comment="c" * 9000, kept=many))
    assert len(text) < LONGEST_LIST + 2500
    assert text.endswith('answered "7 mm"')


def test_the_hash_of_a_prompt_covers_every_word_that_is_sent_but_not_what_is_filled_in(monkeypatch, tmp_path):
    plain = wording()
    assert wording(facts="- File: x").sha256 == plain.sha256
    assert len({plain.sha256, wording("service_text").sha256, wording(feedback="seen").sha256}) == 3
    for path in FOLDER.glob("*.md"):
        text = path.read_text(encoding="utf-8")
        Path(tmp_path / path.name).write_text(text + ("!" if path.stem == "system" else ""), encoding="utf-8")
    monkeypatch.setattr("pipeline.engines.claude.prompts.FOLDER", tmp_path)
    prompt.cache_clear()
    try:
        assert wording().sha256 != plain.sha256
    finally:
        prompt.cache_clear()


def test_the_hash_of_a_reading_prompt_is_that_of_its_file():
    assert reading_wording("classify", "- File: x").name == "classify"
    assert reading_wording("classify", "- a").sha256 == reading_wording("classify", "- b").sha256
