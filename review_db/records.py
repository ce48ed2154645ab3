"""The records that cross package borders: frozen, typed, free of behaviour that needs the database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 as fractions of the stored upright page image, origin top left."""


class Word(NamedTuple):
    """One word on a page.

    `line` numbers the text segment that the reader found it in (one table cell is one segment);
    words of a page are listed in reading order.
    """

    text: str
    box: Box
    confidence: float
    line: int


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One entry of the source folder, whatever became of it."""

    path: str
    kind: str
    sha256: str | None
    size: int
    mtime_ns: int
    status: str
    reason: str | None = None
    manual: str | None = None
    duplicate_of: str | None = None
    page_count: int | None = None
    file_id: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page as everyone sees it: current version, newest classification, corrections on top."""

    page_id: str
    page_version_id: int
    manual: str
    source: str
    page_number: int | None
    kind: str
    image_sha256: str | None
    image_path: str | None
    width: int | None
    height: int | None
    status: str
    reason: str | None
    duplicate_of: str | None
    section_id: str
    section_name: str
    source_type: str | None
    content_type: str | None
    rotation: int | None
    """Clockwise quarter turns that a reviewer gave; None: as the reader of its words found it."""
    is_index: bool
    confidence: float | None
    title: str | None
    printed_page: str | None
    origin: str
    sort_key: str
    nothing_to_ask: bool = False
    language: str | None = None
    """ISO 639-1; None where too little running text tells."""


@dataclass(frozen=True, slots=True)
class PageClass:
    """What an engine says a page is; confidence is 0 to 1."""

    engine: str
    source_type: str
    content_type: str
    is_index: bool
    confidence: float
    section_id: str = ""
    section_name: str = ""
    title: str | None = None
    printed_page: str | None = None
    nothing_to_ask: bool = False
    reason: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class IndexRow:
    """One row of an index page: full repair code (or empty), title, page as printed."""

    code: str
    title: str
    page: str


@dataclass(frozen=True, slots=True)
class CandidatePair:
    """A question and answer as an engine proposes them; quote and boxes are hints, never proof.

    A reviewer's boxes are evidence that was drawn on the scan.
    """

    question: str
    answer: str
    question_type: str
    quote: str | None = None
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class TokenEvidence:
    """Whether one token of the answer, as written, stands on the page, and where."""

    token: str
    found: bool
    box: Box | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words on the scan that support an answer."""

    verdict: str
    quote: str | None = None
    boxes: tuple[Box, ...] = ()
    unsupported: tuple[str, ...] = ()
    tokens: tuple[TokenEvidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Flag:
    """A named warning with one plain sentence for the reviewer."""

    name: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Finding:
    """All that the checks say of one text: evidence, warnings, risk of an edit or rejection, and of a rejection.

    Risks are 0 to 1, higher is worse; `signals` (name -> 0 to 1) are what they are weighed from.
    """

    evidence: Evidence
    flags: tuple[Flag, ...] = ()
    risk: float = 0.5
    reject_risk: float = 0.5
    signals: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pair:
    """A pair with its newest text and what is known about it."""

    pair_key: int
    pair_id: str
    page_id: str
    page_version_id: int
    source: str
    question: str
    answer: str
    question_type: str
    status: str
    reason: str | None
    revision: int
    author: str
    author_name: str | None
    engine: str
    model: str | None
    risk: float
    flagged: bool
    decided_by: str | None
    evidence: Evidence
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True)
class DecisionRequest:
    """What a reviewer wants to do with a pair, bound to the revision that was on the screen."""

    decision_id: str
    verdict: str
    reviewer: str
    pair_id: str | None = None
    page_id: str | None = None
    revision: int | None = None
    question: str | None = None
    answer: str | None = None
    question_type: str | None = None
    reason: str | None = None
    comment: str | None = None
    redecide: bool = False
    shown_ms: int | None = None
    boxes: tuple[Box, ...] | None = None
    """Evidence drawn by the reviewer: None says nothing of it, an empty tuple gives it back to the checks."""


@dataclass(frozen=True, slots=True)
class DecisionResult:
    """What became of a decision; `theirs` is the pair as it stands when it was refused."""

    decision_id: str
    ok: bool
    pair_id: str | None
    repeated: bool = False
    seq: int | None = None
    revision: int | None = None
    status: str | None = None
    error: str | None = None
    message: str | None = None
    theirs: Pair | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """Work that a person asked for."""

    job_id: int
    kind: str
    payload: dict[str, object]
    state: str
    done_units: int
    total_units: int | None
    message: str | None
    result: dict[str, object] | None
    requested_by: str
    cancel_asked: bool
    created_at: str
    started_at: str | None = None
    finished_at: str | None = None


@dataclass(frozen=True, slots=True)
class ExportablePair:
    """One approved (or, on request, pending) pair with all that a training record needs."""

    pair_key: int
    pair_id: str
    revision: int
    question: str
    answer: str
    question_type: str
    status: str
    reason: str | None
    engine: str
    model: str | None
    prompt_sha256: str | None
    page: Page
    evidence: Evidence
    decided_by: str | None
    decided_at: str | None
    decision_seq: int | None
    decision_verdict: str | None
    run_id: int | None = None
    duplicates: tuple[tuple[str, str], ...] = field(default=())
    """(pair_id, relation) of every linked pair."""
    original: tuple[str, str, str] | None = None
    """Question, answer and question type as first proposed, where a reviewer has changed one of them since."""
    drawn: tuple[Box, ...] = ()
    """Boxes that a reviewer drew as evidence; they stand in `evidence` too."""
