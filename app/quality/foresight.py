"""How well risk foresaw what people decided, in sentences, figures and one plot."""

from __future__ import annotations

from typing import Any, NamedTuple

from pipeline.checks.risk import LEAST, LEAST_KIND
from review_db.quality.calibration import Bin, interval
from review_db.risk_models import StoredModel

BIN_COLUMNS = [("Risk", "text"), ("Pairs", "number"), ("Foreseen", "number"), ("Corrected or rejected", "number")]
BINS_CSV = ["risk_from", "risk_to", "pairs", "foreseen", "observed", "observed_low", "observed_high"]
PLOT_HEIGHT = 400


class Ink(NamedTuple):
    """Colours of the plot's dots and of its text and lines."""

    dot: str
    text: str


def in_force(stored: StoredModel | None) -> str:
    """Which weights rate the pairs, and why these."""
    if stored is None:
        return (
            "The shipped weights are in force: they were fitted on pairs that a technician judged. "
            "Nothing has been learned here yet, because no decision has been weighed."
        )
    found = stored.measures
    judged, faulty = int(found["judged"]), int(found["faulty"])
    if found["learned"]:
        return (
            f"Weights learned here are in force: {judged:,} judged pairs moved the shipped ones, and on pages they "
            "had not seen they foresaw the decisions better. The figures below are of such pages."
        )
    if judged < LEAST or min(faulty, judged - faulty) < LEAST_KIND:
        return (
            f"The shipped weights are in force: {_counted(judged)}, {faulty:,} of them corrected or rejected, are too "
            f"few to learn from. It takes {LEAST}, with at least {LEAST_KIND} faulty and {LEAST_KIND} right ones."
        )
    return (
        f"The shipped weights are in force: weights learned from {_counted(judged)} foresaw the decisions on pages "
        "they had not seen no better."
    )


def _counted(judged: int) -> str:
    return f"{judged:,} judged pair{'' if judged == 1 else 's'}"


def weighed(stored: StoredModel, since: int) -> str:
    """When the decisions were weighed, and how many have come since."""
    when = stored.fitted_at[:16].replace("T", " ")
    if not since:
        return f"Last weighed {when} UTC; nothing has been decided since."
    return (
        f"Last weighed {when} UTC; {since:,} decision{'' if since == 1 else 's'} since then will count the next time."
    )


def figures(stored: StoredModel) -> list[tuple[str, str, str]]:
    """(name, value, what it is held against) of each measure."""
    found = stored.measures
    rate = found["faulty"] / found["judged"]
    precision = found["precision"]
    always = f"always the mean: {rate * (1 - rate):.3f}"
    return [
        ("Brier score (0 is perfect)", f"{found['brier']:.3f}", always),
        ("Bad among the riskiest 10 %", f"{precision['0.1']:.0%}", f"in all: {rate:.0%}"),
        ("Bad among the riskiest 30 %", f"{precision['0.3']:.0%}", f"in all: {rate:.0%}"),
        ("Order (AUC)", f"{found['auc']:.2f}", "by chance: 0.50"),
    ]


def bins(stored: StoredModel) -> list[Bin]:
    """The judged pairs in bins of risk."""
    return [Bin(low, high, int(cases), *rest) for low, high, cases, *rest in stored.measures["reliability"]]


def bin_rows(found: list[Bin]) -> list[list[object]]:
    """The bins as rows of BIN_COLUMNS."""
    return [
        [f"{each.low:.0%} to {each.high:.0%}", f"{each.cases:,}", f"{each.predicted:.0%}", f"{each.observed:.0%}"]
        for each in found
    ]


def bins_csv(found: list[Bin]) -> list[list[object]]:
    """The bins with the intervals of their shares, as rows of a CSV file."""
    rows: list[list[object]] = [[*each, *(round(end, 4) for end in _ends(each))] for each in found]
    return [list(BINS_CSV), *rows]


def _ends(each: Bin) -> tuple[float, float]:
    return interval(round(each.observed * each.cases), each.cases)


def plot(found: list[Bin], ink: Ink) -> dict[str, Any]:
    """A Vega-Lite chart: a dot for each bin, as large as it has pairs, its 95 % interval, and the line of no error."""
    values = [
        {"foreseen": each.predicted, "observed": each.observed, "pairs": each.cases, "low": low, "high": high}
        for each in found
        for low, high in [_ends(each)]
    ]
    x, y = _axis("foreseen", "Foreseen risk"), _axis("observed", "Corrected or rejected")
    tips = [_tip("foreseen", "Foreseen", ".0%"), _tip("observed", "Happened", ".0%"), _tip("pairs", "Pairs", ",")]
    size = {"field": "pairs", "type": "quantitative", "legend": None, "scale": {"range": [60, 500]}}
    dots = {
        "mark": {"type": "circle", "opacity": 1, "color": ink.dot},
        "encoding": {"x": x, "y": y, "size": size, "tooltip": tips},
    }
    spread = {
        "mark": {"type": "rule", "opacity": 0.55, "color": ink.text},
        "encoding": {"x": x, "y": _axis("low", "Corrected or rejected"), "y2": {"field": "high"}},
    }
    counts = {
        "mark": {"type": "text", "align": "left", "dx": 12, "dy": -9, "color": ink.text},
        "encoding": {"x": x, "y": y, "text": {"field": "pairs", "format": ","}},
    }
    no_error = {
        "data": {"values": [{"foreseen": 0, "observed": 0}, {"foreseen": 1, "observed": 1}]},
        "mark": {"type": "line", "strokeDash": [5, 5], "strokeWidth": 1, "color": "gray"},
        "encoding": {"x": x, "y": y},
    }
    return {"height": PLOT_HEIGHT, "data": {"values": values}, "layer": [no_error, spread, dots, counts]}


def _axis(field: str, title: str) -> dict[str, Any]:
    axis = {"format": ".0%", "tickCount": 6}
    return {"field": field, "type": "quantitative", "title": title, "scale": {"domain": [0, 1]}, "axis": axis}


def _tip(field: str, title: str, written: str) -> dict[str, Any]:
    return {"field": field, "title": title, "type": "quantitative", "format": written}
