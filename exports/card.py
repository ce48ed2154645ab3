"""The dataset card of a release: what it holds, how it was made, how to load it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from exports.card_history import history_sections
from exports.distribution import Distribution
from exports.hub_card import licence_section
from exports.markdown import table
from exports.plan import ReleasePlan
from exports.records import seed_record
from exports.settings import OutputSettings
from exports.validation import FILES

NAME = "README.md"
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))

_LOADING = """\
```python
from pathlib import Path
from datasets import load_dataset
from PIL import Image

folder = Path("{folder}")
pairs = load_dataset("json", data_files={{{files}}})
first = pairs["train"][0]
question, answer = (turn["content"] for turn in first["conversations"])
page = Image.open(folder / first["image"]) if first["image"] else None
```
"""


def card(
    plan: ReleasePlan,
    settings: OutputSettings,
    counted: Distribution,
    formats: Iterable[str],
    *,
    evidence: bool = False,
) -> str:
    """The card as Markdown; every name that comes from scans or people is plain text in it.

    `evidence` says that the records hold quote and boxes.
    """
    return "\n".join(
        [
            _front_matter(plan, settings, counted, evidence=evidence),
            "# Questions and answers on pages of service manuals\n",
            _what_it_is(plan),
            "## What it holds\n",
            _figures(plan, counted),
            table(["Question type", *counted.head], counted.rows("question_type")),
            "## Where it comes from\n",
            table(["Manual", "Pages", "Pairs"], _manuals(plan)),
            *history_sections(plan),
            "## Format\n",
            _format(formats),
            "## Loading\n",
            loading_snippet(counted),
            licence_section(settings.license),
        ]
    )


def _front_matter(plan: ReleasePlan, settings: OutputSettings, counted: Distribution, *, evidence: bool) -> str:
    shown = {"with_status": plan.include == "all", "with_evidence": evidence}
    size = next((name for limit, name in _SIZES if len(plan.pairs) < limit), "1M<n<10M")
    head = {
        "license": settings.license or "unknown",
        "language": settings.language,
        "pretty_name": "Service manual questions and answers",
        "task_categories": ["visual-question-answering", "image-text-to-text"],
        "size_categories": [size],
        "tags": ["service-manual", "document-question-answering", "manualqa"],
        "configs": [{"config_name": "default", "data_files": _data_files(counted)}],
        "dataset_info": _dataset_info(
            counted, seed_record(plan.pairs[0], **shown), crops=any(r.crop for r in plan.pairs)
        ),
    }
    return "---\n" + yaml.safe_dump(head, sort_keys=False, allow_unicode=True) + "---\n"


def _dataset_info(counted: Distribution, first: Mapping[str, Any], *, crops: bool) -> dict[str, Any]:
    """Columns and splits of the records, as the Hub's viewer and `load_dataset` take them."""
    names = ["image", *(["crop"] if crops else [])]
    turn = [_text("role"), _text("content")]
    metadata = [_EVIDENCE if name == "evidence" else _text(name) for name in first["metadata"]]
    features = [*map(_text, names), {"name": "conversations", "list": turn}, {"name": "metadata", "struct": metadata}]
    splits = [{"name": split, "num_examples": counted.splits[split]} for split in FILES if counted.splits[split]]
    return {"features": features, "splits": splits}


def _text(name: str) -> dict[str, str]:
    return {"name": name, "dtype": "string"}


_EVIDENCE = {
    "name": "evidence",
    "struct": [_text("verdict"), _text("quote"), {"name": "boxes", "list": {"list": "float64"}}],
}


def _data_files(counted: Distribution) -> list[dict[str, str]]:
    """Files by split; loaders refuse a split without rows, so an empty one is not named."""
    return [{"split": split, "path": name} for split, name in FILES.items() if counted.splits[split]]


def _what_it_is(plan: ReleasePlan) -> str:
    decided = "Every pair was approved, and corrected where needed, by a person who had the scan in view."
    if plan.include == "all":
        decided = "**Not all pairs were reviewed**: `status` says which are approved and which are pending."
    return f"Each record asks about one page of a scanned manual and answers from that page. {decided}\n"


def _figures(plan: ReleasePlan, counted: Distribution) -> str:
    rows = [
        ("Pairs", *(counted.splits[split] for split in counted.shown), counted.splits.total()),
        ("Pairs without an image", *(counted.text_only[split] for split in counted.shown), counted.text_only.total()),
        (
            "Pages",
            *(_page_count(plan, split) for split in counted.shown),
            len({r.pair.page.page_id for r in plan.pairs}),
        ),
    ]
    apart = "No page, and no page that shows or says the same, stands in two splits.\n"
    return table(["", *counted.head], rows) + "\n" + apart


def _page_count(plan: ReleasePlan, split: str) -> int:
    return len({ready.pair.page.page_id for ready in plan.of_split(split)})


def _manuals(plan: ReleasePlan) -> list[tuple[str, int, int]]:
    pages: dict[str, set[str]] = {}
    pairs: dict[str, int] = {}
    for ready in plan.pairs:
        manual = ready.pair.page.manual
        pages.setdefault(manual, set()).add(ready.pair.page.page_id)
        pairs[manual] = pairs.get(manual, 0) + 1
    return [(manual, len(pages[manual]), pairs[manual]) for manual in sorted(pairs)]


def _format(formats: Iterable[str]) -> str:
    others = "".join(f"- `formats/{name}/`: the same pairs for other trainers\n" for name in formats)
    return (
        f"- `{FILES['train']}`, `{FILES['validation']}`: one JSON object a line with `image` (a path in this "
        "folder, or null), `conversations` (user, assistant) and `metadata`\n"
        "- `images/`: one file a page\n"
        "- `manifest.json`: the history of each pair and the sha256 of each file; `report.md`: checks and samples\n"
        + others
    )


def loading_snippet(counted: Distribution, folder: str = ".") -> str:
    """Python that loads the release at `folder`, as Markdown; a test runs it."""
    files = ", ".join(f'"{entry["split"]}": str(folder / "{entry["path"]}")' for entry in _data_files(counted))
    return _LOADING.format(folder=folder, files=files)
