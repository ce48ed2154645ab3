"""Makes the sheet of offline pairs for a strict technician: 60 drawn with a fixed seed, at most 3 a page, with crops.

Pages are drawn at random from the whole corpus, so that pages without a truth are judged too. The sheet holds pieces
of scans that belong to others: it lies in `tests/accept/out/`, which is never committed. A verdict is kept by the
hash of page, question and answer (`verdicts.jsonl` beside this file), so that a pair is judged once for ever and a
changed pair is judged anew. `accepted` as a measure tells how many of each seed's pairs were accepted.
"""

from __future__ import annotations

import hashlib
import html
import itertools
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from review_db.records import Box, CandidatePair
from tests.accept.corpus_pages import CorpusPages
from tests.accept.rows import WordsByPage

SEED, WANTED, A_PAGE = 20261122, 60, 3
_AROUND = 0.06
"""White around the source words in a crop, as a share of the page."""


class Drawn(NamedTuple):
    """One pair for the sheet and the page that it comes from."""

    page: str
    image: Path
    pair: CandidatePair

    @property
    def key(self) -> str:
        """A stable name of the pair, under which verdicts are kept."""
        text = "\n".join((self.page, self.pair.question, self.pair.answer))
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def place(self, seed: int) -> str:
        """Where the pair stands among those of its page, at random for each seed."""
        return hashlib.sha256(f"{seed} {self.key}".encode()).hexdigest()


def make_sheet(corpus: Path, words_by_page: WordsByPage, out: Path, seed: int = SEED) -> Path:
    """Write sheet.html, its crops and sheet.jsonl into `out`; returns the sheet's path."""
    drawn = list(draw(CorpusPages(corpus, words_by_page), seed))
    (out / "crops").mkdir(parents=True, exist_ok=True)
    for item in drawn:
        _crop(item.image, item.pair.boxes).save(out / "crops" / f"{item.key}.png")
    sheet = out / "sheet.html"
    sheet.write_text(_page(drawn), encoding="utf-8")
    lines = (json.dumps(_record(item), ensure_ascii=False) for item in drawn)
    (out / "sheet.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return sheet


def draw(pages: CorpusPages, seed: int = SEED, wanted: int = WANTED) -> Iterator[Drawn]:
    """Pairs of the corpus's pages in random order, at most three of each page."""
    names = list(pages.names())
    random.Random(seed).shuffle(names)
    found = ((name, pages.engine.generate(pages.input_of(name)).pairs) for name in names)
    return itertools.islice(drawn_from(found, pages.corpus, seed), wanted)


def drawn_from(pages: Iterable[tuple[str, Sequence[CandidatePair]]], corpus: Path, seed: int) -> Iterator[Drawn]:
    """At most three pairs of each page, given by name and pairs.

    Which ones follows from the hash of each pair, so that a change of the engine leaves the rest of the sheet, and
    with it the verdicts, as it was.
    """
    for name, pairs in pages:
        every = [Drawn(name, corpus / name, pair) for pair in pairs]
        yield from sorted(every, key=lambda item: item.place(seed))[:A_PAGE]


def _crop(image: Path, boxes: Sequence[Box]) -> Image.Image:
    """The piece of the page around the source words; the upper third of it where there are no boxes."""
    with Image.open(image) as page:
        whole = page.convert("RGB")
    x0, y0, x1, y1 = (
        (
            min(b[0] for b in boxes),
            min(b[1] for b in boxes),
            max(b[2] for b in boxes),
            max(b[3] for b in boxes),
        )
        if boxes
        else (0.0, 0.0, 1.0, 0.33)
    )
    width, height = whole.size
    frame = (
        int(max(0.0, x0 - _AROUND) * width),
        int(max(0.0, y0 - _AROUND) * height),
        int(min(1.0, x1 + _AROUND) * width),
        int(min(1.0, y1 + _AROUND) * height),
    )
    return whole.crop(frame)


def _record(item: Drawn) -> dict[str, str]:
    pair = item.pair
    return {
        "key": item.key, "page": item.page, "question": pair.question, "answer": pair.answer,
        "question_type": pair.question_type,
    }  # fmt: skip


def _page(drawn: Sequence[Drawn]) -> str:
    entries = "\n".join(_entry(number, item) for number, item in enumerate(drawn, start=1))
    return f"<!doctype html><meta charset=utf-8><title>Pairs to judge</title>\n{_STYLE}\n{entries}\n"


_STYLE = "<style>body{font:16px sans-serif;max-width:60em;margin:2em auto}img{max-width:100%;border:1px solid}</style>"


def _entry(number: int, item: Drawn) -> str:
    pair = item.pair
    return (
        f"<h3>{number}. {html.escape(pair.question)}</h3><p><b>{html.escape(pair.answer)}</b> "
        f"({pair.question_type}, {html.escape(item.page)}, {item.key})</p><img src='crops/{item.key}.png' alt=''>"
    )
