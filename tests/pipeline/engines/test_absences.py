"""What the funnel says about a page that lacks pairs one expects of its kind."""

from pipeline.engines.engine import PageInput
from pipeline.engines.offline.absences import absences
from pipeline.engines.offline.engine import OfflineEngine
from review_db.records import CandidatePair
from tests.pipeline.engines.asked_page import lines, page
from tests.pipeline.engines.drawn_page import drawn


def pair(kind):
    return CandidatePair("What is it?", "22 Nm", kind, "22 Nm", ())


def test_a_page_with_every_expected_kind_of_pair_lacks_nothing():
    assert absences("specification", "Torques", lines("Bolt   22 Nm"), [pair("factual")]) is None
    assert absences("cover", None, lines("Manual"), []) is None


def test_a_missing_kind_says_that_no_sign_of_it_was_read_or_how_many_were_not_sure():
    why = absences("wiring", "LIGHTS", lines("FUSE 8\n\nTERMINAL 3\n\nTERMINAL 4"), [pair("component")])
    assert why is not None
    no_wires, no_terminals = why.split("; ")
    assert no_wires == "no wires: no wire size and colour was read"
    assert no_terminals.startswith("no terminals: 2 lines with a pin, terminal or connector")


def test_a_page_without_title_and_pairs_says_so():
    assert "no title was read" in (absences("specification", None, lines("22 Nm"), []) or "")
    assert absences("text", None, [], []) == "no words were read on the page"


def test_the_engine_hands_the_reasons_on():
    unit = PageInput(page("diagram", title="PUMP"), drawn("PUMP HOUSING"))
    assert OfflineEngine().generate(unit).note == "no callouts: no callout or legend number was read"
