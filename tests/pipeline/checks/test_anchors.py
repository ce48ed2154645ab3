"""What two pairs are anchored in: pages, rows, codes, steps of one job; each example is of a kind, not of a page."""

import pytest

from pipeline.checks.anchors import pair_guards
from pipeline.checks.duplicates import compare
from pipeline.checks.said import quoted

JOB = "When removing and installing the pump (12 34 000), "


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (
            ('In "Wiring A" (page 34-1), which component is item 3?', "Relay"),
            ('In "Wiring B" (page 34-1a), which component is item 3?', "Relay"),
            "page 34-1 against page 34-1a",
        ),
        (
            ('In "Bolts" (21), what is the torque for "Cover" (1A), type: All, screw: M8?', "34 Nm"),
            ('In "Bolts" (21), what is the torque for "Cover" (1A), type: S14, screw: M8?', "34 Nm"),
            "type all against s14",
        ),
        (
            ('What is the repair code of "Bleeding the clutch"?', "21 00 006"),
            (JOB + "which repair procedure is referenced for bleeding the clutch?", "21 00 006"),
            "one asks for a procedure's code, the other for what a job refers to",
        ),
        (
            ("Which relay is K6?", "High speed relay"),
            ("Which relay switches the high beam?", "K3 high beam relay"),
            "one speaks of K6, the other of K3",
        ),
        (
            ("Which relay is K8?", "Fog light relay"),
            ("Which relays are labelled?", "K4 low beam relay; K1 speed relay; K8 fog light relay"),
            "one asks for an item, the other for a list",
        ),
        (
            (JOB + "what must be done with the hose clamps?", "Loosen hose clamps (1 and 2) and pull off hoses."),
            (JOB + "what must be done with the hose clamp?", "Loosen hose clamp (2) and pull off hose."),
            "callout 1, 2 against 2",
        ),
        (
            (JOB + "how is the guide rail centred?", "Centre guide rail with a gauge."),
            (JOB + "what must be done with the guide rail?", "Unscrew guide rail."),
            "two steps: centr against loosen",
        ),
        (
            (JOB + "what must be done with the flange bolts?", "Unscrew flange bolts."),
            (JOB + "what must be done with the bolts?", "Unscrew bolts."),
            "another thing of the job: flang against nothing more",
        ),
    ],
)
def test_pairs_of_another_anchor_are_kept_apart(one, other, why):
    assert why in pair_guards(*one, *other)
    assert compare(*one, *other, likeness=0.97).relation == "distinct"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            (JOB + "how are the plugs pulled off?", "Pull off plugs (1 and 2) and unclip leads."),
            (JOB + "what must be done with the plugs?", "Pull off plugs (1 and 2)."),
        ),
        (
            (JOB + "which tool takes off the disc?", "wrench socket 34 1 020"),
            ("What tool is required to remove the disc?", "A wrench socket 34 1 020 is required."),
        ),
        (
            ('In "Start" (page 12-0), which coils are labelled?', "HOLD-IN COIL; PULL-IN COIL"),
            ("Which two coils does the starter hold?", "A pull-in coil and a hold-in coil."),
        ),
    ],
)
def test_one_fact_in_other_words_is_not_kept_apart(one, other):
    assert pair_guards(*one, *other) == []


def test_a_quote_that_holds_quotes_is_read_whole():
    assert quoted('On "Lamps: "Licence" fault" in "Index"') == ['Lamps: "Licence" fault', "Index"]
    assert quoted('On "Lamps: "Rear"fault" in "Index"') == ['Lamps: "Rear"fault', "Index"]
    assert quoted('the 3/8" bolt and the "Cover') == ["Cover"]
