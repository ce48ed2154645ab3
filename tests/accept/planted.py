"""How many planted errors the checks catch and how many good pairs they leave in peace, per kind of page.

Good pairs are the true facts and the pairs that a technician approved as they are. Caught: such a pair is never
approved in bulk, for its verdict is not `supported` or a warning speaks of a value. Kept: a good pair is not.
Every second folder is held out: rules are made with the others in view.
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline.checks import examine
from pipeline.checks.planted import Slip, is_caught, planted
from tests.accept.rows import Row, WordsByPage

CAUGHT, KEPT = 0.90, 0.95
DRAWINGS = ("diagram", "wiring", "pinout", "oscilloscope", "wiring_diagram", "exploded_view")
PUBLIC_HELD_OUT = "public"


class GoodPair(NamedTuple):
    """A good pair, the folder and the kind of its page (drawings or text and tables)."""

    page: str
    folder: str
    on_drawing: bool
    question: str
    answer: str


class Outcome(NamedTuple):
    """A judged pair: what was planted (None for a good one) and whether the checks doubt it."""

    pair: GoodPair
    question: str
    answer: str
    slip: Slip | None
    caught: bool
    flags: tuple[str, ...]


def rows(corpus: Path, words_by_page: WordsByPage) -> Sequence[Row]:
    """Caught and kept on text and tables, in all and on the held-out half; then by slip, and on drawings."""
    found = list(outcomes(corpus, words_by_page))
    hidden = held_out({outcome.pair.folder for outcome in found})
    plain = [outcome for outcome in found if not outcome.pair.on_drawing]
    table = [
        *_both("text and tables", plain, CAUGHT, KEPT),
        *_both("... held-out folders", [o for o in plain if o.pair.folder in hidden], CAUGHT, KEPT),
    ]
    for slip in Slip:
        caught = [o.caught for o in plain if o.slip == slip]
        table.append(Row(f"... of slips in a {slip} ({len(caught)})", _share(caught), 0.8))
    return [*table, *_both("drawings", [o for o in found if o.pair.on_drawing], 0.7, 0.85)]


def held_out(folders: set[str]) -> set[str]:
    """Every second folder by name."""
    return set(sorted(folders)[1::2])


def outcomes(corpus: Path, words_by_page: WordsByPage) -> Iterator[Outcome]:
    """Every good pair and every wrong one made from it, judged by the checks."""
    for pair in good_pairs(corpus):
        words = words_by_page(pair.page)
        texts: list[tuple[str, str, Slip | None]] = [(pair.question, pair.answer, None)]
        texts += [(wrong.question, wrong.answer, wrong.slip) for wrong in planted(words, pair.question, pair.answer)]
        for question, answer, slip in texts:
            finding = examine("image", words, question, answer, "factual")
            flags = tuple(flag.name for flag in finding.flags)
            yield Outcome(pair, question, answer, slip, is_caught(finding), flags)


def good_pairs(corpus: Path) -> Iterator[GoodPair]:
    """The true facts and the approved pairs of the corpus."""
    kinds: dict[str, str] = {}
    for page in _lines(corpus / "truth.jsonl"):
        kinds[page["page"]] = page["content_type"]
        for fact in page["facts"]:
            yield _good(f"data_src/{page['page']}", page["content_type"], fact["q"], fact["a"])
    for page in _lines(corpus / "public" / "truth.jsonl"):
        for fact in page["facts"]:
            yield _good(f"public/{page['page']}", page["type"], fact["q"], fact["a"])
    graded = corpus / "graded.jsonl"
    for pair in _lines(graded) if graded.is_file() else ():
        if pair["verdict"] == "approve":
            kind = kinds.get(pair["page"], "")
            yield _good(f"data_src/{pair['page']}", kind, pair["question"], pair["answer"])


def _good(page: str, kind: str, question: str, answer: str) -> GoodPair:
    first, second, *_ = page.split("/")
    folder = second if first == "data_src" else second.partition("_p")[0]
    return GoodPair(page, folder, kind in DRAWINGS, question, answer)


def _lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _both(name: str, found: Sequence[Outcome], caught: float, kept: float) -> list[Row]:
    wrong = [outcome.caught for outcome in found if outcome.slip]
    good = [not outcome.caught for outcome in found if not outcome.slip]
    return [
        Row(f"planted errors caught, {name} ({len(wrong)})", _share(wrong), caught),
        Row(f"good pairs left in peace, {name} ({len(good)})", _share(good), kept),
    ]


def _share(hits: Sequence[bool]) -> float:
    return sum(hits) / max(1, len(hits))
