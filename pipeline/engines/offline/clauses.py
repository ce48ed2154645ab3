"""One sentence taken apart: condition, verb, object and the rest, as far as a question needs them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.engines.offline.verbs import ADVERBS, NOUNS_TOO, PARTICLES, is_order
from pipeline.engines.offline.vocabulary import listed

CALLOUT = r"\((?:[A-Z]|\d{1,2}[a-z]?)(?:\s*(?:,|and|or|to|thru|through|\.{2,3}|…|-|\+|/)\s*(?:[A-Z]|\d{1,2}[a-z]?))*\)"
"""A callout in running text: "(3)", "(A)", "(1 and 2)", "(2 ... 4)"."""

_CALLOUTS = re.compile(rf"\s*{CALLOUT}(?:\s*(?:,|and|or)\s*{CALLOUT})*")
_LOOSE_END = re.compile(r"(?:\s+(?:for|of|and|or|also|then|only|always|again|more|less|several times|apart|\w+ly))+$")
_TOOL = re.compile(r"\b(\d{2}) (\d) (\d{3}(?:/\d{3})?)\b")
_OPENING = re.compile(
    r"^(?:If|When|Before|After|While|Whenever|Once|Unless|As soon as|Prior to|Without|Until|Using|From|On|With|For|In"
    r"|At|During|To|By|Due to|Even if|Since|Starting|Working)\b"
)
_LABELLED = re.compile(r"^([A-Z][^.:;!?]{1,60}?):\s+(?=\S)")
_COMPOUND = re.compile(
    r"^((?:(?:inert|shielded) gas|(?:resistance |plug )?spot|tack|gas|plug|arc|butt|seam) (?:and \w+ )?weld"
    r"|steam clean|hand tighten|torque tighten|dry clean|spray paint)\b",
    re.I,
)
_NUMBERED = listed(
    """no. no nos. step steps wire wires terminal terminals pin pins fuse line lines item items part position
    pos. connector connectors figure fig. table paragraph para. tool tools size type group phase stage"""
)
_STOP = listed(
    """with from to in on at for by until and or if when while where as so that using into onto against between
    of before after during prior along toward towards through without below above behind under over within
    around per via – — - -- = because since but however then than who which near inside outside upward
    downward counterclockwise clockwise see finger is are must can may"""
)
_DETERMINERS = listed("a an the all both each every any one two three four five six seven eight nine ten no")
_NO_NOUN = listed("it them this that these those if here there whether how which what for until to on in when")
_AUXILIARIES = listed(
    """is are was were must may can could should will shall has have had needs need contains contain indicates
    indicate means mean faces face requires require consists consist permits permit shows show does do
    prevents prevent causes cause applies apply remains remain corresponds serves designates allows gives
    lies fits cannot would might equals provides provide includes include comes come goes results supplies
    controls"""
)
_PROCESSES = listed("steam seal weld oil water vacuum torque test")
"""Words that name a process when an -ing form follows ("steam cleaning")."""

_MOSTLY_VERBS = listed("measure check drain turn wash wipe spray mark lift paint load slide twist cut charge fill")
"""Words that are verbs behind "and" when a noun follows them ("and measure tilt play")."""

_STATES = listed(
    """pressed clean dry accessible free open closed ready available tight loose stored clear visible flush"""
)
"""How something is kept or made; no part of its name."""

_MEASURES = listed("distance gap clearance play space connection voltage resistance relation difference angle")
"""Things that stand between two others and take them into their name."""

_PUTTING = listed("press drive knock tap fit insert put screw force")
"""Verbs that have no sense without an object: an "in" or "on" right behind them is a part of them."""

_OPENS_ORDER = ADVERBS | listed("never do don't")
"""Words besides verbs that an order begins with behind its introduction."""

_LOOKING = listed("check inspect test examine measure search")


@dataclass(frozen=True, slots=True)
class Clause:
    """The parts of a sentence.

    `condition` is the introductory part ("If the pedal gives"), `label` a run-in name before a colon. An order has
    `verb` (plain form), `particle`, `object` and `tail`, and is `negated` when it forbids; a statement has
    `subject`, `auxiliary` and `tail`.
    """

    condition: str = ""
    label: str = ""
    verb: str = ""
    particle: str = ""
    object: str = ""
    tail: str = ""
    subject: str = ""
    auxiliary: str = ""
    negated: bool = False


def read_clause(text: str) -> Clause:
    """Take a sentence apart; a sentence that is neither order nor statement has only condition and label."""
    rest, label, condition = _TOOL.sub(r"\1_\2_\3", text.rstrip(" .!")), "", ""
    rest = re.sub(
        r"^(?:If (?:necessary|required|needed)|First|Then|Next|Finally),?\s+(\w)",
        lambda m: m.group(1).upper(),
        rest,
    )
    labelled = _LABELLED.match(rest)
    if labelled and not _orders(labelled.group(1).split()):
        label, rest = labelled.group(1), rest[labelled.end() :]
    split = _introduced(rest)
    if split:
        condition, rest = rest[:split].rstrip(" ,:").replace("_", " "), rest[split:]
    forbidden = re.match(r"(?:Do not|Don['’´`]?t|Never|do not|never)\s+(?=\w)", rest)
    words = (rest[forbidden.end() :] if forbidden else rest).split()
    start = None if label and _names_things(words) else _order_at(words)
    if start is None or (forbidden and start):
        return _statement(words, condition, label)
    return _order(words[start:], condition, label, negated=forbidden is not None)


def _orders(label: Sequence[str]) -> bool:
    """Whether the words before a colon are an order and no name that begins with such a word ("Test condition:")."""
    first = label[0].lower()
    return is_order(first) and not (first in NOUNS_TOO and len(label) <= 3 and label[-1].lower() not in PARTICLES)


def _names_things(words: Sequence[str]) -> bool:
    """Whether the words behind a label are a list that only begins like an order ("Lamps: turn signals, ...")."""
    first, second = words[0], words[1].lower() if len(words) > 1 else ""
    return first.islower() and first in NOUNS_TOO - _LOOKING and second not in _DETERMINERS | PARTICLES


def _introduced(text: str) -> int:
    """Where the main clause starts behind an introductory one ("If the pedal gives, ..."); 0 when there is none."""
    if not _OPENING.match(text):
        return 0
    for mark in re.finditer(r"[,:]\s+(?=[a-z(])", text):
        rest = text[mark.end() :].split()
        first = rest[0].strip(",(")
        main = (
            is_order(first)
            or first.lower() in _OPENS_ORDER
            or any(word.strip(",").lower() in _AUXILIARIES for word in rest[:9])
        )
        if 2 <= len(text[: mark.start()].split()) <= 22 and main and first not in {"and", "or", "but"}:
            return mark.end()
    return _order_without_comma(text)


def _order_without_comma(text: str) -> int:
    """Where the order starts that follows an introduction without a comma ("After machining ... install only ...")."""
    if not re.match(r"(?:After|Before|When|While|Prior to)\b", text) or re.search(r"[,:]", text):
        return 0
    words = list(re.finditer(r"\S+", text))
    for place, word in enumerate(words[3:14], start=3):
        plain = word.group().strip(",.")
        if (
            is_order(plain)
            and plain not in NOUNS_TOO
            and plain.islower()
            and words[place - 1].group() not in {"to", "and", "or", "not"}
        ):
            return word.start()
    return 0


def _order_at(words: Sequence[str]) -> int | None:
    """Where the verb of an order stands among the first words, or None."""
    if _COMPOUND.match(" ".join(words[:3])):
        return 0
    for number, word in enumerate(words[:3]):
        plain = word.strip(",;:").lower()
        if is_order(plain):
            return None if _names_a_thing(plain, words[number + 1 :]) else number
        if plain not in ADVERBS:
            return None
    return None


def _names_a_thing(verb: str, rest: Sequence[str]) -> bool:
    """Whether a word that could be a verb is the subject or a part of a name after all."""
    following = rest[0].lower().strip(",") if rest else ""
    if (following in _AUXILIARIES and following != "contains") or (following.endswith("ing") and verb in _PROCESSES):
        return True
    return verb in NOUNS_TOO and any(
        word.lower() in _AUXILIARIES
        and not {"that", "if", "when", "until", "which", "where", "whether", "let"} & set(rest[:number])
        for number, word in enumerate(rest[:7])
    )


def _order(words: Sequence[str], condition: str, label: str, *, negated: bool) -> Clause:
    compound = _COMPOUND.match(" ".join(words))
    size = len(compound.group().split()) if compound else 1
    verb, rest = " ".join(words[:size]).strip(",").lower(), list(words[size:])
    if len(rest) >= 2 and rest[0] in {"and", "or", "/"} and is_order(rest[1].strip(",")):
        verb, rest = f"{verb} {rest[0]} {rest[1].strip(',').lower()}", rest[2:]
    particle = ""
    if rest and rest[0].lower() in PARTICLES and (verb in _PUTTING or not _is_preposition(rest)):
        particle, rest = rest[0].lower(), rest[1:]
    while rest and rest[0].lower().strip(",") in ADVERBS:
        rest = rest[1:]
    cut = _end_of_noun(rest, looking=verb.split()[0] in _LOOKING)
    if verb in {"keep", "make", "leave", "hold"} and cut > 1 and rest[cut - 1].strip(",.") in _STATES:
        cut -= 1
    tail = " ".join(rest[cut:]).replace("_", " ")
    return Clause(condition, label, verb, particle, noun(rest[:cut]), tail, negated=negated)


def _is_preposition(rest: Sequence[str]) -> bool:
    """Whether "on", "in", "over" ... behind a verb opens a phrase of place and is no part of the verb."""
    return len(rest) > 1 and rest[0].lower() in {"in", "on", "over", "through"} and rest[1].lower() in _DETERMINERS


def _end_of_noun(words: Sequence[str], *, looking: bool) -> int:
    """Where the object of an order ends: at a preposition, a comma, a number with a unit, or 'and' plus a verb."""
    for number, word in enumerate(words):
        if (number and _ends_noun(words, number, looking)) or (not number and word.lower() in _STOP - {"that"}):
            return number
        if word.endswith((",", ";", ":")) and not _lists(words[number + 1 :]):
            return number + 1
    return len(words)


def _ends_noun(words: Sequence[str], number: int, looking: bool) -> bool:
    word, rest = words[number], words[number + 1 :]
    plain, before = word.lower().strip("(),;:"), words[number - 1].lower().strip("(,")
    if plain in {"and", "or"}:
        return _opens_order(rest)
    if plain == "between" and before in _MEASURES:
        return False
    if plain in {"of", "for"} and rest:
        return rest[0] in {"and", "or"} or (looking and plain == "for")
    if plain in _STOP or plain in PARTICLES or plain in ADVERBS or plain in {"a", "an", "every"}:
        return before not in {"no", "no."} and not word.startswith("(")
    if (
        plain.isdigit()
        and before in {"and", "or", "to", "thru", "through", ","}
        and words[number - 2].strip("(),").isdigit()
    ):
        return False
    if re.match(r"^(?:approx\.?|about|max\.?|\d+(?:[.,]\d+)?[°%]?)$", plain) and not word.endswith(")"):
        return before not in _NUMBERED and not word.startswith("(")
    return word.startswith(('"', "“")) or (word.startswith("(") and not re.match(r"^\((?:[A-Z]|\d{1,2}[a-z]?)\b", word))


def _opens_order(rest: Sequence[str]) -> bool:
    first = rest[0].strip(",;.").lower() if rest else ""
    if first in ADVERBS:
        return True
    if not is_order(first):
        return False
    second = rest[1].lower().strip(",.") if len(rest) > 1 else ""
    if first not in NOUNS_TOO or second in PARTICLES or second in _DETERMINERS:
        return True
    return first in _MOSTLY_VERBS and bool(second) and second not in _STOP and not second.startswith("(")


def _lists(rest: Sequence[str]) -> bool:
    """Whether the words behind a comma go on with a list of things ("..., damper (3) and filter (4)")."""
    if not rest:
        return False
    first = rest[0].lower()
    if first in {"and", "or"}:
        return not _opens_order(rest[1:])
    plain = first not in _STOP and not first.endswith("ing") and not (is_order(first) and first not in NOUNS_TOO)
    joint = next((number for number, word in enumerate(rest[:8]) if word in {"and", "or"}), None)
    return plain and joint is not None and not _opens_order(rest[joint + 1 :])


def noun(words: Sequence[str]) -> str:
    """Words as a noun phrase for a question: an article where none stands, callout numbers left out."""
    text = _CALLOUTS.sub("", " ".join(words)).replace("_", " ").strip(" ,;:.*–-")
    text = _LOOSE_END.sub("", text)
    text = re.sub(r"^([Tt]he )?I(?=[a-z])", lambda found: f"{found.group(1) or ''}i", text)
    if not re.search(r"[A-Za-z]{2,}", text) or text.count("(") != text.count(")"):
        return ""
    first = text.split()[0].lower()
    if first in {"this", "these"} and len(text.split()) > 1:
        return f"the {text.split(maxsplit=1)[1]}"
    if first in _DETERMINERS or first[0].isdigit() or (first.endswith("ing") and " the " in text):
        return text
    if first in _NO_NOUN or first in ADVERBS:
        return ""
    return text if re.match(r"(?:its|their|special tools?\b)", text, re.I) else f"the {text}"


def _statement(words: Sequence[str], condition: str, label: str) -> Clause:
    for number, word in enumerate(words[:14]):
        plain = word.lower().strip(",")
        if number and plain in _AUXILIARIES and words[number - 1].lower() not in {"to", "that", "which", "if"}:
            first = words[0] if _named(words[0]) else words[0][:1].lower() + words[0][1:]
            start = 1 if (first.lower() in ADVERBS or re.match(r"\w+ly$", first)) and number > 1 else 0
            first = first if not start else words[1]
            subject = noun([first, *words[start + 1 : number]])
            subject = subject.split(",")[0] if " with " in subject.split(",")[0] else subject
            odd = re.search(r"[≈=<>Ω±]|^(?:their|its)\b|^\W*\d+ [A-Z].* \d+ [A-Z]", subject)
            usable = not odd and "," not in subject and "there" not in subject.split() and first.lower() not in _STOP
            tail = " ".join(words[number + 1 :]).replace("_", " ")
            return Clause(condition, label, subject=subject if usable else "", auxiliary=plain, tail=tail)
    return Clause(condition, label)


def _named(word: str) -> bool:
    letters = [letter for letter in word if letter.isalpha()]
    return len(letters) != len(word) or sum(letter.isupper() for letter in letters) > 1
