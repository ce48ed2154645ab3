"""The risk that a technician would correct or throw out a pair: two logistic sums of named signals, weights in a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp


@dataclass(frozen=True, slots=True)
class RiskModel:
    """Intercepts and weights of two sums: the odds of an edit or a rejection, and those of a rejection.

    A weight of +0.7 about doubles the odds at full strength of the signal, -0.7 about halves them.
    """

    intercepts: tuple[float, float]
    weights: Mapping[str, tuple[float, float]]


SHIPPED = RiskModel(
    intercepts=(-1.0, -3.5),
    weights={},
)
"""Fitted on pairs that a technician judged, drawn towards what experience says of rare signals."""

FAULT, REJECT = 0, 1


def risk_of(strengths: Mapping[str, float], model: RiskModel = SHIPPED) -> tuple[float, float]:
    """The probabilities, 0 to 1, of an edit or a rejection, and of a rejection, which is never the larger."""
    fault, reject = (_probability(strengths, model, head) for head in (FAULT, REJECT))
    return fault, min(fault, reject)


def contributions(strengths: Mapping[str, float], model: RiskModel = SHIPPED) -> dict[str, float]:
    """What each signal adds to the log-odds of an edit or a rejection, the weightiest first; negative lowers the risk."""
    parts = {name: model.weights[name][FAULT] * value for name, value in strengths.items() if name in model.weights}
    return dict(sorted(parts.items(), key=lambda part: -abs(part[1])))


def _probability(strengths: Mapping[str, float], model: RiskModel, head: int) -> float:
    unknown = (0.0, 0.0)
    total = model.intercepts[head] + sum(model.weights.get(n, unknown)[head] * v for n, v in strengths.items())
    return 1 / (1 + exp(-total))
