"""What a release says of its pairs, for taking them up elsewhere: records in their order, decisions, splits."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from exports.errors import ExportError, NoReleaseError
from exports.manifest import NAME, TEXTS, read_manifest
from exports.records import json_line
from exports.validation import FILES
from exports.verify import altered_among
from review_db.drawn_boxes import boxes_given
from review_db.records import Box


@dataclass(frozen=True, slots=True)
class DecidedPair:
    """A pair of a release: its record as a line, and who approved it (None while it was pending).

    The record holds the text as it was proposed; `edited` is what the reviewer made of it, None where nothing changed.
    `boxes` are those that the reviewer drew, None where there are none. `verdict` is approve or edit. `seq` orders the
    decisions; `group` names the pages that must stay in one split with this one.
    """

    pair_id: str
    line: bytes
    reviewer: str | None
    seq: int
    group: str
    split: str
    verdict: str = "approve"
    edited: tuple[str, str, str] | None = None
    boxes: tuple[Box, ...] | None = None


def release_folder_of(path: Path) -> Path | None:
    """The release that a folder, or a file in it, belongs to."""
    return next((folder for folder in (path, path.parent) if (folder / NAME).is_file()), None)


def decided_pairs(folder: Path) -> tuple[str, list[DecidedPair]]:
    """(sha256 of the manifest, the pairs in the order in which they were made).

    Raises NoReleaseError where the folder is none, ExportError where manifest, records or images are not as exported.
    """
    if not (folder / NAME).is_file():
        raise NoReleaseError(
            f"{folder} is no release: it has no {NAME}", "name the folder that `manualqa export` wrote"
        )
    read = read_manifest((folder / NAME).read_bytes())
    content = read.content
    wanted = {*FILES.values(), *(entry["image"] for entry in content.get("pairs", []) if entry.get("image"))}
    altered = [NAME] if not read.is_sealed else altered_among(folder, content, wanted)
    if altered:
        raise ExportError(
            f"{altered[0]} is not as it was exported, so that the decisions cannot be trusted",
            f"`manualqa verify {folder}` names what was altered; import the .jsonl without --decisions to review again",
        )
    lines = dict(_lines(folder))
    return read.sha256, [_decided(entry, lines[entry["pair_id"]]) for entry in content["pairs"]]


def _lines(folder: Path) -> Iterator[tuple[str, bytes]]:
    """(pair_id, line) of every record."""
    for name in FILES.values():
        if (folder / name).is_file():
            with (folder / name).open("rb") as lines:
                yield from ((json.loads(line)["metadata"]["qa_id"], line) for line in lines)


def _decided(entry: Mapping[str, Any], line: bytes) -> DecidedPair:
    decision = entry["decision"]
    reviewer = decision["reviewer"] if entry["status"] == "approved" else None
    original = entry.get("original") if reviewer else None  # releases of earlier versions do not have it
    return DecidedPair(
        pair_id=entry["pair_id"],
        line=_with_text(line, original) if original else line,
        reviewer=reviewer,
        seq=decision["seq"] or 0,
        group=entry["group"],
        split=entry["split"],
        verdict="edit" if decision["verdict"] == "edit" else "approve",
        edited=_text_of(line) if original else None,
        boxes=boxes_given(entry.get("drawn_boxes") or None),
    )


def _text_of(line: bytes) -> tuple[str, str, str]:
    """Question, answer and question type of a record."""
    record = json.loads(line)
    question, answer = (turn["content"] for turn in record["conversations"])
    return question, answer, record["metadata"]["question_type"]


def _with_text(line: bytes, text: Mapping[str, str]) -> bytes:
    """A record with another question, answer and question type."""
    record = json.loads(line)
    for turn, name in zip(record["conversations"], TEXTS, strict=False):
        turn["content"] = text[name]
    record["metadata"]["question_type"] = text["question_type"]
    return json_line(record).encode("utf-8")
