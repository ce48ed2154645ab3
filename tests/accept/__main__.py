"""Prints how well pages are read, classified, turned into pairs and checked, on a folder of real scans.

`python -m tests.accept [--missed] [--sheet [SEED]] [NAME ...]`; the folder is MANUALQA_CORPUS, else ../shared/corpus.
What was missed is written page by page to `tests/accept/out/missed-NAME.txt`, for it quotes scans that belong to
others.
"""

import argparse
import importlib
import os
import sys
import time
from pathlib import Path

from tests.accept.corpus_words import CorpusWords
from tests.accept.rows import Row, WordsByPage
from tests.accept.sheet import SEED, make_sheet

ROOT = Path(__file__).resolve().parents[2]
MEASURES = (
    "reading",
    "classification",
    "index",
    "coverage",
    "accepted",
    "spec_sheets",
    "evidence",
    "planted",
    "duplicates",
    "risk",
)
OUT = ROOT / "tests" / "accept" / "out"


def measure(name: str, corpus: Path, words_by_page: WordsByPage, *, shown: bool) -> None:
    """Print the rows of one measure, and write down (or print as well) what it missed."""
    started = time.monotonic()
    module = importlib.import_module(f"tests.accept.{name}")
    for row in module.rows(corpus, words_by_page):
        print(Row(*row), flush=True)
    if hasattr(module, "missed"):
        _tell(list(module.missed(corpus, words_by_page)), OUT / f"missed-{name}.txt", shown=shown)
    print(f"      {name}: {time.monotonic() - started:.0f} s", file=sys.stderr)


def _tell(missed: list[str], file: Path, *, shown: bool) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text("".join(f"{line}\n" for line in missed), encoding="utf-8")
    if shown:
        print(*(f"          {line}" for line in missed), sep="\n", flush=True)
    elif missed:
        print(f"          what was missed: {file.relative_to(ROOT)}", flush=True)


def main() -> int:
    """Print the table, or make the sheet for a technician."""
    parser = argparse.ArgumentParser(prog="python -m tests.accept", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of {', '.join(MEASURES)}; all by default")
    parser.add_argument("--missed", action="store_true", help="print page by page what was missed")
    parser.add_argument(
        "--sheet",
        nargs="?",
        type=int,
        const=SEED,
        metavar="SEED",
        help="draw pairs for a technician to judge, with crops",
    )
    options = parser.parse_args()
    corpus = Path(os.environ.get("MANUALQA_CORPUS") or ROOT.parent / "shared" / "corpus").resolve()
    if not (corpus / "truth.jsonl").is_file():
        print(f"error: {corpus} holds no truth.jsonl\nhint: name the folder in MANUALQA_CORPUS", file=sys.stderr)
        return 1
    words = CorpusWords(corpus, ROOT / ".cache" / "accept")
    if options.sheet is not None:
        print(make_sheet(corpus, words, OUT, options.sheet))
        return 0
    print("mark    value  goal       what", flush=True)
    for name in options.names or MEASURES:
        measure(name, corpus, words, shown=options.missed)
    return 0


if __name__ == "__main__":
    sys.exit(main())
