"""What readers, models and people take for one another: digits, units, sides, limits, a "not"."""

from __future__ import annotations

import re

LOOKS_LIKE = {
    "0": "68",
    "1": "74",
    "2": "73",
    "3": "82",
    "4": "19",
    "5": "63",
    "6": "58",
    "7": "12",
    "8": "36",
    "9": "04",
}

# canonical unit: (canonical unit, as written) of those that are taken for it
TAKEN_FOR: dict[str, list[tuple[str, str]]] = {
    "Nm": [("lbf·ft", "ft. lbs."), ("kgf·m", "kgf·m")],
    "lbf·ft": [("Nm", "Nm"), ("lbf·in", "in. lbs.")],
    "lbf·in": [("lbf·ft", "ft. lbs."), ("Nm", "Nm")],
    "mm": [("cm", "cm"), ("in", "in.")],
    "cm": [("mm", "mm"), ("in", "in.")],
    "m": [("ft", "ft."), ("mm", "mm")],
    "in": [("mm", "mm"), ("cm", "cm")],
    "ft": [("m", "m"), ("in", "in.")],
    "km": [("mi", "miles")],
    "mi": [("km", "km")],
    "bar": [("psi", "psi"), ("kPa", "kPa")],
    "psi": [("bar", "bar"), ("kPa", "kPa")],
    "kPa": [("bar", "bar"), ("psi", "psi")],
    "°C": [("°F", "°F")],
    "°F": [("°C", "°C")],
    "V": [("mV", "mV"), ("A", "A")],
    "mV": [("V", "V")],
    "A": [("mA", "mA"), ("V", "V")],
    "mA": [("A", "A")],
    "Ω": [("kΩ", "kΩ")],
    "kΩ": [("Ω", "Ω")],
    "MΩ": [("kΩ", "kΩ")],
    "W": [("kW", "kW")],
    "kW": [("W", "W"), ("hp", "hp")],
    "hp": [("kW", "kW")],
    "km/h": [("mph", "mph")],
    "mph": [("km/h", "km/h")],
    "kg": [("lb", "lbs"), ("g", "g")],
    "g": [("kg", "kg"), ("oz", "oz")],
    "lb": [("kg", "kg")],
    "l": [("qt", "quarts"), ("ml", "ml")],
    "ml": [("l", "liters")],
    "qt": [("l", "liters")],
    "gal": [("l", "liters")],
    "s": [("min", "minutes"), ("ms", "ms")],
    "ms": [("s", "seconds")],
    "min": [("s", "seconds"), ("h", "hours")],
    "h": [("min", "minutes")],
    "month": [("year", "years")],
    "year": [("month", "months")],
    "rpm": [("Hz", "Hz")],
    "Hz": [("kHz", "kHz")],
}

_OPPOSITES = (
    ("left", "right"),
    ("lh", "rh"),
    ("front", "rear"),
    ("upper", "lower"),
    ("top", "bottom"),
    ("inner", "outer"),
    ("inside", "outside"),
    ("intake", "exhaust"),
    ("inlet", "outlet"),
    ("clockwise", "counterclockwise"),
    ("positive", "negative"),
)
OPPOSITE_SIDES = {one: other for pair in _OPPOSITES for one, other in (pair, pair[::-1])}


def _whole(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b{words}", re.IGNORECASE)


# A "not" that is lost or added.
NEGATIONS = (
    (_whole(r"do not "), ""),
    (_whole(r"must not be\b"), "must be"),
    (_whole(r"should not be\b"), "should be"),
    (_whole(r"(?:can|may) not be\b"), "may be"),
    (_whole(r"is not\b"), "is"),
    (_whole(r"are not\b"), "are"),
    (_whole(r"never\b"), "always"),
    (_whole(r"without\b"), "with"),
    (_whole(r"must be\b"), "must not be"),
    (_whole(r"should be\b"), "should not be"),
)

# A limit turned round.
LIMITS = (
    (_whole(r"max\."), "min."),
    (_whole(r"min\.(?= |$)"), "max."),
    (_whole(r"maximum\b"), "minimum"),
    (_whole(r"minimum\b"), "maximum"),
    (_whole(r"at least\b"), "at most"),
    (_whole(r"at most\b"), "at least"),
    (_whole(r"(?:more|greater|higher) than\b"), "less than"),
    (_whole(r"less than\b"), "more than"),
    (_whole(r"not exceed\b"), "exceed"),
    (_whole(r"above\b(?= -?\d)"), "below"),
    (_whole(r"below\b(?= -?\d)"), "above"),
)

# Verbs that are no nouns in a manual: "release lever" is a part.
_ORDERS = re.compile(
    r"\s*(?:add|adjust|apply|attach|bleed|check|clean|close|connect|depress|disconnect|drain|fill|insert|install|loosen"
    r"|lubricate|open|pour|press|pull|push|raise|remove|replace|tighten|unscrew|use)\s+[a-z(]",
    re.IGNORECASE,
)


def is_order(text: str) -> bool:
    """Whether a text tells someone to do something: Replace the seal."""
    return _ORDERS.match(text) is not None
