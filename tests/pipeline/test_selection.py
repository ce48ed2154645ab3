"""What --section and --page select."""

import pytest

from pipeline.selection import Selection


@pytest.mark.parametrize(
    ("glob", "source", "taken"),
    [
        (None, "21 - Clutch/21-01.jpg", True),
        ("21*", "21 - Clutch/21-01.jpg", True),
        ("21 - Clutch", "Book/21 - Clutch/scans/21-01.jpg", True),
        ("21*", "34 - Brakes/21-01.jpg", False),
        ("21*", "21.pdf", False),
        ("*[Cc]onvertible*", "41 - Body (Convertibles)/41-1.jpg", True),
    ],
)
def test_a_section_is_named_by_its_folder(glob, source, taken):
    assert Selection(section_glob=glob).takes_source(source) is taken


def test_a_page_is_named_by_its_id_and_both_must_fit():
    assert Selection(page_id="21-01_clutch").matches("21-01_clutch", "21 - Clutch/21-01.jpg")
    assert not Selection(page_id="21-01_clutch").matches("21-02_clutch", "21 - Clutch/21-02.jpg")
    assert not Selection("34*", "21-01_clutch").matches("21-01_clutch", "21 - Clutch/21-01.jpg")
    assert Selection().matches("any", "any.jpg")


def test_sections_chosen_by_name_are_taken_as_they_are_written():
    selection = Selection(sections=frozenset({"21 - [Clutch]*", "33 - Axle"}))
    assert selection.takes_source("manual/21 - [Clutch]*/a.jpg")
    assert selection.takes_source("33 - Axle/deep/b.jpg")
    assert not selection.takes_source("21 - Clutch/a.jpg")
    assert not selection.takes_source("33 - Axle.jpg")
    assert Selection().takes_source("loose.jpg")
