"""Pairs from "Label: value" and "name = value" in running text, each with the step that it belongs to."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.engines.offline.asking import Asked, asked, worded, words_for
from pipeline.engines.offline.clauses import read_clause
from pipeline.engines.offline.sentences import Sentence
from pipeline.engines.offline.values import MEASURED, is_value
from pipeline.engines.offline.verbs import gerund, is_order

_LABELLED = re.compile(r"^([A-Z\"“][^:=!?]{0,100}?)\s*([:=])\s*(\S.*)$")
_EQUALS = re.compile(
    r"\b((?:[a-z-]+ ){0,3}(?:distance|dimension|gap|clearance|length|width|height|diameter|play|measurement|angle"
    r"|pressure|thickness)(?:\s+\"?[A-Za-z]\"?)?)(?: (?:on|of|at|for) [a-z ]{3,30}?)?\s*=\s*"
    rf"({MEASURED}(?:\s*[-–—]\s*[a-z ]+)?)",
    re.I,
)
_VAGUE = re.compile(
    r"^(?:(?:nominal|minimum|maximum|specified|permissible|reference|test|target|desired) (?:value|reading)s?|value"
    r"|specification|reading|result|limit|tolerance|wear limit|adjustment|setting|clearance|play|gap)$",
    re.I,
)
_DASHED = re.compile(rf"^([A-Z][a-z]+ [a-z ]{{8,70}}?)\s+[—–-]\s+({MEASURED})\W*$")
_PHASE = re.compile(r"^((?:Phase|Stage|Step|Position|Size|Test step|Group) (?:\d{1,2}|[A-Z])):\s+(\S.*)$")
_NAMED = re.compile(r"^(Tool|Special tool|Lubricant|Sealant|Sealing compound|Grease|Oil grade|Adhesive):\s+(\S.*?)\.?$")
_SYMBOL = re.compile(r"^\"?([A-Z])\"?$")


def value_pair(sentence: Sentence, opening: str, when: str, before: Sequence[str]) -> Asked | None:
    """The question for a sentence that is a label with its value; vague labels take the step above with them."""
    labelled = _LABELLED.match(sentence.text)
    if labelled and not is_order(labelled.group(1).split()[0]):
        label, value = labelled.group(1).strip(' "'), labelled.group(3).rstrip(" .")
        if is_value(value) or re.fullmatch(rf"{MEASURED}\s*(?:[-–—,]\s*)?[a-z][a-z ]{{2,40}}", value):
            question = _torque_of(label, value) or _named(label, before)
            return _pair(f"what is {question}{when}" if question else "", value, sentence, opening)
    phase = _PHASE.match(sentence.text)
    if phase:
        return asked(
            worded(opening, f"what is {phase.group(1).lower()}{when}"),
            phase.group(2),
            "procedural",
            sentence.words,
            3,
        )
    dashed = _DASHED.match(sentence.text)
    if dashed and not is_order(dashed.group(1).split()[0]) and not is_sentence(dashed.group(1)):
        return _pair(f"what is the {_plain(dashed.group(1))}{when}", dashed.group(2).rstrip(" ."), sentence, opening)
    named = _NAMED.match(sentence.text)
    if named:
        question = f"which {named.group(1).lower()} is specified{_doing(before)}{when}"
        return asked(worded(opening, question), named.group(2), "tool", words_for(named.group(2), sentence.words), 2)
    inside = _EQUALS.search(sentence.text)
    if inside and not is_sentence(inside.group(0)):
        question = (
            f"what is the {_plain(inside.group(0).split('=')[0])}{_doing(before) if _short(inside) else ''}{when}"
        )
        return _pair(question, inside.group(2).rstrip(" ."), sentence, opening)
    return None


def _torque_of(label: str, value: str) -> str:
    """A torque under a label that does not say so ("M 8: 21 Nm", "Step 3: 100 Nm")."""
    if not re.search(r"\dN?\s?N[\s·•.\-]?m\b|lb", value) or "torque" in label.lower():
        return ""
    return f"the tightening torque {'in' if label.lower().startswith(('step', 'stage')) else 'for'} {_plain(label)}"


def is_sentence(text: str) -> bool:
    """Whether the name before an equals sign holds a verb, and so is more than a name."""
    return bool(re.search(r"\b(?:be|is|are|may|must|can|should|has|to)\b", text.split("=")[0]))


def _short(found: re.Match[str]) -> bool:
    return len(found.group(0).split("=")[0].split()) <= 2


def _plain(name: str) -> str:
    name = name.strip()
    return name if name[:2].isupper() else name[:1].lower() + name[1:]


def _pair(question: str, value: str, sentence: Sentence, opening: str) -> Asked | None:
    if not question:
        return None
    return asked(worded(opening, question), value, "factual", words_for(value, sentence.words), 0)


def _named(label: str, before: Sequence[str]) -> str:
    """The label as part of a question; empty when it says nothing without a step above it that is not there."""
    symbol, doing = _SYMBOL.match(label), _doing(before)
    above = before[-1].rstrip(" .:") if before else ""
    if _VAGUE.match(label) and above and len(above.split()) <= 6 and not is_order(above.split()[0]):
        return f"the {label.lower()} of {_plain(above)}"
    if symbol:
        return f"distance {symbol.group(1)}{doing}" if doing else ""
    if _VAGUE.match(label):
        return f"the {label.lower()}{doing}" if doing else ""
    return f"the {_plain(label)}" if len(label.split()) > 1 or not before else f"the {_plain(label)}{doing}"


def _doing(before: Sequence[str]) -> str:
    """The nearest order above as the occasion: " when checking the axial runout of flywheel"."""
    for text in reversed(before):
        clause = read_clause(text)
        if clause.verb and clause.object and not clause.negated:
            words = [word if word in {"and", "or"} else gerund(word) for word in clause.verb.split()]
            return f" when {' '.join([*words, clause.particle]).strip()} {clause.object}"
    return ""
