"""Learn the weights of risk from what this workspace's people decided, and say how well that works.

Rules:
- The shipped weights are the start; each decision counts as one case against them (`pipeline.risk_fit`).
- Below LEAST judged pairs, LEAST_KIND of them faulty and as many approved, the shipped weights stay in force.
- Above, both are compared on pairs of pages they have not seen (five parts, whole pages); the learned weights are
  used only where they predict those better.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from math import log
from typing import Any

from pipeline.checks.risk import FAULT, LEAST, LEAST_KIND, REJECT, SHIPPED, RiskModel, as_json, risk_of
from pipeline.checks.signals import signals_of_pair
from pipeline.risk_fit import fit, folds_of
from review_db import risk_models, signals
from review_db.connection import Database
from review_db.quality.calibration import auc, brier, precision_among, reliability
from review_db.signals import Judged

STRENGTH = 16.0
PARTS = 5
RISKIEST = (0.1, 0.3)
Risks = Sequence[tuple[float, float]]


def learn(db: Database) -> RiskModel:
    """Fit again on every decision in force, store weights and measures, and return the weights to use."""
    judged = list(signals.judged_texts(db))
    if not judged:
        return SHIPPED
    cases = [signals_of_pair(one.strengths, one.content_type, one.engine, one.relations) for one in judged]
    shipped = [risk_of(case, SHIPPED) for case in cases]
    model: RiskModel = SHIPPED
    risks: Risks = shipped
    if _are_enough(judged):
        learned = _out_of_part(judged, cases)
        if _loss(learned, judged) < _loss(shipped, judged):
            model, risks = _fitted(judged, cases, range(len(cases))), learned
    risk_models.record(db, as_json(model), _measures(judged, risks, shipped, is_learned=model is not SHIPPED))
    return model


def _are_enough(judged: Sequence[Judged]) -> bool:
    faulty = sum(one.is_faulty for one in judged)
    return len(judged) >= LEAST and min(faulty, len(judged) - faulty) >= LEAST_KIND


def _out_of_part(judged: Sequence[Judged], cases: Sequence[dict[str, float]]) -> Risks:
    risks = [(0.0, 0.0)] * len(judged)
    parts = [int(hashlib.sha256(one.page_id.encode()).hexdigest(), 16) % PARTS for one in judged]
    for known, held in folds_of(parts):
        model = _fitted(judged, cases, known) if known else SHIPPED
        for case in held:
            risks[case] = risk_of(cases[case], model)
    return risks


def _fitted(judged: Sequence[Judged], cases: Sequence[dict[str, float]], which: Sequence[int]) -> RiskModel:
    return fit(
        [cases[i] for i in which],
        [judged[i].is_faulty for i in which],
        [judged[i].is_rejected for i in which],
        SHIPPED,
        STRENGTH,
    )


def _loss(risks: Risks, judged: Sequence[Judged]) -> float:
    chances = (risk[FAULT] if one.is_faulty else 1 - risk[FAULT] for risk, one in zip(risks, judged, strict=True))
    return -sum(log(max(1e-4, chance)) for chance in chances)


def _measures(judged: Sequence[Judged], risks: Risks, shipped: Risks, *, is_learned: bool) -> dict[str, Any]:
    fault, faulty = [risk[FAULT] for risk in risks], [one.is_faulty for one in judged]
    reject, rejected = [risk[REJECT] for risk in risks], [one.is_rejected for one in judged]
    return {
        "judged": len(judged),
        "faulty": sum(faulty),
        "rejected": sum(rejected),
        "learned": is_learned,
        "auc": round(auc(fault, faulty), 4),
        "auc_reject": round(auc(reject, rejected), 4),
        "brier": round(brier(fault, faulty), 4),
        "brier_shipped": round(brier([risk[FAULT] for risk in shipped], faulty), 4),
        "precision": {f"{share:g}": round(precision_among(fault, faulty, share), 4) for share in RISKIEST},
        "reliability": [[round(number, 4) for number in each] for each in reliability(fault, faulty)],
    }
