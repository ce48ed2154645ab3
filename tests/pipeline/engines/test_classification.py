"""Classification: what a page is, from its name, words and layout."""

from types import SimpleNamespace

import pytest

from pipeline import settings
from pipeline.engines.offline.classification import classify_page, softmax, source_type
from tests.pipeline.engines.drawn_page import drawn, segment

RULES = settings.load([])[0].classification

INDEX = """
64 Heater

64 11 005   Heater hoses - replace . . . . . . .    64-1
      010   Heater hose, rear - replace . . . . .   64-2
64 12 310   Heater valve - remove and install . .   64-3
      320   Heater core - replace . . . . . . . .   64-4
"""

PROCEDURE = """
                              64 - 3

 64 12 310   REMOVING AND INSTALLING           Installation:
             HEATER VALVE                      Check the gaskets and replace them.
                                               Tightening torque: 4 Nm.
 Drain the coolant.                            Unscrew the bolts (1 and 2).
 Pull off both hoses (1).                      Lift out the valve and turn it over.
 Remove the lower trim - see 51 45 180.        Coat the lip with grease.
"""

SPECIFICATION = """
 Technical Data            Type      Screw      Unit

 Valve clearance, cold     M20       0.25       mm
 Valve clearance, warm     M20       0.30       mm
 Oil pressure, idle        M20       1.2        bar
 Oil pressure, maximum     M20       4.5        bar
 Cylinder head bolt        M20       60         Nm
 Idle speed                M20       760        rpm
"""

TROUBLESHOOTING = """
                       TROUBLESHOOTING HEATER

 Condition             Cause                        Correction

 Heater stays cold     a)   Valve seized            a)   Replace the valve
                       b)   Air in the system       b)   Bleed the system
 Fan does not run      a)   Fuse blown              a)   Replace the fuse
                       b)   Motor defective         b)   Replace the motor
"""

TEXT = """
                 GENERAL INFORMATION

 This book describes the work that is usual on these vehicles. It is written
 for people who know the trade, so common sense is expected of the reader. The
 order of the chapters follows the groups of the parts catalogue, and the pages
 of a chapter are counted from one. Values are given for a cold engine unless the
 text says otherwise, and all drawings show the left side of the vehicle.
"""

DIAGRAM = """
                 COOLING SYSTEM LAYOUT

      Radiator                      Expansion tank

            Thermostat         Water pump

  1  Upper hose                    2  Lower hose
"""

WIRING = """
 0640-2   HEATER BLOWER

   HOT IN RUN                        FUSE 12
                                     20 AMP
   2.5 GN/RD          C104
   1.5 BR             G200           4 RD
   BLOWER             RELAY          2.5 SW
   .75 BR/GN          S211           1 GE
   X14                G103           6 RT
"""

PINOUT = """
 8500-4   CONNECTOR VIEWS
          CONTROL UNIT CONNECTOR

 Pin    Wire     Wire      Circuit
        Size     Color
 1      .5       BR        Ground
 2      .75      RD        Supply
 3      1        GN        Sensor
                 Wiring Face
"""

FUSE_CHART = """
 FUSE DATA CHART

 FUSE NO.    RATING      CIRCUIT NAME
 1           7.5A        Left headlight
 2           7.5A        Right headlight
 3           15A         Blower motor
 4           15A         Turn signals
 5           30A         Wiper and washer
 6           7.5A        Stop lights
"""

FLOWCHART = """
 Does the lamp light when the key is turned?      no    Check the bulb.
 yes
 Does it go out when the engine runs?             no    Check the switch.
 yes
 Does the gauge move within one minute?           no    Check the sender.
 yes
"""

COVER = "\n\n  REPAIR MANUAL\n\n\n  Volume 2\n\n  Edition 1989"


def classified(words, source="64 - Heater/64-03.jpg", previous=None):
    return classify_page(words, source=source, previous=previous, patterns=RULES)


def page(**changes):
    return SimpleNamespace(
        **{
            "section_id": "64",
            "source_type": None,
            "content_type": "procedure",
            "is_index": False,
            "title": None,
            "language": None,
            **changes,
        }
    )


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("index", INDEX),
        ("procedure", PROCEDURE),
        ("specification", SPECIFICATION),
        ("troubleshooting", TROUBLESHOOTING),
        ("text", TEXT),
        ("diagram", DIAGRAM),
        ("wiring", WIRING),
        ("pinout", PINOUT),
        ("fuse_chart", FUSE_CHART),
        ("flowchart", FLOWCHART),
    ],
)
def test_each_kind_of_page_is_recognised_by_its_words_and_layout(kind, text):
    assert classified(drawn(text)).content_type == kind


def test_the_kinds_are_recognised_on_pages_of_another_shape():
    assert classified(drawn(PROCEDURE, columns=200, rows=40)).content_type == "procedure"
    assert classified(drawn(TROUBLESHOOTING, columns=180, rows=45)).content_type == "troubleshooting"


def test_few_words_in_large_letters_are_a_cover():
    words = segment("WORKSHOP MANUAL", 0.2, 0.2, 0.8, 0.26, 1) + segment("Edition 1989", 0.3, 0.7, 0.7, 0.75, 2)
    found = classified(words)
    assert (found.content_type, found.nothing_to_ask) == ("cover", True)


def test_a_page_without_words_is_a_photo_with_little_confidence():
    found = classified([])
    assert (found.content_type, found.confidence, found.nothing_to_ask) == ("photo", 0.5, True)


def test_a_clear_page_is_surer_than_one_that_looks_like_two_kinds():
    assert classified(drawn(TROUBLESHOOTING)).confidence > 0.9
    mixed = classified(drawn(TEXT.replace("GENERAL INFORMATION", "TROUBLESHOOTING")))
    assert mixed.confidence < 0.7


@pytest.mark.parametrize(
    "text",
    [
        """
 FEHLERSUCHE HEIZUNG

 Beanstandung      Ursache             Abhilfe
 Bleibt kalt       Ventil klemmt       Ventil ersetzen
""",
        """
 RICERCA GUASTI

 Inconveniente     Causa               Rimedio
 Resta freddo      Valvola bloccata    Sostituire la valvola
""",
    ],
    ids=["German", "Italian"],
)
def test_german_and_italian_words_tell_the_kind_too(text):
    assert classified(drawn(text)).content_type == "troubleshooting"


def test_a_name_that_says_index_makes_an_index_page_of_a_doubtful_one():
    words = drawn("64 Heater\n\n64 11 005   Heater hoses - replace   64-1")
    assert classified(words, "64 - Heater/64-00-index-b.jpg").is_index
    assert classified(words, "64 - Heater/64-00-index-b.jpg").content_type == "index"


def test_section_title_and_printed_page_are_told():
    found = classified(drawn(PROCEDURE))
    assert (found.section_id, found.section_name, found.printed_page) == ("64", "Heater", "64-3")
    assert found.title == "64 12 310 REMOVING AND INSTALLING HEATER VALVE"


def test_a_page_without_title_goes_on_with_the_last_title_of_the_page_before():
    words = drawn("Drain the coolant.\nPull off both hoses (1).\nUnscrew the bolts (2).")
    before = page(title="64 12 310 REPLACING VALVE / 64 12 320 REPLACING CORE")
    assert classified(words, previous=before).title == "64 12 320 REPLACING CORE"


@pytest.mark.parametrize("changes", [{"is_index": True}, {"section_id": "61"}, {"content_type": "diagram"}])
def test_titles_are_not_carried_over_from_an_index_another_section_or_another_kind(changes):
    words = drawn("Drain the coolant.\nPull off both hoses (1).\nUnscrew the bolts (2).")
    assert classified(words, previous=page(title="REPLACING VALVE", **changes)).title is None


def test_the_path_decides_the_kind_of_book_before_the_words_do():
    assert classified(drawn(WIRING)).source_type == "service_manual"
    assert classified(drawn(WIRING), "1990 Electrical Guide/0640-02.jpg").source_type == "electrical_manual"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (PROCEDURE, "service_manual"),
        (WIRING + "\nSPLICE LOCATION VIEWS\nWIRING DIAGRAM", "electrical_manual"),
        ("Centralina Motronic\nValori nominali\nsonda Lambda", "ecu_technical"),
        ("Radiator\nThermostat", "other"),
    ],
)
def test_without_a_telling_path_the_words_decide_the_kind_of_book(text, kind):
    assert classified(drawn(text), "scans/p_014.png").source_type == kind


def test_a_page_that_says_little_is_of_the_book_of_the_page_before_it():
    before = page(source_type="service_manual")
    assert source_type("scans/p_015.png", drawn("Radiator"), before, RULES) == "service_manual"


def test_configured_patterns_are_what_counts():
    rules = SimpleNamespace(
        section_pattern=RULES.section_pattern,
        source_patterns=(SimpleNamespace(pattern="^libro", source_type="ecu_technical"),),
        index_name_patterns=("*-lista",),
        content_name_patterns=(SimpleNamespace(pattern="*-foto", content_type="photo"),),
        source_words={},
        content_patterns={"signal": ("^radiator$", "^thermostat$", "^pump$", "^hose$")},
    )
    words = drawn("Radiator\nThermostat\nPump\nHose")
    found = classify_page(words, source="libro/p-lista.png", previous=None, patterns=rules)
    assert (found.content_type, found.source_type, found.is_index) == ("signal", "ecu_technical", True)
    photo = classify_page(drawn("Radiator"), source="a/p-foto.png", previous=None, patterns=rules)
    assert photo.content_type == "photo"


def test_shares_sum_to_one_and_follow_the_points():
    shares = softmax({"text": 3.0, "index": 1.0, "cover": -2.0})
    assert sum(shares.values()) == pytest.approx(1)
    assert shares["text"] > shares["index"] > shares["cover"]


def test_a_page_of_few_words_is_in_the_language_of_the_page_before():
    before = page(language="it", section_id="")
    assert classify_page(drawn("S14\n22 Nm"), source="p.png", previous=before, patterns=RULES).language == "it"
    told = drawn("Die Schrauben der Pumpe lösen und mit dem Abzieher von der Welle ziehen.\nDas ist nicht zu tun.")
    assert classify_page(told, source="p.png", previous=before, patterns=RULES).language == "de"
