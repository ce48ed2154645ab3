"""What two releases differ in, pair by pair: added, removed, changed with both texts, moved to another split."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from exports.errors import NoReleaseError
from exports.manifest import NAME, read_manifest
from exports.splits import SPLITS
from exports.validation import FILES

ADDED, REMOVED, CHANGED, MOVED = "added", "removed", "changed", "moved"
CHANGES = (ADDED, REMOVED, CHANGED, MOVED)


@dataclass(frozen=True, slots=True)
class Side:
    """A pair as one release holds it."""

    question: str
    answer: str
    question_type: str
    status: str
    split: str
    page_id: str
    image_sha256: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One pair that the releases do not hold alike: `changes` out of CHANGES, `fields` of Side that differ."""

    pair_id: str
    changes: tuple[str, ...]
    fields: tuple[str, ...]
    before: Side | None
    after: Side | None

    def as_dict(self) -> dict[str, Any]:
        """For a line of JSON."""
        return asdict(self)


def differences(earlier: Path, later: Path) -> Iterator[Difference]:
    """The differences from one release folder to another, by pair_id. Raises NoReleaseError where a folder is none."""
    before, after = _sides(earlier), _sides(later)
    for pair_id in sorted(before.keys() | after.keys()):
        found = _difference(pair_id, before.get(pair_id), after.get(pair_id))
        if found.changes:
            yield found


def _difference(pair_id: str, before: Side | None, after: Side | None) -> Difference:
    if before is None or after is None:
        return Difference(pair_id, (ADDED if before is None else REMOVED,), (), before, after)
    old, new = asdict(before), asdict(after)
    fields = tuple(name for name in old if old[name] != new[name])
    changes = ((CHANGED,) if set(fields) - {"split"} else ()) + ((MOVED,) if "split" in fields else ())
    return Difference(pair_id, changes, fields, before, after)


def _sides(folder: Path) -> dict[str, Side]:
    manifest = folder / NAME
    if not manifest.is_file():
        raise NoReleaseError(f"{folder} is no release: it has no {NAME}", "`manualqa releases` lists them")
    entries = {entry["pair_id"]: entry for entry in read_manifest(manifest.read_bytes()).content.get("pairs", [])}
    found: dict[str, Side] = {}
    for split in SPLITS:
        for record in _records(folder / FILES[split]):
            metadata, turns = record["metadata"], record["conversations"]
            entry = entries.get(metadata["qa_id"], {})
            found[metadata["qa_id"]] = Side(
                question=turns[0]["content"],
                answer=turns[-1]["content"],
                question_type=metadata["question_type"],
                status=entry.get("status", ""),
                split=split,
                page_id=metadata["page_id"],
                image_sha256=entry.get("image_sha256") or "",
            )
    return found


def _records(file: Path) -> Iterator[dict[str, Any]]:
    if file.is_file():
        with file.open(encoding="utf-8", newline="\n") as lines:
            yield from map(json.loads, lines)
