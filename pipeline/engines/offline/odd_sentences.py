"""Pairs from sentences of a set form: what a reading means, where a line leads, what something is not for."""

from __future__ import annotations

import re

from pipeline.engines.offline.asking import Asked, asked, worded, words_for
from pipeline.engines.offline.clauses import read_clause
from pipeline.engines.offline.sentences import Sentence
from pipeline.engines.offline.verbs import is_order

_READING = re.compile(r"^((?:Reading|Measured value|Value|Display)\b[^:=]*\d[^:=]*?)\s*[:=]\s+(\D.{5,})$")
_POINTED = re.compile(
    r"^(?:Also )?[Rr]efer to (test steps?|steps?|paragraphs?|tables?|figures?|sections?|(?:[a-z]+ ){1,4}in)"
    r" (\d[\w ,.-]*?)\W*$"
)
_GROUP = re.compile(r"^For ((?:[a-z-]+ ){0,5}[a-z-]+)(?: \([^)]*\))?,? (?:the|a|an|use|always|only)\b")
_LIMITED = re.compile(r"^(Not|Only) applicable (to|when|for|in)\b")
_REASON = re.compile(r"^(?:Since|Because|Otherwise)\s+(.+)")
_LEADS = re.compile(r"^([A-Z][a-z]+(?: [a-z]+)?) (\(\w+[^)]*\)) to (.+?)\.?$")


def odd_pair(sentence: Sentence, opening: str, when: str) -> Asked | None:
    """The pair of a sentence of a set form; None for every other sentence."""
    found = _reading(sentence, opening, when)
    if found is not None or not opening:
        return found
    return (
        _pointed(sentence, opening, when)
        or _limited(sentence, opening, when)
        or _reason(sentence, opening)
        or _led(sentence, opening, when)
    )


def _reading(sentence: Sentence, opening: str, when: str) -> Asked | None:
    """What a reading means, from "Reading > 80 ohms: lamp faulty"."""
    found = _READING.match(sentence.text)
    if found is None:
        return None
    question = f'what does "{found.group(1).strip()}" indicate{when}'
    return asked(worded(opening, question), found.group(2), "diagnostic", sentence.words, 2)


def _pointed(sentence: Sentence, opening: str, when: str) -> Asked | None:
    """Where a reader is sent to, from "Refer to test step 4"."""
    found = _POINTED.match(sentence.text)
    if found is None:
        return None
    thing, where = found.groups()
    sought = thing.removesuffix(" in")
    asks = f"which {thing} must be referred to" if sought == thing else f"which section is referred to for the {sought}"
    return asked(worded(opening, f"{asks}{when}"), where, "navigation", words_for(where, sentence.words), 3)


def _limited(sentence: Sentence, opening: str, when: str) -> Asked | None:
    """What holds for one group only, or for what the instructions do not hold."""
    group = _GROUP.match(sentence.text)
    if group:
        question = f"what applies for {group.group(1)}{when}"
        return asked(worded(opening, question), sentence.text, "factual", sentence.words, 3)
    found = _LIMITED.match(sentence.text)
    if found is None:
        return None
    holds = f"are the instructions {found.group(1).lower()} applicable"
    question = f"to what {holds}" if found.group(2) == "to" else f"in which case {holds}"
    return asked(worded(opening, question), sentence.text, "safety", sentence.words, 3)


def _reason(sentence: Sentence, opening: str) -> Asked | None:
    found = _REASON.match(sentence.text)
    if found is None or len(sentence.text.split()) <= 5 or re.search(r",\s+[a-z]", sentence.text):
        return None
    clause = read_clause(found.group(1)[:1].upper() + found.group(1)[1:])
    question = f"what reason is given concerning {clause.subject}"
    return asked(worded(opening, question), sentence.text, "factual", sentence.words, 4) if clause.subject else None


def _led(sentence: Sentence, opening: str, when: str) -> Asked | None:
    """Where a numbered line or hose leads, from "Line (3) to left front brake caliper"."""
    found = _LEADS.match(sentence.text)
    if found is None or is_order(found.group(1).split()[0]):
        return None
    question = f"where does {found.group(1).lower()} {found.group(2)} lead{when}"
    return asked(worded(opening, question), found.group(3), "visual", sentence.words, 2)
