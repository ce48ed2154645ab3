"""Units of measure and numbers: what is the same quantity in another notation, and what is not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

# canonical unit: (dimension, size in the dimension's base unit, spellings without spaces, dots, hyphens and signs)
UNITS: dict[str, tuple[str, float, str]] = {
    "Nm": ("torque", 1.0, "nm newtonmeter newtonmeters newtonmetre newtonmetres"),
    "lbf·ft": (
        "torque",
        1.35582,
        "ftlb ftlbs lbft lbfft ftlbf lbsft footpounds footpound poundfeet ftibs ftib",
    ),
    "lbf·in": ("torque", 0.112985, "inlb inlbs lbin lbfin inlbf inchpounds inchpound inibs"),
    "kgf·m": ("torque", 9.80665, "kgfm kgm mkp mkg"),
    "mm": ("length", 1.0, "mm millimeter millimeters millimetre millimetres"),
    "cm": ("length", 10.0, "cm centimeter centimeters centimetre centimetres"),
    "m": ("length", 1000.0, "meter meters metre metres"),
    "km": ("length", 1e6, "km kilometer kilometers kilometre kilometres"),
    "in": ("length", 25.4, "in inch inches ins \" ''"),
    "ft": ("length", 304.8, "ft foot feet"),
    "mi": ("length", 1609344.0, "mile miles mi"),
    "μm": ("length", 0.001, "μm micron microns"),
    "mm2": ("area", 1.0, "mm2 sqmm"),
    "cm2": ("area", 100.0, "cm2"),
    "bar": ("pressure", 100.0, "bar bars"),
    "mbar": ("pressure", 0.1, "mbar"),
    "psi": ("pressure", 6.89476, "psi psig lb/in2 lbs/in2 lb/sqin lbs/sqin"),
    "kPa": ("pressure", 1.0, "kpa"),
    "MPa": ("pressure", 1000.0, "mpa"),
    "hPa": ("pressure", 0.1, "hpa"),
    "kg/cm2": ("pressure", 98.0665, "kg/cm2 kgf/cm2 kp/cm2"),
    "inHg": ("pressure", 3.38639, "inhg"),
    "mmHg": ("pressure", 0.133322, "mmhg"),
    "°C": ("temperature", 1.0, '°c °°c "c degc celsius degreescelsius centigrade'),
    "°F": ("temperature", 1.0, '°f °°f "f degf fahrenheit degreesfahrenheit'),
    "°": ("angle", 1.0, "° °° deg degree degrees"),
    "V": ("voltage", 1.0, "volt volts vdc vac vss"),
    "mV": ("voltage", 0.001, "mv millivolt millivolts"),
    "kV": ("voltage", 1000.0, "kv"),
    "A": ("current", 1.0, "amp amps ampere amperes"),
    "mA": ("current", 0.001, "ma milliamp milliamps"),
    "Ah": ("charge", 1.0, "ah"),
    "W": ("power", 1.0, "watt watts"),
    "kW": ("power", 1000.0, "kw kilowatt kilowatts"),
    "hp": ("power", 745.7, "hp bhp horsepower"),
    "PS": ("power", 735.499, "ps"),
    "Ω": ("resistance", 1.0, "ω ohm ohms"),
    "kΩ": ("resistance", 1000.0, "kω kohm kohms kiloohm kiloohms kilohm kilohms"),
    "MΩ": ("resistance", 1e6, "megohm megohms megaohm megaohms mohm"),
    "μF": ("capacitance", 1.0, "μf mfd microfarad microfarads"),
    "Hz": ("frequency", 1.0, "hz hertz"),
    "kHz": ("frequency", 1000.0, "khz"),
    "MHz": ("frequency", 1e6, "mhz"),
    "km/h": ("speed", 1.0, "km/h kmh kph"),
    "mph": ("speed", 1.609344, "mph mi/h"),
    "m/s": ("speed", 3.6, "m/s"),
    "rpm": ("rotation", 1.0, "rpm r/min 1/min min1 u/min rev/min"),
    "g": ("mass", 1.0, "gram grams gr"),
    "kg": ("mass", 1000.0, "kg kgs kilogram kilograms"),
    "mg": ("mass", 0.001, "mg"),
    "lb": ("mass", 453.592, "lb lbs pound pounds ibs"),
    "oz": ("mass", 28.3495, "oz ounce ounces"),
    "l": ("volume", 1000.0, "liter liters litre litres ltr ltrs"),
    "ml": ("volume", 1.0, "ml cc cm3 ccm milliliter milliliters millilitre millilitres"),
    "gal": ("volume", 3785.41, "gal gallon gallons usgal"),
    "qt": ("volume", 946.353, "qt qts quart quarts usqt usquarts usquart"),
    "pt": ("volume", 473.176, "pint pints pts"),
    "fl oz": ("volume", 29.5735, "floz usfloz"),
    "cu in": ("volume", 16.3871, "cuin in3"),
    "s": ("time", 1.0, "sec secs second seconds"),
    "ms": ("time", 0.001, "ms msec millisecond milliseconds"),
    "min": ("time", 60.0, "min mins minute minutes"),
    "h": ("time", 3600.0, "hr hrs hour hours"),
    "day": ("age", 1.0, "day days"),
    "month": ("age", 30.4, "month months"),
    "year": ("age", 365.0, "year years"),
    "%": ("share", 1.0, "% percent"),
    "N": ("force", 1.0, "newton newtons"),
    "kN": ("force", 1000.0, "kn"),
    "lbf": ("force", 4.44822, "lbf"),
}

# One letter means a unit only right after a number, and only in this case.
LETTERS = {"A": "A", "V": "V", "W": "W", "N": "N", "m": "m", "g": "g", "l": "l", "L": "l", "s": "s", "h": "h"}
CASED = {"MΩ": "MΩ", "mm": "mm", "kΩ": "kΩ", "KΩ": "kΩ"}
_SPELLINGS = {spelling: unit for unit, (_, _, spellings) in UNITS.items() for spelling in spellings.split()}

# These words are units in a column of their own too; others ("in", "min", "second") need a number before them.
_ALONE = frozenset(
    (
        "Nm",
        "lbf·ft",
        "lbf·in",
        "mm",
        "cm",
        "km",
        "bar",
        "mbar",
        "psi",
        "kPa",
        "MPa",
        "°C",
        "°F",
        "kΩ",
        "MΩ",
        "Ω",
        "rpm",
        "km/h",
        "mph",
        "kW",
        "mA",
        "mV",
        "kV",
        "Hz",
        "kHz",
        "kg",
        "%",
        "ml",
        "mm2",
    )
)

_PART = r"(?:[°\"]{1,2}\s?[CFcf]\b|°{1,2}|%|\"|''|[^\W\d_]+[23]?(?!\w))"
_UNIT = re.compile(rf"({_PART})(?:(?P<gap>\.?\s?[·*/\-]?\s?)({_PART}))?")
_JUNK = re.compile(r"[\s.\-·*]+")
_IN_IS_UNIT = re.compile(r"\s?(?:$|[.,;:)\]]|x\b|lb|\d|dia|hg|or\b|and\b|to\b)", re.I)


def unit_at(text: str, start: int, *, after_number: bool) -> tuple[str, int] | None:
    """The unit that begins at `start` of a plain text and where it ends, or None.

    Two-word units (ft. lbs., k Ω, km / h) win over their first word. Without a number before it only a spelling that
    cannot be an ordinary word counts.
    """
    match = _UNIT.match(text, start)
    if match is None:
        return None
    if match.group(3):
        slash = "/" if "/" in match.group("gap") else ""
        unit = _unit(match.group(1) + slash + match.group(3), after_number)
        if unit and (slash or match.group("gap") or after_number):
            return unit, match.end(3) + (text[match.end(3) : match.end(3) + 1] == ".")
    unit = _unit(match.group(1), after_number)
    if unit is None or (unit == "in" and match.group(1).isalpha() and not _IN_IS_UNIT.match(text, match.end(1))):
        return None
    return unit, match.end(1)


@lru_cache(maxsize=4096)
def _unit(written: str, after_number: bool) -> str | None:
    compact = _JUNK.sub("", written)
    if len(compact) == 1 and compact.isalpha() and compact not in "ΩΩ":
        return LETTERS.get(compact) if after_number else None
    unit = CASED.get(compact) or _SPELLINGS.get(compact.casefold())
    return unit if unit and (after_number or unit in _ALONE) else None


# ---------------------------------------------------------------- numbers

_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+")
_FRACTION = re.compile(r"(?:(\d+) )?(\d{1,2})/(2|4|8|16|32|64)")


@lru_cache(maxsize=8192)
def readings(written: str) -> tuple[str, ...]:
    """The values that a written number may have, the likeliest first, each in one normal form.

    ".75", "0,75" and "0.750" give "0.75"; "3,000" gives "3000" and "3"; "1 1/2" gives "1.5"; "05" gives "05" and "5".
    """
    fraction = _FRACTION.fullmatch(written)
    if fraction:
        whole, over, under = (int(part or 0) for part in fraction.groups())
        value = _trimmed(f"{whole + over / under:.6f}")
        return (value, written) if over < under or whole == 0 else (written,)
    if _THOUSANDS.fullmatch(written):
        return (
            (written.replace(",", ""), _trimmed(written.replace(",", ".", 1)))
            if written.count(",") == 1
            else (written.replace(",", ""),)
        )
    value = _trimmed(written.replace(",", "."))
    bare = value.lstrip("0") or "0"
    return (value, bare) if value.isdigit() and bare != value else (value,)


def _trimmed(number: str) -> str:
    """No zeros that say nothing: one before a lone point is added, those behind the last digit are dropped."""
    if "." not in number or number.count(".") > 1:
        return number
    whole, _, part = number.partition(".")
    part = part.rstrip("0")
    whole = whole.lstrip("0") or "0"
    return f"{whole}.{part}" if part else whole


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in one of its normal forms with its unit ("" where none is written)."""

    value: str
    unit: str


def equal(one: Quantity, other: Quantity) -> bool:
    """Whether both say exactly the same, whatever the unit's multiple: 2.6 kΩ is 2600 Ω, but 25 mm is not 1 in."""
    if one.unit == other.unit:
        return one.value == other.value
    if not _same_system(one.unit, other.unit):
        return False
    first, second = _base(one), _base(other)
    return first is not None and second is not None and abs(first - second) <= 1e-9 * max(abs(first), abs(second))


def converts(one: Quantity, other: Quantity, tolerance: float = 0.03) -> bool:
    """Whether one is the other in a unit of another system, up to the rounding that manuals use (a share)."""
    if one.unit == other.unit or dimension(one.unit) != dimension(other.unit):
        return False
    first, second = _base(one), _base(other)
    return first is not None and second is not None and abs(first - second) <= tolerance * max(abs(first), abs(second))


def dimension(unit: str) -> str | None:
    """What a unit measures, or None for an unknown one."""
    return UNITS[unit][0] if unit in UNITS else None


_DECADES = {f"{10.0**power:.3e}" for power in range(-9, 10)}


def _same_system(one: str, other: str) -> bool:
    if dimension(one) is None or dimension(one) != dimension(other) or "°" in one:
        return False
    return f"{UNITS[one][1] / UNITS[other][1]:.3e}" in _DECADES


def _base(quantity: Quantity) -> float | None:
    try:
        value = float(quantity.value)
    except ValueError:
        return None
    if quantity.unit == "°F":
        return (value - 32) / 1.8
    return value * UNITS[quantity.unit][1] if quantity.unit in UNITS else None
