"""One line of a JSONL dataset as a question-answer record, or the reason why it is none."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Any

from review_db.records import PageClass
from review_db.statuses import ContentType, QuestionType, SourceType

LONGEST_LINE = 1_000_000  # bytes
LONGEST_TEXT = 20_000  # characters
ENGINE = "import"

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_UNSTORABLE = re.compile("[\ud800-\udfff\x00]")
_ROLES = {"user": "user", "human": "user", "assistant": "assistant", "gpt": "assistant"}


class RecordError(Exception):
    """A record that is not taken; the text is the reason, in plain words."""


@dataclass(frozen=True, slots=True)
class Record:
    """A pair as it came: `image` relative to the images folder, or None for a text page; its metadata."""

    image: str | None
    question: str
    answer: str
    metadata: dict[str, Any]

    @property
    def question_type(self) -> str:
        """The type that the metadata name, factual where it is none of ours."""
        return _one_of(QuestionType, self.metadata.get("question_type"), QuestionType.FACTUAL)

    @property
    def page_id(self) -> str:
        """The page id that the metadata wish for, or nothing."""
        return _text(self.metadata.get("page_id"))

    @property
    def qa_id(self) -> str:
        """The pair id that the metadata name, or nothing."""
        return _text(self.metadata.get("qa_id"))

    @property
    def page_class(self) -> PageClass:
        """What the metadata say of the page."""
        content_type = _one_of(ContentType, self.metadata.get("content_type"), ContentType.TEXT)
        return PageClass(
            engine=ENGINE,
            source_type=_one_of(SourceType, self.metadata.get("source_type"), SourceType.OTHER),
            content_type=content_type,
            is_index=content_type == ContentType.INDEX,
            confidence=0.5,  # somebody said so; nobody measured how often such metadata are right
            section_id=_text(self.metadata.get("section_id")),
            section_name=_text(self.metadata.get("section_name")),
        )

    @property
    def metadata_json(self) -> str:
        """The metadata as they came, for the export."""
        return _storable(json.dumps(self.metadata, ensure_ascii=False))


def record_from(line: bytes) -> Record:
    """A record from one line: image, a conversation of one question and one answer, metadata. Raises RecordError.

    Unknown keys are kept and ignored; what no database can store (lone surrogates, NUL) becomes U+FFFD.
    """
    if len(line) > LONGEST_LINE:
        raise RecordError(f"the line is longer than {LONGEST_LINE} bytes")
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise RecordError(f"no JSON: {error}") from error
    if not isinstance(row, dict):
        raise RecordError("a line holds one JSON object")
    if "image" not in row or not isinstance(row["image"], str | None):
        raise RecordError("image is missing, or neither a text nor null")
    metadata = row.get("metadata") or {}
    if not isinstance(metadata, dict):
        raise RecordError("metadata is no object")
    image = None if row["image"] is None else _storable(row["image"])
    return Record(image, *_conversation(row.get("conversations")), metadata)


def _conversation(turns: Any) -> tuple[str, str]:
    if not isinstance(turns, list) or len(turns) != 2 or not all(isinstance(turn, dict) for turn in turns):
        raise RecordError("conversations holds not exactly one question and one answer")
    roles = [_ROLES.get(_text(turn.get("role", turn.get("from")))) for turn in turns]
    if roles != ["user", "assistant"]:
        raise RecordError("conversations is not a question of the user and an answer of the assistant")
    question, answer = (_text(turn.get("content", turn.get("value"))) for turn in turns)
    if not question or not answer:
        raise RecordError("the question or the answer is empty or no text")
    if max(len(question), len(answer)) > LONGEST_TEXT:
        raise RecordError(f"a text is longer than {LONGEST_TEXT} characters")
    return question, answer


def _text(value: Any) -> str:
    return _storable(value).strip() if isinstance(value, str) else ""


def _storable(text: str) -> str:
    """Join surrogate pairs, and replace what is left of them."""
    if not _UNSTORABLE.search(text):
        return text
    joined = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return joined.replace("\x00", "\ufffd")


def _one_of(names: type[StrEnum], value: Any, otherwise: str) -> str:
    return str(value) if isinstance(value, str) and value in list(names) else str(otherwise)


def image_file(images: Path, image: str) -> Path:
    """The file that a record's image names. Raises RecordError for one that is not inside the images folder."""
    place = PurePosixPath(image)
    if not image.strip() or "\x00" in image or "\n" in image:
        raise RecordError("image names no file")
    if _ADDRESS.match(image):
        raise RecordError(f"image is an address or an absolute path, not a file below the images folder: {image[:80]}")
    if place.is_absolute() or image.startswith("\\") or ".." in place.parts:
        raise RecordError(f"image leads out of the images folder: {image[:80]}")
    path = images
    for part in place.parts:
        path = path / part
        if path.is_symlink():
            raise RecordError(f"image is a link or lies behind one: {image[:80]}")
    if not path.is_file():
        raise RecordError(f"there is no image {image[:80]} in the images folder")
    return path
