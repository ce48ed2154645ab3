"""The question that a sentence answers as a whole, worded from its parts."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from pipeline.engines.offline.asking import Asked, asked, worded
from pipeline.engines.offline.clauses import Clause, read_clause
from pipeline.engines.offline.prose import Passage
from pipeline.engines.offline.sentences import Sentence
from pipeline.engines.offline.statement_questions import is_clean, stated
from pipeline.engines.offline.verbs import NOUNS_TOO, gerund, is_order, participle
from pipeline.engines.offline.vocabulary import listed

_LOOKING = re.compile(r"^(?:check|inspect|test|examine|measure|verify|observe|look)\b")

_ASKS = {
    "with": "how", "using": "how", "by": "how", "until": "how", "so": "how", "from": "from what", "off": "from what",
    "in": "where", "into": "where", "on": "where", "onto": "where", "at": "where", "behind": "where",
    "under": "where", "against": "where", "below": "where", "above": "where", "through": "where", "around": "where",
    "to": "to what", "for": "for what", "every": "how often",
}  # fmt: skip
"""The question word for what follows the object of an order."""

_DIRECTION = (
    r"(?:from|to|in|on|at) (?:the )?(?:top|bottom|both|inside|outside|above|below|left|right|front|rear|there|each)\b"
)

_OPEN = listed(
    "a an the of in to with from for by and or at into onto between is are be as than see that which when only its"
)
"""Words that no sentence ends with."""

_NOTHING = re.compile(r"^(?:go to|refer to|see|repeat steps?|as above|perform steps?)\b", re.I)

_NO_MANNER = re.compile(r"(?:\w+ing|and|or|to|prior|in area|see|if|-)(?!\w)", re.I)
"""What behind the object of a check says nothing about how it is done ("replacing if necessary")."""

_UNFINISHED = re.compile(r"^Then\b|\bin (?:\d|two|three|four) (?:phases|stages|steps)\W*$", re.I)
"""A sentence that says nothing without the one before it, or without the list behind it."""

_POINTING = re.compile(
    r"\b(?:aforementioned|above[- ]mentioned|(?:provided|listed|shown|described|specified|given|stated|mentioned|noted)"
    r" (?:above|below)|as follows|(?:this|the following|these|above) (?:tables?|lists?|charts?|conditions?))\b",
    re.I,
)
"""Words that point at a place outside the sentence, without which it says nothing."""


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a sentence stands: the passage, its neighbours on the page and the place name of last resort."""

    passage: Passage
    place: str = ""
    before: str = ""
    """The sentence before this one in the same paragraph."""

    @property
    def opening(self) -> str:
        """The start of a question: job and step, else the place in the manual."""
        return self.passage.topic.opening(self.passage.marker) or self.place

    @property
    def when(self) -> str:
        """What a run-in label adds to the end of a question ("during installation")."""
        label = self.passage.label
        if not label:
            return ""
        repeated = self.passage.topic.sub.lower() == label.lower() or label.lower() in self.passage.topic.sub.lower()
        if repeated:
            return ""
        simple = label.lower() in {
            "installation",
            "removal",
            "assembly",
            "disassembly",
            "adjustment",
            "inspection",
        }
        return f" during {label.lower()}" if simple else f' ("{label}")'


def sentence_pair(sentence: Sentence, setting: Setting) -> Asked | None:
    """The question that a sentence answers as a whole, or None when no clear one can be worded."""
    first = sentences_text(sentence)
    clause = read_clause(first)
    question, kind, rank = _question(clause, setting)
    exact = _exact_question(clause, setting) if clause.verb and clause.object and not clause.negated else ""
    if not _is_whole(sentence.text) or _POINTING.search(sentence.text) or _UNFINISHED.search(sentence.text):
        return None
    shouted = sentence.text.isupper() and len(sentence.text.split()) < 5
    if not question or len(sentence.text.split()) < 2 or sentence.text.endswith(":") or shouted:
        return None
    return asked(question, sentence.text, kind, sentence.words, rank, exact)


def _is_whole(text: str) -> bool:
    """Whether a text reads as a whole sentence: not cut off at its end, and not long without a full stop."""
    words = text.split()
    first = words[0].lower()
    if re.search(r"[.!?\"]$", text) or (text.endswith(")") and is_order(first) and first not in NOUNS_TOO):
        return True
    noun_first = first in NOUNS_TOO and len(re.sub(r"\([^()]*\)", "", text).split()) <= 5
    return (
        words[-1].strip(".,").lower() not in _OPEN
        and len(words) <= (30 if is_order(words[0]) else 18)
        and not noun_first
    )


def sentences_text(sentence: Sentence) -> str:
    """The first full sentence of a text that may hold several."""
    return re.split(r"(?<=(?:[a-z]{2}|[\w][)])[.!])\s+(?=[A-Z])", sentence.text)[0]


def _question(clause: Clause, setting: Setting) -> tuple[str, str, int]:
    if clause.label and not clause.condition:
        setting = replace(setting, passage=replace(setting.passage, label=clause.label))
    if clause.condition and (clause.verb or clause.auxiliary):
        return _conditional(clause, setting)
    if clause.verb:
        return _ordered(clause, setting)
    if clause.subject:
        return _stated(clause, setting)
    return "", "", 9


def _conditional(clause: Clause, setting: Setting) -> tuple[str, str, int]:
    condition = clause.condition[:1].lower() + clause.condition[1:]
    word = condition.split()[0]
    if word in {
        "if",
        "when",
        "before",
        "after",
        "while",
        "once",
        "unless",
        "whenever",
        "until",
    } or condition.startswith(("as soon as", "prior to")):
        asks = "what must be done" if clause.verb else "what applies"
        return worded(setting.opening, f"{asks} {condition}{setting.when}"), "procedural", 4
    return _ordered(clause, setting) if clause.verb and clause.object else ("", "", 9)


def _ordered(clause: Clause, setting: Setting) -> tuple[str, str, int]:
    done = done_to(clause)
    verb = clause.verb.split()[0]
    if not clause.object:
        if _LOOKING.match(clause.verb) and clause.tail:
            return worded(setting.opening, f"what must be {done}{setting.when}"), "inspection", 5
        return "", "", 9
    if clause.negated:
        return (
            worded(setting.opening, f"what must not be done with {clause.object}{setting.when}"),
            "safety",
            2,
        )
    if _NOTHING.match(f"{clause.verb} {clause.object}"):
        return "", "", 9
    be = "are" if _plural(clause.object) else "is"
    if verb == "install" and setting.when == " during installation":
        setting = replace(setting, passage=replace(setting.passage, label=""))
    plain = clause.object.removeprefix("the ")
    if not re.search(r"\b[a-z]", plain) and (not clause.tail or len(plain.split()) > 1):
        return "", "", 9
    if _LOOKING.match(verb) and not clause.tail:
        several = "," in clause.object or clause.label or setting.passage.marker
        return (
            (worded(setting.opening, f"what must be {done}{setting.when}"), "inspection", 5) if several else ("", "", 9)
        )
    if _LOOKING.match(verb):
        return _looked_at(clause, setting, be)
    asks = _asking_word(clause.tail, clause.verb)
    given = f" {clause.condition[:1].lower()}{clause.condition[1:]}" if clause.condition else ""
    if asks:
        return (
            worded(setting.opening, f"{asks} {be} {clause.object} {done}{given}{setting.when}"),
            "procedural",
            4,
        )
    after = _after(setting.before) if not clause.tail and not given and not setting.passage.marker else ""
    what = f"what must be done {after}" if after else f"what must be done with {clause.object}"
    return worded(setting.opening, f"{what}{given}{setting.when}"), "procedural", 5


def _after(before: str) -> str:
    """The sentence before as the end of a question ("after removing the bolts"); empty where it is no plain order."""
    clause = read_clause(before) if before else Clause()
    plain = clause.object and not clause.negated and not clause.condition and not _LOOKING.match(clause.verb)
    return f"after {doing(clause)}" if plain else ""


def _looked_at(clause: Clause, setting: Setting, be: str) -> tuple[str, str, int]:
    """The question about a check: for what, how often or how, and what must be observed where it tells no manner."""
    asks = {"for": "for what", "every": "how often"}.get("" if clause.particle else clause.tail.split()[0], "how")
    if asks == "how" and _NO_MANNER.match(clause.tail):
        asks = f"what must be observed when {doing(clause)}{setting.when}"
        return worded(setting.opening, asks), "inspection", 4
    given = f" {clause.condition[:1].lower()}{clause.condition[1:]}" if clause.condition else ""
    return (
        worded(setting.opening, f"{asks} {be} {clause.object} to be {done_to(clause)}{given}{setting.when}"),
        "inspection",
        4,
    )


def _asking_word(tail: str, verb: str) -> str:
    """The question word that asks for the first phrase behind the object; empty for none that is safe."""
    first = tail.split()[0].lower() if tail else ""
    if re.match(r"in (?:a |the )?(?:ratio|stages|steps|pairs|sequence|(?:\w+ )?order)\b", tail):
        return "how"
    if verb in {"use", "keep", "leave", "make", "let"} or re.match(_DIRECTION, tail):
        return "how" if first in {"with", "by"} else ""
    if first == "to" and re.match(
        r"to (?:be|fit|make|avoid|prevent|ensure|allow|position|remove|install|clear|the)\b", tail
    ):
        return "how"
    if first == "to" and (verb.startswith(("dis", "un", "remove", "check")) or verb in {"loosen", "open", "pull off"}):
        return ""
    if first == "at" and not re.match(
        r"at (?:the )?(?:top|bottom|front|rear|cent|end|point|side|edge|left|right|both|drilled)", tail
    ):
        return ""
    return _ASKS.get(first, "")


def _exact_question(clause: Clause, setting: Setting) -> str:
    """The question with the verb in it, for sentences that work on the same thing."""
    be = "are" if _plural(clause.object) else "is"
    condition = f" {clause.condition[:1].lower()}{clause.condition[1:]}" if clause.condition else ""
    asks = _asking_word(clause.tail, clause.verb)
    if asks:
        return worded(setting.opening, f"what must be done with {clause.object}{condition}{setting.when}")
    return (
        worded(setting.opening, f"how {be} {clause.object} {done_to(clause)}{condition}{setting.when}")
        if clause.tail
        else ""
    )


def done_to(clause: Clause) -> str:
    """What an order has done to its object: "pulled off", "checked and cleaned"."""
    parts = re.split(r"\s+(and|or)\s+", clause.verb)
    done = " ".join(part if part in {"and", "or"} else _last_done(part) for part in parts)
    return f"{done} {clause.particle}".strip()


def _last_done(verb: str) -> str:
    head, _, last = verb.rpartition(" ")
    return f"{head} {participle(last)}".strip()


def doing(clause: Clause) -> str:
    """The order as an activity: "removing the transmission"."""
    verb = " ".join(part if part in {"and", "or"} else gerund(part) for part in clause.verb.split())
    return " ".join(part for part in (verb, clause.particle, clause.object) if part)


def _plural(noun: str) -> bool:
    head = re.split(r"\s+(?:of|for|on|in)\s+|\s+\w+ed\b(?=\s|$)", noun)[0]
    last = head.split()[-1]
    several = last.endswith("s") and not last.endswith(("ss", "us", "is")) and not last.isupper()
    return " and " in f" {head.split(' between ')[0]} " or several


def _stated(clause: Clause, setting: Setting) -> tuple[str, str, int]:
    if len(clause.subject.split()) > 14:
        return "", "", 9
    banned = re.match(r"(?:not|never) be (\w+(?:ed|en|t|wn|ut))\b", clause.tail)
    if banned and clause.auxiliary in {"must", "may", "should", "can", "shall"}:
        return worded(setting.opening, f"what {clause.auxiliary} not be {banned.group(1)}{setting.when}"), "safety", 2
    if clause.subject.lower().startswith("the failure to"):
        return worded(setting.opening, f"what can {clause.subject[4:]} cause"), "safety", 2
    if not is_clean(clause.subject):
        return "", "", 9
    asks = stated(clause) or f"what applies to {clause.subject}"
    kind = "factual" if clause.auxiliary in {"is", "are"} else "inspection"
    return worded(setting.opening, f"{asks}{setting.when}"), kind, 4
