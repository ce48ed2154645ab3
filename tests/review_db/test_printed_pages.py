"""When two printed page numbers are the same."""

import pytest

from review_db.printed_pages import named_numbers, page_key, referred_section, spellings, without_figure


@pytest.mark.parametrize(
    ("one", "other"),
    [("21-3", "21 - 03"), ("34-10a", "34-10 A"), ("7", "07"), ("54–14/1", "54-14/1"), ("16.1", "016.1")],
)
def test_the_same_number_may_be_printed_in_several_ways(one, other):
    assert page_key(one) == page_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("0-1", "00-1"), ("2a", "2"), ("3b", "3a"), ("16.1", "16"), ("1-10", "1-1")]
)
def test_suffixes_and_groups_tell_pages_apart(one, other):
    assert page_key(one) != page_key(other)


@pytest.mark.parametrize("printed", ["21-3", "34-10A", "7", "21-03", "3b"])
def test_every_way_of_printing_is_tried(printed):
    assert {printed, page_key(printed)} <= set(spellings(printed))


def test_a_file_named_by_its_page_and_a_wide_image_of_two_pages_tell_their_numbers():
    assert named_numbers("21 - Clutch/21-03.jpg", None, is_wide=False) == ["21-03"]
    assert named_numbers("Motronic/05-06.png", None, is_wide=True) == ["05", "06"]
    assert named_numbers("Motronic/05-06.png", None, is_wide=False) == ["05-06"]
    assert named_numbers("manual.pdf", 3, is_wide=False) == []
    assert named_numbers("scan0001.jpg", None, is_wide=False) == []


@pytest.mark.parametrize(
    ("page", "section"),
    [
        ("see Group 16", "16"),
        ("siehe Gruppe 33", "33"),
        ("vedi gruppo 11", "11"),
        ("see Section B", "B"),
        ("21-3", None),
    ],
)
def test_a_reference_to_another_group_is_no_page(page, section):
    assert referred_section(page) == section


def test_a_reference_may_name_page_and_figure():
    assert without_figure("7000-08-3") == "7000-08"
    assert without_figure("7000-8") is None
