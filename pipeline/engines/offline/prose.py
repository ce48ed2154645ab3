"""Running text of a page: columns, headings, steps and signal words as passages, and passages as sentences."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import median

from pipeline.engines.offline.layout import Line, Row, columns_of, gutters_of, rows_of
from pipeline.engines.offline.topics import Topic, heading, mostly_capitals, subheading, under
from pipeline.engines.offline.values import is_measured
from pipeline.engines.offline.verbs import is_order
from pipeline.engines.offline.vocabulary import listed
from review_db.records import Word

SIGNAL = re.compile(
    r"^\W*(WARNINGS?|CAUTIONS?|NOTES?|DANGER|ATTENTION|IMPORTANT|Warning|Caution|Note|Danger|Attention|Important"
    r"|Achtung|Hinweis|Wichtig|Attenzione|Avvertenza|Nota)\b\s*(?:[:!.\-–—]+|$)\s*"
)
"""A signal word that opens a passage, alone on its line or followed by a mark."""

MARKER = re.compile(
    r"^(?:(?:Step|STEP)\s+(\d{1,2})\.?|(\d{1,2}(?:\.\d)?)[.)]|\((\d{1,2})\)|((?:([a-z])\5?))[.)]|\(([a-z])\))"
    r"(?=\s+[^a-z\s]|\s*$)"
)
"""A step number or letter at the start of a line."""

_PAGE_NUMBER = re.compile(r"^\W*(?:[A-Z]{1,3}|\d{1,4})\s*[-–—]\s*\d{1,3}\s*[a-z]?(?:\s*\(.*blank\))?\W*$")
_RUNNING_HEAD = re.compile(r"^\W*(?:TM[\s-]*\d|Change\s+\d|\d{1,2}/\d{2}/\d{2,4}|[\w-]+\.frb)")
_PICTURE_NUMBER = re.compile(r"^\W*[A-Z]{0,3}\s?(?:\d\s?){5,10}\W*$")
_FOOTNOTE = re.compile(r"^\*+\)?\s*(?:[A-Z]|\()")
_BULLET = re.compile(r"^[•●○▪■·]\s*|^[-–—]\s+(?=[A-Z])")
_ABBREVIATION = re.compile(
    r"(?:\b(?:approx|ca|no|nos|max|min|ft|lbs?|in|oz|fig|figs|gr|incl|etc|e\.g|i\.e|para|paras|ref|resp|nec|vs|qty|gal"
    r"|qts?|pt|sec|hr|hrs|temp|spec|specs|acc|term|conn|cyl|ign|diam?|dia|St|Nr|bzw|z\.B|mors|cil|valv)|\b[A-Z]|^\d{1,2})\.$",
    re.I,
)
_OPEN_END = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "in",
        "on",
        "to",
        "with",
        "from",
        "for",
        "by",
        "and",
        "or",
        "at",
        "into",
        "onto",
        "between",
        "until",
        "if",
        "is",
        "are",
        "be",
        "than",
        "as",
        "see",
        "no",
        "not",
        "that",
        "which",
        "when",
        "per",
        "without",
        "under",
        "over",
        "about",
        "approx",
        "approx.",
        "special",
        "tool",
        "tools",
        "its",
        "all",
        "each",
    ]
)


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


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence as printed (hyphens at line ends joined) with its source words."""

    text: str
    words: tuple[Word, ...]


def body_lines(lines: Iterable[Line]) -> list[Line]:
    """The lines without page numbers, running heads, picture numbers and footnotes."""
    level = list(lines)
    edges = [line.box[0] for line in level if len(line.text) >= 15]
    return [line for line in page_lines(level) if not _is_picture_number(line, level, edges)]


def page_lines(lines: Iterable[Line]) -> list[Line]:
    """The lines without page numbers, running heads and footnotes."""
    return [line for line in lines if not _is_furniture(line)]


def _is_furniture(line: Line) -> bool:
    edge = line.middle < 0.06 or line.middle > 0.88
    running = (edge or line.middle < 0.12) and bool(_RUNNING_HEAD.match(line.text))
    return running or bool(_FOOTNOTE.match(line.text)) or (edge and bool(_PAGE_NUMBER.match(line.text)))


def _is_picture_number(line: Line, level: Sequence[Line], edges: Sequence[float]) -> bool:
    """A row of digits that neither precedes a title on its line nor is aligned with running text."""
    if not _PICTURE_NUMBER.match(line.text) or sum(abs(line.box[0] - x) < 0.006 for x in edges) >= 3:
        return False
    return not any(
        0 < other.box[0] - line.box[2] < 0.03 and abs(other.middle - line.middle) < 0.5 * line.height
        for other in level
        if mostly_capitals(other.text, 0.7)
    )


def text_columns(lines: Sequence[Line]) -> list[list[Row]]:
    """Rows of the columns in which sentences run, left to right; stray labels in figures are left out."""
    texts = [line for line in lines if len(line.text) >= 8 and sum(map(str.isalpha, line.text)) >= 5]
    gutters = gutters_of(texts, width=0.012, crossed=0.03, beside=3)
    columns = columns_of(texts, gutters)
    for line in lines:
        home = next((column for column in columns if line not in texts and _belongs(line, column)), None)
        if home is not None:
            home.append(line)
    return [rows_of(column) for column in columns if column]


def _belongs(line: Line, column: Sequence[Line]) -> bool:
    """Whether a short line stands inside a column of text, or is a step number just left of it."""
    if not column:
        return False
    starts = [round(other.box[0], 2) for other in column]
    usual = [x for x in starts if starts.count(x) >= 2] or starts
    left, right = min(usual), max(other.box[2] for other in column)
    reach = 0.06 if MARKER.match(line.text) else 0.012
    return left - reach <= line.box[0] and line.box[2] <= right + 0.01


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
                kept = self.signal if _BULLET.match(row.text) else ""
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
        elif _BULLET.match(row.text):
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
_REMARK = re.compile(r"^[-–—]+\s*\S.*")
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
    far = all(line.box[2] < long[0].box[0] - 0.02 or line.box[0] > long[0].box[2] + 0.02 for line in short) if long else False
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
        if not plain or (below and below.code) or any(p.match(row.text) for p in (SIGNAL, MARKER, _NO_HEADING)):
            break
        count += 1
    return count


def _runs_on(held: Sequence[Row]) -> bool:
    if not held:
        return False
    last = held[-1].text.split()[-1]
    return last.lower() in _OPEN_END or last.endswith((",", "-"))


def _ends_sentence(text: str) -> bool:
    return text.rstrip().endswith((".", "!", "?", ":", ").", "*"))


def _pitch(rows: Sequence[Row]) -> float:
    steps = [below.box[1] - above.box[1] for above, below in itertools.pairwise(rows)]
    near = [step for step in steps if step > 0]
    return median(near) if near else 0.02


def sentences_of(passage: Passage) -> list[Sentence]:
    """Split a passage into sentences; the marker and the signal word at its start are left out."""
    right = max(row.box[2] for row in passage.rows)
    sentences: list[list[tuple[str, Word]]] = [[]]
    for number, row in enumerate(passage.rows):
        words = _own_words(row, passage) if number == 0 else _row_words(row)
        if sentences[-1] and words and _opens(sentences[-1], words, passage.rows[number - 1], right):
            sentences.append([])
        for text, word in words:
            if sentences[-1] and _closes([part for part, _ in sentences[-1]], text):
                sentences.append([])
            sentences[-1].append((text, word))
    whole = [Sentence(joined([text for text, _ in parts]), tuple(w for _, w in parts)) for parts in sentences if parts]
    return _with_pronouns(whole)


def _with_pronouns(sentences: Sequence[Sentence]) -> list[Sentence]:
    """Sentences that say "this" or "it" joined to the one that they speak of, while the whole stays short."""
    merged: list[Sentence] = []
    for sentence in sentences:
        short = bool(merged) and len(f"{merged[-1].text} {sentence.text}".split()) <= 40
        if short and re.match(
            r"(?:This|These|It|They|Otherwise|In this case|Failure to do this|If so|If not)\b", sentence.text
        ):
            last = merged.pop()
            sentence = Sentence(f"{last.text} {sentence.text}", last.words + sentence.words)
        merged.append(sentence)
    return merged


def _row_words(row: Row) -> list[tuple[str, Word]]:
    return [(word.text, word) for line in row.lines for word in line.words]


def _own_words(row: Row, passage: Passage) -> list[tuple[str, Word]]:
    """The words of a first row behind its marker, bullet or signal word."""
    words, text = _row_words(row), row.text
    for pattern in (MARKER, _BULLET, SIGNAL if passage.signal else MARKER):
        found = pattern.match(text)
        if found:
            text = text[found.end() :].lstrip()
    stray = re.match(r"^\d\s+(?=[A-Z][a-z])", text)
    if stray and is_order(text[stray.end() :].split()[0]):
        text = text[stray.end() :]
    return words[len(row.text.split()) - len(text.split()) :]


def _opens(sentence: Sequence[tuple[str, Word]], words: Sequence[tuple[str, Word]], above: Row, right: float) -> bool:
    """Whether the first word of a new line opens a sentence although the line above has no full stop."""
    last, first = sentence[-1][0], words[0][0]
    if last.lower() in _OPEN_END or last.endswith((",", "-", "(")) or not first[:1].isupper():
        return False
    if len(words) > 2 and len(first) == 1 and words[1][0] == "=":
        return True
    room = right - above.box[2] > (words[0][1].box[2] - words[0][1].box[0]) + 0.012
    return (is_order(first.strip(",.")) and not _ABBREVIATION.search(last)) or (room and len(sentence) >= 2)


def _closes(sentence: Sequence[str], following: str) -> bool:
    """Whether the last word so far ends the sentence, as distinct from an abbreviation or a number."""
    last = sentence[-1]
    if not re.search(r"[.!?][\"”')*]*$", last) or not re.match(r"[\"“(•*]?[A-Z0-9]", following):
        return False
    if re.match(r"[\"“(]?\d", following) and not re.search(r"[a-z)]{3,}[.!?]$", last):
        return False
    if re.match(r"^\d{1,2}\.$", last):
        return len(sentence) >= 3 and following[0].isalpha() and sentence[-2].lower() not in {"no.", "m"}
    return not (_ABBREVIATION.search(last) and last.endswith("."))


def joined(texts: Sequence[str]) -> str:
    """Words as one text: hyphens at line ends joined, footnote stars dropped, spaces before marks closed."""
    text = re.sub(r"^[•●○▪■·]\s*", "", " ".join(texts))
    text = re.sub(r"(?<=[a-z])(?<!\bnon)(?<!\bself)-\s+(?=[a-z])(?!(?:and|or|to)\b)", "", text)
    text = re.sub(r"(?<=\d)-\s+(?=\d)", "-", text)
    text = re.sub(r"(?<=[\w.)])\*+\)?(?=[\s.,;:)]|$)", "", text)
    text = re.sub(r"\s+([.,;:!?)](?!\d))", r"\1", text)
    text = re.sub(r"(?<=[a-z])\((?=\d)", " (", text)
    return re.sub(r"\)(?=[A-Za-z])", ") ", text).strip()
