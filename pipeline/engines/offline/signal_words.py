"""Pairs from warnings, cautions and notes, each tied to the step that it guards or the thing that it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.engines.offline.asking import LONGEST_ANSWER, Asked, asked, worded
from pipeline.engines.offline.clauses import read_clause
from pipeline.engines.offline.procedures import short_enough
from pipeline.engines.offline.prose import Passage
from pipeline.engines.offline.sentence_questions import Setting, sentence_pair
from pipeline.engines.offline.sentences import Sentence, sentences_of

_NAMES = {
    "WARNINGS": "warning", "CAUTIONS": "caution", "NOTES": "note", "IMPORTANT": "important note",
    "ATTENTION": "caution", "ACHTUNG": "caution", "HINWEIS": "note", "WICHTIG": "important note",
    "ATTENZIONE": "caution", "AVVERTENZA": "warning", "NOTA": "note", "DANGER": "danger warning",
}  # fmt: skip


def signal_pairs(passages: Sequence[Passage], place: str = "") -> Iterator[Asked]:
    """One question for each signal word; of a long text its first sentences, which stand alone."""
    for number, passage in enumerate(passages):
        if not passage.signal:
            continue
        whole = [sentence for sentence in sentences_of(passage) if not sentence.text.endswith(":")]
        sentences = list(short_enough(whole))
        guarded = _guarded(passage, passages[number + 1 :])
        parts = sentences if _are_orders(sentences, passage.signal) else list(_parts(sentences))
        for order, part in enumerate(parts):
            if order and _DEPENDS.search(part.text.split(". ")[0]):
                break
            item = _pair(part, passage, guarded, place)
            if item is None and len(parts) == 1 and _is_alone(passage, passages):
                item = _plain_pair(part, passage, place)
            if item is not None:
                yield item


def _is_alone(passage: Passage, passages: Sequence[Passage]) -> bool:
    """Whether no other passage under the same heading has the same signal word."""
    return [(other.topic, other.signal) for other in passages].count((passage.topic, passage.signal)) == 1


def _plain_pair(part: Sentence, passage: Passage, place: str) -> Asked | None:
    """The question for a signal word whose text names nothing that it is about."""
    opening, name = passage.topic.opening() or place, _NAMES.get(passage.signal, passage.signal.lower())
    kind = "factual" if "note" in name else "safety"
    return asked(worded(opening, f"what {name} is given") if opening else "", part.text, kind, part.words, 2)


def _are_orders(sentences: Sequence[Sentence], signal: str) -> bool:
    """Whether a note is a list of orders of its own, each of which can be asked about."""
    return "NOTE" in signal and all(read_clause(sentence.text).object for sentence in sentences)


_DEPENDS = re.compile(r"\b(?:then|also|would|this|these|it|they|otherwise|however)\b", re.I)
"""Words with which a sentence leans on the one before it."""


def _parts(sentences: Sequence[Sentence]) -> Iterator[Sentence]:
    """The text of a signal word in parts that are short enough to answer with."""
    held: list[Sentence] = []
    for sentence in sentences:
        if held and sum(len(item.text.split()) for item in [*held, sentence]) > LONGEST_ANSWER:
            yield _together(held)
            held = []
        held.append(sentence)
    if held:
        yield _together(held)


def _together(sentences: Sequence[Sentence]) -> Sentence:
    words = tuple(word for sentence in sentences for word in sentence.words)
    return Sentence(" ".join(sentence.text for sentence in sentences), words)


def _guarded(passage: Passage, following: Sequence[Passage]) -> str:
    """The step that a warning stands before, as the end of a question; empty when no numbered step follows it."""
    for other in following:
        if other.topic != passage.topic:
            return ""
        if not other.signal:
            return f" before step {other.marker}" if other.marker else ""
    return ""


def _pair(part: Sentence, passage: Passage, guarded: str, place: str) -> Asked | None:
    name = _NAMES.get(passage.signal, passage.signal.lower())
    about = _about(part)
    opening = passage.topic.opening() or place
    kind = "factual" if "note" in name else "safety"
    if not about and not guarded:
        return sentence_pair(part, Setting(passage, place))
    occasion = read_clause(part.text.split(". ")[0]).condition
    if re.match(r"(?:When|Before|After|While|If|During)\b", occasion):
        occasion = occasion[:1].lower() + occasion[1:]
        question = worded(opening, f"what {name} is given for the case {occasion}{guarded}")
        question = question.replace("for the case before", "that applies before").replace(
            "for the case when", "that applies when"
        )
    else:
        question = worded(opening, f"what {name}{f' about {about}' if about else ''} is given{guarded}")
    return asked(question, part.text, kind, part.words, 2)


def _about(part: Sentence) -> str:
    """What the first sentence with a clear subject is about."""
    for text in re.split(r"(?<=[a-z)]{2}[.!])\s+(?=[A-Z])", part.text):
        clause = read_clause(text)
        about = clause.object or clause.subject
        if about and len(about.split()) <= 9 and "failure" not in about:
            return about
    return ""
