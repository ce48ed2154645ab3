"""Questions of the offline reader in the language of the page they are asked of: German and Italian.

The reader words its questions in English round what is printed. Only questions whose frame is known here are worded
anew, names, codes and values as printed; any other stays English rather than being half translated.
"""

from __future__ import annotations

import re

from review_db.records import CandidatePair

_QUOTED = r'"(?:[^"]*)"(?: \([^)]*\))?'
_IN = rf"In (?P<table>{_QUOTED}), "

_FRAMES: tuple[tuple[str, dict[str, str]], ...] = (
    (
        rf"On which page is (?P<what>{_QUOTED}) in (?P<section>.+) found\?",
        {"de": "Auf welcher Seite steht {what} {section}?", "it": "A quale pagina si trova {what} {section}?"},
    ),
    (
        rf"Which reference does the index give for (?P<what>{_QUOTED}) in (?P<section>.+)\?",
        {"de": "Welcher Verweis steht {section} bei {what}?", "it": "Quale rimando è indicato {section} per {what}?"},
    ),
    (
        rf"Which code does (?P<what>{_QUOTED}) have in (?P<section>.+)\?",
        {"de": "Welche Nummer hat {what} {section}?", "it": "Quale codice ha {what} {section}?"},
    ),
    (
        rf"{_IN}which (?P<kind>\w+) is given for (?P<what>{_QUOTED})(?P<condition>, condition {_QUOTED})?\?",
        {
            "de": "{kind} ist in {table} für {what}{condition} angegeben?",
            "it": "{kind} in {table} per {what}{condition}?",
        },
    ),
    (
        rf"{_IN}what (?:is|are) the (?P<column>{_QUOTED}) for (?P<row>{_QUOTED}) (?P<what>{_QUOTED})\?",
        {
            "de": "Was steht in {table} unter {column} für {row} {what}?",
            "it": "Che cosa è indicato in {table} sotto {column} per {row} {what}?",
        },
    ),
    (
        rf"Where is the component (?P<what>{_QUOTED}) located\?",
        {"de": "Wo befindet sich das Bauteil {what}?", "it": "Dove si trova il componente {what}?"},
    ),
    (
        rf"What is the repair code of (?P<what>{_QUOTED})\?",
        {"de": "Welche Reparaturnummer hat {what}?", "it": "Quale codice di riparazione ha {what}?"},
    ),
)
_COMPILED = [(re.compile(frame), wordings) for frame, wordings in _FRAMES]

_KINDS = {
    "de": {
        "value": "Welcher Wert",
        "resistance": "Welcher Widerstand",
        "voltage": "Welche Spannung",
        "current": "Welcher Strom",
        "pressure": "Welcher Druck",
        "temperature": "Welche Temperatur",
        "speed": "Welche Drehzahl",
    },
    "it": {
        "value": "Quale valore è indicato",
        "resistance": "Quale resistenza è indicata",
        "voltage": "Quale tensione è indicata",
        "current": "Quale corrente è indicata",
        "pressure": "Quale pressione è indicata",
        "temperature": "Quale temperatura è indicata",
        "speed": "Quale numero di giri è indicato",
    },
}
_CONDITION = {"de": ", Bedingung ", "it": ", condizione "}

_SECTIONS = {
    "de": (("section ", "im Abschnitt {rest}"), ("the index", "im Verzeichnis")),
    "it": (("section ", "nella sezione {rest}"), ("the index", "nell'indice")),
}
_ELSEWHERE = {"de": "in {rest}", "it": "in {rest}"}
_NUMBER = {"de": "(Nr. ", "it": "(n. "}

LANGUAGES = frozenset(_SECTIONS)
"""Languages other than English in which questions can be asked."""


def in_language(pair: CandidatePair, language: str | None) -> str:
    """The question of a pair in this language where its wording is known there, else as it is."""
    if language not in LANGUAGES:
        return pair.question
    for frame, wordings in _COMPILED:
        found = frame.fullmatch(pair.question)
        if found:
            parts = {name: text.replace("(no. ", _NUMBER[language]) for name, text in found.groupdict("").items()}
            if parts.get("kind", "value") not in _KINDS[language]:
                return pair.question
            if "kind" in parts:
                parts["kind"] = _KINDS[language][parts["kind"]]
                parts["condition"] = parts["condition"].replace(", condition ", _CONDITION[language], 1)
            if "section" in parts:
                parts["section"] = _section(parts["section"], language)
            return wordings[language].format(**parts)
    return pair.question


def _section(named: str, language: str) -> str:
    for start, wording in _SECTIONS[language]:
        if named.startswith(start):
            return wording.format(rest=named.removeprefix(start))
    return _ELSEWHERE[language].format(rest=named)
