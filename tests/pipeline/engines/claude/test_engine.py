"""The engine claude against the strict service: what it makes of pages, and what becomes of every kind of reply."""

import time
from dataclasses import replace

import pytest

from pipeline import limiter, pacing
from pipeline.engines.choice import Terms, engine_name
from pipeline.engines.claude.client import NoKeyError
from pipeline.engines.engine import PageInput
from pipeline.ledger import StopRunError
from pipeline.prices import NoPriceError
from pipeline.stage import UnitError
from review_db import index_entries, listings, pages
from review_db.words import words_of
from tests.doubles.claude.answers import SAMPLE, sample_pages
from tests.sample_pages import (
    CLUTCH_DISC,
    CLUTCH_INDEX,
    COVER,
    FUSES,
    SETTINGS,
    a_sample_page,
    asked_for,
    claude,
    run_stages,
    text_of,
    told_instead,
)

HEADED = (
    "                21-3\n\n21 21 000   REMOVING AND INSTALLING CLUTCH DISC\n\nRemove the bolts (1).\nLift it out."
)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(pacing, "FIRST_BACKOFF_SECONDS", 0.01)


def the_page(db, workspace, source=CLUTCH_DISC, text=HEADED, **facts):
    page = a_sample_page(db, workspace, source, text, **({"content_type": "procedure"} | facts))
    return PageInput(page, words_of(db, page), image=SAMPLE / source)


def truth_of(source):
    return next(page for page in sample_pages() if page.record["page"] == source)


# ---------------------------------------------------------------- what a page is


def test_the_model_says_what_a_page_is_and_the_path_where_it_belongs(fresh_db, workspace, double):
    with claude(workspace) as opened:
        found = opened.engine.classify(the_page(fresh_db, workspace, FUSES, "FUSE DATA CHART"))
    assert (found.engine, found.content_type, found.source_type) == ("claude", "fuse_chart", "electrical_manual")
    assert found.title == truth_of(FUSES).record["title"]
    (body,) = asked_for(double, "classify")
    assert body["model"] == SETTINGS.api.models["classify"]
    assert "0670-01.jpg" in text_of(body)


def test_an_index_page_known_by_its_name_costs_no_classification(fresh_db, workspace, double):
    with claude(workspace) as opened:
        found = opened.engine.classify(the_page(fresh_db, workspace, CLUTCH_INDEX, ""))
    assert (found.is_index, found.content_type, found.engine) == (True, "index", "claude")
    assert double.received == 0


@pytest.mark.parametrize(
    ("said", "offline_text", "surest"),
    [("procedure", HEADED, 0.99), ("wiring", HEADED, 0.75), ("wiring", "", 0.8)],
)
def test_a_page_on_which_the_readers_differ_is_never_sure(fresh_db, workspace, double, said, offline_text, surest):
    double.answer = told_instead({"content_type": said, "confidence": 1.0, "title": None, "printed_page": None,
                                  "nothing_to_ask": False})  # fmt: skip
    with claude(workspace) as opened:
        found = opened.engine.classify(the_page(fresh_db, workspace, text=offline_text))
    assert found.content_type == said
    assert 0.3 < found.confidence <= surest


@pytest.mark.parametrize(("kind", "silent"), [("cover", True), ("specification", False)])
def test_a_page_full_of_words_is_not_passed_over_on_the_models_word_alone(fresh_db, workspace, double, kind, silent):
    double.answer = told_instead({"content_type": kind, "confidence": 0.9, "title": None, "printed_page": None,
                                  "nothing_to_ask": True})  # fmt: skip
    page = the_page(fresh_db, workspace, text="\n".join(["Bolt M8  25 Nm  each side"] * 12))
    with claude(workspace) as opened:
        assert opened.engine.classify(page).nothing_to_ask is silent


@pytest.mark.parametrize("fault", ["refusal", "empty_content", "truncated_json", "400", "drop_unbilled"])
def test_without_a_usable_word_of_the_model_the_offline_readers_stands(fresh_db, workspace, double, fault):
    double.misbehave(fault)
    with claude(workspace) as opened:
        found = opened.engine.classify(the_page(fresh_db, workspace))
    assert (found.engine, found.content_type) == ("offline", "procedure")
    assert "claude gave no answer" in found.reason
    assert double.fired[fault] == 1


def test_index_rows_come_from_the_model_with_codes_in_full(fresh_db, workspace, double):
    page = the_page(fresh_db, workspace, CLUTCH_INDEX, "", content_type="index", is_index=True)
    with claude(workspace) as opened:
        rows = opened.engine.read_index(page)
    assert [(row.code, row.page) for row in rows][:2] == [("21 00 006", "21-5"), ("21 11 000", "21-1")]
    assert len(rows) == len(truth_of(CLUTCH_INDEX).record["index"])


@pytest.mark.parametrize("fault", ["refusal", "wrong_shape", "html", "400"])
def test_index_rows_fall_back_to_the_offline_reader(fresh_db, workspace, double, fault):
    text = "21 Clutch\n\n21 00 006   Clutch - bleed . . . .   21-5\n21 11 000   Clutch housing - remove . . . .   21-1"
    page = the_page(fresh_db, workspace, CLUTCH_INDEX, text, content_type="index", is_index=True)
    double.misbehave(fault)
    with claude(workspace) as opened:
        assert [row.code for row in opened.engine.read_index(page)] == ["21 00 006", "21 11 000"]


def test_a_page_that_is_no_index_has_no_rows_and_costs_nothing(fresh_db, workspace, double):
    with claude(workspace) as opened:
        assert opened.engine.read_index(the_page(fresh_db, workspace)) == []
    assert double.received == 0


# ---------------------------------------------------------------- pairs


def test_pairs_come_with_boxes_on_our_page_and_with_where_they_come_from(fresh_db, workspace, double):
    with claude(workspace) as opened:
        made = opened.engine.generate(the_page(fresh_db, workspace))
    facts = truth_of(CLUTCH_DISC).facts()
    assert [pair.question for pair in made.pairs] == [fact.question for fact in facts]
    for pair, fact in zip(made.pairs, facts, strict=True):
        assert pair.boxes[0] == pytest.approx(fact.box, abs=0.002)
        assert pair.quote
    assert (made.model, made.prompt_name) == (SETTINGS.api.models["generate"], "service_procedure")
    assert len(made.prompt_sha256) == 64
    assert [row["state"] for row in listings.calls(fresh_db)] == ["settled"]
    assert made.note is None


def test_the_second_time_nothing_is_paid(fresh_db, workspace, double):
    page = the_page(fresh_db, workspace)
    made = []
    for _ in range(2):
        with claude(workspace) as opened:
            made.append(opened.engine.generate(page))
    assert made[0] == made[1]
    assert double.received == 1


@pytest.mark.parametrize("fault", ["fenced", "trailing_prose", "enum_case", "no_usage"])
def test_a_reply_in_an_odd_dress_is_understood(fresh_db, workspace, double, fault):
    double.misbehave(fault)
    with claude(workspace) as opened:
        made = opened.engine.generate(the_page(fresh_db, workspace))
    assert len(made.pairs) == len(truth_of(CLUTCH_DISC).facts())
    assert double.fired[fault] == 1


def test_of_a_reply_that_was_cut_the_whole_pairs_are_kept_and_it_is_said(fresh_db, workspace, double):
    double.misbehave("max_tokens")
    with claude(workspace) as opened:
        made = opened.engine.generate(the_page(fresh_db, workspace))
    assert 0 < len(made.pairs) < len(truth_of(CLUTCH_DISC).facts())
    assert "cut" in made.note


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ("refusal", "declined"), ("empty_content", "no pairs"), ("deep", "no pairs"), ("nan", "no"),
        ("huge_integer", "no"), ("wrong_shape", "no pairs"), ("truncated_json", "no message"), ("html", "no message"),
        ("empty_object", "no message"), ("400", "400"), ("422", "422"), ("cut_body", "--resend-unknown"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_fails_the_page_with_its_reason_and_is_asked_once(fresh_db, workspace, double, fault, why):
    double.misbehave(fault)
    with claude(workspace) as opened, pytest.raises(UnitError, match=why):
        opened.engine.generate(the_page(fresh_db, workspace))
    assert double.received == 1


def test_pairs_that_are_all_malformed_are_no_success(fresh_db, workspace, double):
    double.answer = told_instead({"pairs": [{"question": ""}, 5]})
    with claude(workspace) as opened, pytest.raises(UnitError, match="all 2 were malformed"):
        opened.engine.generate(the_page(fresh_db, workspace))


def test_surplus_and_malformed_pairs_are_counted_in_a_note(fresh_db, workspace, double):
    pair = {"question_type": "factual", "quote": "", "box": None}
    double.answer = told_instead(
        {"pairs": [pair | {"question": f"Which is {n}?", "answer": f"{n}"} for n in range(99)]}
    )
    with claude(workspace) as opened:
        made = opened.engine.generate(the_page(fresh_db, workspace))
    assert len(made.pairs) <= SETTINGS.generation.questions_per_page["procedure"]
    assert f"{99 - len(made.pairs)} malformed or surplus" in made.note
    (body,) = double.requests
    assert f"up to {len(made.pairs)} pairs" in text_of(body)


@pytest.mark.parametrize("fault", ["413", "400_image"])
def test_a_page_that_is_too_large_is_shown_smaller_once(fresh_db, workspace, double, fault):
    double.misbehave(fault)
    with claude(workspace) as opened:
        made = opened.engine.generate(the_page(fresh_db, workspace))
    assert made.pairs[0].boxes[0] == pytest.approx(truth_of(CLUTCH_DISC).facts()[0].box, abs=0.003)
    assert double.received == 2
    double.misbehave(fault, fault, fault)
    with claude(workspace) as opened, pytest.raises(UnitError, match="too large"):
        opened.engine.generate(the_page(fresh_db, workspace, FUSES))
    assert double.received == 4


def test_boxes_of_a_page_that_was_shown_turned_lie_on_the_page_as_it_is_stored(fresh_db, workspace, double):
    pair = {"question": "Which part is it?", "answer": "cover", "question_type": "visual", "quote": ""}
    double.answer = told_instead({"pairs": [pair | {"box": [0, 0, 90, 120]}]})  # the upper left corner as shown
    page = the_page(fresh_db, workspace)
    with claude(workspace) as opened:
        (made,) = opened.engine.generate(replace(page, turns=1)).pairs
    x0, y0, x1, y1 = made.boxes[0]
    assert (x0, y1) == (0.0, 1.0)  # turned clockwise, the lower left corner of the stored page came to lie there
    assert (x1 - x0) * page.page.width == pytest.approx(120, abs=1)
    assert (y1 - y0) * page.page.height == pytest.approx(90, abs=1)


def test_an_image_that_went_away_fails_the_page_and_nothing_is_asked(fresh_db, workspace, double, tmp_path):
    page = replace(the_page(fresh_db, workspace), image=tmp_path / "gone.jpg")
    with claude(workspace) as opened, pytest.raises(UnitError, match="cannot be read"):
        opened.engine.generate(page)
    assert double.received == 0


# ---------------------------------------------------------------- before anything is sent


def test_without_a_key_claude_is_refused_and_auto_reads_offline(workspace, fresh_db):
    with pytest.raises(NoKeyError), claude(workspace):
        pass
    assert engine_name("auto") == "offline"


def test_with_a_key_auto_is_claude_but_offline_stays_offline(monkeypatch):
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-x-0000-not-a-secret")
    assert [engine_name(name) for name in ("auto", "offline", "claude")] == ["claude", "offline", "claude"]


def test_a_model_without_a_price_stops_before_the_first_call(workspace, fresh_db, double):
    rules = replace(SETTINGS, api=replace(SETTINGS.api, models=SETTINGS.api.models | {"generate": "claude-next-1"}))
    with pytest.raises(NoPriceError, match="claude-next-1"), claude(workspace, rules):
        pass
    assert double.received == 0


@pytest.mark.parametrize("fault", ["401", "402", "403", "404_model", "400_usage_limits"])
def test_what_concerns_every_page_stops_the_run_and_marks_no_page(fresh_db, workspace, double, fault):
    for source in (CLUTCH_DISC, FUSES):
        the_page(fresh_db, workspace, source)
    double.misbehave(*[fault] * 9)
    with pytest.raises(StopRunError) as stopped:
        run_stages(fresh_db, workspace, "generate-qa")
    assert stopped.value.hint
    assert list(fresh_db.query("SELECT * FROM stage_outcomes")) == []


# ---------------------------------------------------------------- settings


def ruled(**api):
    return replace(SETTINGS, api=replace(SETTINGS.api, **api))


@pytest.mark.parametrize(
    ("rules", "field", "value"),
    [
        (ruled(models=SETTINGS.api.models | {"generate": "claude-opus-5-5"}), "model", "claude-opus-5-5"),
        (ruled(max_output_tokens=SETTINGS.api.max_output_tokens | {"generate": 3000}), "max_tokens", 3000),
        (ruled(effort=SETTINGS.api.effort | {"generate": "high"}), "effort", "high"),
        (ruled(effort=SETTINGS.api.effort | {"generate": ""}), "effort", None),
        (replace(SETTINGS, output=replace(SETTINGS.output, language="de")), "language", "de"),
    ],
)
def test_each_setting_of_a_request_reaches_it(fresh_db, workspace, double, rules, field, value):
    rules = replace(rules, generation=replace(rules.generation, page_budget_usd=1.0))
    with claude(workspace, rules) as opened:
        opened.engine.generate(the_page(fresh_db, workspace))
    (body,) = double.requests
    found = body | {"effort": body["output_config"].get("effort")}
    if field == "language":
        assert f'in the language "{value}"' in body["system"][0]["text"]
    else:
        assert found[field] == value


@pytest.mark.parametrize(("wanted", "own", "asked"), [(True, "it", "it"), (True, None, "en"), (False, "it", "en")])
def test_a_page_is_asked_about_in_its_own_language_where_that_is_wanted(
    fresh_db, workspace, double, wanted, own, asked
):
    rules = replace(SETTINGS, generation=replace(SETTINGS.generation, in_page_language=wanted))
    page = the_page(fresh_db, workspace)
    with claude(workspace, rules) as opened:
        opened.engine.generate(replace(page, page=replace(page.page, language=own)))
    (body,) = double.requests
    assert f'in the language "{asked}"' in body["system"][0]["text"]


def test_a_page_of_which_no_pairs_are_wanted_is_not_asked_about(fresh_db, workspace, double):
    wanted = SETTINGS.generation.questions_per_page | {"procedure": 0}
    rules = replace(SETTINGS, generation=replace(SETTINGS.generation, questions_per_page=wanted))
    with claude(workspace, rules) as opened:
        assert opened.engine.generate(the_page(fresh_db, workspace)).pairs == ()
    assert double.received == 0


def test_a_refusal_for_the_moment_is_tried_as_often_as_configured(fresh_db, workspace, double):
    double.misbehave(*["500"] * 9)
    with claude(workspace, ruled(attempts=3)) as opened, pytest.raises(UnitError, match="3 "):
        opened.engine.generate(the_page(fresh_db, workspace))
    assert double.received == 3


def test_a_reply_that_takes_too_long_counts_as_unknown(fresh_db, workspace, double):
    double.misbehave("hang_unbilled")
    with claude(workspace, ruled(timeout_seconds=1)) as opened, pytest.raises(UnitError, match="--resend-unknown"):
        opened.engine.generate(the_page(fresh_db, workspace))


def test_requests_a_minute_are_kept_to(fresh_db, workspace, double, monkeypatch):
    monkeypatch.setattr(limiter, "BURST_SECONDS", 0.0)
    for source in (CLUTCH_DISC, FUSES, COVER):
        the_page(fresh_db, workspace, source)
    began = time.monotonic()
    run_stages(fresh_db, workspace, "generate-qa", rules=ruled(requests_a_minute=120))
    assert 1.5 <= time.monotonic() - began < 10


# ---------------------------------------------------------------- through the stages


def test_a_run_stores_pairs_with_engine_model_prompt_and_call(fresh_db, workspace, double):
    the_page(fresh_db, workspace)
    assert run_stages(fresh_db, workspace, "generate-qa")["generate-qa"].done == 1
    (run,) = fresh_db.query("SELECT * FROM generation_runs")
    (call,) = fresh_db.query("SELECT * FROM calls")
    rows = list(listings.pairs(fresh_db))
    assert (run["engine"], run["model"], run["call_id"]) == ("claude", call["model"], call["call_id"])
    assert (run["prompt_name"], run["proposed"]) == ("service_procedure", len(rows))
    assert {(row["engine"], row["model"], row["author"]) for row in rows} == {("claude", call["model"], "model")}


def test_the_codes_of_the_index_reach_the_prompt(fresh_db, workspace, double):
    """The seed asked its index for "21-1_clutch" where the key was "21-1": no code ever reached a prompt."""
    a_sample_page(fresh_db, workspace, CLUTCH_INDEX)
    page = a_sample_page(fresh_db, workspace, CLUTCH_DISC, HEADED)
    done = run_stages(fresh_db, workspace, "classify", "generate-qa")
    assert not any(summary.failures for summary in done.values())
    assert index_entries.codes_covering(fresh_db, pages.page_by_id(fresh_db, page.page_id))
    (told,) = [text_of(body) for body in asked_for(double, "generate") if "21-03.jpg" in text_of(body)]
    assert "The index says that this page covers: 21 21 000 Clutch disc - remove and install" in told
    assert "Section: 21 Clutch" in told
    assert "21 21 000 REMOVING AND INSTALLING CLUTCH DISC" in told


def test_an_unreadable_reply_is_no_success_and_is_asked_again_on_demand(fresh_db, workspace, double):
    """The seed took an unparsable or cut reply, and an empty page, for a success and never tried again."""
    the_page(fresh_db, workspace)
    double.misbehave("truncated_json")
    failed = run_stages(fresh_db, workspace, "generate-qa")["generate-qa"]
    assert [reason for _, reason in failed.failures if "--force" in reason]
    again = run_stages(fresh_db, workspace, "generate-qa")["generate-qa"]
    assert (len(again.failures), double.received) == (1, 1)
    assert run_stages(fresh_db, workspace, "generate-qa", force=True)["generate-qa"].done == 1
    assert double.received == 2


def test_a_classification_that_fell_back_is_asked_again_on_demand_and_a_good_one_is_not(fresh_db, workspace, double):
    a_sample_page(fresh_db, workspace, FUSES)
    a_sample_page(fresh_db, workspace, CLUTCH_DISC)
    double.misbehave("truncated_json")
    run_stages(fresh_db, workspace, "classify")
    assert sorted(page.content_type for page in pages.current_pages(fresh_db)) != ["fuse_chart", "procedure"]
    run_stages(fresh_db, workspace, "classify", force=True)
    assert sorted(page.content_type for page in pages.current_pages(fresh_db)) == ["fuse_chart", "procedure"]
    assert double.received == 3


def test_the_days_budget_counts_every_run_and_every_attempt(fresh_db, workspace, double):
    """The seed's daily budget lived in one process's memory, and its retries cost nothing in its books."""
    for source in (CLUTCH_DISC, FUSES, COVER):
        a_sample_page(fresh_db, workspace, source, HEADED, content_type="procedure")
    double.misbehave("529", None)
    for _ in range(2):
        with pytest.raises(StopRunError, match=r"the budget of \$0.09 for"):
            run_stages(fresh_db, workspace, "generate-qa", terms=Terms(budget_usd=0.086, concurrency=1))
        assert double.received == 2
    assert sorted(row["state"] for row in listings.calls(fresh_db)) == ["failed", "settled"]
    assert len(double.bill.entries()) == 1


def test_a_page_may_not_cost_more_than_its_budget(fresh_db, workspace, double):
    """The seed's cap of a page only warned, and after the money was spent."""
    the_page(fresh_db, workspace)
    rules = replace(SETTINGS, generation=replace(SETTINGS.generation, page_budget_usd=0.03))
    failed = run_stages(fresh_db, workspace, "generate-qa", rules=rules)["generate-qa"]
    assert "the budget of $0.03 a page" in failed.failures[0][1]
    assert double.received == 0
