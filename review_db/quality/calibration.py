"""How good predicted probabilities were: how well they rank, how far off they are, reliability."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

BINS = 10


class Bin(NamedTuple):
    """Predictions between `low` and `high`: how many, their mean, and the share of them that came true."""

    low: float
    high: float
    cases: int
    predicted: float
    observed: float


def auc(predicted: Sequence[float], happened: Sequence[bool]) -> float:
    """How often a case that happened was rated above one that did not, ties counting a half; 0.5 with only one kind."""
    yes = [risk for risk, true in zip(predicted, happened, strict=True) if true]
    if not 0 < len(yes) < len(predicted):
        return 0.5
    ranks = _middle_ranks(predicted)
    above = sum(rank for rank, true in zip(ranks, happened, strict=True) if true) - len(yes) * (len(yes) + 1) / 2
    return above / (len(yes) * (len(predicted) - len(yes)))


def _middle_ranks(values: Sequence[float]) -> list[float]:
    """Ranks from 1, equal values sharing the middle of theirs."""
    order = sorted(range(len(values)), key=values.__getitem__)
    ranks, start = [0.0] * len(values), 0
    while start < len(order):
        end = start
        while end < len(order) and values[order[end]] == values[order[start]]:
            end += 1
        for place in order[start:end]:
            ranks[place] = (start + end + 1) / 2
        start = end
    return ranks


def brier(predicted: Sequence[float], happened: Sequence[bool]) -> float:
    """Mean squared distance of the predictions from what happened: 0 is perfect, 0.25 is a coin; 0 without cases."""
    squares = [(risk - true) ** 2 for risk, true in zip(predicted, happened, strict=True)]
    return sum(squares) / len(squares) if squares else 0.0


def precision_among(predicted: Sequence[float], happened: Sequence[bool], share: float) -> float:
    """Share that happened among the riskiest `share` of all cases; 0 without cases."""
    count = max(1, round(share * len(predicted)))
    riskiest = sorted(range(len(predicted)), key=lambda case: -predicted[case])[:count]
    return sum(happened[case] for case in riskiest) / count if riskiest else 0.0


def reliability(predicted: Sequence[float], happened: Sequence[bool], bins: int = BINS) -> list[Bin]:
    """The predictions in bins of equal width, the empty ones left out."""
    groups: list[list[int]] = [[] for _ in range(bins)]
    for case, risk in enumerate(predicted):
        groups[min(bins - 1, int(risk * bins))].append(case)
    return [
        Bin(
            number / bins,
            (number + 1) / bins,
            len(cases),
            sum(predicted[case] for case in cases) / len(cases),
            sum(happened[case] for case in cases) / len(cases),
        )
        for number, cases in enumerate(groups)
        if cases
    ]


def interval(happened: int, cases: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's interval, 95 % by default, of the share that `happened` of `cases` stands for; 0 to 1 without cases."""
    if not cases:
        return 0.0, 1.0
    share, spread = happened / cases, z * z / cases
    middle = (share + spread / 2) / (1 + spread)
    half = sqrt(share * (1 - share) * spread + spread * spread / 4) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)
