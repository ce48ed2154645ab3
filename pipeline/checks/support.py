"""Compare a pair with its page: which of its tokens stand where the question asks, which elsewhere or nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise, zip_longest

from pipeline.checks.notation import stem
from pipeline.checks.page_text import Occurrence, PageText, page_text
from pipeline.checks.places import Clue, Place, choose, clue
from pipeline.checks.rivals import Rival, other_row, rival_of
from pipeline.checks.tokens import EXACT, Kind, Token, tokenise
from review_db.records import Word

_DIFFERENCE = frozenset({"differ", "differenc", "more", "less"})
_PICTURE_ASKED = frozenset(map(stem, ("image", "photo", "picture", "illustration")))
_SAYS_NOTHING = frozenset({"yes", "no", "none", "ye"})
DEGREE = "u:°"
_SMALL_SIGNS = frozenset({"°", '"', "″", "”", "''"})
MOST_WORDS_BESIDE_VALUE = 4
_PLACED = EXACT - {Kind.UNIT}


@dataclass(frozen=True, slots=True)
class Support:
    """What a page says of a pair.

    `tokens` are all tokens of the answer as written, `clues` those that say something, each once; the sets hold
    indexes of clues. `missing` stand nowhere on the page, or only with another unit; `wrong_units` are those units.
    `elsewhere` stand on the page but not in the `places` chosen. `rival` is a value that fits the question better
    than the answer's first number or code, which is then in `rivalled`. `asked_at` is where the question's words
    stand, looked for only where nothing of the answer is on the page.
    """

    page: PageText
    tokens: tuple[Token, ...]
    clues: tuple[Clue, ...]
    questions: tuple[Clue, ...]
    places: tuple[Place, ...]
    asked_at: tuple[Occurrence, ...] = ()
    missing: frozenset[int] = frozenset()
    wrong_units: frozenset[int] = frozenset()
    elsewhere: frozenset[int] = frozenset()
    rival: Rival | None = None
    rivalled: frozenset[int] = frozenset()

    @property
    def amiss(self) -> frozenset[int]:
        """Clues that the page does not say in the place asked about."""
        return self.missing | self.elsewhere | self.rivalled

    @property
    def asked(self) -> frozenset[str]:
        """The normal forms of everything the question says."""
        return frozenset(key for c in self.questions for key in c.token.keys)

    def stands(self, index: int) -> Occurrence | None:
        """Where the clue of this index stands in the chosen places."""
        return next((place.chosen[index] for place in self.places if index in place.chosen), None)

    def index_of(self, token: Token) -> int | None:
        """The clue that speaks for a token, or None for a stop word."""
        return next((i for i, c in enumerate(self.clues) if c.token.keys == token.keys), None)


def find_support(words: Sequence[Word], question: str, answer: str, quote: str | None = None) -> Support:
    """Look for the answer's tokens near the question's words; a model's quote counts as more of the question."""
    page = page_text(tuple(words))
    tokens = tuple(_with_degrees_as_noughts(tokenise(answer)))
    clues = tuple(clue(page, token) for token in telling(tokens))
    questions = tuple(clue(page, token) for token in telling(tokenise(question)))
    context = [*questions, *(clue(page, token) for token in telling(tokenise(quote or "")))]
    places = tuple(choose(page, clues, context))
    asked_at = () if places else tuple(o for place in choose(page, context, ())[:1] for o in place.chosen.values())
    support = Support(page, tokens, clues, questions, places, asked_at)
    return _judged(_challenged(support))


def _with_degrees_as_noughts(tokens: Sequence[Token]) -> Iterator[Token]:
    """45° is also looked for as 450, for that is how readers take the small circle."""
    for token, behind in zip_longest(tokens, tokens[1:]):
        if token.kind == Kind.NUMBER and behind and behind.keys[0] == DEGREE:
            yield token._replace(keys=(*token.keys, f"{token.keys[0]}0"))
        else:
            yield token


def telling(tokens: Sequence[Token]) -> list[Token]:
    """Each token that says something, once; the stop words only where there is nothing else."""
    seen: dict[tuple[str, ...], Token] = {}
    for token in [token for token in tokens if token.kind != Kind.STOP] or tokens:
        seen.setdefault(token.keys, token)
    return [token for token in seen.values() if token.keys[0] not in _SAYS_NOTHING]


def _challenged(support: Support) -> Support:
    """Look for a better fitting value than a number or code of the answer that the question does not name itself.

    Only for answers that are a value: a sentence may well hold a number that is not what was asked.
    """
    said = frozenset(key for c in support.clues for key in c.token.keys)
    told = sum(c.token.kind not in EXACT and support.asked.isdisjoint(c.token.keys) for c in support.clues)
    if told > MOST_WORDS_BESIDE_VALUE or _asks_difference(support) or _PICTURE_ASKED & support.asked:
        return support
    own, first = said | support.asked, True
    for index, c in enumerate(support.clues):
        place = support.stands(index)
        if place and c.token.kind in (Kind.NUMBER, Kind.CODE) and support.asked.isdisjoint(c.token.keys):
            rival = other_row(support.page, c.token, c.found, support.questions, own)
            if first and rival is None:
                rival = rival_of(support.page, c.token, place, support.questions, own)
            if rival:
                return replace(support, rival=rival, rivalled=frozenset({index}))
            first = False
    return support


def _judged(support: Support) -> Support:
    right_units, wrong_units = _units(support)
    accounted_for = right_units.union(_worked_out(support))
    missing, elsewhere = set(wrong_units), set[int]()
    for index, c in enumerate(support.clues):
        asked = not support.asked.isdisjoint(c.token.keys)
        if not c.found and (c.token.kind in EXACT or not asked):
            missing.add(index)
        elif c.found and c.token.kind in _PLACED and not asked and not _is_in_place(support, index):
            elsewhere.add(index)
    return replace(
        support,
        missing=frozenset(missing - accounted_for),
        wrong_units=wrong_units,
        elsewhere=frozenset(elsewhere - accounted_for - missing),
    )


def _is_in_place(support: Support, index: int) -> bool:
    """Whether a clue stands in the places; a side must stand on one line with another word of the answer."""
    place = support.stands(index)
    if place is None or support.clues[index].token.kind != Kind.SIDE:
        return place is not None
    others = {
        found.segment
        for chosen in support.places
        for i, found in chosen.chosen.items()
        if support.clues[i].token.kind != Kind.SIDE
    }
    return not others or place.segment in others


def measured_numbers(tokens: Sequence[Token]) -> Iterator[tuple[Token, Token]]:
    """Each number of a text with the unit right behind it."""
    return ((a, b) for a, b in pairwise(tokens) if a.kind == Kind.NUMBER and b.kind == Kind.UNIT)


def _units(support: Support) -> tuple[frozenset[int], frozenset[int]]:
    """Clues of units: those that the page gives the number too, and those of a number that has another one there."""
    right, wrong = set[int](), set[int]()
    for number, unit in measured_numbers(support.tokens):
        index, unit_index = support.index_of(number), support.index_of(unit)
        if index is None or unit_index is None:
            continue
        stands = support.stands(index)
        printed = {support.page.unit_of(place) for place in ([stands] if stands else support.clues[index].found)}
        if unit.keys[0] in printed or (unit.written in _SMALL_SIGNS and printed <= {None, DEGREE}):
            right.add(unit_index)  # readers lose such a sign, or take one for another
        elif printed and None not in printed:
            wrong.add(unit_index)
    return frozenset(right - wrong), frozenset(wrong)


def _worked_out(support: Support) -> Iterator[int]:
    """Clues of numbers that are the difference of two others, where the pair speaks of a difference."""
    if not _asks_difference(support):
        return
    values = {index: value for index, c in enumerate(support.clues) if (value := _value(c)) is not None}
    for index, value in values.items():
        others = [other for i, other in values.items() if i != index and support.clues[i].found]
        if any(abs(abs(a - b) - value) < 1e-6 for a, b in combinations(others, 2)):
            yield index


def _asks_difference(support: Support) -> bool:
    return not _DIFFERENCE.isdisjoint({token.keys[0] for token in support.tokens} | support.asked)


def _value(c: Clue) -> float | None:
    try:
        return float(c.token.keys[0]) if c.token.kind == Kind.NUMBER else None
    except ValueError:
        return None
