"""Why a page lacks pairs that one expects of its kind, in words for the funnel."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from pipeline.engines.offline.layout import Line
from pipeline.engines.offline.running_text import SIGNAL
from pipeline.engines.offline.values import first_measured
from pipeline.engines.offline.verbs import is_order
from review_db.records import CandidatePair
from review_db.statuses import ContentType

_CODE = re.compile(r"\b\d{2} \d{2} \d{3}\b|\b\d{2}-\d{1,3}[a-z]?\b")
_CALLOUT = re.compile(r"\((?:\d{1,2}|[A-Z])\)|^\d{1,2}[.)]?\s+[A-Za-z]")
_TOOL = re.compile(r"\b(?:special tool|tool|wrench|gauge|puller|tester|werkzeug|attrezzo)s?\b", re.I)
_PIN = re.compile(r"\b(?:pin|terminal|connector|C\d{3}|X\d{2,4})\b", re.I)
_WIRE = re.compile(r"^\d?[.,]\d{1,2}\s?[A-Z]{2}(?:/[A-Z]{2})*$")

_FAMILIES: dict[str, frozenset[str]] = {
    "values": frozenset({"factual", "parameter"}),
    "steps": frozenset({"procedural", "inspection"}),
    "callouts": frozenset({"visual", "component"}),
    "tools": frozenset({"tool"}),
    "warnings": frozenset({"safety"}),
    "codes": frozenset({"navigation"}),
    "faults": frozenset({"troubleshooting", "diagnostic"}),
    "terminals": frozenset({"connector"}),
    "wires": frozenset({"wiring"}),
}
"""Question types that answer for each thing one expects of a page."""

_EXPECTED: dict[str, tuple[str, ...]] = {
    ContentType.PROCEDURE: ("steps", "values", "callouts", "tools", "warnings"),
    ContentType.SPECIFICATION: ("values",),
    ContentType.DIAGRAM: ("callouts",),
    ContentType.TROUBLESHOOTING: ("faults",),
    ContentType.WIRING: ("wires", "terminals", "callouts"),
    ContentType.PINOUT: ("terminals",),
    ContentType.FUSE_CHART: ("values", "terminals"),
    ContentType.INDEX: ("codes",),
    ContentType.TEXT: ("steps", "values"),
}
_SIGNS: dict[str, tuple[Callable[[str], object], str]] = {
    "values": (first_measured, "number with a unit"),
    "steps": (lambda text: is_order(text.split()[0].strip(".,:")), "line that begins with an order"),
    "callouts": (_CALLOUT.search, "callout or legend number"),
    "tools": (_TOOL.search, "name of a tool"),
    "warnings": (SIGNAL.match, "signal word at the start of a line"),
    "codes": (_CODE.search, "repair code or page reference"),
    "faults": (
        re.compile(r"\b(?:cause|correction|remedy|fault|malfunction|condition)\b", re.I).search,
        "heading of faults",
    ),
    "terminals": (_PIN.search, "pin, terminal or connector"),
    "wires": (_WIRE.match, "wire size and colour"),
}
"""What would have to be read for each of them, and its name in a sentence."""


def absences(kind: str | None, title: str | None, lines: Sequence[Line], pairs: Iterable[CandidatePair]) -> str | None:
    """What is missing among the pairs of a page of this kind, and why; None where nothing is.

    "no tools: no name of a tool was read; no values: 3 lines hold a number with a unit, none beside a sure name".
    """
    asked = {pair.question_type for pair in pairs}
    if not lines:
        return "no words were read on the page"
    expected = _EXPECTED.get(kind or "", ())
    missing = [_why(family, lines) for family in expected if not asked & _FAMILIES[family]]
    if expected and not asked and not title:
        missing.append("no title was read that a question could name the page by")
    return "; ".join(missing) or None


def _why(family: str, lines: Sequence[Line]) -> str:
    """Why one thing is missing: no sign of it was read, or none of its signs gave a sure pair."""
    sign, name = _SIGNS[family]
    found = sum(bool(sign(line.text)) for line in lines)
    if not found:
        return f"no {family}: no {name} was read"
    return (
        f"no {family}: {found} line{'s' if found > 1 else ''} with a {name}, none that says surely what it belongs to"
    )
