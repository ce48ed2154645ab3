"""Running text of a page as passages: columns, headings, steps, run-in labels and signal words."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import median

from pipeline.engines.offline.layout import Line, Row
from pipeline.engines.offline.running_text import BULLET, MARKER, OPEN_END, SIGNAL, body_lines, text_columns
from pipeline.engines.offline.topics import Topic, heading, mostly_capitals, subheading, under
from pipeline.engines.offline.values import is_measured
from pipeline.engines.offline.verbs import is_order
from pipeline.engines.offline.vocabulary import listed


@dataclass(frozen=True, slots=True)
class Passage:
    """Lines of one paragraph or step, with what they stand under.

    `marker` is the step's number or letter; `signal` the signal word in force (upper case); `label` the run-in
    label before it ("Installation"); `paragraph` numbers the paragraphs of the page, so that neighbours are known.
    """

    rows: tuple[Row, ...]
    topic: Topic
    paragraph: int
    marker: str = ""
    signal: str = ""
    label: str = ""


def passages_of(lines: Iterable[Line], topic: Topic | None = None) -> list[Passage]:
    """The running text of a page as passages, column by column; `topic` is in force until the first heading."""
    reader = _Reader(topic or Topic())
    for column in text_columns(body_lines(lines)):
        reader.read(column)
    return reader.passages


class _Reader:
    """Reads columns top to bottom and remembers what is in force: topic, label, signal word, step number."""

    def __init__(self, topic: Topic) -> None:
        self.passages: list[Passage] = []
        self.topic, self.title = topic, topic.title
        self.label = self.signal = self.marker = self.step = ""
        self.paragraph = 0
        self.held: list[Row] = []

    def read(self, rows: list[Row]) -> None:
        """Take one column."""
        pitch, skip = _pitch(rows), 0
        left = min((row.box[0] for row in rows if len(row.text) > 12), default=0.0)
        self.paragraph += 1
        for number, row in enumerate(rows := [_without_strays(row) for row in rows]):
            fresh = number == 0 or row.box[1] - rows[number - 1].box[1] > 1.45 * pitch
            if fresh:
                kept = self.signal if BULLET.match(row.text) else ""
                self._new_paragraph()
                self.signal = kept or self.signal
            if skip:
                skip -= 1
            elif _is_tabular(row):
                self._flush()
            elif span := self._heading(rows[number:], fresh, left):
                skip = span - 1
            else:
                self._text(row, fresh, rows[number + 1 : number + 2])
        self._new_paragraph()

    def _new_paragraph(self) -> None:
        if self.signal and not self.held and self.marker != "•":
            return
        self._flush()
        self.paragraph += 1
        self.label = self.signal = self.marker = ""

    def _flush(self) -> None:
        if self.held:
            rows, marker = tuple(self.held), "" if self.marker == "•" else self.marker
            self.passages.append(Passage(rows, self.topic, self.paragraph, marker, self.signal, self.label))
        self.held = []

    def _heading(self, rows: list[Row], fresh: bool, left: float) -> int:
        """How many rows from here on are a heading that has now been taken over; 0 for none."""
        first = rows[0]
        topic = heading(first.text)
        if topic is None or SIGNAL.match(first.text) or _NO_HEADING.match(first.text):
            return self._subheading(first) if fresh else 0
        if not topic.code and not fresh and self.held:
            return 0
        if not topic.code and self.topic.code and first.text.rstrip().endswith(":"):
            return 0  # a version or a part of the job that the coded title names
        if not topic.code and first.box[0] > left + 0.03 and self.passages:
            return 0
        span = 1 + _continuing(rows)
        self._flush()
        joined = " ".join(row.text for row in rows[:span])
        topic = heading(joined) or topic
        remark = rows[span].text if len(rows) > span and _REMARK.match(rows[span].text) else ""
        self._turn_to(under(topic, remark.strip(" -–—.")) if remark else topic)
        return span + bool(remark)

    def _subheading(self, row: Row) -> int:
        name = subheading(row.text)
        if _TITLE_CASE.match(row.text) and len(row.lines) == 1 and not is_order(row.text.split()[0]):
            self._flush()
            self.topic, self.step = under(self.topic, row.text), ""
            return 1
        if name is None or is_order(name.split()[0]) or MARKER.match(row.text) is None:
            return 0
        self._flush()
        self.topic, self.step = under(self.topic, name), ""
        return 1

    def _turn_to(self, topic: Topic) -> None:
        generic = topic.title.upper() in _GENERIC and self.title
        self.topic = replace(topic, title=f"{self.title}: {topic.title}" if generic else topic.title, printed=True)
        self.title = self.title if generic else topic.title
        self.label = self.signal = self.marker = self.step = ""

    def _text(self, row: Row, fresh: bool, following: list[Row]) -> None:
        signal, marker = SIGNAL.match(row.text), MARKER.match(row.text)
        if signal and (fresh or not self.held or _ends_sentence(self.held[-1].text)):
            self._flush()
            self.signal, self.marker, self.label = signal.group(1).upper(), "", self.label
            self.held = [row] if signal.end() < len(row.text) else []
        elif marker and not _runs_on(self.held) and not (row.text.startswith("(") and self._open_above()):
            self._flush()
            self.signal, self.marker, self.held = "", self._number(marker), [row]
        elif BULLET.match(row.text):
            self._flush()
            self.marker, self.held = "•", [row]
        elif following and (label := self._label(row)):
            self._flush()
            self.label, self.signal, self.marker = label, "", ""
        else:
            self.held.append(row)

    def _open_above(self) -> bool:
        """Whether the row above goes on: then a number in parentheses at a line's start is a callout, no step."""
        return bool(self.held) and not _ends_sentence(self.held[-1].text)

    def _label(self, row: Row) -> str:
        """The run-in label that ends with this row; its first row may be the one above."""
        above = self.held[-1].text if self.held else ""
        if re.match(r"^[A-Z][a-z]+(?: [A-Z][a-z]+)+$", above) and re.match(r"^(?:[A-Z][a-z]+ ?)+:$", row.text):
            self.held.pop()
            return f"{above} {row.text.rstrip(' :')}"
        plain = _LABEL.match(row.text) and not _runs_on(self.held) and not is_order(row.text.split()[0])
        return row.text.rstrip(" :") if plain else ""

    def _number(self, marker: re.Match[str]) -> str:
        found = next(group for group in marker.groups() if group)
        if found[0].isdigit():
            self.step = found
            return found
        return self.step + found


_TITLE_CASE = re.compile(
    r"^(?!Figure|Table|Step)(?:[A-Z][a-z]{2,}|[A-Z]\.?)(?: (?:of|for|and|the|in|on|with|to|at|[A-Z][\w/-]+)){1,5}$"
)

_LABEL = re.compile(r"^[A-Z][^.:;!?]{2,60}:$")

_REMARK = re.compile(r"^[-–—]+\s*\S.*(?<!:)$")

_NO_HEADING = re.compile(
    r"^\W*(?:END OF|FOLLOW|GO TO|INITIAL SETUP|FIG|MALFUNCTION|TEST OR INSP|CORRECTIVE|CONDITION\b|SYMPTOM\b)",
    re.I,
)

_GENERIC = listed("SCOPE GENERAL INTRODUCTION INSPECTION REMOVAL INSTALLATION DISASSEMBLY ASSEMBLY REPAIR")


def _without_strays(row: Row) -> Row:
    """A row without the bits of a drawing beside its one cell of text."""
    long = [line for line in row.lines if len(line.text) >= 12 and len(line.words) >= 3]
    short = [line for line in row.lines if line not in long]
    apart = all(len(line.text) <= 4 and not MARKER.match(line.text) for line in short)
    far = (
        all(line.box[2] < long[0].box[0] - 0.02 or line.box[0] > long[0].box[2] + 0.02 for line in short)
        if long
        else False
    )
    return Row((long[0],)) if len(long) == 1 and short and apart and far else row


def _is_tabular(row: Row) -> bool:
    """Whether the cells of a row stand so far apart that they are no running text; a value beside its name may."""
    cells = row.lines
    gaps = [right.box[0] - left.box[2] for left, right in itertools.pairwise(cells)]
    apart = any(gap > 0.05 for gap in gaps)
    return apart and not MARKER.match(row.text) and not (len(cells) == 2 and is_measured(cells[1].text))


def _continuing(rows: Sequence[Row]) -> int:
    """How many rows below the first of a heading belong to it: capitals too, and no code of their own."""
    count = 0
    for row in rows[1:4]:
        below = heading(row.text)
        plain = mostly_capitals(row.text, 0.85) or bool(re.match(r"^[A-Z()/ ,-]{2,}$", row.text))
        if (
            not plain
            or row.text.rstrip().endswith(":")
            or (below and below.code)
            or any(p.match(row.text) for p in (SIGNAL, MARKER, _NO_HEADING))
        ):
            break
        count += 1
    return count


def _runs_on(held: Sequence[Row]) -> bool:
    if not held:
        return False
    last = held[-1].text.split()[-1]
    return last.lower() in OPEN_END or last.endswith((",", "-"))


def _ends_sentence(text: str) -> bool:
    return text.rstrip().endswith((".", "!", "?", ":", ").", "*"))


def _pitch(rows: Sequence[Row]) -> float:
    steps = [below.box[1] - above.box[1] for above, below in itertools.pairwise(rows)]
    near = [step for step in steps if step > 0]
    return median(near) if near else 0.02
