"""The measure of reading: what counts as found on a page."""

import json

import pytest

from review_db.records import Word
from tests.accept import reading


def page(*texts):
    return [Word(text, (0, 0, 1, 1), 0.9, number) for number, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("words", "token", "found"),
    [
        (("21", "-", "4"), "21-4", True),
        (("(1)and",), "(1)", True),
        (("3mm",), "3", True),
        (("530",), "3", False),
        (("5", "30"), "30", True),
        (("Nm",), "n", False),
        (("25", "Nm"), "nm", True),
        (("2–3",), "2-3", True),
        ((), "25", False),
    ],
)
def test_spaces_do_not_matter_and_pieces_of_numbers_and_words_do_not_count(words, token, found):
    assert reading.PageText.of(page(*words)).holds(token) is found


def test_the_shares_of_all_tokens_and_of_those_with_digits_are_measured(tmp_path):
    (tmp_path / "public").mkdir()
    facts = [{"q": "?", "a": "about 25 Nm"}, {"q": "?", "a": "30 41 664"}]
    (tmp_path / "truth.jsonl").write_text(json.dumps({"page": "a.jpg", "facts": facts}) + "\n")
    (tmp_path / "public" / "truth.jsonl").write_text("")
    words = {"data_src/a.jpg": page("about", "Nm", "30", "41664")}
    assert reading.rows(tmp_path, words.__getitem__) == [
        ("answer tokens found in the page words", pytest.approx(5 / 6), 0.98),
        ("answer tokens with a digit found in the page words", pytest.approx(3 / 4), 0.975),
    ]
