from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.checks.tokens import Kind, tokenise


def keys(text, *kinds):
    return [token.keys[0] for token in tokenise(text) if not kinds or token.kind in kinds]


@pytest.mark.parametrize(
    ("written", "numbers"),
    [
        ('about 3 mm (0.118")', ["3", "0.118"]),
        (".75 and 0,75 and 0.750", ["0.75", "0.75", "0.75"]),
        ("9 + 1 Nm", ["9", "1"]),
        ("20 ± 5", ["20", "5"]),
        ("0,4...2,8 k Ω", ["0.4", "2.8"]),
        ("1450…3300 Ω", ["1450", "3300"]),
        ("2.398-2.399in.", ["2.398", "2.399"]),
        ("40–50 psi", ["40", "50"]),
        ("1 to 1 1/2 turns", ["1", "1.5"]),
        ("½ turn", ["0.5"]),
        ("2½ turns", ["2.5"]),
        ("− 0.35 bar (−5 psi)", ["-0.35", "-5"]),
        ("29.1 − 0.1 mm", ["29.1", "0.1"]),
        ("17, 16, 19", ["17", "16", "19"]),
        ("17,16,19", ["17", "16", "19"]),
        ("3,000 rpm", ["3000"]),
        ("15A, 4.1Nm, 12V", ["15", "4.1", "12"]),
        ("82°-126℃", ["82", "126"]),
        ("no numbers here", []),
    ],
)
def test_numbers_have_one_normal_form_whatever_their_notation(written, numbers):
    assert keys(written, Kind.NUMBER) == numbers


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("see 21 00 006.", ["2100006"]),
        ("tools 00 2 510 and 11 3 020", ["002510", "113020"]),
        ("0 261 200 071", ["0261200071"]),
        ("page 21-1 or 34-10a", ["21-1", "34-10a"]),
        ("M12x1.5, M 12 x 1.5, M16×1.5", ["m12x1.5", "m12x1.5", "m16x1.5"]),
        ("C202", ["c202"]),
        ("engine M 20", ["m20"]),
        (".75 BR/BU", ["br/bu"]),
        ("terminals C, G and R", ["c", "g", "r"]),
        ('mark "A" or (E)', ["a", "e"]),
        ("A screwdriver and a vise", []),
        ("MIL-L-2104", ["mil-l-2104"]),
        ("3rd gear", []),
    ],
)
def test_codes_are_told_from_numbers_and_words(written, codes):
    assert keys(written, Kind.CODE) == codes


def test_a_code_is_one_token_however_it_is_spaced():
    (code,) = tokenise("21 21 565")
    assert (code.written, code.keys) == ("21 21 565", ("2121565",))


@pytest.mark.parametrize(
    ("written", "units"),
    [
        ("24 Nm = 24 N·m = 24 N•m = 24 N m", ["u:Nm"] * 4),
        ("6.5 ft. lbs. = 6.5 ft-lb = 6.5 lbf·ft", ["u:lbf·ft"] * 3),
        ("5 in the 3 in. hole", ["u:in"]),
        ('0.5" and 0.5″', ["u:in", "u:in"]),
        ("200° C, 200 °C, 200℃", ["u:°C"] * 3),
        ("999 k-ohms, 2 kΩ, 1 M Ω", ["u:kΩ", "u:kΩ", "u:MΩ"]),
        ("30 AMP, 30A, 30 amps", ["u:A"] * 3),
        ("a Nm column", ["u:Nm"]),
        ("A and V are terminals", []),
        ("7.5 km/h (4.5 mph)", ["u:km/h", "u:mph"]),
        ("800 1/min, 800 rpm", ["u:rpm", "u:rpm"]),
        ("2.5 mm² and 2.5 mm2", ["u:mm2", "u:mm2"]),
    ],
)
def test_units_have_one_name_whatever_their_notation(written, units):
    assert keys(written, Kind.UNIT) == units


def test_sides_and_colours_have_one_name():
    assert keys("LH and left, intake and inlet", Kind.SIDE) == ["left", "left", "intake", "intake"]
    (brown, _) = (token for token in tokenise("brown/white wire") if token.kind == Kind.COLOUR)
    assert {"brown", "br", "bn"} <= set(brown.keys)


def test_words_share_a_stem_over_their_endings():
    assert len({keys(word)[0] for word in ("remove", "removed", "removing", "removes", "removal")}) == 1


def test_a_token_names_its_place_in_the_text_as_written():
    text = "Torque: 24 N·m — 1½ turns"
    assert all(text[token.start : token.end] == token.written for token in tokenise(text))


@given(st.text(max_size=80))
def test_any_text_splits_into_ordered_pieces_of_itself(text):
    tokens = tokenise(text)
    assert all(text[token.start : token.end] == token.written and token.keys for token in tokens)
    assert all(one.start < other.start or one.end <= other.end for one, other in pairwise(tokens))


@given(st.decimals(min_value=0, max_value=9999, places=3), st.sampled_from(["{}", "{} Nm", "({} mm)", "~{}"]))
def test_a_decimal_comma_or_point_makes_no_difference(value, frame):
    point = frame.format(value)
    assert keys(point, Kind.NUMBER)[0] in {key for token in tokenise(point.replace(".", ",")) for key in token.keys}
