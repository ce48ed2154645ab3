"""What keeps two texts apart however alike they sound: values, codes, sides, parts, properties, a negation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import product

from pipeline.checks import glossary, notation
from pipeline.checks.quantities import Quantity, converts, equal
from pipeline.checks.tokens import Kind, Token, tokenise
from pipeline.checks.vocabulary import NUMBER_WORDS, STOP_WORDS

_NEGATION = re.compile(r"\b(?:not|never|no(?! \d)(?!\.)|without|n't|cannot|avoid|neither)\b|n't\b", re.I)
_BOUND = re.compile(r"\bnot (?:more|less|over|under|exceed|higher|lower)\w*(?: than)?\b|\bno (?:more|less) than\b", re.I)
_HYPHENED = re.compile(r"(?<=\d)-(?=[a-z]{3})")  # a 250-hour interval
_RATIO = re.compile(r"\b(50)[:/]50\b")
_CALLOUT = re.compile(r"\(\d{1,2}[a-z]?(?:(?:, | and |-)\d{1,2}[a-z]?)*\)")
_QUOTED = re.compile(r'"([^"]+)"')
_ORDINALS = {"first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5", "sixth": "6", "seventh": "7"}
_FILLERS = frozenset(
    notation.stem(word)
    for word in (
        "please state tell specified recommended correct standard required proper given called kind type value setting set "
        "much many often procedure way ways carried done made make need needed put go goes give fit "
        "approximately about around full complete total overall"
    ).split()
)


def question_guards(one: str, other: str) -> list[str]:
    """Why two questions ask for different things, in plain words; empty where nothing keeps them apart."""
    return [
        *_different_values(one, other, both=True),
        *_different_codes(one, other),
        *_contrasts(one, other),
        *_different(one, other, glossary.PARTS, "part"),
        *_different(one, other, glossary.PROPERTIES, "property"),
        *_other_quotes(one, other),
        *_swapped_words(one, other),
    ]


def answer_guards(one: str, other: str) -> list[str]:
    """Why two answers to one question are not the same answer; empty where nothing keeps them apart."""
    return [
        *_different_values(one, other, both=False),
        *_different_codes(one, other),
        *_contrasts(one, other),
        *_negation(one, other),
        *_swapped_words(one, other),
    ]


# ------------------------------------------------------------------ values


def quantities(text: str) -> list[tuple[Quantity, str]]:
    """Each number with its unit, and as written; "10 to 20 mm" and "10-20 mm" give both ends their unit."""
    found: list[tuple[Quantity, str]] = []
    unit = ""
    for token in reversed(tokenise(_RATIO.sub(r"\1 : \1", _HYPHENED.sub(" ", text)))):
        if token.kind == Kind.UNIT:
            unit = token.keys[0].removeprefix("u:")
        elif (value := _number(token)) is not None:
            found.append((Quantity(value, unit), token.written))
        elif token.kind not in (Kind.STOP,):
            unit = ""
    return found[::-1]


def _number(token: Token) -> str | None:
    if token.kind == Kind.NUMBER:
        return token.keys[0]
    return next((key for key in token.keys if key.isdigit()), None) if token.kind == Kind.WORD else None


def _different_values(one: str, other: str, *, both: bool) -> Iterator[str]:
    """Values that the other text has not, in any unit; with `both`, a text may have values where the other has none."""
    if both:
        one, other = _plain_ordinals(one), _plain_ordinals(other)
    first, second = quantities(one), quantities(other)
    left, right = _unmatched(first, second), _unmatched(second, first)
    if left and right and not _restates(left, first, second) and not _restates(right, second, first):
        yield f"{_named(left)} against {_named(right)}"
    elif not both and bool(first) != bool(second):
        yield f"{_named(first or second)} against no value"


def _plain_ordinals(text: str) -> str:
    return re.sub(r"\b(?:" + "|".join(_ORDINALS) + r")\b", lambda m: _ORDINALS[m.group().casefold()], text, flags=re.I)


def _unmatched(
    some: Sequence[tuple[Quantity, str]], others: Sequence[tuple[Quantity, str]]
) -> list[tuple[Quantity, str]]:
    """Values without a counterpart; each value of the other side stands for one."""
    free = [quantity for quantity, _ in others]
    left = []
    for each in some:
        match = next((q for q in free if _same(each[0], q)), None)
        if match is None:
            left.append(each)
        else:
            free.remove(match)
    return left


def _same(one: Quantity, other: Quantity) -> bool:
    return equal(one, other) or converts(one, other) or (one.value == other.value and "" in (one.unit, other.unit))


def _restates(
    left: Sequence[tuple[Quantity, str]], own: Sequence[tuple[Quantity, str]], others: Sequence[tuple[Quantity, str]]
) -> bool:
    """Whether what is left over only says a value again that both texts hold, in another unit."""
    shared = [quantity for quantity, _ in own if any(_same(quantity, each) for each, _ in others)]
    return all(any(converts(quantity, each) for each in shared) for quantity, _ in left)


def _named(values: Sequence[tuple[Quantity, str]]) -> str:
    return ", ".join(f"{written} {quantity.unit}".strip() for quantity, written in values)


# ------------------------------------------------------------------ codes and words


def _codes(text: str) -> dict[str, str]:
    return {token.keys[0]: token.written for token in tokenise(text) if token.kind == Kind.CODE}


def _different_codes(one: str, other: str) -> Iterator[str]:
    first, second = _codes(one), _codes(other)
    left = [written for key, written in first.items() if key not in second and not _stands_in(key, other)]
    right = [written for key, written in second.items() if key not in first and not _stands_in(key, one)]
    if left and right:
        yield f"{', '.join(left)} against {', '.join(right)}"


def _stands_in(key: str, text: str) -> bool:
    """Whether a code is part of a text written otherwise: 5W-30 in SAE 5W30; a single letter only as a word."""
    code, plain = re.sub(r"\W", "", key), notation.plain(text).casefold()
    return code in (re.sub(r"\W", "", plain) if len(code) > 2 else re.findall(r"\w+", plain))


def _contrasts(one: str, other: str) -> Iterator[str]:
    first, second = set(glossary.things(one)), set(glossary.things(other))
    for group in glossary.CONTRASTS:
        left, right = (first - second) & group, (second - first) & group
        if left and right:
            yield f"{', '.join(sorted(left))} against {', '.join(sorted(right))}"


def _different(one: str, other: str, kind: frozenset[str], name: str) -> Iterator[str]:
    first, second = set(glossary.things(one)), set(glossary.things(other))
    left, right = _names_in(first - second, kind), _names_in(second - first, kind)
    left, right = left - _words(second), right - _words(first)
    if left and right:
        yield f"another {name}: {', '.join(sorted(left))} against {', '.join(sorted(right))}"


def _names_in(names: set[str], kind: frozenset[str]) -> set[str]:
    """The words of those names that are of a kind, so that a plug may be the spark plug, but not the glow plug."""
    return _words({name for name in names if name in kind or any(word in kind for word in name.split())})


def _words(names: set[str]) -> set[str]:
    return {word for name in names for word in name.split()}


def _other_quotes(one: str, other: str) -> Iterator[str]:
    """What the questions quote from the page, e.g. the cause or the step that is asked about."""
    first, second = ({" ".join(_content(q)) for q in _QUOTED.findall(notation.plain(text))} for text in (one, other))
    if first - second and second - first:
        yield f"{', '.join(first - second)} against {', '.join(second - first)}"


def _negation(one: str, other: str) -> Iterator[str]:
    negated = [bool(_NEGATION.search(_BOUND.sub(" ", text))) for text in (one, other)]
    if negated[0] != negated[1]:
        yield "one of them says not"


def _swapped_words(one: str, other: str) -> Iterator[str]:
    """The same wording with one or two words exchanged for words that mean something else."""
    first, second = _content(one), _content(other)
    blocks = SequenceMatcher(None, first, second, autojunk=False).get_opcodes()
    swaps = [(first[a:b], second[c:d]) for tag, a, b, c, d in blocks if tag == "replace"]
    others = [tag for tag, *_ in blocks if tag in ("insert", "delete")]
    kept = sum(b - a for tag, a, b, _, _ in blocks if tag == "equal")
    if not swaps or others or kept < 2 or kept < 2 * sum(max(len(a), len(b)) for a, b in swaps):
        return
    elsewhere = any(w in second for a, _ in swaps for w in a) or any(w in first for _, b in swaps for w in b)
    if not elsewhere and all(len(a) == len(b) <= 2 for a, b in swaps):
        yield "; ".join(f"{' '.join(a)} against {' '.join(b)}" for a, b in swaps)


def _content(text: str) -> list[str]:
    """What a text names, in its order, without values, codes and words that only make a sentence."""
    words = list(text)
    for token in tokenise(text):
        if token.kind in (Kind.NUMBER, Kind.UNIT, Kind.CODE):
            words[token.start : token.end] = " " * (token.end - token.start)
    names = glossary.things("".join(words))
    return [n for n in names if n not in STOP_WORDS and n not in _FILLERS and n not in NUMBER_WORDS]


def alike_in_words(one: str, other: str) -> float:
    """How alike two texts are by their things alone, from 0 to 1 (Jaccard); for where no vectors are to be had."""
    first, second = set(_content(one)), set(_content(other))
    pairs = sum(1 for a, b in product(first, second) if a == b)
    return pairs / len(first | second) if first | second else 1.0


def answers_agree(one: str, other: str) -> bool:
    """Whether two answers have something to say the same: a value or code in common, or half of their words."""
    one, other = _CALLOUT.sub(" ", one), _CALLOUT.sub(" ", other)
    first, second = quantities(one), quantities(other)
    if first or second:
        return any(_same(a, b) for a, _ in first for b, _ in second)
    if _codes(one).keys() & _codes(other).keys():
        return True
    words = set(_content(one)), set(_content(other))
    return 4 * len(words[0] & words[1]) >= len(words[0]) + len(words[1]) > 0
