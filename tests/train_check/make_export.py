"""Make the export that the training check trains on: the sample manual, with questions that only the scan can answer.

Usage: python -m tests.train_check.make_export FOLDER; prints the release's folder. Every page gets the same questions,
so that a model which does not look at the page cannot tell the answers apart. The pairs take the usual way: imported,
approved one by one, exported.
"""

import json
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.sample_run import ROOT, SAMPLE, listed, manualqa

TRUTH = ROOT / "tests" / "sample_manual" / "truth.jsonl"


def pairs_of(page: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Questions that every page is asked, with this page's answers."""
    yield "What is the heading of this page?", page["title"].partition(" / ")[0]
    yield "What is the number of this page?", Path(page["page"]).stem
    yield "What kind of page is this?", page["content_type"].replace("_", " ")


def records() -> Iterator[dict[str, Any]]:
    """Records to import: every scan of the sample manual that has a heading."""
    for line in TRUTH.read_text("utf-8").splitlines():
        page = json.loads(line)
        if not page["title"] or Path(page["page"]).suffix != ".jpg":
            continue
        page_id = re.sub(r"[^a-z0-9]+", "-", page["page"].lower())
        for question, answer in pairs_of(page):
            yield {
                "image": page["page"],
                "conversations": [{"role": "user", "content": question}, {"role": "assistant", "content": answer}],
                "metadata": {"page_id": page_id, "question_type": "visual"},
            }


def make_export(folder: Path) -> Path:
    """Import, approve and export in a fresh workspace below `folder`; returns the release."""
    workspace, release = folder / "workspace", folder / "release"
    for old in (workspace, release):
        shutil.rmtree(old, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    wanted = folder / "records.jsonl"
    wanted.write_text("".join(json.dumps(record) + "\n" for record in records()), "utf-8")
    manualqa(workspace, "import", str(wanted), "--images", str(SAMPLE), "--later")
    approvals = [
        {"decision_id": pair["pair_id"], "verdict": "approve", "reviewer": "check",
         "pair_id": pair["pair_id"], "revision": pair["revision"]}
        for pair in listed(workspace, "pairs")
    ]  # fmt: skip
    manualqa(workspace, "decide", "-", input="".join(json.dumps(line) + "\n" for line in approvals))
    manualqa(workspace, "export", "--out", str(release), "--formats", "trl,trl-messages,llama-factory,ms-swift")
    return release


if __name__ == "__main__":
    print(make_export(Path(sys.argv[1]).resolve()))
