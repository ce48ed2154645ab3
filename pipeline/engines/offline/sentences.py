"""Passages as sentences: hyphens joined, abbreviations no ends, every sentence with its source words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.engines.offline.layout import Row
from pipeline.engines.offline.prose import Passage
from pipeline.engines.offline.running_text import BULLET, MARKER, OPEN_END, SIGNAL
from pipeline.engines.offline.verbs import is_order
from review_db.records import Word

_ABBREVIATION = re.compile(
    r"(?:\b(?:approx|ca|no|nos|max|min|ft|lbs?|in|oz|fig|figs|gr|incl|etc|e\.g|i\.e|para|paras|ref|resp|nec|vs|qty|gal"
    r"|qts?|pt|sec|hr|hrs|temp|spec|specs|acc|term|conn|cyl|ign|diam?|dia|St|Nr|bzw|z\.B|mors|cil|valv)|\b[A-Z]|^\d{1,2})\.$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence as printed (hyphens at line ends joined) with its source words."""

    text: str
    words: tuple[Word, ...]


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
    for pattern in (MARKER, BULLET, SIGNAL if passage.signal else MARKER):
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
    if last.lower() in OPEN_END or last.endswith((",", "-", "(")) or not first[:1].isupper():
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
