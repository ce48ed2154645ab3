"""The seed project's validation of a dataset, and what it did not look for: pages and texts in both splits.

Errors make a release fail; warnings only when the caller is strict about them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from PIL import Image

from exports.distribution import Distribution
from exports.errors import NoReleaseError
from exports.records import clean_text
from exports.settings import OutputSettings
from exports.splits import TEST, TRAIN, VALIDATION, plain_text

FILES = {TRAIN: "vlm_train.jsonl", VALIDATION: "vlm_val.jsonl", TEST: "vlm_test.jsonl"}
"""split -> its records; there is no file of a test split without pairs."""
METADATA_KEYS = (
    "page_id",
    "section_id",
    "section_name",
    "source_type",
    "content_type",
    "question_type",
    "qa_id",
)
EXAMPLES = 5
DECODERS = 4
PAIRS_THAT_NEED_VALIDATION = 30


@dataclass(slots=True)
class Problems:
    """What is wrong: for each rule how often, and the first few places."""

    counts: Counter[str] = field(default_factory=Counter)
    places: dict[str, list[str]] = field(default_factory=dict)

    def add(self, rule: str, place: str) -> None:
        """Note one breach of `rule`."""
        self.counts[rule] += 1
        if self.counts[rule] <= EXAMPLES:
            self.places.setdefault(rule, []).append(place)

    def lines(self) -> list[str]:
        """One sentence for each rule: how often it was broken, and where."""
        return [
            f"{rule}: {count} ({', '.join(self.places[rule])}{', ...' if count > EXAMPLES else ''})"
            for rule, count in sorted(self.counts.items())
        ]


@dataclass(slots=True)
class Validation:
    """The outcome for one release folder.

    An error breaks training or measuring, a warning is one of the seed's limits passed, a note is worth a look only.
    """

    errors: Problems = field(default_factory=Problems)
    warnings: Problems = field(default_factory=Problems)
    notes: Problems = field(default_factory=Problems)
    distribution: Distribution = field(default_factory=Distribution)

    def passed(self, *, strict: bool = False) -> bool:
        """Whether the release may be used; strict asks for no warning either."""
        return not self.errors.counts and not (strict and self.warnings.counts)


def validate_release(folder: Path, settings: OutputSettings, *, decode: bool = True) -> Validation:
    """Check the records and images of a release folder; `decode` reads every pixel, else only the images' headers.

    Raises NoReleaseError where the folder holds no records.
    """
    if not (folder / FILES[TRAIN]).is_file():
        raise NoReleaseError(f"{folder} is no release: it has no {FILES[TRAIN]}", "`manualqa export` makes one")
    found = Validation()
    seen = _Seen()
    for split, name in FILES.items():
        for place, record in _records(folder / name, found.errors):
            _check_record(place, record, found, settings)
            _check_apart(split, place, record, seen, found.errors)
            _note_repeats(place, record, seen, found.notes)
            _count(split, record, found.distribution)
    _check_images(folder, sorted(seen.images), found, settings, decode)
    _check_sizes(found, settings)
    return found


def _records(file: Path, errors: Problems) -> Iterator[tuple[str, dict[str, Any]]]:
    """(place, record) of each line that is a JSON object with what the other checks rely on."""
    if not file.is_file():
        if file.name != FILES[TEST]:
            errors.add("file is missing", file.name)
        return
    with file.open(encoding="utf-8", newline="\n") as lines:
        for number, line in enumerate(lines, 1):
            place = f"{file.name} line {number}"
            try:
                record = json.loads(line)
            except ValueError:
                record = None
            problem = _shape_problem(record)
            if problem:
                errors.add(problem, place)
            else:
                yield str(record["metadata"].get("qa_id") or place), record


def _shape_problem(record: Any) -> str | None:
    if not isinstance(record, dict):
        return "line is no JSON object"
    for key, kinds in (("image", (str, type(None))), ("conversations", list), ("metadata", dict)):
        if key not in record or not isinstance(record[key], kinds):
            return f"{key} is missing or of a wrong type"
    turns = record["conversations"]
    if not turns or not all(isinstance(t, dict) and isinstance(t.get("content"), str) for t in turns):
        return "conversations holds something else than turns with a text"
    return None


def _check_record(place: str, record: dict[str, Any], found: Validation, settings: OutputSettings) -> None:
    turns = record["conversations"]
    roles = [turn.get("role") for turn in turns]
    if roles != ["user", "assistant"] * (len(roles) // 2) or not roles:
        found.errors.add("roles do not alternate from user to assistant", place)
    if not all(isinstance(record["metadata"].get(key), str) for key in METADATA_KEYS):
        found.errors.add("metadata lacks a key", place)
    for turn in turns:
        if not turn["content"].strip():
            found.errors.add("text is empty", place)
        elif clean_text(turn["content"]) != turn["content"]:
            found.errors.add("text holds a special token or a control character", place)
        _check_length(place, turn, found.warnings, settings)


def _check_length(place: str, turn: dict[str, Any], warnings: Problems, settings: OutputSettings) -> None:
    length = len(turn["content"])
    if turn.get("role") == "user":
        if length < settings.shortest_question:
            warnings.add(f"question is shorter than {settings.shortest_question} characters", place)
    elif length < settings.shortest_answer:
        warnings.add(f"answer is shorter than {settings.shortest_answer} characters", place)
    elif length > settings.longest_answer:
        warnings.add(f"answer is longer than {settings.longest_answer} characters", place)


@dataclass(slots=True)
class _Seen:
    """What was met so far, to find what stands twice."""

    ids: set[str] = field(default_factory=set)
    images: set[str] = field(default_factory=set)
    split_of: dict[tuple[str, str], str] = field(default_factory=dict)
    answers: dict[tuple[str, str], str] = field(default_factory=dict)


def _check_apart(split: str, place: str, record: dict[str, Any], seen: _Seen, errors: Problems) -> None:
    metadata, turns = record["metadata"], record["conversations"]
    pair_id = str(metadata.get("qa_id"))
    if pair_id in seen.ids:
        errors.add("qa_id stands twice", place)
    seen.ids.add(pair_id)
    things = {
        "page": str(metadata.get("page_id")),
        "text": plain_text(turns[0]["content"], turns[-1]["content"]),
    }
    if record["image"] is not None:
        things["image"] = record["image"]
        seen.images.add(record["image"])
    for kind, thing in things.items():
        if seen.split_of.setdefault((kind, thing), split) != split:
            errors.add(f"{kind} stands in two splits", place)


def _note_repeats(place: str, record: dict[str, Any], seen: _Seen, notes: Problems) -> None:
    """Note a question that its page answers twice: the same is a repeat, another answer may be wrong."""
    turns = record["conversations"]
    question = (str(record["metadata"].get("page_id")), plain_text(turns[0]["content"], ""))
    answer = plain_text("", turns[-1]["content"])
    if question not in seen.answers:
        seen.answers[question] = answer
    elif seen.answers[question] == answer:
        notes.add("question and answer stand twice on one page", place)
    else:
        notes.add("question has several answers on one page", place)


def _count(split: str, record: dict[str, Any], distribution: Distribution) -> None:
    distribution.add(
        split,
        record["metadata"],
        has_image=record["image"] is not None,
        answer_length=len(record["conversations"][-1]["content"]),
    )


def _check_images(folder: Path, names: list[str], found: Validation, settings: OutputSettings, decode: bool) -> None:
    """Look at some images at a time: decoding leaves the interpreter to others."""
    with ThreadPoolExecutor(DECODERS, thread_name_prefix="validate") as pool:
        problems = pool.map(lambda name: _image_problem(folder, name, decode), names)
        for name, (problem, shorter_side) in zip(names, problems, strict=True):
            if problem:
                found.errors.add(problem, name)
            elif shorter_side < settings.smallest_image:
                found.warnings.add(f"image is smaller than {settings.smallest_image} pixels", name)


def _image_problem(folder: Path, name: str, decode: bool) -> tuple[str | None, int]:
    """(the rule that an image breaks, its shorter side in pixels)."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        return "image lies outside the release", 0
    if not (folder / path).is_file():
        return "image is missing", 0
    try:
        with Image.open(folder / path) as image:
            size = image.size
            if decode:
                image.draft("L", (1, 1))  # a JPEG is read whole and yet eight times smaller
                image.load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return "image cannot be opened", 0
    return None, min(size)


def _check_sizes(found: Validation, settings: OutputSettings) -> None:
    for section, *_, count in found.distribution.rows("section"):
        if count < settings.smallest_section:
            found.warnings.add(f"section has fewer than {settings.smallest_section} pairs", section)
        if count > settings.largest_section:
            found.warnings.add(f"section has more than {settings.largest_section} pairs", section)
    splits = found.distribution.splits
    if not splits[TRAIN]:
        found.errors.add("training split is empty", FILES[TRAIN])
    if splits.total() >= PAIRS_THAT_NEED_VALIDATION and not splits[VALIDATION] and settings.validation_ratio > 0:
        found.warnings.add("validation split is empty", FILES[VALIDATION])
    if splits.total() >= PAIRS_THAT_NEED_VALIDATION and not splits[TEST] and settings.test_ratio > 0:
        found.warnings.add("test split is empty", FILES[TEST])
