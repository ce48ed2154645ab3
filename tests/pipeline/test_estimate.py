"""Estimates: what would be asked and what it would cost, from usual values first, then from what was paid."""

import json
from dataclasses import replace

import pytest

from pipeline.cli import main
from pipeline.engines.claude.images import limits_of
from pipeline.engines.claude.views import fitted
from pipeline.estimate import FEWEST_CALLS, Scope, as_row, estimates, percentile
from pipeline.prices import NoPriceError, image_tokens
from pipeline.selection import Selection
from review_db import calls, files
from review_db.connection import open_review_db
from review_db.records import SourceFile
from review_db.runs import start_run
from tests.sample_pages import CLUTCH_DISC, CLUTCH_INDEX, COVER, FUSES, SETTINGS, a_sample_page

MODELS = SETTINGS.api.models


@pytest.fixture
def db(workspace):
    db = open_review_db(workspace.database)
    yield db
    db.close()


def paid_call(db, number, purpose, *, tokens=(5000, 900), usd=0.019):
    new = calls.NewCall(f"hash-{number}", 1, None, "claude", MODELS[purpose], purpose, "run", "me", "2026-11-23", 0.09)
    call_id = calls.reserve(db, new, [], resend_unknown=False)
    calls.settle(db, call_id, "settled", calls.Usage(*tokens, 0, 0, usd))


def estimated(db, workspace, rules=SETTINGS, **scope):
    return {each.engine: each for each in estimates(db, workspace, rules, Scope(**scope))}


def test_an_empty_workspace_costs_nothing(db, workspace):
    assert [as_row(each)["usd"] for each in estimated(db, workspace).values()] == [0.0, 0.0, 0.0]


def test_each_page_is_classified_and_asked_about_and_an_index_is_read_instead(db, workspace):
    for source in (CLUTCH_DISC, CLUTCH_INDEX, FUSES):
        a_sample_page(db, workspace, source, "text")
    claude = estimated(db, workspace)["claude"]
    assert (claude.pages, claude.calls) == (3, 2 + 1 + 3)  # classified, index read, asked about
    assert 0 < claude.usd < claude.usd_p95 <= claude.most_usd
    assert claude.usd == pytest.approx(3 * 0.023, rel=0.3)  # a page's usual cost at 150 dots an inch


def test_images_count_by_the_documented_rule(db, workspace):
    page = a_sample_page(db, workspace, FUSES, content_type="fuse_chart")
    rules = replace(SETTINGS, api=replace(SETTINGS.api, models=MODELS | {"generate": "claude-haiku-4-5"}))
    large, small = (estimated(db, workspace, r, stages=("generate-qa",))["claude"] for r in (SETTINGS, rules))
    sizes = [fitted(page.width, page.height, limits_of(m)) for m in ("claude-sonnet-5-5", "claude-haiku-4-5")]
    fewer = image_tokens(*sizes[0]) - image_tokens(*sizes[1])
    assert large.input_tokens - small.input_tokens == pytest.approx(fewer, abs=2)
    assert fewer > 1000


def test_pages_that_yield_no_pairs_are_not_counted(db, workspace):
    a_sample_page(db, workspace, COVER, content_type="cover")
    a_sample_page(db, workspace, FUSES, content_type="fuse_chart")
    assert estimated(db, workspace, stages=("generate-qa",))["claude"].calls == 1


def test_a_batch_costs_half_and_reading_offline_nothing(db, workspace):
    a_sample_page(db, workspace, FUSES, "text")
    found = estimated(db, workspace)
    assert found["claude-batch"].usd == found["claude"].usd / 2
    assert found["claude-batch"].calls == found["claude"].calls
    assert (found["offline"].pages, found["offline"].calls, found["offline"].usd) == (1, 0, 0.0)


def test_after_a_few_calls_the_estimate_rests_on_their_mean_and_95th_percentile(db, workspace):
    a_sample_page(db, workspace, FUSES, content_type="fuse_chart")
    for number in range(FEWEST_CALLS - 1):
        paid_call(db, number, "generate", usd=0.01)
    before = estimated(db, workspace, stages=("generate-qa",))["claude"]
    assert before.usd != pytest.approx(0.01)
    for number in range(FEWEST_CALLS, 20):
        paid_call(db, number, "generate", usd=0.01)
    paid_call(db, 99, "generate", usd=0.05)
    after = estimated(db, workspace, stages=("generate-qa",))["claude"]
    assert after.usd == pytest.approx((19 * 0.01 + 0.05) / 20)
    assert (after.usd_p95, after.measured) == (0.01, 20)
    assert (after.input_tokens, after.output_tokens) == (5000, 900)
    assert after.most_usd == before.most_usd


def test_files_that_were_not_prepared_yet_count_by_their_pages(db, workspace):
    for path, kind, count in (("a.jpg", "image", None), ("b.pdf", "pdf", 25), ("c.html", "html", None)):
        file = SourceFile(path, kind, path.ljust(64, "0"), 1, 1, "ok", page_count=count)
        files.record_file(db, str(workspace.source), file)
    claude = estimated(db, workspace)["claude"]
    assert (claude.pages, claude.calls) == (26, 52)
    assert estimated(db, workspace, limit=5)["claude"].pages == 5
    assert estimated(db, workspace, selection=Selection(page_id="x"))["claude"].pages == 0


def test_only_the_chosen_section_and_number_of_pages_count(db, workspace):
    for source in (CLUTCH_DISC, FUSES):
        a_sample_page(db, workspace, source, "text")
    assert estimated(db, workspace, selection=Selection("21*"))["claude"].pages == 1
    assert estimated(db, workspace, limit=1)["claude"].pages == 1


def test_pages_that_were_done_count_only_when_they_are_forced(db, workspace):
    page = a_sample_page(db, workspace, FUSES, content_type="fuse_chart")

    def due(**scope):
        found = estimated(db, workspace, stages=("generate-qa",), **scope)
        return found["offline"].pages, found["claude"].pages

    assert due() == (1, 1)
    start_run(db, page_version_id=page.page_version_id, engine="offline")
    assert due() == (0, 1)
    start_run(db, page_version_id=page.page_version_id, engine="claude")
    assert due() == (0, 0)
    assert due(force=True) == (1, 1)


def test_without_a_price_there_is_no_estimate_but_a_way_to_give_one(db, workspace):
    rules = replace(SETTINGS, api=replace(SETTINGS.api, models=MODELS | {"generate": "other-1"}))
    with pytest.raises(NoPriceError) as refused:
        estimates(db, workspace, rules, Scope())
    assert "api.prices.other-1" in refused.value.hint


def test_a_percentile_is_a_value_that_occurred():
    values = [float(n) for n in range(1, 101)]
    assert (percentile(values, 0.95), percentile(values, 0.5), percentile([7.0], 0.95)) == (95.0, 50.0, 7.0)


def test_the_command_prints_a_table_rows_or_one_object(workspace, capsys):
    (workspace.source / "page.txt").write_text("not a scan", encoding="utf-8")
    asked = ["estimate", "--workspace", str(workspace.root)]
    assert main([*asked, "--json"]) == 0
    assert [row["engine"] for row in json.loads(capsys.readouterr().out)["engines"]] == [
        "offline", "claude", "claude-batch",
    ]  # fmt: skip
    assert main([*asked, "--jsonl"]) == 0
    assert len([json.loads(line) for line in capsys.readouterr().out.splitlines()]) == 3
    assert main(asked) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("engine ")
    assert "usual values" in printed
