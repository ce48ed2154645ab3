"""The weights of risk in plain words: what each signal means and what it does to the odds."""

from __future__ import annotations

from math import exp

from app.review.provenance import REASONS
from pipeline.checks.risk import FAULT, REJECT, SHIPPED, RiskModel

COLUMNS = [
    ("Signal", "text"),
    ("What it says", "text"),
    ("Odds of a correction or rejection", "number"),
    ("Odds of a rejection", "number"),
    ("As shipped", "number"),
]
CSV_HEAD = ["signal", "says", "weight", "weight_reject", "shipped_weight", "shipped_weight_reject"]
NONE = (0.0, 0.0)


def rows(model: RiskModel) -> list[list[object]]:
    """A row for each signal, what moves the risk most first."""
    return [
        [*_words(name), *(_times(weight) for weight in (both[FAULT], both[REJECT], _shipped(name)[FAULT]))]
        for name, both in _by_weight(model)
    ]


def csv_rows(model: RiskModel) -> list[list[object]]:
    """The weights as numbers of the log-odds, with a head; the first row is the intercept."""
    start: list[object] = ["intercept", "what holds without any signal", *model.intercepts, *SHIPPED.intercepts]
    signals: list[list[object]] = [[name, _words(name)[1], *both, *_shipped(name)] for name, both in _by_weight(model)]
    return [list(CSV_HEAD), start, *signals]


def _by_weight(model: RiskModel) -> list[tuple[str, tuple[float, float]]]:
    return sorted(model.weights.items(), key=lambda each: (-each[1][FAULT], each[0]))


def _shipped(name: str) -> tuple[float, float]:
    return SHIPPED.weights.get(name, NONE)


def _words(name: str) -> tuple[str, str]:
    return REASONS.get(name, (name.replace("_", " ").capitalize(), ""))


def _times(weight: float) -> str:
    return f"× {exp(weight):.2f}"
