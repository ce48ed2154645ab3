"""What keeps two texts apart however alike they sound: values, codes, sides, parts, properties, a negation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from pipeline.checks import asked, glossary
from pipeline.checks.quantities import Quantity, converts, equal
from pipeline.checks.said import Said, Value, read

_CALLOUT = re.compile(r"\(\d{1,2}[a-z]?(?:(?:, | and |-)\d{1,2}[a-z]?)*\)")
_SHORT_CODE = 2


def question_guards(one: str, other: str) -> list[str]:
    """Why two questions ask for different things, in plain words; empty where nothing keeps them apart.

    Where both open with a job or title, the jobs are compared, and what they ask apart from it.
    """
    (job, rest), (other_job, other_rest) = asked.job_and_rest(one), asked.job_and_rest(other)
    if not job or not other_job:
        return _question_guards(one, other)
    first, second = read(job, question=True), read(other_job, question=True)
    apart = [*_different_values(first, second, both=True), *_different_codes(first, second)]
    apart += [*_each_names_more(first, second, "job"), *_different_things(rest, other_rest)]
    return apart or _question_guards(rest, other_rest)


def _different_things(one: str, other: str) -> Iterator[str]:
    return _each_names_more(read(one, question=True), read(other, question=True), "thing")


def _question_guards(one: str, other: str) -> list[str]:
    first, second = read(one, question=True), read(other, question=True)
    found = [
        *_different_values(first, second, both=True),
        *_different_codes(first, second),
        *_contrasts(first, second),
        *_different(first, second, glossary.PARTS, "part"),
        *_different(first, second, glossary.PROPERTIES, "property"),
        *asked.different(one, other),
        *_other_names(first.quotes, second.quotes),
        *_other_names(first.labels, second.labels),
        *_negation(first, second),
    ]
    return found or list(_swapped_words(first, second))


def answer_guards(one: str, other: str) -> list[str]:
    """Why two answers to one question are not the same answer; empty where nothing keeps them apart."""
    first, second = read(one, question=False), read(other, question=False)
    found = [
        *_different_values(first, second, both=False),
        *_different_codes(first, second),
        *_contrasts(first, second),
        *_another_order(first, second),
        *_negation(first, second),
    ]
    return found or list(_swapped_words(first, second))


# ------------------------------------------------------------------ values


def _different_values(one: Said, other: Said, *, both: bool) -> Iterator[str]:
    """Values that the other text has not, in any unit; with `both`, a text may have values where the other has none."""
    first, second = one.values, other.values
    if not both and bool(first) != bool(second):
        if not _coded(one, other):
            yield f"{_named(first or second)} against no value"
        return
    left, right = _unmatched(first, second), _unmatched(second, first)
    if left and right and not _restates(left, first, second) and not _restates(right, second, first):
        yield f"{_named(left)} against {_named(right)}"


def same_values(one: Said, other: Said) -> bool:
    """Whether two texts hold the same values, each as often."""
    return not _unmatched(one.values, other.values) and not _unmatched(other.values, one.values)


def _coded(one: Said, other: Said) -> bool:
    """Whether what one writes as a number is a code to the other: DOT 4 and DOT4."""
    return bool(one.codes or other.codes) and _stand_in(one.codes, other) and _stand_in(other.codes, one)


def _unmatched(some: Sequence[Value], others: Sequence[Value]) -> list[Value]:
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
    if one == other:
        return True
    return equal(one, other) or converts(one, other) or (one.value == other.value and "" in (one.unit, other.unit))


def _restates(left: Sequence[Value], own: Sequence[Value], others: Sequence[Value]) -> bool:
    """Whether what is left over only says a value again that both texts hold, in another unit."""
    shared = [quantity for quantity, _ in own if any(_same(quantity, each) for each, _ in others)]
    return all(any(converts(quantity, each) for each in shared) for quantity, _ in left)


def _named(values: Sequence[Value]) -> str:
    return ", ".join(f"{written} {quantity.unit}".strip() for quantity, written in values)


# ------------------------------------------------------------------ codes and words


def _different_codes(one: Said, other: Said) -> Iterator[str]:
    left = [written for key, written in one.codes.items() if not _stands_in(key, other)]
    right = [written for key, written in other.codes.items() if not _stands_in(key, one)]
    if left and right:
        yield f"{', '.join(left)} against {', '.join(right)}"


def _stand_in(codes: dict[str, str], other: Said) -> bool:
    return all(_stands_in(key, other) for key in codes)


def _stands_in(code: str, other: Said) -> bool:
    """Whether a code is part of a text written otherwise: 5W-30 in SAE 5W30; a short one only as a word."""
    if code in other.codes:
        return True
    if len(code) > _SHORT_CODE:
        return code in other.squeezed
    return re.search(rf"\b{re.escape(code)}\b", other.squeezed) is not None


def _contrasts(one: Said, other: Said) -> Iterator[str]:
    left, right = one.names - other.names, other.names - one.names
    for group in glossary.CONTRASTS if left and right else ():
        if (mine := left & group) and (theirs := right & group):
            yield f"{', '.join(sorted(mine))} against {', '.join(sorted(theirs))}"


def _different(one: Said, other: Said, kind: frozenset[str], name: str) -> Iterator[str]:
    left = _names_in(one.names - other.names, kind) - _words(other.names)
    right = _names_in(other.names - one.names, kind) - _words(one.names)
    if left and right:
        yield f"another {name}: {', '.join(sorted(left))} against {', '.join(sorted(right))}"


def _names_in(names: frozenset[str], kind: frozenset[str]) -> set[str]:
    """The words of those names that are of a kind, so that a plug may be the spark plug, but not the glow plug."""
    return _words(name for name in names if name in kind or any(word in kind for word in name.split()))


def _words(names: Iterator[str] | frozenset[str]) -> set[str]:
    return {word for name in names for word in name.split()}


def _other_names(one: frozenset[str], other: frozenset[str]) -> Iterator[str]:
    """What the questions quote from the page (a cause, a step) or name by a letter or number (item d, cause 2)."""
    if (mine := one - other) and (theirs := other - one):
        yield f"{', '.join(sorted(mine))} against {', '.join(sorted(theirs))}"


def _each_names_more(one: Said, other: Said, what: str) -> Iterator[str]:
    """Two jobs, or two things of one job, where each names what the other does not."""
    left = [name for name in one.content if name not in other.names]
    right = [name for name in other.content if name not in one.names]
    if left and right:
        yield f"another {what}: {' '.join(left)} against {' '.join(right)}"


def _negation(one: Said, other: Said) -> Iterator[str]:
    if one.negated != other.negated:
        yield "one of them says not"


def _another_order(one: Said, other: Said) -> Iterator[str]:
    """The same places one after the other, otherwise: rear right, rear left, front right."""
    if len(one.sides) > 2 and one.sides != other.sides and sorted(one.sides) == sorted(other.sides):
        yield "another order"


def _swapped_words(one: Said, other: Said) -> Iterator[str]:
    """The same wording with one or two words exchanged for words that mean something else."""
    first, second = one.content, other.content
    if len(first) != len(second):
        return
    runs = [list(run) for same, run in groupby(zip(first, second, strict=True), lambda ab: ab[0] == ab[1]) if not same]
    swapped = sum(map(len, runs))
    if not runs or len(first) - swapped < max(2, 2 * swapped) or any(len(run) > 2 for run in runs):
        return
    if not any(a in second or b in first for run in runs for a, b in run):
        yield "; ".join(f"{' '.join(a for a, _ in run)} against {' '.join(b for _, b in run)}" for run in runs)


# ------------------------------------------------------------------ likeness


def same_details(one: str, other: str) -> bool:
    """Whether two questions name the same values, codes, quotes and labels, and ask for one kind of thing.

    Of one job they must also name the same things: there, each step is a question of its own.
    """
    (job, rest), (other_job, other_rest) = asked.job_and_rest(one), asked.job_and_rest(other)
    both = bool(job and other_job)
    first, second = (read(text, question=True) for text in ((rest, other_rest) if both else (one, other)))
    if both and (set(first.content) != set(second.content) or not _same_content(job, other_job)):
        return False
    same_codes = _stand_in(first.codes, second) and _stand_in(second.codes, first)
    named_alike = first.quotes == second.quotes and first.labels == second.labels
    return same_codes and named_alike and same_values(first, second) and asked.kind(one) == asked.kind(other)


def same_things_asked(one: str, other: str) -> bool:
    """Whether two questions name the same things, in any order."""
    return _same_content(one, other)


def _same_content(one: str, other: str) -> bool:
    return set(read(one, question=True).content) == set(read(other, question=True).content)


def one_holds_other(one: str, other: str) -> bool:
    """Whether one of two answers names all things that the other names, and no value but in another unit."""
    first, second = read(one, question=False), read(other, question=False)
    left, right = _unmatched(first.values, second.values), _unmatched(second.values, first.values)
    restated = _restates(left, first.values, second.values) and _restates(right, second.values, first.values)
    things, others = set(first.content), set(second.content)
    return restated and (things <= others or others <= things)


def alike_in_words(one: str, other: str) -> float:
    """How alike two questions are by their things alone, from 0 to 1 (Jaccard); for where no vectors are to be had."""
    first, second = (frozenset(read(text, question=True).content) for text in (one, other))
    return len(first & second) / len(first | second) if first or second else 1.0


def answers_agree(one: str, other: str) -> bool:
    """Whether two answers have something to say the same: a value or code in common, or half of their words."""
    first, second = (read(_CALLOUT.sub(" ", text), question=False) for text in (one, other))
    if first.values and second.values:
        return any(_same(a, b) for a, _ in first.values for b, _ in second.values)
    if first.codes and second.codes and (_stand_in(first.codes, second) or _stand_in(second.codes, first)):
        return True
    if first.values or second.values:
        return _coded(first, second)
    words = frozenset(first.content), frozenset(second.content)
    return 4 * len(words[0] & words[1]) >= len(words[0]) + len(words[1]) > 0
