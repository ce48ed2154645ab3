"""Fit the weights of the risk to judged pairs: logistic regression drawn towards weights known before."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.checks.risk import RiskModel

Vector = NDArray[np.float64]
Strengths = Mapping[str, float]

STEPS, CLOSE_ENOUGH = 50, 1e-8
HELD = 1e-3  # what holds the intercept where it was: next to nothing
LARGEST_STEP = 5.0


def fit(
    cases: Sequence[Strengths],
    faulty: Sequence[bool],
    rejected: Sequence[bool],
    before: RiskModel,
    strength: float,
    rejecting_strength: float | None = None,
) -> RiskModel:
    """Weights that explain what was judged and stay near those of `before`.

    `strength` is the weight of a belief against a case: at 16 it takes some dozens of cases that show a signal to move
    its weight halfway. Signals that `before` does not know are left out.
    """
    names = sorted(before.weights)
    table = np.array([[case.get(name, 0.0) for name in names] for case in cases], dtype=np.float64)
    heads = []
    for head, (labels, held) in enumerate(((faulty, strength), (rejected, rejecting_strength or strength))):
        start = np.array([*(before.weights[name][head] for name in names), before.intercepts[head]])
        heads.append(_fitted(table, np.array(labels, dtype=np.float64), start, held))
    weights = {name: (float(heads[0][i]), float(heads[1][i])) for i, name in enumerate(names)}
    return RiskModel((float(heads[0][-1]), float(heads[1][-1])), weights)


def _fitted(table: Vector, labels: Vector, start: Vector, strength: float) -> Vector:
    """Newton's method on the penalised log-likelihood; the last weight is the intercept."""
    whole = np.hstack([table, np.ones((len(table), 1))])
    penalty = np.append(np.full(table.shape[1], strength), HELD)
    weights = start.copy()
    for _ in range(STEPS):
        chance = 1 / (1 + np.exp(-np.clip(whole @ weights, -30, 30)))
        slope = whole.T @ (chance - labels) + penalty * (weights - start)
        curve = (whole * (chance * (1 - chance))[:, None]).T @ whole + np.diag(penalty)
        step = np.clip(np.linalg.solve(curve, slope), -LARGEST_STEP, LARGEST_STEP)
        weights -= step
        if np.abs(step).max() < CLOSE_ENOUGH:
            break
    return weights


def folds_of(groups: Sequence[Hashable]) -> list[tuple[list[int], list[int]]]:
    """(cases to learn from, cases to predict) for each group in turn, so that no group is predicted from itself."""
    return [
        (
            [i for i, other in enumerate(groups) if other != group],
            [i for i, other in enumerate(groups) if other == group],
        )
        for group in sorted(set(groups), key=str)
    ]
