"""Pages askew, on their side or on their head are judged as if they lay straight."""

import pytest

from pipeline.checks import examine
from pipeline.checks.levelling import Levelling, levelling_of
from pipeline.engines.engine import PageInput
from pipeline.engines.offline.engine import OfflineEngine
from pipeline.engines.offline.index_pages import read_index
from review_db.records import Word
from tests.pipeline.engines.asked_page import page
from tests.pipeline.engines.drawn_page import askew, drawn

TABLE = """
     TIGHTENING TORQUES OF THE COOLANT PUMP

     Component                         Thread     Torque Nm

     Bolt of the pump housing          M8         22
     Nut of the belt pulley            M10        47
     Plug of the drain hole            M12        63
     Bolts of the thermostat cover     M6         9
     Clamp of the upper hose           M5         3
     Bracket of the sensor             M6         11
"""
INDEX = "\n".join(
    ["64 Heater of the vehicle", ""]
    + [f"64 12 {n}10   Heater part number {n} - remove and install . . . . . . . .   64-{n}" for n in range(1, 9)]
)
TURNS = {
    "clockwise": lambda box: (1 - box[3], box[0], 1 - box[1], box[2]),
    "anticlockwise": lambda box: (box[1], 1 - box[2], box[3], 1 - box[0]),
    "on its head": lambda box: (1 - box[2], 1 - box[3], 1 - box[0], 1 - box[1]),
}
LAID = {
    **{name: lambda words, turn=turn: [w._replace(box=turn(w.box)) for w in words] for name, turn in TURNS.items()},
    "askew": lambda words: askew(words, 2.5),
    "askew the other way": lambda words: askew(words, -2.5),
}


def asked(words):
    unit = PageInput(page("specification", title="COOLANT PUMP"), words, (), None, None)
    return {(pair.question, pair.answer): pair for pair in OfflineEngine().generate(unit).pairs}


@pytest.fixture(params=LAID)
def laid(request):
    """Lays a page on the scanner otherwise."""
    return LAID[request.param]


def test_a_straight_page_stays_as_it_is():
    words = drawn(TABLE, first_row=8)
    assert levelling_of(words) == Levelling()
    assert Levelling().level(words) == words


def test_words_come_back_to_where_they_stand(laid):
    words = laid(drawn(TABLE, first_row=8))
    lie = levelling_of(words)
    assert lie != Levelling()
    for word, level in zip(words, lie.level(words), strict=True):
        x0, y0, x1, y1 = lie.back(level.box)
        assert ((x0 + x1) / 2, (y0 + y1) / 2) == pytest.approx(
            ((word.box[0] + word.box[2]) / 2, (word.box[1] + word.box[3]) / 2), abs=0.004
        )


def test_the_same_is_asked_of_a_page_however_it_was_scanned_and_marked_where_it_stands(laid):
    straight, words = asked(drawn(TABLE, first_row=8)), laid(drawn(TABLE, first_row=8))
    found = asked(words)
    assert len(straight) >= 6
    assert found.keys() == straight.keys()
    torque = next(pair for (_, answer), pair in found.items() if answer == "47 Nm")
    ((x0, y0, x1, y1),) = torque.boxes
    value = next(word for word in words if word.text == "47")
    assert x0 - 0.01 <= value.box[0] < value.box[2] <= x1 + 0.01
    assert y0 - 0.01 <= value.box[1] < value.box[3] <= y1 + 0.01


def test_an_index_is_read_however_it_was_scanned(laid):
    straight = read_index(drawn(INDEX), "64")
    assert len(straight) == 8
    assert read_index(laid(drawn(INDEX)), "64") == straight


def test_evidence_is_found_in_the_row_of_what_is_asked_however_the_page_was_scanned(laid):
    words = laid(drawn(TABLE, first_row=8))
    found = examine("image", words, "What is the torque of the bracket of the sensor?", "11 Nm", "factual").evidence
    assert found.verdict == "supported"
    value = next(word for word in words if word.text == "11")
    assert any(box[0] <= value.box[0] and value.box[2] <= box[2] for box in found.boxes)


def test_labels_that_run_anyhow_are_not_straightened():
    boxes = [(0.1 * n, 0.1, 0.1 * n + 0.05, 0.12) for n in range(1, 8)]
    labels = [Word(f"X{n}", box, 0.9, n) for n, box in enumerate(boxes)]
    assert levelling_of(labels) == Levelling()
    assert levelling_of([]) == Levelling()
