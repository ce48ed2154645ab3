"""What the double's model says of the sample manual: the truth, with one slip a page until a prompt points at it."""

import base64
import io
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from tests.doubles.claude.rules import blocks, size_of

ROOT = Path(__file__).resolve().parents[3]
SAMPLE = ROOT / "data_src" / "sample-manual"
TRUTH = ROOT / "tests" / "sample_manual" / "truth.jsonl"
SIDE = 64
MOST_DIFFERENCE = 4.0  # mean grey levels; other pages differ by more than 8, rendering and JPEG by less than 2
SLIP_FROM = 5  # pages with so many facts have one that is told wrong at first
KINDS = {
    "spec": "factual", "code": "navigation", "crossref": "navigation", "wire": "wiring", "callout": "visual",
    "step": "procedural",
}  # fmt: skip


class Fact(NamedTuple):
    """One thing that a page says; the box is in fractions of the page."""

    question: str
    answer: str
    kind: str
    quote: str
    box: tuple[float, float, float, float]


class SamplePage(NamedTuple):
    """A page of the sample and how it looks when it is tiny."""

    record: dict[str, Any]
    looks: np.ndarray[Any, Any]

    def facts(self) -> list[Fact]:
        """All that is known to stand on it."""
        return [Fact(f["q"], f["a"], f["kind"], f["quote"], tuple(f["box"])) for f in self.record["facts"]]


def answer(body: Mapping[str, Any]) -> str:
    """The JSON text for a request: pairs, the kind of a page or the rows of an index, as its schema asks.

    A page that is not in the sample is text with nothing to ask.
    """
    wanted = body["output_config"]["format"]["schema"]["properties"]
    pictures = [block for block in blocks(body) if block["type"] == "image"]
    page = _page_of(pictures[-1]) if pictures else None
    if "pairs" in wanted:
        told = " ".join(block["text"] for block in blocks(body) if block["type"] == "text")
        return json.dumps({"pairs": list(_pairs(page, told, size_of(pictures[-1]))) if page else []})
    if "rows" in wanted:
        return json.dumps({"rows": page.record.get("index", []) if page else []})
    return json.dumps(_kind(page))


def _kind(page: SamplePage | None) -> dict[str, Any]:
    content = page.record["content_type"] if page else "text"
    return {
        "content_type": content,
        "confidence": 0.94 if page else 0.4,
        "title": page.record["title"] if page else None,
        "printed_page": None,
        "nothing_to_ask": content in ("cover", "blank") or page is None,
    }


def _pairs(page: SamplePage, told: str, size: tuple[int, int]) -> Iterator[dict[str, Any]]:
    """The page's facts but for those that the prompt already tells, as approved or as rejected."""
    facts = page.facts()
    slip = slip_of(facts)
    for fact in facts:
        said = slip.answer if slip and fact.question == slip.question and not _tells(told, slip) else fact.answer
        if _tells(told, fact._replace(answer=said)):
            continue
        yield {
            "question": fact.question,
            "answer": said,
            "question_type": KINDS.get(fact.kind, fact.kind),
            "quote": fact.quote.split(" ... ")[-1],
            "box": [round(edge * size[i % 2]) for i, edge in enumerate(fact.box)],
        }


def _tells(told: str, fact: Fact) -> bool:
    return f'"{fact.question}" answered "{fact.answer}"' in told


def slip_of(facts: list[Fact]) -> Fact | None:
    """The fact that the model tells wrong until its prompt shows the wrong answer as rejected; None on short pages."""
    if len(facts) < SLIP_FROM:
        return None
    values = sorted(facts, key=lambda fact: fact.kind != "spec")
    fact = next((fact for fact in values if fact.answer[:1].isdigit()), None)
    return fact and fact._replace(answer=f"{(int(fact.answer[0]) + 4) % 10}{fact.answer[1:]}")


def _page_of(block: Mapping[str, Any]) -> SamplePage | None:
    looks = _looks(Image.open(io.BytesIO(base64.b64decode(block["source"]["data"]))))
    nearest = min(sample_pages(), key=lambda page: _difference(page.looks, looks))
    return nearest if _difference(nearest.looks, looks) <= MOST_DIFFERENCE else None


def _looks(image: Image.Image) -> np.ndarray[Any, Any]:
    return np.asarray(image.convert("L").resize((SIDE, SIDE), Image.Resampling.BOX), dtype=np.int16)


def _difference(one: np.ndarray[Any, Any], other: np.ndarray[Any, Any]) -> float:
    return float(np.abs(one - other).mean())


@cache
def sample_pages() -> tuple[SamplePage, ...]:
    """Every page of the sample that has an image."""
    records = [json.loads(line) for line in TRUTH.read_text(encoding="utf-8").splitlines()]
    return tuple(SamplePage(r, _looks(_image(r))) for r in records if not r["page"].endswith(".html"))


def _image(record: Mapping[str, Any]) -> Image.Image:
    file = SAMPLE / record["page"]
    if file.suffix != ".pdf":
        return Image.open(file)
    import pypdfium2

    document = pypdfium2.PdfDocument(file)
    rendered: Image.Image = document[record["page_number"] - 1].render(scale=100 / 72).to_pil()
    return rendered
