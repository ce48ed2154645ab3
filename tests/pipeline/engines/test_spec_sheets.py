"""HTML specification sheets: told from navigation, read row by row, whatever lies in the file."""

import time

import pytest

from pipeline.engines.html_text import refusal
from pipeline.engines.spec_sheets import (
    MOST_PAIRS,
    MOST_WORDS,
    is_spec_sheet,
    pairs_from_sheet,
    read_spec_sheet,
    sheet_words,
)

HEAD = "<html><head><title>Tarn - specs</title></head><body><h2>Tarn 22 Tech Specs</h2><table>"


def sheet(*rows):
    cells = ["".join(f"<td>{cell}</td>" for cell in row) for row in rows]
    return (HEAD + "".join(f"<tr>{row}</tr>" for row in cells) + "</table></body></html>").encode()


ROWS = (
    ("<h2>Engine</h2>", "", ""),
    ("Displacement:", "1776 cc", "2194 cc"),
    ("Spark plugs:", "Corvid K 6 R<br>gap 0.7 mm", ""),
    ("Cylinder head:", "aluminium", ""),
    ("<h2>Chassis</h2>", "", ""),
    ("Fuel use (l/100 km):", "", ""),
    ("@ 90 km/h", "5.8", ""),
    ("Kerb weight:", "1040 kg", ""),
    ("Gear ratios:", "1st 3.64", ""),
    ("", "2nd 1.97", ""),
    ("Colour:", "???", ""),
)


def asked(*rows):
    return {pair.question: pair.answer for pair in pairs_from_sheet(read_spec_sheet(sheet(*rows)))}


def test_a_table_of_names_and_values_is_a_sheet():
    assert is_spec_sheet(sheet(*ROWS))


@pytest.mark.parametrize(
    "html",
    [
        b"",
        b"<html><body><p>Welcome</p></body></html>",
        sheet(*[(f'<a href="{n}.html">Page {n}</a>', f'<a href="{n}.html">open</a>') for n in range(30)]),
        sheet(("Name:", "value")),
    ],
)
def test_navigation_and_plain_pages_are_no_sheets(html):
    assert not is_spec_sheet(html)


def test_rows_have_their_heading_name_and_values():
    rows = {row.name: row for row in read_spec_sheet(sheet(*ROWS)).rows}
    assert (rows["Displacement:"].section, rows["Displacement:"].values) == ("Engine", ("1776 cc", "2194 cc"))
    assert rows["Spark plugs:"].values == ("Corvid K 6 R\ngap 0.7 mm",)
    assert rows["Kerb weight:"].section == "Chassis"


def test_a_row_without_a_name_goes_on_with_the_one_above():
    rows = {row.name: row.values for row in read_spec_sheet(sheet(*ROWS)).rows}
    assert rows["Gear ratios:"] == ("1st 3.64\n2nd 1.97",)


def test_a_group_names_the_rows_below_it_up_to_the_next_full_name():
    names = [row.name for row in read_spec_sheet(sheet(*ROWS)).rows]
    assert "Fuel use (l/100 km) @ 90 km/h" in names
    assert "Kerb weight:" in names


def test_questions_name_the_product_and_placeholders_are_not_asked_for():
    questions = asked(*ROWS)
    assert questions["What is the cylinder head of the Tarn 22?"] == "aluminium"
    assert questions["What are the spark plugs of the Tarn 22?"] == "Corvid K 6 R, gap 0.7 mm"
    assert not [question for question in questions if "colour" in question]


def test_values_of_different_models_are_asked_for_one_by_one():
    questions = asked(("Model:", "Saloon 18", "Estate 22"), ("Displacement:", "1776 cc", "2194 cc"), *ROWS[2:])
    assert questions["What is the displacement of the Tarn 22, Saloon 18?"] == "1776 cc"
    assert questions["What is the displacement of the Tarn 22, Estate 22?"] == "2194 cc"


def test_every_value_stands_among_the_words_of_its_row():
    lines = {}
    for word in sheet_words(read_spec_sheet(sheet(*ROWS))):
        lines.setdefault(word.line, []).append(word.text)
    assert ["Displacement:", "1776", "cc", "2194", "cc"] in lines.values()


@pytest.mark.parametrize(
    "html",
    [
        b"<a " * 8_000,
        b"<table>" + b"<div>" * 200_000,
        b"<!--" * 50_000,
        sheet(("Na\x00me:", "va\x00lue")) + b"\x00" * 1000,
        b'<meta charset="utf-16">' + sheet(*ROWS),
        b"<table><tr><td>" + b"x" * 6_000_000,
        "<table><tr><td>Größe:</td><td>5 mm</td></tr>".encode("latin-1"),
        b"<table>" + b"<div></br></x>" * 5_000,
        ("<table>" + "<tr><td>Name:<td>value" * 60_000).encode("utf-16"),
        b"<table>" + b"<tr><td>Name:<td>value" * 4_000,
        b"<table><tr><td>Name:<td>value" + (b"<tr><td><td>" + b"more " * 40) * 3_000,
        b"<table><tr><td>" * 60 + b"word " * 400_000,
        b"<div>" * 190 + b"word " * 400_000,
        b"<table><tr><td>Name:<td>value<tr><td>" + b"Q" * 2_000_000 + b":<td>" + b"<tr><td>x<td>y" * 3_000,
        sheet(*ROWS) + b"<script>" + b"<td>" * 500_000,
        b"<style>" + b"a{}" * 500_000 + b"</style>" + sheet(*ROWS),
    ],
    ids=[
        "open tags",
        "deep nesting",
        "comments",
        "nul bytes",
        "lying charset",
        "large",
        "latin-1",
        "ends of tags that were never opened",
        "endless table in utf-16",
        "endless table",
        "endless cell of many rows",
        "tables within tables",
        "a long text deep down",
        "a long name over many rows",
        "script bomb",
        "style bomb",
    ],
)
def test_hostile_files_are_judged_quickly_and_stay_small(html):
    started = time.process_time()
    is_spec_sheet(html)
    read = read_spec_sheet(html)
    pairs = pairs_from_sheet(read)
    assert time.process_time() - started < 2
    assert len(pairs) <= MOST_PAIRS
    assert len(sheet_words(read)) <= MOST_WORDS
    assert all(len(pair.question) + len(pair.answer) < 1_500 for pair in pairs)


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        (b"<table>" + b"x" * 6_000_000, "the HTML page is larger than 5 MB"),
        (b"<table>" + b"<p>" * 60_000, "the HTML page has more than 20000 tags"),
        (b"<table>" + b"<div></x>" * 300, "the tags of the HTML page are nested more than 200 deep"),
        (("<div>" * 300).encode("utf-16"), "the tags of the HTML page are nested more than 200 deep"),
        (sheet(*ROWS), None),
    ],
    ids=["large", "tags", "depth", "depth in utf-16", "a sheet"],
)
def test_a_page_that_is_not_parsed_has_a_reason(html, reason):
    assert refusal(html) == reason


@pytest.mark.parametrize(
    ("declared", "written"),
    [
        ("utf-8", "latin-1"),
        ("", "cp1252"),
        ("utf-16", "latin-1"),
        ("cp500", "cp1252"),
        ("base64", "cp1252"),
        ("idna", "cp1252"),
    ],
)
def test_letters_beyond_ascii_survive_a_wrong_or_missing_charset(declared, written):
    html = f'<meta charset="{declared}">'.encode() + sheet(*ROWS, ("Größe:", "80 °C")).decode().encode(written)
    assert [row.values for row in read_spec_sheet(html).rows if row.name == "Größe:"] == [("80 °C",)]


def test_a_declared_charset_that_is_no_utf_8_holds():
    html = b'<meta charset="shift_jis">' + sheet(*ROWS, ("排気量:", "2302 cc")).decode().encode("shift_jis")
    assert "排気量:" in [row.name for row in read_spec_sheet(html).rows]


def test_a_value_with_a_letter_that_its_charset_does_not_know_is_not_asked_for():
    html = b'<meta charset="shift_jis">' + sheet(*ROWS) + b"<table><tr><td>Bore:</td><td>93,4 \xff\xfd mm</td></tr>"
    assert not [pair for pair in pairs_from_sheet(read_spec_sheet(html)) if "bore" in pair.question]


def test_entities_of_the_page_itself_are_not_expanded():
    bomb = b'<!DOCTYPE html [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/hostname">]>'
    rows = {
        row.name: row.values for row in read_spec_sheet(bomb + sheet(*ROWS, ("Bore:", "&b;"), ("File:", "&f;"))).rows
    }
    assert (rows["Bore:"], rows["File:"]) == (("&b;",), ("&f;",))


def test_control_characters_and_turned_reading_directions_are_dropped():
    rows = read_spec_sheet(sheet(("Bo\x01re:", "12\u202e34\u200b \x1b[31mmm\x7f"))).rows
    assert [(row.name, row.values) for row in rows] == [("Bore:", ("1234 [31mmm",))]


def test_a_table_within_a_cell_has_rows_of_its_own():
    inner = "<table><tr><td>Bore:</td><td>93.4 mm</td></tr></table>"
    rows = read_spec_sheet(sheet((inner, ""), ("Stroke:", "84 mm"))).rows
    assert [(row.name, row.values) for row in rows] == [("Bore:", ("93.4 mm",)), ("Stroke:", ("84 mm",))]


@pytest.mark.parametrize(
    "start", [b'<meta charset="utf-16">', b'<meta charset="x-none">', b'<?xml version="1.0" encoding="utf-16"?>']
)
def test_a_declaration_that_cannot_be_true_hides_no_sheet(start):
    assert read_spec_sheet(start + sheet(*ROWS)).rows == read_spec_sheet(sheet(*ROWS)).rows


def test_a_sheet_in_utf_16_is_read():
    assert read_spec_sheet(sheet(*ROWS).decode().encode("utf-16")).rows == read_spec_sheet(sheet(*ROWS)).rows


def test_scripts_never_become_values():
    rows = read_spec_sheet(sheet(("Name:", "<script>alert(1)</script>5 mm"))).rows
    assert [row.values for row in rows] == [("5 mm",)]
