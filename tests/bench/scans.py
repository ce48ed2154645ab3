"""The scans that speed is measured on: the corpus's where it is present, else the sample's."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LEAST_BYTES = 20_000


def scans() -> list[Path]:
    """Real scans, icons left out, in the order of their paths."""
    corpus = Path(os.environ.get("MANUALQA_CORPUS") or ROOT.parent / "shared" / "corpus") / "data_src"
    folder = corpus if corpus.is_dir() else ROOT / "data_src" / "sample-manual"
    found = sorted(path for path in folder.rglob("*") if path.suffix in (".jpg", ".png"))
    return [path for path in found if path.stat().st_size >= LEAST_BYTES]
