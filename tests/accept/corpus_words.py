"""The words of the corpus's pages, read by the product's own reader, each image once."""

import hashlib
import json
import sys
from pathlib import Path

from pipeline import images, ocr
from review_db.records import Word


class CorpusWords:
    """A page's path gives its words; what was read is kept below `cache`, by reader and image sha256."""

    def __init__(self, corpus: Path, cache: Path) -> None:
        self._corpus = corpus
        self._cache = cache / ocr.READER

    def __call__(self, page: str) -> list[Word]:
        image = self._corpus / page
        if not image.is_file():
            image = self._corpus / "data_src" / page
        kept = self._cache / f"{hashlib.sha256(image.read_bytes()).hexdigest()}.json"
        if not kept.is_file():
            self._read(image, kept)
        return [Word(text, tuple(box), score, line) for text, box, score, line in json.loads(kept.read_text("utf-8"))]

    def _read(self, image: Path, kept: Path) -> None:
        print(f"reading {image.relative_to(self._corpus)}", file=sys.stderr, flush=True)
        try:
            words = ocr.read_words(images.decode_image(image))
        except ocr.NothingReadError:
            words = []
        kept.parent.mkdir(parents=True, exist_ok=True)
        partial = kept.with_suffix(".partial")
        partial.write_text(json.dumps(words, ensure_ascii=False), "utf-8")
        partial.replace(kept)
