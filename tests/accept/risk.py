"""How well risk tells the pairs that a technician corrected or threw out, on graded.jsonl, predicted out of fold.

Folds are the first folders of the pages. In each fold the weights are fitted to the other folders alone, and how far
to trust the beliefs below is chosen inside those (nested): no pair is predicted with the help of its own folder. The
signals and beliefs themselves were written by people who knew the graded pairs.
`python -m tests.accept.risk` prints the weights fitted to all pairs, which `pipeline/checks/risk.py` ships.
"""

import json
import os
import random
from collections.abc import Mapping, Sequence
from math import log
from pathlib import Path
from typing import NamedTuple

from pipeline.checks import examine
from pipeline.checks.risk import FAULT, REJECT, RiskModel, risk_of
from pipeline.checks.signals import signals_of_pair
from pipeline.risk_fit import fit, folds_of
from review_db.quality.calibration import auc, brier, precision_among
from tests.accept.corpus_pages import CorpusPages
from tests.accept.corpus_words import CorpusWords
from tests.accept.rows import Row, WordsByPage

RISKIEST = 0.3
DRAWS = 1000
STRENGTHS = (4.0, 8.0, 16.0, 32.0)
SHARES_OF_BELIEF = (0.5, 0.75, 1.0)

BELIEFS: Mapping[str, float] = {
    "doubted": 1.0,
    "not_checkable": 0.5,
    "another_value": 1.0,
    "sure_warning": 2.0,
    "soft_warning": 0.5,
    "words_missing": 1.5,
    "asked_missing": 1.5,
    "asked_far": 1.0,
    "asked_value_far": 1.0,
    "reworded": 1.0,
    "misread": 1.0,
    "part_of_row": 0.5,
    "foreign_page": 1.0,
    "open_question": 1.0,
    "purpose_asked": 1.0,
    "picture_asked": 1.0,
    "label_asked": 0.5,
    "document_asked": 2.0,
    "tells_of_page": 1.0,
    "vague_answer": 1.0,
    "list_marks": 1.0,
    "no_quantity": 2.0,
    "action_for_thing": 1.0,
    "adds_little": 1.0,
    "drawing": 0.5,
    "procedure": -0.5,
    "lookup": -1.0,
    "offline": -1.6,
    "conflict": 1.0,
    "repeated": 0.7,
}
"""Log-odds that experience gives each signal before any pair is looked at; the fit draws towards a share of them."""


class Graded(NamedTuple):
    """A graded pair: the first folder of its page, its signals, and what the technician did with it."""

    folder: str
    strengths: Mapping[str, float]
    faulty: bool
    rejected: bool


def rows(corpus: Path, words_by_page: WordsByPage) -> Sequence[Row]:
    """AUC of both probabilities, precision among the riskiest, Brier score, each out of fold, with intervals."""
    pairs = graded(corpus, words_by_page)
    predicted = out_of_fold(pairs)
    fault, reject = [p[FAULT] for p in predicted], [p[REJECT] for p in predicted]
    faulty, rejected = [pair.faulty for pair in pairs], [pair.rejected for pair in pairs]
    count, base = len(pairs), sum(faulty) / len(pairs)
    return [
        Row(f"risk: AUC, edit or reject ({count} pairs, {_interval(auc, fault, faulty)})", auc(fault, faulty), 0.75),
        Row(f"risk: AUC, reject ({_interval(auc, reject, rejected)})", auc(reject, rejected), 0.85),
        Row(
            f"risk: bad among the riskiest {RISKIEST:.0%} (all {base:.2f}; {_interval(_precision, fault, faulty)})",
            _precision(fault, faulty),
            0.70,
        ),
        Row(f"risk: Brier score (always {base:.2f}: {base * (1 - base):.3f})", brier(fault, faulty), "<= 0.21"),
    ]


def graded(corpus: Path, words_by_page: WordsByPage) -> list[Graded]:
    """The graded pairs with their signals, types as the model gave them, kinds of pages as the offline reader says."""
    types = {_key(record): record["metadata"]["question_type"] for record in _lines(corpus / "candidates.jsonl")}
    pages, kinds = CorpusPages(corpus, words_by_page), dict[str, str | None]()
    found = []
    for line in _lines(corpus / "graded.jsonl"):
        name, question, answer = f"data_src/{line['page']}", line["question"], line["answer"]
        if name not in kinds:
            kinds[name] = pages.input_of(name).page.content_type
        kind = types.get((name, question, answer), "factual")
        text = examine("image", words_by_page(name), question, answer, kind).signals
        signals = signals_of_pair(text, kinds[name], "import")
        verdict = line["verdict"]
        found.append(Graded(line["page"].split("/")[0], signals, verdict != "approve", verdict == "reject"))
    return found


def _lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.open(encoding="utf-8")]


def _key(record: Mapping) -> tuple[str, str, str]:
    question, answer = (turn["content"] for turn in record["conversations"])
    return record["image"], question, answer


def out_of_fold(pairs: Sequence[Graded]) -> list[tuple[float, float]]:
    """Both probabilities of each pair, from weights fitted and chosen without its folder."""
    predicted = [(0.0, 0.0)] * len(pairs)
    for known, held in folds_of([pair.folder for pair in pairs]):
        model = chosen([pairs[i] for i in known])
        for case in held:
            predicted[case] = risk_of(pairs[case].strengths, model)
    return predicted


def chosen(pairs: Sequence[Graded]) -> RiskModel:
    """Weights for these pairs; strength and share of belief are those that predict their own folders best."""
    settings = [(strength, share) for strength in STRENGTHS for share in SHARES_OF_BELIEF]
    losses = {setting: _losses(pairs, *setting) for setting in settings}
    fault, reject = (min(settings, key=lambda setting: losses[setting][head]) for head in (FAULT, REJECT))
    of_fault, of_reject = _fitted(pairs, *fault), _fitted(pairs, *reject)
    weights = {name: (of_fault.weights[name][FAULT], of_reject.weights[name][REJECT]) for name in BELIEFS}
    return RiskModel((of_fault.intercepts[FAULT], of_reject.intercepts[REJECT]), weights)


def _fitted(pairs: Sequence[Graded], strength: float, share: float) -> RiskModel:
    before = RiskModel((0.0, 0.0), {name: (belief * share, belief * share) for name, belief in BELIEFS.items()})
    cases = [pair.strengths for pair in pairs]
    return fit(cases, [pair.faulty for pair in pairs], [pair.rejected for pair in pairs], before, strength)


def _losses(pairs: Sequence[Graded], strength: float, share: float) -> tuple[float, float]:
    fault = reject = 0.0
    for known, held in folds_of([pair.folder for pair in pairs]):
        model = _fitted([pairs[i] for i in known], strength, share)
        for case in held:
            risks = risk_of(pairs[case].strengths, model)
            fault += _loss(risks[FAULT], pairs[case].faulty)
            reject += _loss(risks[REJECT], pairs[case].rejected)
    return fault, reject


def _loss(risk: float, happened: bool) -> float:
    return -log(max(1e-4, risk if happened else 1 - risk))


def _precision(predicted: Sequence[float], happened: Sequence[bool]) -> float:
    return precision_among(predicted, happened, RISKIEST)


def _interval(measure, predicted: Sequence[float], happened: Sequence[bool]) -> str:
    """The middle 95 % of the measure over draws of the pairs with replacement."""
    chance, values = random.Random(7), []
    for _ in range(DRAWS):
        cases = chance.choices(range(len(predicted)), k=len(predicted))
        values.append(measure([predicted[i] for i in cases], [happened[i] for i in cases]))
    values.sort()
    return f"95 % within {values[round(0.025 * DRAWS)]:.2f} to {values[round(0.975 * DRAWS) - 1]:.2f}"


def main() -> None:
    """Print the weights fitted to all graded pairs as the table of `pipeline/checks/risk.py`."""
    root = Path(__file__).resolve().parents[2]
    corpus = Path(os.environ.get("MANUALQA_CORPUS") or root.parent / "shared" / "corpus").resolve()
    model = chosen(graded(corpus, CorpusWords(corpus, root / ".cache" / "accept")))
    print(f"intercepts=({model.intercepts[0]:.2f}, {model.intercepts[1]:.2f}),")
    for name in BELIEFS:
        fault, reject = model.weights[name]
        print(f'"{name}": ({fault:.2f}, {reject:.2f}),')


if __name__ == "__main__":
    main()
