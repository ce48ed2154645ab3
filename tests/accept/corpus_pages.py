"""The corpus's pages as the pipeline would hand them to an engine: classified, with index codes and the page before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path, PurePosixPath

from pipeline import settings
from pipeline.engines.engine import PageInput
from pipeline.engines.offline.engine import OfflineEngine
from review_db.records import IndexRow, Page
from tests.accept.rows import WordsByPage

FURTHEST_BACK = 4
"""A page without a title takes it from at most so many pages before it."""


class CorpusPages:
    """Makes the input of any page of the corpus, named by its path below it ("data_src/..." or "public/...")."""

    def __init__(self, corpus: Path, words_by_page: WordsByPage) -> None:
        self.corpus, self._words = corpus, words_by_page
        self.engine = OfflineEngine(settings.load([])[0].classification)
        self._codes = lru_cache(maxsize=None)(self._codes_of)

    def input_of(self, name: str) -> PageInput:
        """The page with its words, its class, its index codes and what comes before it."""
        unit = self._input(name, FURTHEST_BACK)
        codes = self._codes(str(PurePosixPath(name).parent))
        covering = tuple(row for row in codes if _same_page(row.page, unit.page.printed_page))
        return replace(unit, codes=covering, image=self.corpus / name)

    def names(self) -> Iterator[str]:
        """Every page image of the corpus, in the order of the folders."""
        for folder in ("data_src", "public"):
            for path in sorted((self.corpus / folder).rglob("*")):
                if path.suffix.lower() in {".jpg", ".png"} and "favicon" not in path.parts and path.name != "m.png":
                    yield path.relative_to(self.corpus).as_posix()

    def _input(self, name: str, back: int) -> PageInput:
        words = self._words(name)
        page = _unclassified(name)
        alone = self._classified(PageInput(page, words))
        before = self._before(name) if back and not alone.is_index else None
        previous = self._input(before, 0 if alone.title else back - 1).page if before else None
        return PageInput(self._classified(PageInput(page, words, previous=previous)), words, previous=previous)

    def _classified(self, unit: PageInput) -> Page:
        found = self.engine.classify(unit)
        return replace(
            unit.page,
            section_id=found.section_id,
            section_name=found.section_name,
            source_type=found.source_type,
            content_type=found.content_type,
            is_index=found.is_index,
            confidence=found.confidence,
            title=found.title,
            printed_page=found.printed_page,
            nothing_to_ask=found.nothing_to_ask,
            language=found.language,
        )

    def _before(self, name: str) -> str | None:
        """The page before this one in its folder, by the numbers in the names; scattered pages have none."""
        path = self.corpus / name
        if not name.startswith("data_src"):
            return None
        pages = sorted((p for p in path.parent.iterdir() if p.suffix == path.suffix), key=lambda p: _in_order(p.stem))
        place = pages.index(path)
        return pages[place - 1].relative_to(self.corpus).as_posix() if place else None

    def _codes_of(self, folder: str) -> tuple[IndexRow, ...]:
        rows: list[IndexRow] = []
        for path in sorted((self.corpus / folder).glob("*-index-*.jpg")):
            rows.extend(self.engine.read_index(self._input(path.relative_to(self.corpus).as_posix(), 0)))
        return tuple(rows)


def _unclassified(name: str) -> Page:
    source = name.removeprefix("data_src/")
    return Page(
        page_id=source, page_version_id=0, manual="", source=source, page_number=None, kind="image", image_sha256=None,
        image_path=None, width=None, height=None, status="ok", reason=None, duplicate_of=None, section_id="",
        section_name="", source_type=None, content_type=None, rotation=0, is_index=False, confidence=None, title=None,
        printed_page=None, origin="scan", sort_key=source,
    )  # fmt: skip


def _in_order(stem: str) -> tuple[tuple[int, str], ...]:
    return tuple((int(part) if part.isdigit() else -1, part) for part in re.findall(r"\d+|\D+", stem))


def _same_page(printed: str, own: str | None) -> bool:
    return own is not None and printed.replace(" ", "").lower() == own.replace(" ", "").lower()
