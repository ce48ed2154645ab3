"""Pairs from tables with a value and a unit column: torques, angles and times of each joint, its screws and remarks.

A unit cell is read as a label: where it says "Nm (ft. lbs.)" the value beside it is in Nm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.engines.offline.asking import Asked, asked
from pipeline.engines.offline.layout import Line
from pipeline.engines.offline.measure_tables import Block, Entry, Segment, measure_blocks
from pipeline.engines.offline.topics import sentence_case
from pipeline.engines.offline.verbs import NOUNS_TOO, is_order
from review_db.records import Word

_CONVERSION = re.compile(r"\s*\((?:ft|f|in)\.?\s*[lI]bs?\.?\)\s*$", re.I)
_GRADED = re.compile(
    r"(?<![\w.])(M\d{1,2}\s?x\s?(?:0\.\d{1,2}|1(?:\.(?:25|5|75))?|2(?:\.5)?|3))\s?((?:4|5|6|8|10|12)\.[689])$"
)
"""A screw size and its grade, which are often read as one number ("M12x1.512.9")."""

_RUN_TOGETHER = re.compile(r"\d\.\d{2,}\.\d|M\d{3}")
_ANGLE = re.compile(r"\bangle\b|winkel|angolo", re.I)
_GENERAL = re.compile(r"^(?:(?:tightening )?torque|anzugsdrehmoment|drehmoment|coppia di serraggio)$", re.I)
_RULE = re.compile(r"\b(?:only|not|no|must|always|never|with|installed|oiled|refer|replaced?|use)\b", re.I)
"""What a remark says that does not begin with an order."""

_STAGE = re.compile(r"^(?:stage|step|stufe|fase)\s?\d+$", re.I)
_SCREW_HEAD = re.compile(r"^(?:screw|bolt|thread|schraube|gewinde|vite)s?$", re.I)
_ALL = re.compile(r"^A[Il1]{2,3}$")
_DEGREES = {"。", "o", "0", "º", "°"}


def measure_pairs(lines: Sequence[Line], fallback: str = "") -> list[Asked]:
    """The pairs of a value-and-unit table; empty for a page without one.

    `fallback` names the page in the questions about joints without a group above them.
    """
    blocks = measure_blocks(lines)
    return [pair for block in blocks for pair in _Questions(block, fallback).all() if pair is not None]


class _Questions:
    """Words the questions of one joint."""

    def __init__(self, block: Block, fallback: str) -> None:
        self.block = block
        title = f'"{sentence_case(block.title)}" ({block.group})' if block.title else fallback
        self.where = f"In {title}, " if title else ""
        self.joint = f'"{_text(block.joint)}"' if block.joint else ""
        self.code = f" ({block.code})" if block.code else ""

    def all(self) -> Iterator[Asked | None]:
        """Values first, then screws, remarks and the joint's code."""
        for segment in self.block.segments:
            for number, entry in enumerate(segment.entries, start=1):
                yield from self._entry(segment, entry, number)
            yield self._screw(segment)
        yield self._remarks()
        yield self._reference()

    def _entry(self, segment: Segment, entry: Entry, number: int) -> Iterator[Asked | None]:
        label, unit = _text(entry.label).strip(" :."), _unit(entry.unit)
        cells = {**segment.cells, **entry.cells}
        conditions = _conditions(cells)
        if conditions is None or not (self.joint or label) or not (unit or _ANGLE.search(label)):
            return
        asks = self._asks(segment, label, number, _kind(unit, label))
        answer = f"{entry.number.text.rstrip('*')}{'' if unit == '°' else ' '}{unit}"
        words: list[Word] = [*entry.number.words, *(entry.unit.words if entry.unit else ())]
        yield asked(f"{self.where}what is the {', '.join([asks, *conditions])}?", answer, "factual", words, 0)
        first = label.split()[0].lower() if label else ""
        if segment.staged and label[:1].isupper() and is_order(first) and first not in NOUNS_TOO:
            question = f"{self.where}what must be done for {', '.join([self.joint + self.code, *conditions])}?"
            yield asked(question, label, "procedural", entry.label[0].words, 2)
        if segment.staged and _tells(entry.after):
            question = f"{self.where}what must be done after stage {number} of {self.joint}{self.code}"
            yield asked(f"{', '.join([question, *conditions])}?", *_remark(entry.after), 2)

    def _asks(self, segment: Segment, label: str, number: int, kind: str) -> str:
        """What is asked for, before its conditions."""
        if segment.staged and label:
            named = "" if _STAGE.match(label) else f' ("{label}")'
            return f"{kind} for stage {number}{named} of {self.joint}{self.code}"
        if label and self.joint and not _GENERAL.match(label):
            return f'{kind} for "{label}" under {self.joint}{self.code}'
        return f"{kind} for {self.joint or _quoted(label)}{self.code}"

    def _screw(self, segment: Segment) -> Asked | None:
        """Which screw the joint has; left out where the stages or the labels have screws of their own."""
        head = next((key for key in segment.cells if _SCREW_HEAD.match(key)), "")
        labels = {_text(entry.label) for entry in segment.entries}
        if not head or not self.joint or (not segment.staged and any(label for label in labels)):
            return None
        conditions = _conditions({key: lines for key, lines in segment.cells.items() if key != head})
        size = _screw_size(_text(segment.cells[head]))
        if conditions is None or not size:
            return None
        question = f"{self.where}which {head.lower()} is given for {', '.join([self.joint + self.code, *conditions])}?"
        return asked(question, size, "factual", [word for line in segment.cells[head] for word in line.words], 3)

    def _remarks(self) -> Asked | None:
        remarks = self.block.remarks if _tells(self.block.remarks) else []
        if not remarks or not (self.joint or self.block.title):
            return None
        types = {_type_of(segment) for segment in self.block.segments}
        kind = [f"type: {text}" for text in types if text and len(types) == 1 and not _ALL.match(text)]
        about = f"what must be observed for {', '.join([self.joint + self.code, *kind])}"
        return asked(
            f"{self.where}{about if self.joint else 'which note stands above the values'}?", *_remark(remarks), 2
        )

    def _reference(self) -> Asked | None:
        block = self.block
        if not block.code or not block.joint or not block.segments:
            return None
        question = f"{self.where}which reference code stands for {self.joint}?"
        return asked(question, block.code, "navigation", block.joint[0].words, 6)


def _remark(lines: Sequence[Line]) -> tuple[str, str, list[Word]]:
    """Answer, question type and words of lines that say what is to be done."""
    return "; ".join(_sentences(lines)), "procedural", [word for line in lines for word in line.words]


def _tells(lines: Sequence[Line]) -> bool:
    """Whether remarks say what to do, and are more than the name of a part, a version or half a sentence."""
    text = re.sub(r"\([^()]*\)", "", _text(lines)).strip()
    return (
        text[:1].isupper()
        and len(text.split()) >= 2
        and (is_order(text.split()[0].strip(",")) or bool(_RULE.search(text)))
    )


def _quoted(label: str) -> str:
    return f'"{label}"'


def _type_of(segment: Segment) -> str:
    return _text(next(iter(segment.cells.values()), ()))


def _conditions(cells: dict[str, list[Line]]) -> list[str] | None:
    """The qualifying cells as "type: M30"; None where one was read doubtfully."""
    found = []
    for key, lines in cells.items():
        text = _screw_size(_text(lines)) if _SCREW_HEAD.match(key) else _text(lines)
        if not text:
            return None
        found.append(f"all {key.lower()}s" if _ALL.match(text) else f"{key.lower()}: {text}")
    return found


def _screw_size(text: str) -> str:
    """A screw's size with a space before its grade; empty where the two cannot be told apart."""
    graded = _GRADED.search(text)
    if graded:
        return f"{text[: graded.start()]}{graded.group(1)} {graded.group(2)}"
    return "" if _RUN_TOGETHER.search(text) else text


def _unit(cell: Line | None) -> str:
    """The unit of the value, without the conversion that its cell names too."""
    unit = _CONVERSION.sub("", cell.text).strip(" .") if cell else ""
    return "°" if unit in _DEGREES else unit


def _kind(unit: str, stage: str) -> str:
    """What the value is, from its unit."""
    if re.match(r"N\s?[·•.]?\s?m|ft|lb", unit):
        return "tightening torque"
    if unit in {"°", ""} or _ANGLE.search(stage):
        return "angle" if unit else "angle in degrees"
    return "time" if unit in {"min", "s", "sec", "h"} else "value"


def _text(lines: Sequence[Line]) -> str:
    return " ".join(line.text for line in lines)


def _sentences(lines: Sequence[Line]) -> list[str]:
    """Remark lines joined where one runs on into the next (it starts in lower case)."""
    texts: list[str] = []
    for line in lines:
        if texts and (line.text[:1].islower() or texts[-1].endswith((",", "-"))):
            texts[-1] = f"{texts[-1]} {line.text}"
        else:
            texts.append(line.text)
    return [text.strip(" .;") for text in texts]
