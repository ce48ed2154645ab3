"""Pairs for tightening torques in running text: "tighten X to N Nm" and "Tightening torque: N Nm"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.engines.offline.asking import Asked, asked, worded, words_for
from pipeline.engines.offline.clauses import noun, read_clause
from pipeline.engines.offline.sentences import Sentence
from pipeline.engines.offline.values import MEASURED
from pipeline.engines.offline.verbs import is_order
from pipeline.engines.offline.vocabulary import listed

_TORQUE_UNIT = r"N[\s·•.\-]?m\b|lb[s.]*[\s\-.·]*(?:ft|in)|(?:ft|in)\.?[\s\-.·]*lb|[Ii]bs\.|mkp|kpm|daNm"
_TO = re.compile(
    rf"\b(?:tighten|torque|retighten|anziehen|serrare)\w*\s+(.{{3,80}}?)\s+(?:to|a|auf|mit)\s+"
    rf"((?:{MEASURED})(?:\s*,?\s*(?:{MEASURED}))*)",
    re.I,
)
_LABEL = re.compile(
    rf"\b(?:(?:tightening\s+)?torque|coppia di serraggio|anzugsdrehmoment)\b[^:=]{{0,30}}[:=]\s*({MEASURED}.*)$",
    re.I,
)
_FASTENER = re.compile(
    r"\b(?:bolt|screw|nut|cap|plug|stud|capscrew|sprocket|clamp|fitting|union|spark plug|pin|sensor|line)s?\b",
    re.I,
)
_FASTENING = listed("unscrew loosen tighten screw bolt install mount remove fasten attach undo torque retighten")


def torque_pair(sentence: Sentence, opening: str, when: str, before: Sequence[str]) -> Asked | None:
    """The question for a torque in a sentence; `before` are the sentences above it in the paragraph, nearest last.

    A bare "Tightening torque: ..." belongs to the fastener that the nearest sentence above it names.
    """
    inline = _TO.search(sentence.text)
    if inline and re.search(_TORQUE_UNIT, inline.group(2)):
        thing = noun(inline.group(1).split())
        question = f"to what torque {'are' if thing.endswith('s') else 'is'} {thing} tightened{when}"
        return _pair(question if thing else "", inline.group(2), sentence, opening)
    labelled = _LABEL.search(sentence.text)
    if labelled and re.search(_TORQUE_UNIT, labelled.group(1)):
        thing = _fastened(before)
        return _pair(
            f"what is the tightening torque{f' of {thing}' if thing else ''}{when}",
            labelled.group(1),
            sentence,
            opening,
        )
    return None


def _pair(question: str, value: str, sentence: Sentence, opening: str) -> Asked | None:
    answer = value.strip(" .") + (
        "." if value.rstrip(" )").endswith("lbs.") and not value.rstrip().endswith(")") else ""
    )
    return asked(worded(opening, question) if question else "", answer, "factual", words_for(answer, sentence.words), 0)


def _fastened(before: Sequence[str]) -> str:
    """The fastener that the nearest sentence above names, as a noun phrase; empty when none does."""
    for text in reversed(before):
        for order in reversed(_orders(text)):
            clause = read_clause(order)
            if clause.object and (_FASTENER.search(clause.object) or clause.verb.split()[0] in _FASTENING):
                return clause.object
    return ""


def _orders(text: str) -> list[str]:
    """A sentence split before each further order ("Open lockplates and unscrew sprockets" -> two)."""
    parts = [""]
    words = text.strip(" .").split()
    for number, word in enumerate(words):
        if number and words[number - 1].strip(",") in {"and", "or", ""} and is_order(word.strip(",")):
            parts.append("")
        parts[-1] = f"{parts[-1]} {word}".strip()
    return [re.sub(r"\s+(?:and|or)$", "", part) for part in parts]
