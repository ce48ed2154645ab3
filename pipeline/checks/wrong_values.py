"""Plant a wrong value: a digit misread, another unit, the value of another row, a code that looks alike."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from random import Random

from pipeline.checks import vocabulary
from pipeline.checks.changes import Change, Good, instead
from pipeline.checks.layout import distance
from pipeline.checks.page_text import Occurrence, PageText
from pipeline.checks.slips import LOOKS_LIKE, TAKEN_FOR
from pipeline.checks.tokens import Kind, Token

NEIGHBOURS = 3  # a slip into another row lands in one of so many rows nearest by


def digit(good: Good, random: Random) -> Sequence[Change]:
    """A digit of a number misread, two swapped, a decimal point lost."""
    numbers = [t for t in good.new if t.kind == Kind.NUMBER and len(t.keys[0].lstrip("-0.")) > 0]
    token = random.choice(numbers) if numbers else None
    choices = misread(token.written) if token else []  # none for digits of other scripts
    return [instead(token, random.choice(choices))] if token and choices else ()


def misread(written: str) -> list[str]:
    """Ways in which a number or code is misread: a digit that looks alike, two swapped, a decimal point lost."""
    places = [place for place, sign in enumerate(written) if sign in LOOKS_LIKE]
    found = [written[:p] + other + written[p + 1 :] for p in places for other in LOOKS_LIKE[written[p]]]
    for p, q in pairwise(places):
        leads = p == 0 and written[q] == "0"
        if q == p + 1 and written[p] != written[q] and not leads:
            found.append(written[:p] + written[q] + written[p] + written[q + 1 :])
    point = re.search(r"(?<=[1-9])[.,](?=\d)", written)
    return [*found, written[: point.start()] + written[point.end() :]] if point else found


def unit(good: Good, random: Random) -> Sequence[Change]:
    """Another unit of the same or a neighbouring dimension for one of the answer's."""
    units = [t for t in good.new if t.kind == Kind.UNIT and t.keys[0].removeprefix("u:") in TAKEN_FOR]
    if not units:
        return ()
    token = random.choice(units)
    others = {t.keys[0].removeprefix("u:") for t in good.told if t.kind == Kind.UNIT}
    choices = [name for unit, name in TAKEN_FOR[token.keys[0].removeprefix("u:")] if unit not in others]
    return [instead(token, _spaced(good.answer, token, random.choice(choices)))] if choices else ()


def _spaced(text: str, token: Token, unit: str) -> str:
    """The unit with a space before it where a sign stood right behind its number."""
    return f" {unit}" if unit[0].isalpha() and text[token.start - 1 : token.start].isdigit() else unit


def row(good: Good, random: Random) -> Sequence[Change]:
    """All the answer's values of the asked sort from a neighbouring row, label or line."""
    values = [t for t in good.new if t.kind in (Kind.NUMBER, Kind.CODE)]
    if not values:
        return ()
    stands = _stands(good, values[0])
    there = _other_row(good, values[0], stands, random) if stands else None
    if stands is None or there is None:
        return ()
    return [c for value in values if (c := _taken_from(good, value, there, same_as=values[0]))]


def _stands(good: Good, token: Token) -> Occurrence | None:
    """Where the token stands beside most of the answer's other words."""
    others = [found for t in good.told if t.keys != token.keys for found in good.page.find(t)]
    held = [found.segment for found in others]
    return max(good.page.find(token), key=lambda place: held.count(place.segment), default=None)


def _other_row(good: Good, token: Token, stands: Occurrence, random: Random) -> Occurrence | None:
    page, own = good.page, {key for t in (*good.asked, *good.told) for key in t.keys}
    sort = sort_of(page, token, stands)
    if sort == ("number", "in a text"):
        return None
    near: dict[tuple[str, ...], tuple[float, int]] = {}
    for number, (other, place) in enumerate(zip(page.tokens, page.places, strict=True)):
        if other.kind == token.kind and own.isdisjoint(other.keys) and sort_of(page, other, place) == sort:
            away = distance(page.segments[stands.segment], page.segments[place.segment])
            near[other.keys] = min((away, number), near.get(other.keys, (away, number)))
    numbers = [number for _, number in sorted(near.values())[:NEIGHBOURS]]
    return page.places[random.choice(numbers)] if numbers else None


def sort_of(page: PageText, token: Token, place: Occurrence) -> tuple[str, str | None]:
    """What a value can be mistaken with: a number's unit there, a code's pattern."""
    if token.kind == Kind.NUMBER:
        unit = page.unit_of(place)
        return "number", unit or ("a cell" if page.is_cell(place.segment) else "in a text")
    key = token.keys[0]
    if key in vocabulary.COLOUR_CODES:
        return "colour", None
    return "code", re.sub(r"[^\W\d_]", "a", re.sub(r"\d", "9", key))


def _taken_from(good: Good, value: Token, there: Occurrence, same_as: Token) -> Change | None:
    """The value that stands at the other place instead of this one, if there is one of its sort near it."""
    page, stands = good.page, _stands(good, value)
    if value is same_as:
        return instead(value, page.tokens[page.token_at(there)].written)
    for number in range(page.token_at(there) + 1, min(page.token_at(there) + 4, len(page.tokens))):
        place = page.places[number]
        alike = stands and page.tokens[number].kind == value.kind
        if stands and alike and sort_of(page, page.tokens[number], place) == sort_of(page, value, stands):
            return instead(value, page.tokens[number].written)
    return None


def code(good: Good, random: Random) -> Sequence[Change]:
    """A code, colour or terminal that looks like one of the answer's."""
    codes = [t for t in good.new if t.kind == Kind.CODE]
    if not codes:
        return ()
    token = random.choice(codes)
    choices = misread(token.written) or _other_letters(good, token)
    return [instead(token, random.choice(choices))] if choices else ()


def _other_letters(good: Good, token: Token) -> list[str]:
    """Another colour for a colour's letters; a neighbouring letter for a lone one."""
    key = token.keys[0]
    colours = sorted(short.upper() for short in vocabulary.COLOUR_CODES if short != key and short[0] == key[0])
    if key in vocabulary.COLOUR_CODES:
        return colours
    if len(key) == 1:
        own = {t.keys[0] for t in good.told}
        letters = [chr(ord(key) - 1), chr(ord(key) + 1)]
        return [letter.upper() for letter in letters if letter.isalpha() and letter not in own]
    return []
