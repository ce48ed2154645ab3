"""The manifest of a release: where each pair comes from, what was left out, and the hash of every file.

The same state of the database gives the same bytes: no clock time but that of the last decision, no absolute path.
One pair stands on one line. The last line holds the sha256 of all text before that hash, so that a change of the
manifest itself shows too.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib import metadata
from typing import Any

from exports.options import Options
from exports.plan import ReleasePlan
from exports.records import ReadyPair
from exports.settings import OutputSettings
from exports.similarity import Similarity
from exports.writer import WrittenFile
from review_db.statuses import DuplicateRelation

NAME = "manifest.json"
FORMAT = "manualqa release 1"
TEXTS = ("question", "answer", "question_type")
_SEAL_KEY = '  "manifest_sha256": "'
_SEAL_END = '"\n}\n'


@dataclass(frozen=True, slots=True)
class Choices:
    """What was asked of the release; `formats` gives for each format the pairs that it could not hold, by reason.

    `nearest` are the most similar pairs of different splits.
    """

    settings: OutputSettings
    options: Options
    formats: Mapping[str, Mapping[str, int]]
    nearest: Similarity | None = None


def manifest_pieces(plan: ReleasePlan, choices: Choices, files: Iterable[WrittenFile]) -> Iterator[str]:
    """The manifest as text in pieces; the last one is its own hash and depends on all before."""
    digest = hashlib.sha256()
    for piece in _body(plan, choices, files):
        digest.update(piece.encode("utf-8"))
        yield piece
    yield digest.hexdigest() + _SEAL_END


def _body(plan: ReleasePlan, choices: Choices, files: Iterable[WrittenFile]) -> Iterator[str]:
    settings = choices.settings
    head = {
        "format": FORMAT,
        "tools": tool_versions(),
        "include": plan.include,
        "formats": list(choices.formats),
        "left_out_of_formats": {name: dict(counts) for name, counts in choices.formats.items() if counts},
        "options": asdict(choices.options),
        "settings": {
            "validation_ratio": settings.validation_ratio,
            "test_ratio": settings.test_ratio,
            "seed": settings.seed,
            "image_mode": settings.image_mode,
            "resize_long_edge": settings.resize_long_edge,
            "license": settings.license or "unknown",
        },
        "counts": plan.counts(),
        "last_decision": last_decision(plan.pairs),
        "unusable": dict(sorted(plan.unusable.items())),
        "cleaned_texts": [ready.pair.pair_id for ready in plan.pairs if ready.was_cleaned],
        "similarity": choices.nearest.as_dict() if choices.nearest else None,
        "links": linked_pairs(plan.pairs),
        "moved_pages": plan.moved,
    }
    yield "{\n"
    for key, value in head.items():
        yield f"  {_json(key)}: {_json(value)},\n"
    yield from _lines("files", ({"path": f.path, "bytes": f.size, "sha256": f.sha256} for f in _sorted(files)))
    yield from _lines("pairs", (pair_entry(ready, plan.groups) for ready in plan.pairs))
    yield _SEAL_KEY


def _sorted(files: Iterable[WrittenFile]) -> list[WrittenFile]:
    return sorted(files, key=lambda file: file.path)


def _lines(key: str, entries: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    yield f"  {_json(key)}: ["
    separator = "\n    "
    for entry in entries:
        yield separator + _json(entry)
        separator = ",\n    "
    yield "\n  ],\n"


def _json(value: object) -> str:
    return json.dumps(value, allow_nan=False)


def pair_entry(ready: ReadyPair, groups: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    """The history of one pair in brief; `decision.seq` finds the decision among the workspace's events."""
    pair = ready.pair
    return {
        "pair_id": pair.pair_id,
        "split": ready.split,
        "group": groups[pair.page.page_id][0],
        "page_id": pair.page.page_id,
        "source": pair.page.source,
        "page_number": pair.page.page_number,
        "image": ready.image,
        "crop": ready.crop,
        "image_sha256": pair.page.image_sha256,
        "status": pair.status,
        "revision": pair.revision,
        "decision": {"seq": pair.decision_seq, "verdict": pair.decision_verdict, "reviewer": pair.decided_by},
        "original": dict(zip(TEXTS, pair.original, strict=True)) if pair.original else None,
        "drawn_boxes": [list(box) for box in pair.drawn],
        "run": pair.run_id,
        "engine": pair.engine,
        "model": pair.model,
        "prompt_sha256": pair.prompt_sha256,
        "evidence": pair.evidence.verdict,
    }


def last_decision(pairs: Iterable[ReadyPair]) -> dict[str, Any] | None:
    """The newest decision that a pair of the release rests on: its number and its time."""
    decided = [ready.pair for ready in pairs if ready.pair.decision_seq is not None]
    newest = max(decided, key=lambda pair: pair.decision_seq or 0, default=None)
    return {"seq": newest.decision_seq, "at": newest.decided_at} if newest else None


def linked_pairs(pairs: Iterable[ReadyPair]) -> dict[str, list[list[str]]]:
    """relation -> [pair_id, pair_id] of every link between two pairs of the release; a link takes no pair out."""
    listed = list(pairs)
    inside = {ready.pair.pair_id for ready in listed}
    found: dict[str, list[list[str]]] = {relation.value: [] for relation in DuplicateRelation}
    for ready in listed:
        for other, relation in ready.pair.duplicates:
            if other in inside and ready.pair.pair_id < other:
                found[relation].append([ready.pair.pair_id, other])
    return {relation: sorted(links) for relation, links in found.items()}


def tool_versions() -> dict[str, str]:
    """The programs that can change a byte of a release."""
    return {
        "manualqa": _version("manualqa"),
        "python": platform.python_version(),
        "pillow": _version("pillow"),
        "datasets": _version("datasets"),
        "pyarrow": _version("pyarrow"),
        "rapidfuzz": _version("rapidfuzz"),
    }


def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:  # run from a checkout that is not installed
        return "unknown"


@dataclass(frozen=True, slots=True)
class ReadManifest:
    """A manifest that was read back; `is_sealed` is False if a byte of it has changed."""

    content: Mapping[str, Any]
    sha256: str
    is_sealed: bool


def sealed(text: str) -> bytes:
    """A manifest whose text was changed, with the hash that belongs to it."""
    body, marker, _ = text.rpartition(_SEAL_KEY)
    unsealed = body + marker
    return (unsealed + hashlib.sha256(unsealed.encode()).hexdigest() + _SEAL_END).encode()


def read_manifest(raw: bytes) -> ReadManifest:
    """A manifest from its bytes; content is empty where they are no JSON object."""
    body, marker, tail = raw.rpartition(_SEAL_KEY.encode())
    seal = hashlib.sha256(body + marker).hexdigest() + _SEAL_END
    try:
        content = json.loads(raw)
    except (ValueError, RecursionError):
        content = {}
    sound = bool(marker) and tail == seal.encode() and isinstance(content, dict)
    return ReadManifest(content if isinstance(content, dict) else {}, hashlib.sha256(raw).hexdigest(), sound)


def engines(pairs: Iterable[ReadyPair]) -> Counter[tuple[str, str, str]]:
    """(engine, model, prompt sha256) -> pairs of the release that it proposed."""
    return Counter((ready.pair.engine, ready.pair.model or "", ready.pair.prompt_sha256 or "") for ready in pairs)
