"""What a measured value looks like in print: number, range or tolerance with its unit and its conversion."""

from __future__ import annotations

import re

_DIGITS = r"\d+(?:[.,]\d+)*(?:\s?\d?/\d+)?"
_NUMBER = rf"(?:[.,]\d+|{_DIGITS})"
_SIGN = r"[-–—−+±<>≤≥~≈]"
_JOINT = r"(?:\.{2,3}|…|:|to|thru|through|or|[-–—−]|\+/-|±|\+|x|×|/)"
NUMBER = rf"(?:{_SIGN}\s?)?{_NUMBER}(?:\s?{_JOINT}\s?{_NUMBER})*"
"""One number, a range, a tolerance or a fraction; no unit."""

UNIT = (
    r"(?:N[\s·•.\-]?m|lb[s.]*[\s\-.·]*(?:ft|in)\.?|(?:ft|in)\.?[\s\-.·]*lbs?\.?|[Ii]bs?\.|kpm|mkp|daNm|mm²|mm2|cm³|cm3|mm|cm|km/h|km|"
    r"mph|miles?|m\b|in\.(?!\w)|inch(?:es)?|\"|''|”|bar|mbar|psi|kPa|MPa|hPa|atm|°\s?[CF]|°|º|%|mV|kV|V(?:olts?)?\b|mA|"
    r"[Aa]mp(?:ere)?s?\b|AMP\b|A\b|kW|W(?:atts?)?\b|hp\b|HP\b|PS\b|CV\b|[kM]?\s?Ω|[kKM]?\s?-?\s?[Oo]hms?|rpm|RPM|1/min|min-1|giri/min"
    r"|U/min|l\b|L\b|[Ll]it(?:er|re)s?|ltr|qts?\b\.?|quarts?|gal\b\.?|gallons?|pts?\b\.?|pints?|oz\b\.?|grams?|g\b|kg|lbs?\b\.?|"
    r"pounds?|sec(?:onds?)?\b\.?|s\b|ms\b|min(?:utes?)?\b\.?|hours?|hrs?\b\.?|years?|months?|days?|Hz|kHz|cc\b|cu[\s-]?in\.?|"
    r"turns?|teeth|threads?|steps?|holes?|pins?|cylinders?|dB|N\b|kN|lbf)"
)
"""The units that service manuals print."""

_LIMIT = (
    r"(?:(?:max|min|approx|ca|abt|about|at least|not more than|less than|more than|above|below"
    r"|maggiore di|minore di)\.?\s+)"
)
MEASURED = rf"{_LIMIT}?{NUMBER}\s*{UNIT}(?:\s?@\s?{NUMBER}\s*{UNIT})?(?:\s*(?:max|min)\b\.?)?(?:\s*\([^()]{{1,40}}\))?"
"""A number with its unit, a limit word before or behind it and a conversion in parentheses."""

_MEASURED = re.compile(MEASURED)
_VALUE_ONLY = re.compile(
    rf"^{_LIMIT}?{NUMBER}\s*(?:{UNIT})?(?:\s*(?:[@/,;+]|at|or|to|and|\.{{2,3}})\s*{_LIMIT}?{NUMBER}\s*(?:{UNIT})?)*"
    r"(?:\s*(?:max|min)\b\.?)?(?:\s*\([^()]{1,60}\))?\W*$"
)


def is_value(text: str) -> bool:
    """Whether a text is one value and nothing else, with or without a unit."""
    return bool(_VALUE_ONLY.match(text.strip())) and any(letter.isdigit() for letter in text)


def is_measured(text: str) -> bool:
    """Whether a text is one value with a unit and nothing else."""
    return is_value(text) and bool(_MEASURED.search(text))


def first_measured(text: str) -> str:
    """The first value with a unit in a text; empty when there is none."""
    found = _MEASURED.search(text)
    return found.group().strip() if found else ""
