"""How a question and its answer are worded, where wording tells of trouble: signals from the text alone, no page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from pipeline.checks import vocabulary
from pipeline.checks.tokens import EXACT, Kind, Token
from review_db.statuses import QuestionType

_PICTURE = r"(?:diagram|drawing|image|picture|photo(?:graph)?|figure|illustration|schematic|scan|arrow|call-?out)s?"
_ASKS_PICTURE = re.compile(rf"\b{_PICTURE}\b", re.IGNORECASE)
_SHEET = rf"(?:{_PICTURE}|view|page|note|chart|table|manual|document|symbol)s?"
_TELLS_OF_PAGE = re.compile(
    rf"\b{_PICTURE}\b"
    rf"|\b(?:the|this|these|a) (?:\w+ )?{_SHEET}\b.{{0,40}}?\b(?:shows?|specif\w+|indicat\w+|stat(?:es|ed)|lists?)\b"
    r"|\b(?:as|is|are) shown\b|\bvisible\b",
    re.IGNORECASE,
)
_ASKS_LABEL = re.compile(
    r"\b(?:label\w*|identif\w+|designat\w+|shown|visible|depicted|pictured|marked|pointing|indicated|represents?"
    r"|symbols?|arrows?|call-?outs?)\b",
    re.IGNORECASE,
)
_ASKS_OF_DOCUMENT = re.compile(
    r"\bthis (?:[\w-]+ ){0,6}(?:manual|document|book|publication)\b"
    r"|\bwhat (?:\w+ ){0,4}(?:page|manual|section) is this\b"
    r"|\bthis (?:[\w-]+ ){0,5}found on\b",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"\s*(?:what|which) (?:[\w-]+ )?(?:component|part|procedure|type|application|engine|important|system|area|item"
    r"|section|work|inspection|method|step|action)s?\b",
    re.IGNORECASE,
)
_PURPOSE = re.compile(r"\b(?:purpose|why|function of|role of|importance|significance)\b", re.IGNORECASE)
_QUANTITY = re.compile(
    r"\s*(?:what|which|at what)\b.*\b(?:voltage|resistance|torque|pressure|distance|clearance|dimension|thickness|width"
    r"|length|height|depth|diameter|temperature|speed|capacity|weight|gap|current|frequency|angle|tolerance)\b",
    re.IGNORECASE,
)
_VAGUE = re.compile(
    r"\b(?:various|multiple|several|appropriate|proper|properly|certain|includ(?:e|es|ing)|such as|etc|related"
    r"|associated|part of)\b",
    re.IGNORECASE,
)
_LIST_MARK = re.compile(r"(?:^|[\s(])[a-h]\)(?=[\s,.]|$)")
_ASKS_THING = re.compile(
    r"\s*(?:(?:what|which)\s+(?!should|must|needs?\b|do\b|does\b|is\b|are\b|happens|causes?\b"
    r"|(?:[\w-]+ ){0,2}(?:note|warning|caution|precaution|procedure|step|sequence|action|instruction)s?\b)|where\b)",
    re.IGNORECASE,
)


def signals_of_wording(
    question: str, answer: str, question_type: str, asked: Sequence[Token], told: Sequence[Token]
) -> Mapping[str, float]:
    """Name -> strength of what the wording tells; `asked` and `told` are the tokens of question and answer."""
    new = new_tokens(asked, told)
    return {
        "open_question": _OPEN.match(question) is not None,
        "purpose_asked": _PURPOSE.search(question) is not None,
        "picture_asked": question_type == QuestionType.VISUAL or _ASKS_PICTURE.search(question) is not None,
        "label_asked": _ASKS_LABEL.search(question) is not None,
        "document_asked": _ASKS_OF_DOCUMENT.search(question) is not None,
        "tells_of_page": _TELLS_OF_PAGE.search(answer) is not None,
        "vague_answer": _VAGUE.search(answer) is not None,
        "list_marks": _LIST_MARK.search(answer) is not None,
        "no_quantity": _QUANTITY.match(question) is not None and not any(map(_counts, new)),
        "action_for_thing": _ASKS_THING.match(question) is not None and _starts_with_action(answer),
        "adds_little": _adds_little(new),
    }


def new_tokens(asked: Sequence[Token], told: Sequence[Token]) -> list[Token]:
    """The tokens of the answer that the question does not say already, not even in another form."""
    known = {key for token in asked for key in token.keys}
    stems = {stem(token.written) for token in asked}
    return [
        token
        for token in told
        if token.kind != Kind.STOP and known.isdisjoint(token.keys) and stem(token.written) not in stems
    ]


def says_something(token: Token) -> bool:
    """Whether a token names something: not a stop word, nor one of the words that any question is made of."""
    return token.kind not in (Kind.STOP, Kind.WORD) or (
        token.kind == Kind.WORD and stem(token.written) not in _QUESTION_STEMS
    )


def stem(word: str) -> str:
    """A word without its commonest English endings, at least three letters long."""
    plain = word.casefold()
    for ending in ("ation", "ing", "ed", "es", "s", "ly"):
        if plain.endswith(ending) and len(plain) - len(ending) >= 3:
            return plain[: -len(ending)]
    return plain


_QUESTION_STEMS = frozenset(stem(word) for word in vocabulary.QUESTION_WORDS)


def _counts(token: Token) -> bool:
    return token.kind in (Kind.NUMBER, Kind.CODE) or token.keys[-1].isdigit()


def _starts_with_action(answer: str) -> bool:
    first = answer.split(maxsplit=1)[:1]
    return bool(first) and first[0].strip(",.:;").casefold() in vocabulary.ACTIONS


def _adds_little(new: Sequence[Token]) -> float:
    """1 where the answer says nothing that the question does not, a half where it adds a single word and no value."""
    naming = [token for token in new if says_something(token)]
    if not naming:
        return 1.0
    return 0.5 if len(naming) == 1 and naming[0].kind not in EXACT | {Kind.COLOUR} else 0.0
