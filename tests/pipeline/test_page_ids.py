"""Names that follow from a file's place: ids for ever, manuals, natural order."""

import pytest

from pipeline.page_ids import free_page_id, manual_of, natural_key, page_id_of, slug, sort_key

PATTERN = r"^(\d{2}) - (.+)$"


@pytest.mark.parametrize(
    ("source", "page_id"),
    [
        ("21 - Clutch/21-03.jpg", "21-03_clutch"),
        ("00 - Maintenance/00-00-index-a.jpg", "00-00-index-a_maintena"),
        ("41 - Body (Convertibles)/41-101c.jpg", "41-101c_body-con"),
        ("54 - Hood, Sun Roof/54-14_1.jpg", "54-14_1_hood-sun"),
        ("00 - Torque Specs/00-01.jpg", "00-01_torque-s"),
        ("00 - Torque Specs/11-08.jpg", "00-torque-specs-11-08"),
        ("1987 Wiring Manual/6313-00.jpg", "1987-wiring-manual-6313-00"),
        ("Books/21 - Clutch/21-03.jpg", "21-03_clutch"),
        ("Reference Images/system drawing.png", "reference-images-system-drawing"),
        ("21 - Clutch/210-1.jpg", "21-clutch-210-1"),
        ("cover.png", "cover"),
        ("M3-techspec.html", "html-M3-techspec"),
        ("Müller's Größen/Ölpumpe.jpg", "mullers-groen-Olpumpe"),
    ],
)
def test_an_image_is_named_after_its_section_or_its_folder(source, page_id):
    assert page_id_of(source, None, PATTERN) == page_id


@pytest.mark.parametrize(
    ("source", "number", "page_id"),
    [
        ("Gearbox:5 Rebuild.pdf", 7, "gearbox5-rebuild-007"),
        ("00 - Torque Specs/Torque_Specs.pdf", 136, "torquespecs-136"),
        ("long.pdf", 1234, "long-1234"),
    ],
)
def test_a_pdf_page_is_named_after_the_pdf(source, number, page_id):
    assert page_id_of(source, number, PATTERN) == page_id


def test_a_name_without_latin_letters_gets_an_id_from_its_path():
    one, other = (page_id_of(f"写真/{name}.jpg", None, PATTERN) for name in "一二")
    assert one != other
    assert one.startswith("page-")
    assert one == page_id_of("写真/一.jpg", None, PATTERN)


def test_long_names_are_cut_and_stay_different():
    ids = {page_id_of(f"{'x' * 200}{end}.jpg", None, PATTERN) for end in "ab"}
    assert len(ids) == 2
    assert max(map(len, ids)) <= 100


def test_a_taken_id_gets_a_number_whatever_its_case():
    taken = {"cover", "cover-2", "html-m3"}
    assert free_page_id("cover", taken) == "cover-3"
    assert free_page_id("html-M3", taken) == "html-M3-2"
    assert free_page_id("other", taken) == "other"


@pytest.mark.parametrize(
    ("source", "manual"),
    [
        ("21 - Clutch/21-03.jpg", "E30"),
        ("00 - Torque Specs/Torque.pdf", "E30"),
        ("M3-techspec.html", "E30"),
        ("1987 Wiring Manual/6313-00.jpg", "1987 Wiring Manual"),
        ("sample-manual/21 - Clutch/21-01.jpg", "sample-manual"),
        ("Gearbox:5 Rebuild.pdf", "Gearbox:5 Rebuild"),
    ],
)
def test_numbered_sections_are_one_manual_and_other_folders_and_pdfs_their_own(source, manual):
    assert manual_of(source, PATTERN, "E30") == manual


def test_a_source_folder_without_a_telling_name_gives_a_manual_of_no_special_name():
    assert manual_of("21 - Clutch/21-03.jpg", PATTERN, "data_src") == "manual"


def test_numbers_sort_by_value():
    names = ["21-10.jpg", "21-9.jpg", "21-10a.jpg", "21-010b.jpg", "9.jpg"]
    assert sorted(names, key=natural_key) == ["9.jpg", "21-9.jpg", "21-10.jpg", "21-10a.jpg", "21-010b.jpg"]


def test_pages_sort_by_manual_then_folder_then_number():
    keys = [
        sort_key("a", "21 - Clutch/21-2.jpg", None),
        sort_key("a", "21 - Clutch/21-10.jpg", None),
        sort_key("b", "b.pdf", 2),
        sort_key("b", "b.pdf", 10),
        sort_key("b", "b.pdf", 1000),
    ]
    assert keys == sorted(keys)


def test_a_slug_keeps_letters_digits_and_single_dashes():
    assert slug("54 - Hood, Sun Roof") == "54-hood-sun-roof"
    assert slug("  Getrag265:5_Rebuild ") == "getrag2655rebuild"
