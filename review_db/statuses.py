"""Every closed list of words that the database stores."""

from enum import StrEnum


class PairStatus(StrEnum):
    """Where a pair stands; it follows from the last decision, else from the last machine event."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    SET_ASIDE = "set_aside"


class Verdict(StrEnum):
    """What a reviewer did with a pair."""

    APPROVE = "approve"
    EDIT = "edit"
    REJECT = "reject"
    SKIP = "skip"
    UNDO = "undo"
    FLAG = "flag"
    UNFLAG = "unflag"


class EvidenceVerdict(StrEnum):
    """Whether the answer stands on the scan."""

    SUPPORTED = "supported"
    PARTLY = "partly"
    UNSUPPORTED = "unsupported"
    NOT_CHECKABLE = "not_checkable"


class FileStatus(StrEnum):
    """What became of a source file."""

    OK = "ok"
    IGNORED = "ignored"
    UNREADABLE = "unreadable"
    DUPLICATE = "duplicate"
    GONE = "gone"


class PageStatus(StrEnum):
    """Whether a page can yield pairs."""

    OK = "ok"
    UNREADABLE = "unreadable"
    BLANK = "blank"
    SKIPPED = "skipped"


class JobState(StrEnum):
    """Life of a piece of work that a person asked for."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class DuplicateRelation(StrEnum):
    """How two pairs relate; distinct pairs have no link."""

    DUPLICATE = "duplicate"
    SUSPECTED = "suspected"
    CONFLICT = "conflict"


class SourceType(StrEnum):
    """The kind of book a page comes from."""

    SERVICE_MANUAL = "service_manual"
    ELECTRICAL_MANUAL = "electrical_manual"
    ECU_TECHNICAL = "ecu_technical"
    HTML_SPECS = "html_specs"
    OTHER = "other"


class ContentType(StrEnum):
    """What a page shows."""

    INDEX = "index"
    PROCEDURE = "procedure"
    SPECIFICATION = "specification"
    DIAGRAM = "diagram"
    TROUBLESHOOTING = "troubleshooting"
    TEXT = "text"
    WIRING = "wiring"
    PINOUT = "pinout"
    FUSE_CHART = "fuse_chart"
    FLOWCHART = "flowchart"
    SIGNAL = "signal"
    OSCILLOSCOPE = "oscilloscope"
    PHOTO = "photo"
    COVER = "cover"
    BLANK = "blank"


class QuestionType(StrEnum):
    """The seven types of every manual, then those of electrical and control-unit pages."""

    FACTUAL = "factual"
    PROCEDURAL = "procedural"
    VISUAL = "visual"
    INSPECTION = "inspection"
    TOOL = "tool"
    SAFETY = "safety"
    NAVIGATION = "navigation"
    WIRING = "wiring"
    CONNECTOR = "connector"
    COMPONENT = "component"
    DIAGNOSTIC = "diagnostic"
    TROUBLESHOOTING = "troubleshooting"
    SIGNAL = "signal"
    PARAMETER = "parameter"
    OPERATION = "operation"


class RejectReason(StrEnum):
    """Why a pair was rejected, in the order of the keys 1 to 9."""

    WRONG_VALUE = "wrong_value"
    NOT_ON_PAGE = "not_on_page"
    WRONG_UNIT = "wrong_unit"
    INCOMPLETE_OR_UNSAFE = "incomplete_or_unsafe"
    UNCLEAR_QUESTION = "unclear_question"
    TRIVIAL = "trivial"
    DUPLICATE = "duplicate"
    UNREADABLE_SCAN = "unreadable_scan"
    OTHER = "other"


VALUE_WARNINGS = (
    "number_not_on_page",
    "code_not_on_page",
    "look_alike_code",
    "unit_changed",
    "unit_not_on_page",
    "side_not_there",
    "value_elsewhere",
    "another_value_nearer",
    "callout_elsewhere",
    "callout_as_count",
    "side_swapped",
    "limit_reversed",
    "negation_changed",
    "unit_dropped",
    "instruction_like",
)
"""Warnings that speak of a number, a unit, a code or a side: such a pair is judged by itself."""
