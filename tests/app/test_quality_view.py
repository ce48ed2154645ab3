"""The quality view on a real database: what was decided, how well risk foresaw it, its files, a worker that learns."""

import csv
import io

from app.quality import foresight, standing, weights
from app.quality.files import as_csv
from pipeline.checks.risk import SHIPPED, as_json
from review_db import jobs, risk_models
from review_db.rates import Rate
from review_db.risk_models import StoredModel
from tests.app.test_views import approve, components, empty, no_worker, seeded, texts, view  # noqa: F401

BINS = [[0.1, 0.2, 40, 0.15, 0.2], [0.6, 0.7, 10, 0.65, 0.6]]


def measures(**changed):
    found = {
        "judged": 80, "faulty": 20, "rejected": 5, "learned": False, "auc": 0.8, "auc_reject": 0.8, "brier": 0.12,
        "brier_shipped": 0.14, "precision": {"0.1": 0.75, "0.3": 0.5}, "reliability": BINS,
    }  # fmt: skip
    return found | changed


def stored(**changed):
    return StoredModel(as_json(SHIPPED), measures(**changed), "2026-01-02T03:04:05+00:00")


def tables(at):
    return [each for each in components(at) if each.get("kind") == "table"]


def read(data):
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def test_a_new_workspace_is_told_what_comes_first(empty):  # noqa: F811
    at = view("quality")
    assert not at.exception
    assert "There are no pairs yet" in texts(at)
    assert "no decision has been weighed" in texts(at)
    assert len(tables(at)[-1]["rows"]) == len(SHIPPED.weights)


def test_the_pairs_are_counted_by_the_group_that_is_chosen(seeded):  # noqa: F811
    approve(seeded, seeded.pair_ids[0])
    at = view("quality")
    assert not at.exception
    assert {each.label: each.value for each in at.metric}["Right at once"] == "100%"
    assert {row[0] for row in tables(at)[0]["rows"]} >= {"21 Clutch", "33 Rear axle"}
    at.selectbox(key="quality_by").select("content_type").run()
    assert ["Specification", "100%", "1"] in [row[:3] for row in tables(at)[0]["rows"]]


def test_a_worker_is_asked_to_learn_from_new_decisions_once(seeded):  # noqa: F811
    assert not view("quality").button
    approve(seeded, seeded.pair_ids[0])
    at = view("quality")
    at.button(key="quality_weigh").click().run()
    assert [job.kind for job in jobs.recent(seeded.db)] == ["check"]
    assert at.button(key="quality_weigh").disabled


def test_the_measures_stand_beside_what_guessing_would_reach(seeded):  # noqa: F811
    risk_models.record(seeded.db, as_json(SHIPPED), measures(learned=True))
    at = view("quality")
    assert not at.exception
    shown = {each.label: (each.value, each.delta) for each in at.metric}
    assert shown["Brier score (0 is perfect)"] == ("0.120", "always the mean: 0.188")
    assert shown["Bad among the riskiest 10 %"] == ("75%", "in all: 25%")
    assert "Weights learned here are in force: 80 judged pairs" in texts(at)
    assert "nothing has been decided since" in texts(at)


def test_why_the_shipped_weights_are_in_force_is_said():
    assert "80 judged pairs foresaw" in foresight.in_force(stored())
    assert "1 judged pair, 0 of them" in foresight.in_force(stored(judged=1, faulty=0))
    assert "It takes 60" in foresight.in_force(stored(faulty=70))


def test_the_plot_holds_every_bin_with_its_interval():
    plot = foresight.plot(foresight.bins(stored()), foresight.Ink("teal", "black"))
    many, few = plot["data"]["values"]
    assert (many["pairs"], few["pairs"]) == (40, 10)
    assert 0 < many["low"] < many["observed"] < many["high"] < 1
    assert few["high"] - few["low"] > many["high"] - many["low"]


def test_files_keep_numbers_and_hold_no_formula():
    rows = read(as_csv(standing.csv_rows("section", [Rate("=cmd()", 3, 1, 0, 2, 0), Rate("21 Clutch", 0, 0, 0, 4, 1)])))
    assert rows[1] == ["'=cmd()", "3", "1", "0", "2", "0", "0.75"]
    assert rows[2][-1] == ""
    own = read(as_csv(weights.csv_rows(SHIPPED)))
    assert own[1][0] == "intercept"
    assert float(next(row for row in own if row[0] == "lookup")[2]) == SHIPPED.weights["lookup"][0]
    assert len(own) == len(SHIPPED.weights) + 2


def test_the_strongest_signal_comes_first_and_odds_are_multiplied():
    first, *_, last = weights.rows(SHIPPED)
    assert (first[0], first[2]) == ("Warning", "× 5.53")
    assert last[0] == "Read by rules"
