"""Split a text into the tokens a technician would check: numbers, units, codes, sides, colours and words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from pipeline.checks import notation, vocabulary
from pipeline.checks.quantities import readings, unit_at


class Kind(StrEnum):
    """What a token is; all but words and stop words must stand on the page exactly, up to notation."""

    NUMBER = "number"
    UNIT = "unit"
    CODE = "code"
    SIDE = "side"
    COLOUR = "colour"
    WORD = "word"
    STOP = "stop"


EXACT = frozenset({Kind.NUMBER, Kind.UNIT, Kind.CODE, Kind.SIDE})


class Token(NamedTuple):
    """One token: the slice start:end of the text it came from, and its normal forms, the likeliest first.

    Two tokens say the same when they share a key. `parts` are the pieces of a code ("S14/S38" has s, 14, s, 38) and
    the two ends of a range; a code whose whole is nowhere may stand on the page in its parts.
    """

    kind: Kind
    keys: tuple[str, ...]
    start: int
    end: int
    written: str
    parts: tuple[str, ...] = ()


_PATTERN = re.compile(
    r"""
    (?P<spaced>(?<![\w.,])\d{1,4}(?:\ \d{1,3}){2,4}(?:/\d{1,3})?(?!\w|[.,]\d|/))
  | (?P<thread>(?<![\w])M\ ?\d+(?:[.,]\d+)?\ ?[xX]\ ?\d+(?:[.,]\d+)?)
  | (?P<lettered>(?<![\w])[A-Z]\ \d{1,3}(?![\w/]|[.,]\d|\ ?[xX]\ ))
  | (?P<mixed>(?<![\w.,/])\d+\ \d{1,2}/(?:2|4|8|16|32|64)(?![\w/]))
  | (?P<colours>(?<![\w/])[A-Z]{2}/[A-Z]{2}(?![\w/]))
  | (?P<bracketed>(?<=[(\[])(?:in|ft|lbs?|oz|min|sec)\.?(?=[)\]]))
  | (?P<permin>(?<!\w)(?:1/min|r/min)\b)
  | (?P<mark>(?<![\w])(?:[A-Z]{1,4}-)*[\w]*\d[\w]*(?:(?:[.,](?=\d)|[-/](?=[^\W_]))[\w]+)*
            |(?<![\w.,])\.\d+(?:-\.?\d+(?:\.\d+)?)?[^\W\d_]*)
  | (?P<word>[^\W\d_]+(?:'[^\W\d_]+)?)
  | (?P<sign>°{1,2}\ ?[CF]?\b|°{1,2}|[%Ω])
    """,
    re.VERBOSE,
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*|\.\d+")
_GLUED = re.compile(r"(\d+(?:[.,]\d+)?|\.\d+)([^\W\d_]+\d?)")
_RANGE = re.compile(r"(\d*[.,]?\d+)-(\d*[.,]?\d+)([^\W\d_]*)")
_LIST = re.compile(r"\d+(?:,\d+){2,}")
_FRACTION = re.compile(r"\d{1,2}/(?:2|4|8|16|32|64)")
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)", re.I)
_PIECE = re.compile(r"[^\W\d_]+|\d+(?:\.\d+)?|\.\d+")
_DIGITS = re.compile(r"\d+")
_SPACES = re.compile(r"\s+")


def tokenise(text: str) -> list[Token]:
    """The tokens of a text as written by a person or a model; `start` and `end` count its own characters."""
    line, places = notation.plain_with_places(text)
    found = []
    for token in scan(line):
        start, end = places[token.start], places[token.end - 1] + 1
        found.append(token._replace(start=start, end=end, written=text[start:end]))
    return found


def scan(line: str) -> Iterator[Token]:
    """The tokens of a plain text (see `notation.plain`), left to right."""
    position = 0
    while match := _PATTERN.search(line, position):
        for token in _READERS[match.lastgroup or "word"](line, match):
            yield token
            position = token.end
        position = max(position, match.end())


def _token(kind: Kind, line: str, start: int, end: int, *keys: str, parts: tuple[str, ...] = ()) -> Token:
    return Token(kind, keys, start, end, line[start:end], parts)


def code_key(written: str) -> str:
    """A code without case and spaces, decimal commas as points."""
    return _SPACES.sub("", written).casefold().replace(",", ".")


def _code(line: str, start: int, end: int) -> Token:
    key = code_key(line[start:end])
    pieces = tuple(piece.casefold() for piece in _PIECE.findall(line[start:end].replace(",", ".")))
    return _token(Kind.CODE, line, start, end, key, parts=pieces if len(pieces) > 1 else ())


def _read_code(line: str, match: re.Match[str]) -> Iterator[Token]:
    yield _code(line, match.start(), match.end())


def _read_lettered(line: str, match: re.Match[str]) -> Iterator[Token]:
    """`M 10` and `S 14` are codes; `A 12 V` and `I 3 mm` are not."""
    digits = match.start() + 2
    article = line[match.start()] == "A" and line[: match.start()].rstrip()[-1:] in ("", ".", "!", "?")
    if article or unit_at(line, _skip_space(line, match.end()), after_number=True):
        yield from _letter(line, match.start())
        yield from _number(line, digits, match.end())
    else:
        yield _code(line, match.start(), match.end())


def _read_mixed(line: str, match: re.Match[str]) -> Iterator[Token]:
    yield from _number(line, match.start(), match.end())


def _read_colours(line: str, match: re.Match[str]) -> Iterator[Token]:
    yield _code(line, match.start(), match.end())


def _read_permin(line: str, match: re.Match[str]) -> Iterator[Token]:
    yield _token(Kind.UNIT, line, match.start(), match.end(), "u:rpm")


def _read_bracketed(line: str, match: re.Match[str]) -> Iterator[Token]:
    """The second unit of a column: mm (in.)."""
    unit = unit_at(f"{match.group()})", 0, after_number=True)
    if unit:
        yield _token(Kind.UNIT, line, match.start(), match.start() + unit[1], f"u:{unit[0]}")


def _read_sign(line: str, match: re.Match[str]) -> Iterator[Token]:
    unit = unit_at(line, match.start(), after_number=False)
    if unit:
        yield _token(Kind.UNIT, line, match.start(), unit[1], f"u:{unit[0]}")


def _read_mark(line: str, match: re.Match[str]) -> Iterator[Token]:
    """Whatever holds a digit: a number, a number with its unit, a range, a list, an ordinal or a code."""
    start, end = match.span()
    mark = match.group()
    if _LIST.fullmatch(mark) and readings(mark)[0].count(".") > 1:
        for piece in _DIGITS.finditer(line, start, end):
            yield from _number(line, *piece.span())
    elif _NUMBER.fullmatch(mark) or _FRACTION.fullmatch(mark):
        yield from _number(line, start, end)
    elif glued := _GLUED.fullmatch(mark):
        yield from _glued(line, start, end, glued)
    elif pair := _RANGE.fullmatch(mark):
        yield from _range(line, start, end, pair)
    else:
        yield _code(line, start, end)


def _glued(line: str, start: int, end: int, glued: re.Match[str]) -> Iterator[Token]:
    """`15A` and `4.1Nm` are quantities, `3rd` is a word, `325i` is a code."""
    border = start + len(glued.group(1))
    if _ORDINAL.fullmatch(glued.group()):
        yield _token(Kind.WORD, line, start, end, glued.group().casefold())
    elif unit_at(line, border, after_number=True):
        yield from _number(line, start, border)
    else:
        yield _code(line, start, end)


def _range(line: str, start: int, end: int, pair: re.Match[str]) -> Iterator[Token]:
    """`0.05-0.10` and `40-50 psi` are two numbers; `21-1` and `8500-0` are one code."""
    border = start + len(pair.group(1))
    last = border + 1 + len(pair.group(2))
    measured = unit_at(line, _skip_space(line, last), after_number=True)
    decimal = any(mark in pair.group() for mark in ".,")
    if (measured and last == end) or (decimal and last == end) or (pair.group(3) and measured):
        yield from _number(line, start, border, with_unit=False)
        yield from _number(line, border + 1, last)
    else:
        yield _code(line, start, end)


def _number(line: str, start: int, end: int, *, with_unit: bool = True) -> Iterator[Token]:
    """A number and the unit behind it; a minus counts as its sign where no other number stands before it."""
    first = _sign_before(line, start)
    sign = "-" if first < start else ""
    keys = tuple(sign + reading for reading in readings(line[start:end]))
    parts = tuple(line[start:end].split(",")) if "," in line[start:end] else ()
    yield _token(Kind.NUMBER, line, first, end, *keys, parts=parts)
    behind = _skip_space(line, end)
    unit = unit_at(line, behind, after_number=True) if with_unit and behind - end <= 1 else None
    if unit:
        yield _token(Kind.UNIT, line, behind, unit[1], f"u:{unit[0]}")


def _sign_before(line: str, start: int) -> int:
    """Where a minus sign that belongs to the number at `start` stands, or `start`."""
    at = start - 1
    if at > 0 and line[at] == " " and line[at - 1] == "-":
        at -= 1
    if at < 0 or line[at] != "-":
        return start
    before = line[:at].rstrip()
    return at if not before or before[-1] in "(:;=,<>" or (before[-1].isalpha() and before != line[:at]) else start


def _skip_space(line: str, position: int) -> int:
    while position < len(line) and line[position] == " ":
        position += 1
    return position


def _read_word(line: str, match: re.Match[str]) -> Iterator[Token]:
    start, end = match.span()
    word = match.group()
    if len(word) == 1:
        yield from _letter(line, start)
        return
    unit = unit_at(line, start, after_number=False)
    if unit:
        yield _token(Kind.UNIT, line, start, unit[1], f"u:{unit[0]}")
        return
    lower = word.casefold()
    if lower in vocabulary.STOP_WORDS:
        yield _token(Kind.STOP, line, start, end, lower)
    elif lower in vocabulary.SIDES:
        yield _token(Kind.SIDE, line, start, end, vocabulary.SIDES[lower])
    elif lower in vocabulary.COLOURS:
        yield _token(Kind.COLOUR, line, start, end, lower, *vocabulary.COLOURS[lower])
    elif lower in vocabulary.NUMBER_WORDS:
        yield _token(Kind.WORD, line, start, end, lower, vocabulary.NUMBER_WORDS[lower])
    elif word.isupper() and lower in vocabulary.COLOUR_CODES:
        yield _token(Kind.CODE, line, start, end, lower)
    else:
        yield _token(Kind.WORD, line, start, end, notation.stem(word))


def _letter(line: str, start: int) -> Iterator[Token]:
    """A capital on its own is a callout, a terminal or a mark; the article and the pronoun are none."""
    letter, behind, before = line[start], line[start + 1 : start + 3], line[start - 1 : start]
    marked = before in ("(", '"', "'") or behind[:1] in (")", '"', "'", "=", ",")
    article = letter in "AI" and len(behind) == 2 and behind[0] == " " and behind[1].islower()
    if "A" <= letter <= "Z" and (marked or not article):
        yield _token(Kind.CODE, line, start, start + 1, letter.casefold())
    else:
        yield _token(Kind.STOP, line, start, start + 1, letter.casefold())


_READERS = {
    "spaced": _read_code,
    "thread": _read_code,
    "lettered": _read_lettered,
    "mixed": _read_mixed,
    "colours": _read_colours,
    "bracketed": _read_bracketed,
    "permin": _read_permin,
    "mark": _read_mark,
    "word": _read_word,
    "sign": _read_sign,
}
