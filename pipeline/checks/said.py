"""What a question or an answer says, read once: values, codes, things, quotes, a negation, what it asks for."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple

from pipeline.checks import glossary, notation
from pipeline.checks.quantities import Quantity, readings
from pipeline.checks.tokens import Kind, Token, tokenise
from pipeline.checks.vocabulary import NUMBER_WORDS, STOP_WORDS

Value = tuple[Quantity, str]
"""A quantity, and its number as written."""

_NEGATION = re.compile(r"\b(?:not|never|no(?! \d)(?!\.)|without|n't|cannot|avoid|neither)\b|n't\b", re.I)
_BOUND = re.compile(
    r"\bnot (?:more|less|over|under|exceed|higher|lower)\w*(?: than)?\b|\bno (?:more|less) than\b", re.I
)
_HYPHENED = re.compile(r"(?<=\d)-(?=[a-z]{3})")  # a 250-hour interval
_RATIO = re.compile(r"\b(50)[:/]50\b")
_GRADE = re.compile(r"\b(DOT|SAE|API|PAG|ISO|VG|NLGI|GL|DIN)[ -](?=\d)")
_TOLERANCE = re.compile(
    r"(?P<middle>\d[\d.,]*)\s?(?P<unit>[^\W\d_][^\s\d()±+]*(?:/[^\W\d_]+)?)?\s?\(?"
    r"(?:±|\+/-|plus or minus)\s?(?P<by>\d[\d.,]*)"
)
_QUOTE_MARK = re.compile(r'(?P<opens>(?<![^\s(\[\'"])"(?=\S))|"')
_STATE = re.compile(
    r"\b(?:ignition|switch(?:ed)?|turn(?:ed)?|key|lamp|light|lights? up|comes?|goes?|is|are) (on|off)\b"
)
_LABEL = re.compile(r"\b(?:item|cause|case|point|position|callout|letter|mark) \(?([a-z]\d{0,3}|\d{1,4}[a-z]?)\b")
_ORDINALS = {"first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5", "sixth": "6", "seventh": "7"}
_ORDINAL = re.compile(r"(?<!per )(?<!one )\b(?:" + "|".join(_ORDINALS) + r")\b", re.I)
_FILLERS = frozenset(
    notation.stem(word)
    for word in [
        "please",
        "state",
        "tell",
        "specified",
        "recommended",
        "correct",
        "standard",
        "required",
        "proper",
        "given",
        "called",
        "kind",
        "type",
        "value",
        "setting",
        "set",
        "much",
        "many",
        "often",
        "procedure",
        "way",
        "ways",
        "carried",
        "done",
        "made",
        "make",
        "need",
        "needed",
        "put",
        "go",
        "goes",
        "give",
        "fit",
        "approximately",
        "about",
        "around",
        "full",
        "complete",
        "total",
        "overall",
    ]
)


class Said(NamedTuple):
    """One text, read. `values` in its order; `codes` squeezed form -> as written; `content` in its order."""

    values: tuple[Value, ...]
    codes: dict[str, str]
    squeezed: str
    names: frozenset[str]
    content: tuple[str, ...]
    sides: tuple[str, ...]
    quotes: frozenset[str]
    labels: frozenset[str]
    negated: bool


@lru_cache(maxsize=200_000)
def read(text: str, *, question: bool) -> Said:
    """What a text says. In a question "the first" is the number 1: it names a step, a stage or a cylinder."""
    plain = _plain_values(notation.plain(text))
    plain = _ORDINAL.sub(lambda match: _ORDINALS[match.group().casefold()], plain) if question else plain
    tokens = tokenise(plain)
    codes = {_squeezed(token.keys[0]): token.written for token in tokens if token.kind == Kind.CODE}
    names = frozenset(glossary.things(plain)) | {f"switched {word}" for word in _STATE.findall(plain.casefold())}
    return Said(
        values=_quantities(tokens),
        codes=codes,
        squeezed=f" {plain.casefold()} {_squeezed(plain)}",
        names=names,
        content=_content(plain, tokens),
        sides=tuple(token.keys[0] for token in tokens if token.kind == Kind.SIDE),
        quotes=frozenset(" ".join(_content(quote, tokenise(quote))) for quote in quoted(plain)),
        labels=frozenset(_LABEL.findall(plain.casefold())),
        negated=bool(_NEGATION.search(_BOUND.sub(" ", plain))),
    )


def quoted(text: str) -> list[str]:
    """What stands in quotation marks, the outermost where a quote holds quotes; one that is never closed runs on."""
    found, depth, start = [], 0, 0
    for mark in _QUOTE_MARK.finditer(text):
        if mark["opens"]:
            start = start if depth else mark.end()
            depth += 1
        elif depth:
            depth -= 1
            if not depth:
                found.append(text[start : mark.start()])
    return [*found, text[start:]] if depth else found


def _plain_values(text: str) -> str:
    """Values in the notation that the tokens know: grades in one word, tolerances with both ends spelled out."""
    text = _GRADE.sub(r"\1", _RATIO.sub(r"\1 : \1", _HYPHENED.sub(" ", text)))
    return _TOLERANCE.sub(_with_ends, text)


def _with_ends(match: re.Match[str]) -> str:
    """Of "650 ± 25" the middle and the ends: 650 (625 to 675)."""
    try:
        middle, by = (Decimal(readings(match[name].rstrip(".,"))[0]) for name in ("middle", "by"))
    except (InvalidOperation, IndexError):
        return match.group()
    unit = match["unit"] or ""
    return f"{match['middle']} {unit} {middle - by} {unit} {middle + by}"


def _quantities(tokens: list[Token]) -> tuple[Value, ...]:
    """Each number with its unit; "10 to 20 mm" and "10-20 mm" give both ends their unit."""
    found: list[Value] = []
    unit = ""
    for token in reversed(tokens):
        if token.kind == Kind.UNIT:
            unit = token.keys[0].removeprefix("u:")
        elif (value := _number(token)) is not None:
            found.append((Quantity(value, unit), token.written))
        elif token.kind != Kind.STOP:
            unit = ""
    return tuple(found[::-1])


def _number(token: Token) -> str | None:
    if token.kind == Kind.NUMBER:
        return token.keys[0]
    return next((key for key in token.keys if key.isdigit()), None) if token.kind == Kind.WORD else None


def _squeezed(text: str) -> str:
    return re.sub(r"\W", "", text).casefold()


def _content(text: str, tokens: list[Token]) -> tuple[str, ...]:
    """What a text names, in its order, without values, codes and words that only make a sentence."""
    characters = list(text)
    for token in tokens:
        if token.kind in (Kind.NUMBER, Kind.UNIT, Kind.CODE):
            characters[token.start : token.end] = " " * (token.end - token.start)
    names = glossary.things("".join(characters))
    return tuple(n for n in names if n not in STOP_WORDS and n not in _FILLERS and n not in NUMBER_WORDS)
