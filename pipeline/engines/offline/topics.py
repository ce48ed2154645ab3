"""What a passage is about: headings of a page, and the words with which a question names them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from pipeline.engines.offline.verbs import gerund, is_order
from pipeline.engines.offline.vocabulary import listed

REPAIR_CODE = re.compile(r"^\d{2}\s?\d{2}\s?(?:\d{3}|\.{2,3}|…)(?=\s|$)")
"""A repair code at the start of a line: three groups of digits, the last one possibly left open."""

_SECTION = re.compile(r"^((?:\d{1,4}|[A-Z])-\d{1,3})\.?\s+(?=[A-Z])")
_TABLE = re.compile(r"^(Table|TABLE|Tabelle|Tabella)\s+([A-Z]?-?\d+(?:[-–.]\d+)?)[.:]?\s+(?=[A-Z])")
_NUMBERED = re.compile(r"^\d{1,2}\.\s+")
_SUBSECTION = re.compile(r"^([a-z]{1,2})\.\s*([A-Z][^.:;]*)$")
_CONTINUED = re.compile(r"[\s\-–—]*[(\[]?\b(?:cont['’`´]?d|continued)\b\.?[)\]]?[.\s]*$", re.I)
_INDEX_TITLE = re.compile(r"^(.*?)\s+[-–—]+\s+((?:\w+(?:\s*(?:/|,|and|or)\s*)?)+)(\s+(?:for|in|on|from|of)\b.*)?$")
_DOING = r"\w+ing\b(?:\s+(?:up|out|off|on|in|down)\b)?"
_GERUNDS = re.compile(rf"^({_DOING}(?:(?:\s*/\s*|\s*,\s*|\s+and\s+|\s+or\s+){_DOING})*(?:\s*/(?=\s))?)\s+(\S.*)$")
_NAMING = listed(
    """parking steering bearing spring housing timing lining wiring lighting heating fitting coupling mounting
    warning opening building ring string braking wing casing bushing sealing cooling charging"""
)
"""Words that end in -ing and name a thing behind an activity ("adjusting parking brake")."""

_DATA = re.compile(
    r"^(?:torques?|orders?|sequences?|values?|specifications?|pressures?|temperatures?|instructions?|data|limits?"
    r"|angles?|voltages?|tools?|equipment|conditions?|steps?|results?)\b",
    re.I,
)
"""What an -ing form names when it stands before one of these ("tightening torques", "operating pressure")."""

_NO_ARTICLE = re.compile(r"^(?:the|a|an|all|both|for|of|in|on|with|from|parts?\b|new|to|up|out|off)\b", re.I)
_ACRONYMS = listed(
    """abs ac acc aux bmw ccm cd co cpu dc dme dtc ecm ecu efi egr eps esp fwd gps hc hp id iso ii iii iv kpa
    led lcd lh ml mot nbc nsn obd oem ohc pcv pmcs psi ptc pto rh rhd lhd rom rpm rwd sae si srs tdc tm tps
    usa us vin wot 4wd awd 2wd eec ets asc ews hvac hmmwv ntc pcb cat i.a.w."""
)


@dataclass(frozen=True, slots=True)
class Topic:
    """The heading that a passage stands under: printed title, its code or number, and a sub-heading."""

    title: str = ""
    code: str = ""
    sub: str = ""
    printed: bool = False
    """Whether the heading stands on the page, as distinct from one carried over from the page before."""

    def opening(self, step: str = "") -> str:
        """The start of a question that names the topic and ends with a comma; empty when there is no title.

        "When removing and installing the flywheel (11 22 000)," or 'In step 2 of "Cylinder block repair" (2-16),'.
        """
        if not self.title:
            return ""
        number = f" ({self.code})" if self.code else ""
        doing = as_activity(self.title)
        if doing and not step:
            return f"When {doing}{number}" + (f" ({lowered(self.sub.upper())})" if self.sub else "") + ","
        name = self.title if not self.sub else f"{self.title}: {self.sub}"
        return f'In {f"step {step} of " if step else ""}"{sentence_case(name)}"{number},'

    def about(self) -> str:
        """The topic as a noun phrase for the end of a question: 'removing and installing the flywheel (11 22 000)'."""
        number = f" ({self.code})" if self.code else ""
        if not self.title:
            return ""
        doing = as_activity(self.title)
        return (doing or f'"{sentence_case(self.title)}"') + number


def heading(text: str) -> Topic | None:
    """Read one line (or several joined) as a heading, or None: repair code, section number or capitals."""
    plain = _CONTINUED.sub("", text.strip(" *•")).strip()
    code = REPAIR_CODE.match(plain)
    if code:
        title = plain[code.end() :].strip(" -–—")
        return Topic(title, code.group().strip()) if mostly_capitals(title, 0.7) else None
    section = _SECTION.match(plain)
    if section and mostly_capitals(plain[section.end() :], 0.6) and not plain.endswith("."):
        return Topic(plain[section.end() :].strip(" .-"), section.group(1))
    table = _TABLE.match(plain)
    if table and len(plain.split()) <= 14:
        return Topic(plain[table.end() :].strip(" .-"), f"table {table.group(2)}")
    plain = _NUMBERED.sub("", plain)
    if mostly_capitals(plain, 0.85) and len(re.findall(r"[A-Z]{3,}", plain)) >= 1 and len(plain) >= 8:
        return Topic(plain.strip(" .-–—:"))
    return None


def subheading(text: str) -> str | None:
    """The name in a lettered sub-heading ("c. Inspection" -> "Inspection"), else None."""
    found = _SUBSECTION.match(_CONTINUED.sub("", text.strip()))
    return found.group(2).strip() if found and len(found.group(2).split()) <= 6 else None


def mostly_capitals(text: str, share: float) -> bool:
    """Whether at least `share` of the letters are capitals, and there are four letters or more."""
    letters = [letter for letter in text if letter.isalpha()]
    return len(letters) >= 4 and sum(letter.isupper() for letter in letters) >= share * len(letters)


def without_continued(title: str) -> str:
    """A title without its "(Cont'd)"."""
    return _CONTINUED.sub("", title).strip()


def lowered(title: str) -> str:
    """A title as it stands inside a sentence: capitals lowered, abbreviations and codes left as they are."""
    shouted = sum(len(word) >= 4 and word.strip("(),.-").isupper() for word in title.split())
    if not mostly_capitals(title, 0.6) and shouted < 2:
        first, _, rest = title.partition(" ")
        return f"{first if _stays(first) else first.lower()}{_}{rest}"
    return " ".join(_lowered_word(word) for word in title.split())


def sentence_case(title: str) -> str:
    """A title lowered, with a capital at its start."""
    text = lowered(title)
    return text[:1].upper() + text[1:]


def _lowered_word(word: str) -> str:
    bare = word.strip("().,;:/-\"'")
    return (
        word
        if _stays(bare) or bare.lower() in {"a/c", "n/a"} or bare.split("/")[0].lower() in _ACRONYMS
        else word.lower()
    )


def _stays(word: str) -> bool:
    letters = [letter for letter in word if letter.isalpha()]
    vowels = any(letter in "aeiouyAEIOUY" for letter in letters)
    if word.lower() in _ACRONYMS or any(letter.isdigit() for letter in word):
        return True
    return (len(letters) == 1 and word not in {"A", "a"}) or (word.isupper() and len(letters) > 1 and not vowels)


def as_activity(title: str) -> str:
    """A title as an activity: "REMOVING AND INSTALLING FLYWHEEL" or "Flywheel - remove and install" both give
    "removing and installing the flywheel"; empty for titles that name no activity."""
    text = lowered(title)
    indexed = _INDEX_TITLE.match(text)
    if indexed:
        doing = _gerunds_of(indexed.group(2))
        if doing:
            return f"{doing} {_with_article(indexed.group(1))}{indexed.group(3) or ''}"
    found = _GERUNDS.match(text)
    if not found or found.group(1).split()[0] in _NAMING:
        return ""
    rest = found.group(2).strip()
    if not rest or _DATA.match(rest):
        return ""
    doing = re.sub(r"\s*/\s*$", " or", re.sub(r"\s*/\s*(?=\S)", " or ", found.group(1)).strip())
    return f"{doing} {_with_article(rest)}"


def _gerunds_of(verbs: str) -> str:
    words = re.findall(r"\w+|/|,", verbs)
    known = [word for word in words if is_order(word)]
    if not known or any(not is_order(word) and word not in {"/", ",", "and", "or"} for word in words):
        return ""
    return " ".join("or" if word == "/" else gerund(word) if is_order(word) else word for word in words if word != ",")


def _with_article(noun: str) -> str:
    return noun if _NO_ARTICLE.match(noun) or (noun.endswith("s") and " for " not in noun) else f"the {noun}"


def under(topic: Topic, sub: str) -> Topic:
    """The same topic with another sub-heading; one that repeats the title says nothing new."""
    return replace(topic, sub="" if sub.casefold() == topic.title.casefold() else sub)
