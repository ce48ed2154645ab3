"""The question that a statement about a thing answers: where it is, what it shows, when it must be replaced."""

from __future__ import annotations

import re

from pipeline.engines.offline.clauses import Clause
from pipeline.engines.offline.verbs import ADVERBS, NOUNS_TOO, PARTICIPLES, is_order
from pipeline.engines.offline.vocabulary import listed

_MODALS = listed("must may can could should will shall cannot")
_TELLING = {
    "indicates": "indicate", "indicate": "indicate", "means": "mean", "mean": "mean", "shows": "show",
    "requires": "require", "require": "require", "contains": "contain", "contain": "contain", "permits": "permit",
    "permit": "permit", "prevents": "prevent", "prevent": "prevent", "causes": "cause", "cause": "cause",
    "needs": "need", "need": "need", "allows": "allow", "provides": "provide", "provide": "provide",
    "includes": "include", "include": "include", "supplies": "supply", "controls": "control", "serves": "serve",
    "equals": "equal", "has": "have", "have": "have",
}  # fmt: skip
_FACING = {"faces": "face", "face": "face", "lies": "lie"}
_PLACED = r"(?:located|situated|found|installed|mounted|attached|screwed|fastened|arranged|housed|placed|positioned)"
_PLACE = (
    r"(?:in|on|at|behind|under|below|above|between|inside|beside|near|next to|to) "
    r"(?!least|most|such|any\b|all cases|\d|two|three|four|accordance|general|control|order|contact|stages|phases)"
    r"[a-z]+\b"
)
_MANNER = re.compile(r"(?:in (?:such|\d|two|three|four|stages|phases|pairs|the same way)|by \w+ing\b)")
_CAUSING = r"(?:cause|damage|destroy|impair|lead to|result in|harm|injure|ruin)\b"
_CASE = re.compile(r",? (?:if|when|whenever|only when|only if|before|after|as soon as|until|every)\b")
_PARTICIPLE = r"(?:\w{2,}ed|" + "|".join(sorted(set(PARTICIPLES.values()))) + ")"
_PASSIVE = re.compile(rf"be ((?:\w+ly )?{_PARTICIPLE})\b ?(.*)")
_ACTIVE = re.compile(rf"(not )?((?:\w+ly )?{_PARTICIPLE})\b ?(.*)")
_ASKS = {
    "with": "with what", "using": "how", "by": "by what", "from": "from what", "for": "for what", "in": "where",
    "into": "where", "on": "where", "onto": "where", "at": "where", "behind": "where", "under": "where",
    "below": "where", "above": "where", "through": "through what", "to": "to what", "every": "how often",
    "against": "against what", "between": "between what", "over": "over what", "as": "as what",
}  # fmt: skip
"""The question word for what follows a participle or verb."""

_ACTIVITY = re.compile(
    r"the (?:\w+ing (?:the|a|an|your|with)\b|(?:inhaling|breathing|swallowing|touching|using|exceeding)\b)"
)
_PURPOSE = re.compile(r"(?:to|for) [a-z]")
_UNCLEAN = listed(
    """you he she it we they that which who this if when then afterwards must may can again the a an most more
    very first following previous aforementioned above below e. i.e."""
)
"""Words that no clean name of a thing holds, or ends with."""

_NOT_ACTING = listed("be result vary occur happen never not")
"""What is no act of the thing that is said to do it."""


def stated(clause: Clause) -> str:
    """The question about a statement's subject, without its opening; empty where no clear one can be worded."""
    subject, tail = _without_article(clause.subject), _plain(clause.tail)
    if not is_clean(subject) or not tail:
        return ""
    if clause.auxiliary in {"has", "have", "needs", "need"} and (duty := re.match(r"(?:always )?to (be .+)", tail)):
        return _modal(subject, "must", _plain(duty.group(1)))
    if clause.auxiliary in {"is", "are", "was", "were"}:
        return _being(subject, clause.auxiliary, tail)
    if clause.auxiliary in _MODALS:
        return _modal(subject, clause.auxiliary, tail)
    do = "do" if _base(clause.auxiliary) == clause.auxiliary else "does"
    if clause.auxiliary in _FACING:
        return f"where {do} {subject} {_base(clause.auxiliary)}"
    if clause.auxiliary in {"remain", "remains"}:
        return f"in what state {do} {subject} remain" if len(tail.split()) <= 3 else ""
    verb = _TELLING.get(clause.auxiliary, "")
    perfect = re.match(rf"(?:(?:not|yet|also|been|always|to) )+|{_PARTICIPLE}\b", tail)
    return f"what {do} {subject} {verb}" if verb and not perfect else ""


def is_clean(subject: str) -> bool:
    """Whether words are the name of a thing that a question can ask about."""
    words = [word.lower().strip(",.()") for word in subject.split()]
    inner = words[1:] if words and words[0] in {"the", "a", "an"} else words
    if (
        words[:2] == ["one", "each"]
        or not inner
        or len(inner) > 9
        or inner[0] in ADVERBS
        or set(inner[1:-1]) & (_UNCLEAN - {"the", "a", "an"})
    ):
        return False
    ordered = is_order(inner[0]) and inner[0] not in NOUNS_TOO
    return not ordered and inner[0] not in _UNCLEAN and inner[-1] not in _UNCLEAN and len("".join(inner)) >= 3


def _without_article(subject: str) -> str:
    """The subject without the article that an activity has none of ("spinning a dry bearing")."""
    return subject.removeprefix("the ") if _ACTIVITY.match(subject) else subject


def _plain(tail: str) -> str:
    return re.sub(r"^(?:(?:only|also|always|then|generally|usually|normally|therefore|consequently|now) )+", "", tail)


def _base(verb: str) -> str:
    return _FACING.get(verb) or {"remains": "remain"}.get(verb) or _TELLING.get(verb, verb)


def _being(subject: str, be: str, tail: str) -> str:
    """What is asked about what a thing is: its place, its use, when it is so, what it is."""
    placed = re.match(rf"(not )?((?:\w+ly )?{_PLACED}) {_PLACE}", tail)
    if placed and not placed.group(1):
        return f"where {be} {subject} {placed.group(2)}"
    if re.match(rf"(?:{_PLACE.replace('|to)', ')')})", tail):
        return f"where {be} {subject}"
    used = re.match(r"used (?:to|for|as)\b", tail)
    if used:
        return f"what {be} {subject} used {'as' if 'as' in used.group() else 'for'}"
    done = _ACTIVE.match(tail)
    if done:
        return _passive(subject, be, f"{done.group(1) or ''}{done.group(2)}", done.group(3))
    if re.match(r"(?:a|an|the|one|two|three|four|to) \w", tail):
        return f"what {be} {subject}"
    return _in_case(be, subject, tail) or _related(be, subject, tail)


def _related(be: str, subject: str, tail: str) -> str:
    """Asks behind an adjective: "not available for ..." gives "for what are they not available"."""
    found = re.match(r"((?:not |no longer )?[a-z]+) (for|to|with|from) ", tail)
    return f"{_ASKS[found.group(2)]} {be} {subject} {found.group(1)}" if found else ""


def _in_case(be: str, subject: str, tail: str) -> str:
    """When something is so, for a tail that names the case in which it is."""
    case = _CASE.search(tail)
    state = tail[: case.start()].strip(" ,") if case else ""
    asks = "how often" if case and "every" in case.group() else "when"
    return f"{asks} {be} {subject} {state}" if 1 <= len(state.split()) <= 5 and " and " not in state else ""


def _passive(subject: str, be: str, done: str, rest: str) -> str:
    """What is asked about what is done to a thing ("are marked with ...": "with what are they marked")."""
    case = _in_case(be, subject, f"{done} {rest}")
    if case:
        return case
    first = rest.split()[0].lower() if rest else ""
    if first == "to" and _PURPOSE.match(rest) and is_order(rest.split()[1]):
        return f"for what purpose {be} {subject} {done}" if "the" in rest or len(rest.split()) > 2 else ""
    asks = "how" if _MANNER.match(rest) else _ASKS.get(first, "")
    if asks == "where" and (done == "based" or not re.match(_PLACE, rest)):
        asks = "on what" if first == "on" else ""
    return f"{asks} {be} {subject} {done}" if asks else ""


def _modal(subject: str, modal: str, tail: str) -> str:
    """What is asked about what a thing must or may do or have done to it."""
    passive = _PASSIVE.match(tail)
    if passive:
        asked = _passive(f"{subject} be", modal, passive.group(1), passive.group(2))
        return asked or (f"what {modal} be done with {subject}" if modal not in {"cannot", "will"} else "")
    if re.match(_CAUSING, tail):
        return f"what {modal} {subject} cause"
    if re.match(rf"be {_PLACE.replace('|to)', ')')}", tail):
        return f"where {modal} {subject} be"
    if re.match(r"be (?:on|off|out|flush|\w+)(?:[.,;]|$)", tail):
        return f"in what state {modal} {subject} be"
    state = re.match(r"be (.+)", tail)
    if state:
        return _in_case(modal, f"{subject} be", state.group(1)) or _related(modal, f"{subject} be", state.group(1))
    return _acting(subject, modal, tail)


def _acting(subject: str, modal: str, tail: str) -> str:
    """What is asked about an act ("must point to the front": "where must it point")."""
    limit = re.match(r"not (\w+) by more than\b", tail)
    if limit:
        return f"by how much may {subject} {limit.group(1)} at most"
    found = re.match(r"(not |never )?([a-z]+)(?: (\w+).*)?$", tail)
    if found is None or found.group(2) in ADVERBS | _NOT_ACTING or found.group(2).endswith("ly"):
        return ""
    negated, verb, following = found.group(1) or "", found.group(2), (found.group(3) or "").lower()
    if verb in {"point", "face"}:
        return f"where {modal} {subject} {negated}{verb}"
    if verb == "have" and re.match(_PARTICIPLE, following):
        return ""
    if following in {"the", "a", "an", "no", "any", "all", "each", "its", "at"} or verb in {"have", "exceed"}:
        return f"what {modal} {subject} {negated}{verb}"
    return f"what {modal} {subject} {negated}do"
