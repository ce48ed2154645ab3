"""Prints how well pages are read, classified, turned into pairs and checked, on a folder of real scans.

`python -m tests.accept [--sheet] [NAME ...]`; the folder is MANUALQA_CORPUS, else ../shared/corpus.
"""

import argparse
import importlib
import importlib.util
import os
import sys
import time
from pathlib import Path

from tests.accept.corpus_words import CorpusWords
from tests.accept.rows import Row, WordsByPage

ROOT = Path(__file__).resolve().parents[2]
MEASURES = ("reading", "classification", "index", "coverage", "spec_sheets", "evidence", "duplicates")


def measure(name: str, corpus: Path, words_by_page: WordsByPage) -> None:
    """Print the rows of one measure, or that there is none yet."""
    if importlib.util.find_spec(f"tests.accept.{name}") is None:
        print(f"--    not yet: {name}", flush=True)
        return
    started = time.monotonic()
    for row in importlib.import_module(f"tests.accept.{name}").rows(corpus, words_by_page):
        print(Row(*row), flush=True)
    print(f"      {name}: {time.monotonic() - started:.0f} s", file=sys.stderr)


def main() -> int:
    """Print the table, or make the sheet for a technician."""
    parser = argparse.ArgumentParser(prog="python -m tests.accept", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of {', '.join(MEASURES)}; all by default")
    parser.add_argument("--sheet", action="store_true", help="draw pairs for a technician to judge, with crops")
    options = parser.parse_args()
    corpus = Path(os.environ.get("MANUALQA_CORPUS") or ROOT.parent / "shared" / "corpus").resolve()
    if not (corpus / "truth.jsonl").is_file():
        print(f"error: {corpus} holds no truth.jsonl\nhint: name the folder in MANUALQA_CORPUS", file=sys.stderr)
        return 1
    words = CorpusWords(corpus, ROOT / ".cache" / "accept")
    if options.sheet:
        print(importlib.import_module("tests.accept.sheet").make_sheet(corpus, words, ROOT / "tests/accept/out"))
        return 0
    print("mark    value  goal       what", flush=True)
    for name in options.names or MEASURES:
        measure(name, corpus, words)
    return 0


if __name__ == "__main__":
    sys.exit(main())
