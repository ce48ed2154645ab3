"""Pairs from instructions: steps, loose imperative sentences, conditions and plain statements.

Every sentence gives at most one question that its own words answer, and the answer is the sentence as printed, so
that nothing is left out of a step. The question names the job (heading and repair code), the step number where one
is printed, and the thing that is worked on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.engines.offline.asking import LONGEST_ANSWER, Asked, asked, worded, words_for
from pipeline.engines.offline.clauses import Clause, read_clause
from pipeline.engines.offline.key_values import value_pair
from pipeline.engines.offline.prose import Passage, Sentence, sentences_of
from pipeline.engines.offline.tools import is_only_tool, reference_pair, tool_pairs
from pipeline.engines.offline.torque import torque_pair
from pipeline.engines.offline.value_rows import value_row_pairs, without_values
from pipeline.engines.offline.verbs import NOUNS_TOO, gerund, is_order, participle
from pipeline.engines.offline.vocabulary import listed

_LOOKING = re.compile(r"^(?:check|inspect|test|examine|measure|verify|observe|look)\b")
_ASKS = {
    "with": "how", "using": "how", "by": "how", "until": "how", "so": "how", "from": "from what", "off": "from what",
    "in": "where", "into": "where", "on": "where", "onto": "where", "at": "where", "behind": "where",
    "under": "where", "against": "where", "below": "where", "above": "where", "through": "where", "around": "where",
    "to": "to what", "for": "for what",
}  # fmt: skip
"""The question word for what follows the object of an order."""

_DIRECTION = r"(?:from|to|in|on|at) (?:the )?(?:top|bottom|both|inside|outside|above|below|left|right|front|rear|there|each)\b"
_OPEN = listed("a an the of in to with from for by and or at into onto between is are be as than see that which when only its")
"""Words that no sentence ends with."""

_NOTHING = re.compile(r"^(?:go to|refer to|see|repeat steps?|as above|perform steps?)\b", re.I)


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


def step_pairs(passage: Passage, place: str = "", above: Sequence[str] = ()) -> Iterator[Asked]:
    """The pairs of one passage: torque, value, tool and reference questions, else the sentence as a whole.

    `above` are the sentences of the same paragraph before this passage, for values that belong to them.
    """
    before = list(above)
    rest, values = without_values(passage)
    yield from value_row_pairs(values, Setting(passage, place).opening, Setting(passage, place).when)
    if rest is None:
        return
    passage = rest
    for sentence in short_enough(_whole_step(passage) if passage.marker else sentences_of(passage)):
        yield from _pairs_of(sentence, Setting(_at(passage, before, above), place), before)
        before.append(sentence.text)


def short_enough(sentences: Sequence[Sentence]) -> Iterator[Sentence]:
    """Sentences, long ones cut before the reason that they end with, so that they can be answered with."""
    for sentence in sentences:
        cut = _cut_of(sentence.text)
        if len(sentence.text.split()) <= LONGEST_ANSWER or not cut:
            yield sentence
            continue
        main, why = sentence.text[:cut].rstrip(" ,"), sentence.text[cut:].lstrip(" ,")
        yield Sentence(main, tuple(words_for(main, sentence.words)))
        if re.match(r"since|because|otherwise", why):
            yield Sentence(f"{why[:1].upper()}{why[1:]}", tuple(words_for(why, sentence.words)))


def _cut_of(text: str) -> int:
    """Where a long sentence may end early: before its reason or purpose, else before a remark in parentheses."""
    for pattern in (r",\s+(?:since|because|otherwise|in order|to avoid)\b", r"\s+\((?:also|see|refer|[^()]*\w+ \w+ \w+ \w+)"):
        cuts = [found.start() for found in re.finditer(pattern, text)]
        fitting = [cut for cut in cuts if 8 <= len(text[:cut].split()) <= LONGEST_ANSWER]
        if fitting:
            return max(fitting)
    return 0


def _at(passage: Passage, before: Sequence[str], above: Sequence[str]) -> Passage:
    """The passage with its label; a label that names a version holds for the first sentence only."""
    version = re.match(r"(?i)engine|models?\b|type|version|cars?\b|vehicles?\b|from |since |up to ", passage.label)
    return replace(passage, label="") if version and len(before) > len(above) else passage


def _pairs_of(sentence: Sentence, setting: Setting, before: Sequence[str]) -> Iterator[Asked]:
    clause = read_clause(sentences_text(sentence))
    opening, when = setting.opening, setting.when
    exact = (
        meaning_pair(sentence, opening, when)
        or led_pair(sentence, opening, when)
        or torque_pair(sentence, opening, when, before)
        or value_pair(sentence, opening, when, before)
    )
    if exact is None:
        exact = reference_pair(sentence, clause, doing(clause), opening, when)
    if exact is not None:
        yield exact
    to_do = " ".join(part for part in (clause.verb, clause.particle, clause.object) if part)
    tools = list(tool_pairs(sentence, clause, _done(clause) if clause.verb else "", to_do, opening, when))
    yield from tools
    if exact is None and not (tools and is_only_tool(sentence, clause)):
        whole = sentence_pair(sentence, setting)
        if whole is not None:
            yield whole


def _whole_step(passage: Passage) -> list[Sentence]:
    """Sentences of a step, following ones joined to the first while the whole stays short enough to answer with."""
    sentences = sentences_of(passage)
    merged: list[Sentence] = []
    for sentence in sentences:
        dependent = merged and (len(sentence.text.split()) <= 6 or sentence.text.startswith(("Repeat", "Replace")))
        if dependent and len((merged[-1].text + sentence.text).split()) < LONGEST_ANSWER:
            last = merged.pop()
            sentence = Sentence(f"{last.text} {sentence.text}", last.words + sentence.words)
        merged.append(sentence)
    return merged


def sentence_pair(sentence: Sentence, setting: Setting) -> Asked | None:
    """The question that a sentence answers as a whole, or None when no clear one can be worded."""
    first = sentences_text(sentence)
    clause = read_clause(first)
    question, kind, rank = _question(clause, setting)
    exact = _exact_question(clause, setting) if clause.verb and clause.object and not clause.negated else ""
    if not _is_whole(sentence.text):
        return None
    shouted = sentence.text.isupper() and len(sentence.text.split()) < 5
    if not question or len(sentence.text.split()) < 2 or sentence.text.endswith(":") or shouted:
        return None
    return asked(question, sentence.text, kind, sentence.words, rank, exact)


def meaning_pair(sentence: Sentence, opening: str, when: str) -> Asked | None:
    """What a reading means ("Reading > 80 ohms: lamp faulty"), what is referred to, and what something is not for."""
    reading = re.match(
        r"^((?:Reading|Measured value|Value|Display)\b[^:=]*\d[^:=]*?)\s*[:=]\s+(\D.{5,})$", sentence.text
    )
    if reading:
        question = f'what does "{reading.group(1).strip()}" indicate{when}'
        return asked(worded(opening, question), reading.group(2), "diagnostic", sentence.words, 2)
    pointed = re.match(
        r"^(?:Also )?[Rr]efer to (test steps?|steps?|paragraphs?|tables?|figures?|sections?|(?:[a-z]+ ){1,4}in) (\d[\w ,.-]*?)\W*$",
        sentence.text,
    )
    if pointed and opening:
        thing = pointed.group(1).removesuffix(" in")
        asks = (
            f"which section is referred to for the {thing}"
            if thing != pointed.group(1)
            else f"which {thing} must be referred to"
        )
        return asked(
            worded(opening, f"{asks}{when}"),
            pointed.group(2),
            "navigation",
            words_for(pointed.group(2), sentence.words),
            3,
        )
    group = re.match(r"^For ((?:[a-z-]+ ){0,5}[a-z-]+)(?: \([^)]*\))?,? (?:the|a|an|use|always|only)\b", sentence.text)
    if group and opening:
        return asked(worded(opening, f"what applies for {group.group(1)}{when}"), sentence.text, "factual", sentence.words, 3)
    limited = re.match(r"^(Not|Only) applicable (to|when|for|in)\b", sentence.text)
    if limited and opening:
        asks = (
            "what are the instructions not applicable" if limited.group(1) == "Not" else "what are the instructions only applicable"
        )
        question = f"to {asks}" if limited.group(2) == "to" else f"in which case {asks.removeprefix('what ')}"
        return asked(worded(opening, question), sentence.text, "safety", sentence.words, 3)
    since = re.match(r"^(?:Since|Because|Otherwise)\s+(.+)", sentence.text)
    if since and opening and len(sentence.text.split()) > 5 and not re.search(r",\s+[a-z]", sentence.text):
        clause = read_clause(since.group(1)[:1].upper() + since.group(1)[1:])
        question = f"what reason is given concerning {clause.subject}" if clause.subject else ""
        return asked(worded(opening, question) if question else "", sentence.text, "factual", sentence.words, 4)
    return None


def led_pair(sentence: Sentence, opening: str, when: str) -> Asked | None:
    """Where a numbered line or hose leads, from "Line (3) to left front brake caliper"."""
    found = re.match(r"^([A-Z][a-z]+(?: [a-z]+)?) (\(\w+[^)]*\)) to (.+?)\.?$", sentence.text)
    if found is None or is_order(found.group(1).split()[0]):
        return None
    question = f"where does {found.group(1).lower()} {found.group(2)} lead{when}"
    return asked(worded(opening, question), found.group(3), "visual", sentence.words, 2)


def _is_whole(text: str) -> bool:
    """Whether a text reads as a whole sentence: not cut off at its end, and not long without a full stop."""
    words = text.split()
    first = words[0].lower()
    if re.search(r"[.!?\"]$", text) or (text.endswith(")") and is_order(first) and first not in NOUNS_TOO):
        return True
    noun_first = first in NOUNS_TOO and len(words) <= 5
    return words[-1].strip(".,").lower() not in _OPEN and len(words) <= (30 if is_order(words[0]) else 18) and not noun_first


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
    done = _done(clause)
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
        several = "," in clause.object or clause.label
        return (worded(setting.opening, f"what must be {done}{setting.when}"), "inspection", 5) if several else ("", "", 9)
    if _LOOKING.match(verb):
        asks = "for what" if clause.tail.startswith("for ") and not clause.particle else "how"
        given = f" {clause.condition[:1].lower()}{clause.condition[1:]}" if clause.condition else ""
        return (
            worded(setting.opening, f"{asks} {be} {clause.object} to be {done}{given}{setting.when}"),
            "inspection",
            4,
        )
    asks = _asking_word(clause.tail, clause.verb)
    given = f" {clause.condition[:1].lower()}{clause.condition[1:]}" if clause.condition else ""
    if asks:
        return (
            worded(setting.opening, f"{asks} {be} {clause.object} {done}{given}{setting.when}"),
            "procedural",
            4,
        )
    return (
        worded(setting.opening, f"what must be done with {clause.object}{given}{setting.when}"),
        "procedural",
        5,
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
        worded(setting.opening, f"how {be} {clause.object} {_done(clause)}{condition}{setting.when}")
        if clause.tail
        else ""
    )


def _done(clause: Clause) -> str:
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
    banned = re.match(r"not be (\w+(?:ed|en|t|wn|ut))\b", clause.tail)
    if banned and clause.auxiliary in {"must", "may", "should", "can", "shall"}:
        return worded(setting.opening, f"what {clause.auxiliary} not be {banned.group(1)}{setting.when}"), "safety", 2
    if clause.subject.lower().startswith("the failure to"):
        return worded(setting.opening, f"what can {clause.subject[4:]} cause"), "safety", 2
    if clause.auxiliary in {
        "must",
        "may",
        "can",
        "could",
        "should",
        "will",
        "shall",
        "cannot",
        "has",
        "have",
        "needs",
    }:
        return (
            worded(setting.opening, f"what must be observed about {clause.subject}{setting.when}"),
            "inspection",
            4,
        )
    return worded(setting.opening, f"what applies to {clause.subject}{setting.when}"), "factual", 4


def first_step_pairs(passages: Sequence[Passage]) -> Iterator[Asked]:
    """The first step of each job whose coded heading stands on the page and whose steps have no numbers."""
    seen: set[str] = set()
    for passage in passages:
        topic = passage.topic
        if not topic.code or topic.code in seen or passage.signal:
            continue
        seen.add(topic.code)
        first = sentences_of(passage)[0] if topic.printed and not passage.marker and not passage.label else None
        if first is not None and is_order(first.text.split()[0]) and topic.about():
            item = asked(f"What is the first step when {topic.about()}", first.text, "procedural", first.words, 4)
            if item is not None and topic.opening().startswith("When"):
                yield item


def all_step_pairs(passages: Sequence[Passage], place: str = "", *, strict: bool = False) -> list[Asked]:
    """The pairs of all passages that are no signal words; `strict` takes only sentences with a full stop."""
    pairs: list[Asked] = []
    above: list[str] = []
    paragraph = -1
    for passage in passages:
        if passage.paragraph != paragraph:
            paragraph, above = passage.paragraph, []
        if not passage.signal:
            found = step_pairs(passage, place, above)
            pairs.extend(
                item for item in found if not strict or (item.pair.quote or "").rstrip(" *").endswith((".", "!"))
            )
            above.extend(sentence.text for sentence in sentences_of(passage))
    return pairs
