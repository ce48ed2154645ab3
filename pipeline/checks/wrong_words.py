"""Plant a wrong word: the other side, another callout, a "not" too many or too few, a limit turned round."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random

from pipeline.checks.changes import Change, Good, instead
from pipeline.checks.slips import LIMITS, NEGATIONS, OPPOSITE_SIDES, is_order


def side(good: Good, random: Random) -> Sequence[Change]:
    """The other side: left for right, intake for exhaust; in the question where the answer names none."""
    sides = [(t, False) for t in good.new] + [(t, True) for t in good.asked]
    choices = [(t, asked) for t, asked in sides if t.written.casefold() in OPPOSITE_SIDES]
    if not choices:
        return ()
    token, asked = random.choice([c for c in choices if not c[1]] or choices)
    other = OPPOSITE_SIDES[token.written.casefold()]
    return [instead(token, _cased(other, token.written), in_question=asked)]


def _cased(text: str, like: str) -> str:
    if like.isupper():
        return text.upper()
    return text.capitalize() if like[:1].isupper() else text


_NAMED_CALLOUT = re.compile(
    r"\(\s*(\d{1,2})\s*\)|\b(?:item|callout|number|code|component|part|arrow|position) \(?(\d{1,2})\b", re.I
)
_COUNT = re.compile(r"(?<![\w.,/-])(\d{1,2})(?= [^\W\d_]{3,}s\b)")


def callout(good: Good, random: Random) -> Sequence[Change]:
    """Another callout of the page for a callout; a callout's number for a count of things."""
    printed = sorted({int(n) for s in good.page.segments for n in re.findall(r"\((\d{1,2})\)", s.text)})
    for in_question, text in ((False, good.answer), (True, good.question)):
        named = list(_NAMED_CALLOUT.finditer(text))
        if named:
            match = random.choice(named)
            group = 1 if match[1] else 2
            own = {int(m[1] or m[2]) for m in named}
            others = [n for n in printed if n not in own] or [n for n in (int(match[group]) + 1,) if n not in own]
            return [Change(in_question, *match.span(group), str(random.choice(others)))] if others else ()
    count = _COUNT.search(good.answer)
    others = [n for n in printed if count and n != int(count[1])]
    return [Change(False, *count.span(1), str(random.choice(others)))] if count and others else ()


def negation(good: Good, random: Random) -> Sequence[Change]:
    """A "not" lost or added, or a limit turned round."""
    for in_question, text in ((False, good.answer), (True, good.question)):
        found = [
            Change(in_question, *match.span(), _cased(other, match.group()))
            for pattern, other in ((*NEGATIONS, *LIMITS) if not in_question else LIMITS)
            for match in pattern.finditer(text)
        ]
        if found:
            return [random.choice(found)]
    if is_order(good.answer):
        first = good.answer.lstrip()
        return [Change(False, 0, len(good.answer), f"Do not {first[0].lower()}{first[1:]}")]
    return ()
