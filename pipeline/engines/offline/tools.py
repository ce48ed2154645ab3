"""Pairs for special tools and for repair codes that an instruction refers to."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.engines.offline.asking import Asked, asked, worded, words_for
from pipeline.engines.offline.clauses import Clause
from pipeline.engines.offline.sentences import Sentence

TOOL_NUMBER = r"\d{2} \d \d{3}(?:/\d{3})?"
"""A special tool's number: two digits, one, three."""

_NUMBERS = rf"{TOOL_NUMBER}(?:\s*(?:,|and|or|with|/)\s*{TOOL_NUMBER})*"
_WITH_TOOL = re.compile(rf"\b(?:with|using|use)\s+((?:[Ss]pecial\s+[Tt]ools?|[Tt]ools?)\s+(?:[Nn]os?\.\s+)?{_NUMBERS})")
_NAMED = re.compile(
    rf"^(?:the\s+|a\s+)?((?:[A-Za-z-]+\s+){{1,4}}?)({_NUMBERS})((?:\s+and\s+(?:[A-Za-z-]+\s+){{1,3}}{TOOL_NUMBER})?)$"
)
_REFERENCE = re.compile(
    r"^(?:(?:at|on|in|from|for) (?:\w+ ){1,3})?[-–—\s]*\(?(?:see(?: also)?|refer to|ref\.)?[-–—\s]*"
    r"((?:\d{2} \d{2} \d{3}|[Gg]roup \d{1,2}|(?:para\.?|paragraph|page|step|table) [A-Z]?\d[\w-]*))\)?$"
)


def tool_pairs(sentence: Sentence, clause: Clause, done: str, to_do: str, opening: str, when: str) -> Iterator[Asked]:
    """Which special tool an order is carried out with, or which one it mounts.

    `done` is the order's participle with its particle, `to_do` its plain form with the object.
    """
    used = list(_WITH_TOOL.finditer(sentence.text))
    if len(used) == 1 and to_do and not re.search(TOOL_NUMBER, clause.object):
        many = len(re.findall(TOOL_NUMBER, used[0].group(1))) > 1 or "/" in used[0].group(1)
        tool = f"which special tool{'s are' if many else ' is'} used to {to_do}{when}"
        yield from _found(worded(opening, tool), used[0].group(1), sentence)
    named = _NAMED.match(clause.object)
    if named and clause.verb and not clause.negated:
        thing = f"{named.group(1).strip()}{re.sub(TOOL_NUMBER, '', named.group(3)).rstrip()}"
        many = bool(named.group(3)) or len(re.findall(TOOL_NUMBER, named.group(2))) > 1
        where = re.split(r"[,;]| and | - | – | — ", clause.tail)[0].strip(" .")
        question = f"which {thing.lower()} {'are' if many else 'is'} {done}{' ' + where if where else ''}{when}"
        yield from _found(worded(opening, question), re.sub(r"^(?:the|a)\s+", "", clause.object), sentence)


def _found(question: str, answer: str, sentence: Sentence) -> Iterator[Asked]:
    item = asked(question, answer, "tool", words_for(answer, sentence.words), 1)
    if item is not None:
        yield item


def is_only_tool(sentence: Sentence, clause: Clause) -> bool:
    """Whether the sentence says no more than which tool the object is worked on with."""
    return bool(re.match(rf"^with\s+[Ss]pecial\s+[Tt]ools?\s+{_NUMBERS}$", clause.tail)) and bool(clause.object)


def reference_pair(sentence: Sentence, clause: Clause, doing: str, opening: str, when: str) -> Asked | None:
    """Which procedure an order refers to when it names nothing but a code ("Remove transmission - see 23 00 022")."""
    found = _REFERENCE.match(clause.tail)
    if found is None or not clause.object or clause.condition:
        return None
    code = found.group(1)
    kind = (
        "repair procedure"
        if code[0].isdigit()
        else "repair group"
        if code.lower().startswith("group")
        else "part of the manual"
    )
    where = clause.tail[: found.start(1)].strip(" -–—(").removesuffix("see").removesuffix("refer to").strip(" -–—")
    question = f"which {kind} is referenced for {doing}{' ' + where if where and 'see' not in where else ''}{when}"
    return asked(worded(opening, question), code, "navigation", words_for(code, sentence.words), 3)
