"""The card on the Hub: our part of it made from a release, and put into the card that is there without loss.

Our text stands between two marks; everything outside them is the owner's and stays. Of the metadata, what describes
the data is ours (the default configuration, its columns and sizes); lists are joined; the rest is the owner's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from exports.errors import PublishError
from exports.hub_rows import FOLDER, SplitFacts, card_features
from exports.markdown import plain

NAME = "README.md"
BEGIN = "<!-- manualqa: begin; publishing again writes this part anew -->"
END = "<!-- manualqa: end -->"
DEFAULT = "default"
UNKNOWN = "unknown"
OTHER = "other"
_HEAD = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)(?:\r?\n)?---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_OURS = re.compile(re.escape(BEGIN) + ".*?" + re.escape(END), re.DOTALL)
_JOINED = ("language", "task_categories", "tags")
_FROM_HERE = "## Format\n"

LICENSES = frozenset(
    (
        "afl-3.0", "agpl-3.0", "apache-2.0", "artistic-2.0", "bigcode-openrail-m", "bigscience-bloom-rail-1.0",
        "bigscience-openrail-m", "bsd", "bsd-2-clause", "bsd-3-clause", "bsd-3-clause-clear", "bsl-1.0", "c-uda", "cc",
        "cc-by-2.0", "cc-by-2.5", "cc-by-3.0", "cc-by-4.0", "cc-by-nc-2.0", "cc-by-nc-3.0", "cc-by-nc-4.0",
        "cc-by-nc-nd-3.0", "cc-by-nc-nd-4.0", "cc-by-nc-sa-2.0", "cc-by-nc-sa-3.0", "cc-by-nc-sa-4.0", "cc-by-nd-4.0",
        "cc-by-sa-3.0", "cc-by-sa-4.0", "cc0-1.0", "cdla-permissive-1.0", "cdla-permissive-2.0", "cdla-sharing-1.0",
        "creativeml-openrail-m", "ecl-2.0", "epl-1.0", "epl-2.0", "etalab-2.0", "eupl-1.1", "eupl-1.2", "gfdl", "gpl",
        "gpl-2.0", "gpl-3.0", "isc", "lgpl", "lgpl-2.1", "lgpl-3.0", "lgpl-lr", "lppl-1.3c", "mit", "mpl-2.0", "ms-pl",
        "ncsa", "odbl", "odc-by", "ofl-1.1", "openrail", "openrail++", "osl-3.0", "other", "pddl", "postgresql",
        "unknown", "unlicense", "wtfpl", "zlib",
    )
)  # fmt: skip
"""Licences that the Hub knows by these ids; any other goes by its name, under `other`."""


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What the card on the Hub says besides the release's own card."""

    repository: str
    tag: str
    license: str
    splits: Mapping[str, SplitFacts]
    data_bytes: int
    with_status: bool


def merged_card(there: str, ours: str, facts: CardFacts) -> str:
    """The card that is there with our part brought up to date; `ours` is README.md of the release.

    Publishing twice gives the same text. Raises PublishError when the metadata that is there cannot be read.
    """
    old_head, old_body = _parted(there, "README.md on the Hub")
    new_head, new_body = _parted(ours, "README.md of the release")
    head = merged_metadata(old_head, new_head | _described(facts), facts.license)
    text = f"{BEGIN}\n{_body(new_body, facts)}{END}"
    if _OURS.search(old_body):
        body = _OURS.sub(lambda _: text, old_body, count=1)
    else:
        body = (old_body.rstrip() + "\n\n" if old_body.strip() else "") + text + "\n"
    return f"---\n{yaml.safe_dump(head, sort_keys=False, allow_unicode=True, width=110)}---\n{body}"


def merged_metadata(there: Mapping[str, Any], ours: Mapping[str, Any], chosen: str) -> dict[str, Any]:
    """The metadata of both: ours for the data, joined lists, the owner's for everything else."""
    merged = dict(there)
    for key, value in ours.items():
        if key in _JOINED:
            merged[key] = _joined(there.get(key), value)
        elif key == "configs":
            merged[key] = _with_default(there.get(key), value[0])
        elif key == "dataset_info":
            merged[key] = _info_with_default(there.get(key), value)
        elif key == "size_categories":
            merged[key] = value
        else:
            merged.setdefault(key, value)
    licensed = _licensed(chosen, there)
    if licensed["license"] != OTHER:
        merged.pop("license_name", None)
    return merged | licensed


def _joined(there: Any, ours: Any) -> list[Any]:
    return list(dict.fromkeys([*_listed(there), *_listed(ours)]))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _with_default(there: Any, ours: dict[str, Any]) -> list[Any]:
    others = [each for each in _listed(there) if not (isinstance(each, dict) and each.get("config_name") == DEFAULT)]
    return [ours, *others]


def _info_with_default(there: Any, ours: dict[str, Any]) -> Any:
    """`dataset_info` is one mapping, or a list of them with a config_name each."""
    named = [each for each in _listed(there) if isinstance(each, dict) and each.get("config_name", DEFAULT) != DEFAULT]
    return [ours | {"config_name": DEFAULT}, *named] if named else ours


def _licensed(chosen: str, there: Mapping[str, Any]) -> dict[str, Any]:
    """The licence that was chosen here, else the one that stands there, else `unknown`; none is ever assumed."""
    if not chosen:
        return {"license": there.get("license") or UNKNOWN}
    known = chosen.strip().lower()
    return {"license": known} if known in LICENSES else {"license": OTHER, "license_name": _slug(chosen)}


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9.]+", "-", name.lower()).strip("-.") or "custom"


def _parted(text: str, where: str) -> tuple[dict[str, Any], str]:
    """(metadata, text below it)."""
    found = _HEAD.match(text)
    if not found:
        return {}, text
    try:
        head = yaml.safe_load(found[1]) or {}
    except yaml.YAMLError as error:
        raise PublishError(
            f"the metadata of {where} is no YAML: {' '.join(str(error).split())[:200]}", "mend it, then publish again"
        ) from None
    if not isinstance(head, dict):
        raise PublishError(f"the metadata of {where} is no mapping", "mend it, then publish again")
    return head, text[found.end() :]


def _described(facts: CardFacts) -> dict[str, Any]:
    splits = [
        {"name": name, "num_bytes": split.bytes, "num_examples": split.rows} for name, split in facts.splits.items()
    ]
    files = [{"split": name, "path": f"{FOLDER}/{name}-*.parquet"} for name in facts.splits]
    return {
        "configs": [{"config_name": DEFAULT, "data_files": files}],
        "dataset_info": {
            "features": card_features(with_status=facts.with_status),
            "splits": splits,
            "download_size": facts.data_bytes,
            "dataset_size": sum(split.bytes for split in facts.splits.values()),
        },
    }


_LOADING = """\
## Format

- `data/`: the default configuration, Parquet with the page images in it. Columns: `image` (null for a pair from a text
  page), `question`, `answer`, `messages` (the pair as a conversation) and where the pair comes from
- `vlm_train.jsonl`, `vlm_val.jsonl` with `images/`: the same pairs as files, one JSON object a line
- `manifest.json`: the history of each pair and the sha256 of each file; `report.md`: checks and samples
- `formats/`: shapes for trainers, where the release has them. Its `formats/parquet` is not sent: `data/` holds those
  pairs and images already

## Loading

```python
from datasets import load_dataset

pairs = load_dataset("{repository}", revision="{tag}")
first = pairs["{split}"][0]
print(first["question"], first["answer"], first["image"])
```

The tag `{tag}` never moves: name it as `revision`, and a later release changes nothing for you.
"""


def _body(ours: str, facts: CardFacts) -> str:
    made, _, _ = ours.partition(_FROM_HERE)
    split = next(iter(facts.splits))
    loading = _LOADING.format(repository=facts.repository, tag=facts.tag, split=split)
    return f"{made.strip()}\n\n{loading}\n{licence_section(facts.license)}"


def licence_section(chosen: str) -> str:
    """What the card says of rights; none is ever assumed."""
    rights = (
        f"{plain(chosen)}, as the publisher states."
        if chosen
        else "Unknown. Service manuals are usually under copyright: ask the owner of the scans before you share this."
    )
    return f"## Licence\n\n{rights}\n"
