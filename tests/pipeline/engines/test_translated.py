"""Questions in the language of their page."""

import pytest

from pipeline.engines.engine import PageInput
from pipeline.engines.offline.engine import OfflineEngine
from pipeline.engines.offline.translated import in_language
from review_db.records import CandidatePair
from tests.pipeline.engines.asked_page import page
from tests.pipeline.engines.drawn_page import drawn

INDEX = """
16 Kraftstoffanlage

16 11 000   Kraftstofftank aus- und einbauen . . . . . .   16-3b
      030   Geber im Tank ersetzen . . . . . . . . . . .   16-5
16 12 008   Kraftstofffilter ersetzen . . . . . . . . . .  siehe Gruppe 13
"""


def questions(text, *, language="de", wanted=True, kind="index", **facts):
    known = page(kind, language=language, is_index=kind == "index", title="WASSERPUMPE", **facts)
    engine = OfflineEngine(in_page_language=wanted)
    found = engine.generate(PageInput(known, drawn(text), (), None, None)).pairs
    return {pair.question: pair.answer for pair in found}


def test_an_index_in_german_is_asked_in_german_where_that_is_wanted():
    facts = {"section_id": "16", "section_name": "Kraftstoffanlage"}
    found = questions(INDEX, **facts)
    asked = 'Auf welcher Seite steht "Kraftstofftank aus- und einbauen" (16 11 000) im Abschnitt 16 Kraftstoffanlage?'
    assert found[asked] == "16-3b"
    assert not any("On which page" in question for question in found)
    english = questions(INDEX, wanted=False, **facts)
    assert 'On which page is "Geber im Tank ersetzen" (16 11 030) in section 16 Kraftstoffanlage found?' in english
    assert list(english.values()) == list(found.values())


@pytest.mark.parametrize("language", ["en", None, "fr"])
def test_a_page_in_english_or_an_unknown_language_is_asked_in_english(language):
    assert questions(INDEX, language=language) == questions(INDEX, wanted=False)


@pytest.mark.parametrize(
    ("language", "english", "own"),
    [
        (
            "it",
            'In "Lista delle prove", which value is given for "Relè principale" (no. 19)?',
            'Quale valore è indicato in "Lista delle prove" per "Relè principale" (n. 19)?',
        ),
        (
            "it",
            'In "Prove", which resistance is given for "Sensore" (no. 5), condition "(80°C)"?',
            'Quale resistenza è indicata in "Prove" per "Sensore" (n. 5), condizione "(80°C)"?',
        ),
        (
            "de",
            'In "Prüfung", which voltage is given for "Relais" (no. 2)?',
            'Welche Spannung ist in "Prüfung" für "Relais" (Nr. 2) angegeben?',
        ),
        (
            "it",
            'On which page is "Valori nominali" in the index found?',
            'A quale pagina si trova "Valori nominali" nell\'indice?',
        ),
        (
            "de",
            'Which code does "Filter ersetzen" have in "Kraftstoff"?',
            'Welche Nummer hat "Filter ersetzen" in "Kraftstoff"?',
        ),
        ("de", 'Where is the component "Kraftstoffpumpe" located?', 'Wo befindet sich das Bauteil "Kraftstoffpumpe"?'),
        ("de", "To what torque are the bolts tightened?", "To what torque are the bolts tightened?"),
        ("de", 'On which page is "{0} {x}" in the index found?', 'Auf welcher Seite steht "{0} {x}" im Verzeichnis?'),
    ],
)
def test_only_whole_wordings_are_put_into_another_language(language, english, own):
    assert in_language(CandidatePair(english, "1", "factual"), language) == own
