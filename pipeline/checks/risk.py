"""The risk that a technician would correct or reject a pair: two logistic sums of named signals, weights in sight."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp
from typing import Any


@dataclass(frozen=True, slots=True)
class RiskModel:
    """Intercepts and weights of two sums: the odds of an edit or a rejection, and those of a rejection.

    A weight of +0.7 about doubles the odds at full strength of the signal, -0.7 about halves them.
    """

    intercepts: tuple[float, float]
    weights: Mapping[str, tuple[float, float]]


SHIPPED = RiskModel(
    intercepts=(-1.26, -3.07),
    weights={
        "doubted": (0.74, 0.55),  # the evidence supports the answer only in part, or not at all
        "not_checkable": (0.38, 0.25),  # the page has no words to compare with
        "another_value": (0.80, 0.52),  # another value stands nearer to the question's words
        "sure_warning": (1.71, 1.01),  # a warning that a technician nearly always agrees with
        "soft_warning": (-0.08, 0.19),  # another warning
        "words_missing": (0.96, 0.74),  # share of what the answer adds that the page does not say
        "asked_missing": (1.00, 0.74),  # share of what the question names that the page does not say
        "asked_far": (0.46, 0.49),  # how far what the question names stands from the answer
        "asked_value_far": (0.79, 0.51),  # ... its numbers, codes and sides alone
        "reworded": (0.47, 0.52),  # share of the answer's neighbouring words that are no neighbours on the page
        "misread": (0.83, 0.48),  # a word is on the page only as one that looks like it
        "part_of_row": (0.32, 0.24),  # share of the lines used that neither question nor answer says
        "foreign_page": (0.80, 0.50),  # page and pair are in different languages
        "open_question": (0.62, 0.47),  # "What component ...": vague questions get vague answers
        "purpose_asked": (0.78, 0.52),  # reasons are seldom printed
        "picture_asked": (0.69, 0.46),  # about a picture instead of a part
        "label_asked": (-0.01, 0.24),  # what something is labelled, shown or marked
        "document_asked": (1.60, 1.04),  # about the manual itself
        "tells_of_page": (0.85, 0.47),  # the answer speaks of the picture or page
        "vague_answer": (0.44, 0.53),  # various, multiple, part of
        "list_marks": (0.95, 0.49),  # a list's a) b) without the list
        "no_quantity": (1.41, 0.99),  # a quantity is asked for and no value given
        "action_for_thing": (1.05, 0.52),  # what or where is asked, and what to do is told
        "adds_little": (0.95, 0.51),  # the answer hardly says more than the question
        "drawing": (-0.12, 0.26),
        "procedure": (-0.27, -0.29),
        "lookup": (-0.88, -0.52),  # tools and page references are copied, seldom composed
        "offline": (-1.20, -0.80),  # written by rules from the page's own words
        "conflict": (0.75, 0.50),  # another pair gives the same question another answer
        "repeated": (0.52, 0.35),  # another pair may say the same
    },
)
"""Fitted by `tests/accept/risk.py` on pairs that a technician judged, drawn towards what experience says."""

FAULT, REJECT = 0, 1

LEAST, LEAST_KIND = 60, 15
"""So many judged pairs, and so many of them faulty and as many right, teach a workspace weights of its own."""


def model_from(stored: Mapping[str, Any]) -> RiskModel:
    """A model from the JSON objects of `as_json`."""
    fault, reject = stored["intercepts"]
    return RiskModel((fault, reject), {name: (both[0], both[1]) for name, both in stored["weights"].items()})


def as_json(model: RiskModel) -> dict[str, Any]:
    """A model as it is stored: rounded, so that the same decisions give the same row."""
    weights = {name: [round(weight, 4) for weight in both] for name, both in model.weights.items()}
    return {"intercepts": [round(each, 4) for each in model.intercepts], "weights": weights}


def risk_of(strengths: Mapping[str, float], model: RiskModel = SHIPPED) -> tuple[float, float]:
    """The probabilities, 0 to 1, of an edit or a rejection, and of a rejection, which is never the larger."""
    fault, reject = (_probability(strengths, model, head) for head in (FAULT, REJECT))
    return fault, min(fault, reject)


def contributions(strengths: Mapping[str, float], model: RiskModel = SHIPPED) -> dict[str, float]:
    """What each signal adds to the log-odds of an edit or a rejection, the weightiest first."""
    parts = {name: model.weights[name][FAULT] * value for name, value in strengths.items() if name in model.weights}
    return dict(sorted(parts.items(), key=lambda part: -abs(part[1])))


def _probability(strengths: Mapping[str, float], model: RiskModel, head: int) -> float:
    unknown = (0.0, 0.0)
    total = model.intercepts[head] + sum(model.weights.get(n, unknown)[head] * v for n, v in strengths.items())
    return 1 / (1 + exp(-total))
