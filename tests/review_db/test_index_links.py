"""From index entries to their pages and back."""

import pytest

from review_db import index_entries, listings, pages
from review_db.index_links import counts, linked_entries
from review_db.records import IndexRow, PageClass
from tests.stored import a_page


@pytest.fixture
def book(fresh_db):
    """Put a classified page into the manual."""

    def put(page_id, printed=None, title=None, folder="21 - Clutch", index=None, **facts):
        section = folder[:2] if folder[:2].isdigit() else ""
        page = a_page(fresh_db, page_id, source=f"{folder}/{page_id}.jpg", **facts)
        kind = "procedure" if index is None else "index"
        found = PageClass("offline", "service_manual", kind, index is not None, 0.9, section, "Name", title, printed)
        pages.save_class(fresh_db, page.page_version_id, found)
        if index is not None:
            index_entries.replace_index(fresh_db, page.page_version_id, section, index, "offline")
        return pages.page_by_id(fresh_db, page_id)

    return put


def found_on(db):
    return {entry.title: (list(entry.found_on), entry.missing) for entry in linked_entries(db)}


def codes(db, page):
    return [row.code for row in index_entries.codes_covering(db, page)]


INDEX = [
    IndexRow("21 00 006", "Clutch - bleed", "21-1"),
    IndexRow("21 21 000", "Clutch disc", "21-2"),
    IndexRow("21 52 502", "Master cylinder", "21-2a"),
    IndexRow("21 52 512", "Slave cylinder", "21-9"),
    IndexRow("", "Drive shafts", "see Group 33"),
    IndexRow("", "Fuel pump", "see Group 16"),
    IndexRow("21 99 000", "Unread", ""),
]


def test_entries_name_their_pages_other_groups_and_what_is_missing(fresh_db, book):
    book("21-00-index-a", index=INDEX)
    book("21-01", "21-1")
    book("21-02", "21-2", "21 21 000 REMOVING CLUTCH DISC")
    book("21-02a", "21-2A")
    book("33-00-index-a", folder="33 - Rear Axle", index=[])
    assert found_on(fresh_db) == {
        "Clutch - bleed": (["21-01"], False),
        "Clutch disc": (["21-02"], False),
        "Master cylinder": (["21-02a"], False),
        "Slave cylinder": ([], True),
        "Drive shafts": (["33-00-index-a"], False),
        "Fuel pump": ([], True),
        "Unread": ([], False),
    }
    assert counts(fresh_db) == {"entries": 7, "missing": 2}


def test_a_page_that_goes_on_with_a_job_has_the_code_of_its_title(fresh_db, book):
    book("21-00-index-a", index=INDEX)
    begun = book("21-02", "21-2", "21 21 000 REMOVING CLUTCH DISC")
    goes_on = book("21-03", "21-3", "21 21 000 REMOVING CLUTCH DISC")
    other = book("21-04", "21-4")
    assert codes(fresh_db, begun) == codes(fresh_db, goes_on) == ["21 21 000"]
    assert codes(fresh_db, other) == []
    listed = {row["page_id"]: row["codes"] for row in listings.pages(fresh_db)}
    assert listed == {"21-00-index-a": [], "21-02": ["21 21 000"], "21-03": ["21 21 000"], "21-04": []}


def test_a_page_of_another_folder_with_the_same_number_is_not_the_one_that_the_index_names(fresh_db, book):
    book("21-00-index-a", index=INDEX)
    torque = book("t-21-01", "21-1", folder="21 - Torque Specs")
    assert found_on(fresh_db)["Clutch - bleed"] == (["t-21-01"], False)
    assert codes(fresh_db, torque) == ["21 00 006"]
    own = book("21-01", "21-1")
    assert found_on(fresh_db)["Clutch - bleed"] == (["21-01"], False)
    assert codes(fresh_db, own) == ["21 00 006"]
    assert codes(fresh_db, torque) == []


def test_where_no_number_was_read_the_name_of_the_file_or_the_code_tells_the_page(fresh_db, book):
    book("21-00-index-a", index=INDEX)
    named = book("21-01")
    book("scan7", None, "21 52 512 OVERHAULING SLAVE CYLINDER")
    assert found_on(fresh_db)["Clutch - bleed"] == (["21-01"], False)
    assert found_on(fresh_db)["Slave cylinder"] == (["scan7"], False)
    assert codes(fresh_db, named) == ["21 00 006"]


def test_the_second_page_of_a_spread_and_the_page_of_a_figure_are_found(fresh_db, book):
    rows = [IndexRow("", "Test list", "06"), IndexRow("", "Horn", "7000-1-5")]
    book("index-a", folder="Motronic", index=rows)
    spread = book("05-06", folder="Motronic", width=2000, height=1200)
    book("7000-01", "7000-1", folder="Motronic")
    assert found_on(fresh_db) == {"Test list": (["05-06"], False), "Horn": (["7000-01"], False)}
    assert [row.title for row in index_entries.codes_covering(fresh_db, spread)] == ["Test list"]


def test_pages_of_another_manual_are_not_named(fresh_db, book):
    book("21-00-index-a", index=INDEX)
    book("21-01", "21-1", manual="another")
    assert found_on(fresh_db)["Clutch - bleed"] == ([], True)


def test_an_index_of_the_whole_manual_names_pages_of_its_sections_by_their_full_numbers_only(fresh_db, book):
    book("contents", folder="Contents", index=[IndexRow("", "Clutch - bleed", "21-1"), IndexRow("", "Preface", "3")])
    page, plain = book("21-01", "21-1"), book("33-03", "3", folder="33 - Rear Axle")
    assert found_on(fresh_db) == {"Clutch - bleed": (["21-01"], False), "Preface": ([], True)}
    assert [row.title for row in index_entries.codes_covering(fresh_db, page)] == ["Clutch - bleed"]
    assert index_entries.codes_covering(fresh_db, plain) == []
