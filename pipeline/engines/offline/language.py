"""The language of a page: told by the small words of its sentences, and by the words of its tables and labels."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.engines.offline.layout import Line
from pipeline.engines.offline.vocabulary import listed

ENGLISH = "en"
_SMALL_WORDS = {
    "en": listed("the and of to with in is on for from are be not when if by at or"),
    "it": listed("di il la per del della che con sul nel al dei le gli una non se da"),
    "de": listed("der die das und mit von den ist im auf bei nicht zu ein eine aus für wird"),
    "fr": listed("le la les des du et de une est dans avec pour sur au par"),
    "es": listed("el la los las de y del con una para en por se al"),
}
_TRADE_WORDS = {
    "en": listed(
        """engine bolt bolts screw nut torque pressure valve remove install check replace page fuse switch relay ground
        cylinder brake clutch oil pump bearing cover seal size type value temperature voltage sensor wire light left
        right front rear index contents standard metric inches dimension units warning caution note"""
    ),
    "it": listed(
        """motore vite viti dado coppia pressione valvola smontare montare controllare sostituire pagina fusibile relè
        massa cilindro freno frizione olio pompa cuscinetto coperchio tipo valore valori temperatura tensione sensore
        cavo luce sinistro destro anteriore posteriore indice serraggio giri attenzione avvertenza pericolo prova
        componente nominali misura"""
    ),
    "de": listed(
        """motor schraube schrauben mutter anziehdrehmoment drehmoment druck ventil ausbauen einbauen prüfen ersetzen
        seite sicherung schalter relais masse zylinder bremse kupplung öl pumpe lager deckel dichtung typ wert werte
        temperatur spannung geber leitung links rechts vorn hinten inhalt gewinde einheit maß achtung vorsicht warnung
        hinweis gefahr sollwert"""
    ),
    "fr": listed(
        """moteur vis boulon écrou couple pression soupape déposer reposer contrôler remplacer fusible interrupteur
        relais masse cylindre frein embrayage huile pompe palier couvercle joint valeur température tension capteur
        gauche droite avant arrière sommaire attention serrage"""
    ),
    "es": listed(
        """tornillo tuerca par presión válvula desmontar montar comprobar sustituir página fusible interruptor relé masa
        cilindro freno embrague aceite bomba cojinete tapa junta valor temperatura tensión sensor izquierdo derecho
        delantero trasero índice apriete atención advertencia"""
    ),
}
_FEWEST, _FEWEST_TRADE = 6, 4


def language_of(lines: Iterable[Line]) -> str:
    """The language ("en", "it", "de", "fr", "es") whose small words stand most often on a page; "en" when in doubt."""
    best, count, english = _most(_words(lines), _SMALL_WORDS)
    return best if count >= _FEWEST and count > 1.5 * english else ENGLISH


def told_language(lines: Iterable[Line]) -> str | None:
    """The language of a page by its sentences, else by the words of its tables and labels; None when these tell little.

    A page with less than half as many words of the next language is told.
    """
    words = _words(lines)
    return _clear_winner(words, _SMALL_WORDS, _FEWEST) or _clear_winner(words, _TRADE_WORDS, _FEWEST_TRADE)


def _words(lines: Iterable[Line]) -> list[str]:
    return [word for line in lines for word in re.findall(r"[^\W\d_]+", line.text.lower())]


def _counts(words: Iterable[str], vocabulary: dict[str, frozenset[str]]) -> dict[str, int]:
    said = list(words)
    return {language: sum(word in known for word in said) for language, known in vocabulary.items()}


def _most(words: Iterable[str], vocabulary: dict[str, frozenset[str]]) -> tuple[str, int, int]:
    counts = _counts(words, vocabulary)
    best = max(counts, key=lambda language: counts[language])
    return best, counts[best], counts[ENGLISH]


def _clear_winner(words: Iterable[str], vocabulary: dict[str, frozenset[str]], fewest: int) -> str | None:
    ranked = sorted(_counts(words, vocabulary).items(), key=lambda item: -item[1])
    (best, most), (_, second) = ranked[:2]
    return best if most >= fewest and most >= 1.5 * second else None
