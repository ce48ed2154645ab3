"""Page numbers as printed: when two of them are the same, and what a reference to another group names."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

_NUMBERED_NAME = re.compile(r"^(?:[A-Z]{1,2}-)?\d{1,4}-\d{1,4}[a-z]?$", re.IGNORECASE)
_PAGE_AND_FIGURE = re.compile(r"^(\d{1,4}-\d{1,3})-\d{1,2}$")
_REFERRED = re.compile(
    r"^(?:see|siehe|s\.|vedi|voir|v\.)\s+(?:group|gr\.?|gruppe|gruppo|groupe|section|sektion|sezione|chapter|kapitel"
    r"|capitolo)\s*(\w{1,4})$",
    re.IGNORECASE,
)
_LAST_NUMBER = re.compile(r"^(.*?)0*(\d[\d./]*)([a-z]{0,2})$")


def page_key(printed: str) -> str:
    """What two ways to print the same number have in common: "21-03 A", "21 - 3a" -> "21-3a"; "0-1" is not "00-1"."""
    plain = re.sub(r"[–—−]", "-", re.sub(r"\s", "", printed)).lower()
    group, dash, last = plain.rpartition("-")
    return f"{group}{dash}{_without_zeros(last)}"


def _without_zeros(number: str) -> str:
    found = _LAST_NUMBER.match(number)
    return f"{found.group(1)}{found.group(2)}{found.group(3)}" if found else number


def spellings(printed: str) -> list[str]:
    """The ways in which a number may be stored: as given, without zeros and with them, its letter small or large."""
    key = page_key(printed)
    group, dash, last = key.rpartition("-")
    padded = f"{group}{dash}0{last}" if re.match(r"\d(?!\d)", last) else key
    ways = {printed, key, padded}
    return sorted(ways | {way.upper() for way in ways})


def named_numbers(source: str, page_number: int | None, *, is_wide: bool) -> list[str]:
    """The page numbers that an image's file name tells ("21-03.jpg"); a wide image named 05-06 is a spread of two."""
    stem = PurePosixPath(source).stem
    if page_number is not None or not _NUMBERED_NAME.match(stem):
        return []
    first, _, second = stem.rpartition("-")
    if is_wide and first.isdigit() and second.isdigit() and int(second) == int(first) + 1:
        return [first, second]
    return [stem]


def without_figure(printed: str) -> str | None:
    """The page of a reference that names page and figure ("7000-8-3" -> "7000-8"), else None."""
    found = _PAGE_AND_FIGURE.match(page_key(printed))
    return found.group(1) if found else None


def book_part(source: str, page_number: int | None) -> str:
    """What pages share that are bound together: the PDF itself, or the folder of images."""
    return source if page_number is not None else str(PurePosixPath(source).parent)


def referred_section(page: str) -> str | None:
    """The section that stands in place of a page ("see Group 16" -> "16"), or None."""
    found = _REFERRED.match(page.strip())
    return found.group(1) if found else None
